"""What is wanted of a job's messages beyond those that are held."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from jobtui.insight.message_query import MessageQuery
from jobtui.model import JobMessage, JobRef, Level
from jobtui.tui.format.log import NO_QUERY


class Way(StrEnum):
    """Where more messages are wanted from."""

    OLDER = "older"
    NEWER = "newer"
    OLDEST = "oldest"


class Ask(Struct, frozen=True, eq=False):
    """More messages of a job are wanted: those next to one that is held, or with a query those it finds."""

    ref: JobRef
    way: Way
    edge: JobMessage
    query: MessageQuery = NO_QUERY
    debug: bool = False

    def serves(self, way: Way, query: MessageQuery) -> bool:
        """Whether this brings what is wanted too."""
        if query:
            return self.way is way and self.query == query
        return self.way is way or (self.way is Way.OLDEST and way is Way.OLDER)

    def passes(self, message: JobMessage) -> bool:
        """Whether a message is one of those that are looked for, and shown."""
        return (self.debug or message.level is not Level.DEBUG) and self.query.matches(message)
