"""Job, Step, JobMessage, now → cells, labels and lines: pure, and given the time."""
