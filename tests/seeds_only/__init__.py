"""A server that knows the oldest published texts of the three APIs and nothing else."""
