"""Benchmarks: what jobtui costs and how quick it is, by name. ``python -m tests.bench --list``."""
