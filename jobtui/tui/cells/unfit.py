"""What is said of bytes that are not understood."""

from __future__ import annotations


class Unfit(Exception):
    """These bytes are not of the kind that is known here: they have to be written as they are."""
