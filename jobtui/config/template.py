"""The configuration that ``jobtui config init`` writes."""

from __future__ import annotations

from pathlib import Path

TEMPLATE = ""
"""A commented configuration with one example of each kind; loads as it is, with no sources."""


def write_initial(path: Path) -> None:
    """Write the commented configuration, private (0600, in a 0700 folder), never over an existing file.

    Raises ConfigError.
    """
    raise NotImplementedError
