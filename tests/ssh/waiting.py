"""Waiting for something that another process brings about."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], object], *, what: str, timeout_s: float = 40.0) -> float:
    """Wait for a condition to hold; gives the seconds it took, and fails with its name when it never does."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > timeout_s:
            raise AssertionError(f"never came true: {what}")
        time.sleep(0.05)
    return time.monotonic() - began
