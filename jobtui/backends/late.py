"""The library that speaks HTTP, loaded when something of it is first wanted: the screen comes first."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

__all__ = ["httpx", "load_all", "load_httpx"]
_LATER = ("httpcore._backends.anyio", "anyio._backends._asyncio")
"""What it would load itself only in sending the first request, while no key is answered."""


def load_httpx() -> Any:
    """Load it, without the command line of its own, which brings as much again. Takes long: use a thread."""
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # Python's word for: not to be had
    # It would be looked for four times a request, on every path; where it is missing this says so for good.
    if "sniffio" not in sys.modules and importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]
    import httpx

    return httpx


def load_all() -> None:
    """Load it with all that a first request wants. Takes long: use a thread."""
    load_httpx()
    for name in _LATER:
        with suppress(ImportError):  # no part that anybody is promised; it may be called otherwise by now
            importlib.import_module(name)


class _Late:
    def __getattr__(self, name: str) -> Any:
        return getattr(load_httpx(), name)


if TYPE_CHECKING:
    import httpx
else:
    httpx = _Late()
