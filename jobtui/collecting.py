"""When garbage is collected in a process of ours: not while it loads, and what was loaded is never looked at.

Loading makes no garbage, but so many things that look like it that a tenth of the time goes into looking.
"""

from __future__ import annotations

import gc

_MIDDLE = 30
"""After how many looks at what is new that is looked at again which was kept then. With 10, as usual, that
comes in the middle of anything; ``between`` does it before, when nobody waits."""
_DUE = 3
"""After how many there is something to do between two keys."""
_OFTEN = 200
"""After how many of those there is something to do once nobody is there."""
_OLDEST = 3_000
"""After how many of those all is looked at. With 10, as usual, that is every other second while messages pour
in; with 100,000 jobs no key is answered meanwhile for a tenth of a second."""


class _Ours:
    """Whether this process is our own: in somebody else's, a test or a notebook, nothing is touched."""

    yes = False


def begin() -> None:
    """Take this process for ours, and collect nothing for now."""
    _Ours.yes = True
    gc.disable()
    gc.set_threshold(gc.get_threshold()[0], _MIDDLE, _OLDEST)


def pause() -> None:
    """Collect nothing for now: more is loaded."""
    if _Ours.yes:
        gc.disable()


def go_on() -> None:
    """Collect from now on; what is there by now stays for good."""
    if _Ours.yes and not gc.isenabled():
        gc.freeze()
        gc.enable()


def between() -> None:
    """Collect what is young, now that a key is answered: that takes little, and nobody waits for it."""
    if _Ours.yes and gc.isenabled() and gc.get_count()[1] >= _DUE:
        gc.collect(1)


def at_rest() -> None:
    """Collect all there is, now that nobody would notice: dialogs that were closed live long, and seldom."""
    if _Ours.yes and gc.isenabled() and gc.get_count()[2] >= _OFTEN:
        gc.collect()


def set_aside() -> None:
    """Have the many things that were just taken in, and that will stay, never looked at again.

    The few that are young garbage are collected before: with 100,000 jobs a look at all takes a fifth of a
    second, in which no key is answered.
    """
    if _Ours.yes and gc.isenabled():
        gc.collect(1)
        gc.freeze()
