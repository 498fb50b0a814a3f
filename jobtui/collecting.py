"""When garbage is collected in a process of ours: not while it loads, and what was loaded is never looked at.

Loading makes no garbage, but so many things that look like it that a tenth of the time goes into looking.
"""

from __future__ import annotations

import gc


class _Ours:
    """Whether this process is our own: in somebody else's, a test or a notebook, nothing is touched."""

    yes = False


def begin() -> None:
    """Take this process for ours, and collect nothing for now."""
    _Ours.yes = True
    gc.disable()


def pause() -> None:
    """Collect nothing for now: more is loaded."""
    if _Ours.yes:
        gc.disable()


def go_on() -> None:
    """Collect from now on; what is there by now stays for good."""
    if _Ours.yes and not gc.isenabled():
        gc.freeze()
        gc.enable()
