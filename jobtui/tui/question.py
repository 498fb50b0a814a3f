"""What is asked before anything is sent, and how much it takes to say yes to it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from jobtui.model import Control, JobRef, Source
from jobtui.tui.format.spans import Line

_ASKS_REASON = frozenset({Control.CANCEL, Control.STOP, Control.FINISH})
"""What cannot be taken back: why it was done is kept."""
_ASKS_NOTHING = frozenset({Control.REFRESH})
"""What changes nothing: a key is enough, whatever the source."""
_TYPED = 4
"""So many of the last letters and digits of an id are to be typed."""


class Toll(Struct, frozen=True):
    """What a yes costs."""

    typed: str = ""
    """What is to be typed in place of a key; empty when a key is enough."""
    typed_why: str = ""
    """Says what is to be typed, and why."""
    asks_reason: bool = False
    """Whether the person is asked for a reason, which may be left empty."""


def toll_of_one(control: Control, source: Source, ref: JobRef) -> Toll:
    """Say what a yes to one control of one job costs: in production the end of the job's id."""
    asks_reason = control in _ASKS_REASON
    if not source.production or control in _ASKS_NOTHING:
        return Toll(asks_reason=asks_reason)
    ends = [each for each in ref.job_id if each.isascii() and each.isalnum()][-_TYPED:]
    typed = "".join(ends) or control.value
    said = f"This is production. To {control}, type {typed} (the end of the job’s id), then Enter."
    return Toll(typed, said, asks_reason)


def toll_of_many(control: Control, count: int, *, production: bool) -> Toll:
    """Say what a yes to one control of several jobs costs: their number, typed."""
    head = "This is production. " if production else ""
    said = f"{head}To {control} {count} jobs, type {count} (how many they are), then Enter."
    return Toll(str(count), said, control in _ASKS_REASON)


class Question(Struct, frozen=True):
    """A control of one job or several, frozen, as it is put to a person."""

    title: str
    verb: str
    """What a yes does, in a word."""
    lines: Callable[[int], list[Line]]
    """Lays it out for a width, as known when it is called."""
    changed: Callable[[], str | None] = lambda: None
    """Says what has changed since it was put, so that it must be asked anew; None when nothing has."""
    toll: Toll = Toll()
    production: bool = False
    about: JobRef | None = None
    """The job it is about, if it is one: who spoke of it meanwhile is said when it has changed."""


class Yes(Struct, frozen=True):
    """That somebody said yes, and why."""

    reason: str | None = None
