"""jobtui: one live screen for the jobs your services run for you."""

__version__ = "0.1.0"
