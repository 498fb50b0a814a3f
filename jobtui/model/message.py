"""Progress messages: one timestamped line of what a job says of itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from jobtui.model.refs import JobRef


class Level(StrEnum):
    """How loud a message is."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for debug up to 3 for error."""
        return list(Level).index(self)


class JobMessage(Struct, frozen=True, gc=False):
    """One line of progress; its id is unique within the job."""

    ref: JobRef
    id: str
    at: datetime | None
    level: Level
    raw_level: str
    """The server's own word for the level."""
    text: str
    step: str | None = None
    """The id of the step that it speaks of, if it does."""
    sender: str | None = None
    """Who or which application wrote it."""


class Cursor(Struct, frozen=True):
    """Where reading of a job's messages goes on; opaque to everyone but the backend that made it."""

    mark: str = ""


class MessagePage(Struct, frozen=True):
    """Messages oldest first, each once within the page, and where to go on.

    A page may repeat messages of an earlier one: readers drop those whose id they have.
    """

    messages: tuple[JobMessage, ...]
    cursor: Cursor
    more: bool = False
    """Whether asking again at once would give more."""
