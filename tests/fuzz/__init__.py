"""Coverage-guided fuzzing, for anyone: ``python -m tests.fuzz TARGET --seconds N`` (extra: fuzz)."""
