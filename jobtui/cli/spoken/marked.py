"""What is done with the marked jobs together."""

from __future__ import annotations

from collections.abc import Sequence

from jobtui.cli.spoken.desk import Choice, Desk, count_of
from jobtui.cli.spoken.many import SteeringMany
from jobtui.cli.spoken.sentences import counts, job_sentence
from jobtui.cli.spoken.sharing import Sharing
from jobtui.model import Job, JobRef


class Marked:
    """Offers what can be done with the marked jobs: those that were marked when it was said."""

    def __init__(self, desk: Desk, many: SteeringMany, sharing: Sharing) -> None:
        self._desk = desk
        self._many = many
        self._sharing = sharing

    async def act(self) -> None:
        """Offer the controls of the marked jobs, and what else is done with several."""
        if not self._desk.marks:
            self._desk.say("No job is marked. In a list, a marks several of it.")
            return
        await self._many.read(self._refs())
        await self._desk.choose(self._choices, subject="Marked jobs", notes=self._notes)

    def _refs(self) -> list[JobRef]:
        """Give the marked jobs in the order of need."""
        known = self._desk.in_order(self._jobs(self._desk.marks.refs))
        return [job.ref for job in known]

    def _jobs(self, refs: Sequence[JobRef] | frozenset[JobRef]) -> list[Job]:
        return [job for ref in refs if (job := self._desk.monitor.store.get(ref)) is not None]

    def _notes(self) -> list[str]:
        refs = self._refs()
        if not refs:
            return ["No job is marked any more."]
        return [f"Marked: {counts(self._jobs(refs))}", *self._many.choices(refs)[1]]

    def _choices(self) -> list[Choice]:
        refs = self._refs()
        if not refs:
            return []
        return [
            *self._many.choices(refs)[0],
            ("read them out", lambda: self._read_out(refs)),
            ("mute those that need you, or let them need you again", lambda: self._mute(refs)),
            ("write them to a file", lambda: self._sharing.jobs(self._jobs(refs))),
            ("take all marks away", self._clear),
        ]

    async def _read_out(self, refs: Sequence[JobRef]) -> None:
        for job in self._jobs(refs):
            self._desk.say(job_sentence(job, self._desk.now()))

    async def _mute(self, refs: Sequence[JobRef]) -> None:
        self._desk.say(self._desk.muting.toggle(self._jobs(refs), self._desk.now()))

    async def _clear(self) -> None:
        count = len(self._desk.marks)
        self._desk.marks.clear()
        self._desk.say(f"The marks of {count_of(count)} are taken away.")
