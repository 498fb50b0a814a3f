"""Fuzzing, for anyone: ``python -m tests.fuzz all --inputs N``; led by coverage with the extra ``fuzz``."""
