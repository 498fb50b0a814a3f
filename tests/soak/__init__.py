"""A day of watching in minutes: `python -m tests.soak` holds the journal against what was answered."""
