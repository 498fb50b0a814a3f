"""What was told over time: the history of one job, what happened since a moment, what is usual."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from jobtui.journal import history, memory, paces, recall
from jobtui.journal.database import Database
from jobtui.journal.history import HoldSeen
from jobtui.journal.memory import Happening, What
from jobtui.journal.paces import UsualStep
from jobtui.journal.recall import Usual
from jobtui.journal.told import ItemError, StepTold, Told
from jobtui.model import Job, JobRef

__all__ = [
    "Happening",
    "HoldSeen",
    "ItemError",
    "Past",
    "StepTold",
    "Told",
    "Transition",
    "Usual",
    "UsualStep",
    "What",
]


class Transition(Struct, frozen=True):
    """A job went from one state to another, or was first told of."""

    before: Told | None
    after: Told


class Past:
    """Reads what was told, for memory, digest and statistics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, ref: JobRef) -> list[Told]:
        """All that was told of how a job stood, mere progress included, in the order of asking."""
        return history.told_of_job(self._database, ref)

    def transitions(self, ref: JobRef) -> list[Transition]:
        """The changes of a job's state and of the server's word for it, oldest first."""
        return list(_transitions(self.told(ref)))

    def steps(self, ref: JobRef) -> list[StepTold]:
        """All that was told of how the steps of a job stood, in the order of asking."""
        return history.steps_of_job(self._database, ref)

    def holds(self, ref: JobRef) -> list[HoldSeen]:
        """Every hold of a job that was ever shown, first seen first."""
        return history.holds_of_job(self._database, ref)

    def item_errors(self, ref: JobRef) -> list[ItemError]:
        """Every item of a job that was told to have failed, when the job was read whole."""
        return history.errors_of_job(self._database, ref)

    def since(self, moment: datetime, source: str | None = None) -> list[Happening]:
        """What happened since a moment: ended, held, released, assigned; oldest first."""
        return memory.happenings(self._database, moment, source)

    def usual(self, source: str | None = None, *, since: datetime | None = None) -> list[Usual]:
        """How long jobs that ended well usually took, by source, kind, application and pattern of title."""
        return recall.usual(self._database, source, since)

    def usual_steps(self, *, since: datetime | None = None) -> list[UsualStep]:
        """How long steps of workflows that ended well usually took, by source, template and title."""
        return paces.usual_steps(self._database, since)

    def find(self, text: str, limit: int = 100, source: str | None = None) -> list[Job]:
        """Every job ever known with a text in its id, title, owner, application or why; latest first."""
        return recall.find(self._database, text, limit, source)


def _transitions(told: Iterable[Told]) -> Iterable[Transition]:
    before: Told | None = None
    for each in told:
        if before is None or _stands(before) != _stands(each):
            yield Transition(before, each)
        before = each


def _stands(told: Told) -> tuple[object, ...]:
    return (told.state, told.raw_state, told.ended, told.forgotten)
