"""The library that speaks HTTP, loaded when something of it is first wanted: the screen comes first."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

__all__ = ["httpx", "load_httpx"]


def load_httpx() -> Any:
    """Load it, without the command line of its own, which brings as much again. Takes long: use a thread."""
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # Python's word for: not to be had
    # It would be looked for four times a request, on every path; where it is missing this says so for good.
    if "sniffio" not in sys.modules and importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]
    import httpx

    return httpx


class _Late:
    def __getattr__(self, name: str) -> Any:
        return getattr(load_httpx(), name)


if TYPE_CHECKING:
    import httpx
else:
    httpx = _Late()
