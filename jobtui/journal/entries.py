"""What the journal gives back."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from jobtui.model import ControlRequest, Effect, JobRef, Outcome


class Entry(Struct, frozen=True):
    """One control ever asked here, and how it ended."""

    id: int
    who: str
    request: ControlRequest
    asked_at: datetime
    outcome: Outcome | None
    """None when no answer was ever written: the process ended between sending and answer."""
    effect: Effect | None = None
    effect_at: datetime | None = None


class Watched(Struct, frozen=True):
    """An id on the watch list."""

    ref: JobRef
    added_at: datetime
    first_asked_at: datetime | None = None
    """When a server was first asked for it; an early 404 means “not visible yet”."""
