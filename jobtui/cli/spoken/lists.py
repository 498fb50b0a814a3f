"""Lists of jobs, read out; what is done with several of a list at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from jobtui.cli.spoken.desk import Choice, Desk, count_of
from jobtui.cli.spoken.keyboard import BACK
from jobtui.cli.spoken.reading import Reading
from jobtui.cli.spoken.sentences import counts, job_sentence
from jobtui.cli.spoken.sharing import Sharing
from jobtui.insight.search import read as read_filter
from jobtui.model import Job, JobRef, Target
from jobtui.text import plain

_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_SEVERAL = {"a": "acts on several"}


class Lists:
    """The lists that can be asked for."""

    def __init__(
        self,
        desk: Desk,
        open_job: Callable[[Target], Awaitable[None]],
        sharing: Sharing,
        act_on_marked: Callable[[], Awaitable[None]],
    ) -> None:
        self._desk = desk
        self._open = open_job
        self._sharing = sharing
        self._act_on_marked = act_on_marked

    async def needy(self) -> None:
        """Read out what needs somebody, the worst first."""
        now, muting = self._desk.now(), self._desk.muting
        await self.read_out([job for job in self._all() if muting.needs_me(job, now)], "Nothing needs you.")

    async def all(self) -> None:
        """Read out every job."""
        await self.read_out(self._all(), "No job is known yet.")

    async def held(self) -> None:
        """Read out the jobs with an active hold."""
        now = self._desk.now()
        held = [job for job in self._all() if any(hold.is_active(now) for hold in job.holds)]
        await self.read_out(held, "No hold is known.")

    async def find(self) -> None:
        """Ask what to look for, and read out what fits."""
        text = await self._desk.keyboard.ask(
            "Find: words, or as on the screen: state:failed, source:NAME, age>2h; 0 or Enter goes back:"
        )
        if not text or text.lower() in BACK:
            return
        query = read_filter(text)
        if query.trouble:
            self._desk.say(f"{plain(query.trouble)}.")
            return
        now = self._desk.now()
        await self.read_out([job for job in self._all() if query.matches(job, now)], "No job fits.")

    def _all(self) -> list[Job]:
        return self._desk.in_order(list(self._desk.monitor.store))

    async def read_out(self, jobs: Sequence[Job], if_none: str) -> None:
        """Read a frozen list out by pages; a number goes to its job, whatever moves meanwhile."""
        if not jobs:
            self._desk.say(if_none)
            return
        self._desk.say(counts(jobs))
        refs = [job.ref for job in jobs]
        reading = Reading(self._desk, "a job", [partial(self._sentence, ref) for ref in refs])
        while (answer := await reading.ask(_SEVERAL)) is not None:
            if isinstance(answer, int):
                await self._open(refs[answer])
            else:
                await self._several(refs)

    def _sentence(self, ref: JobRef) -> str:
        job = self._desk.monitor.store.get(ref)
        if job is None:
            return f"{plain(str(ref))} is not known any more."
        marked = "Marked: " if ref in self._desk.marks else ""
        muted = "Muted: " if self._desk.muting.mutes.is_muted(job) else ""
        return f"{marked}{muted}{job_sentence(job, self._desk.now())}"

    # --- several of a list ----------------------------------------------------------------------------
    async def _several(self, refs: Sequence[JobRef]) -> None:
        await self._desk.choose(
            lambda: self._choices(refs),
            subject=f"Of {count_of(len(refs))}",
            leave="back to the list",
            is_idle=False,
        )

    def _choices(self, refs: Sequence[JobRef]) -> list[Choice]:
        marks = self._desk.marks
        marked: list[Choice] = []
        if marks:
            marked.append((f"act on what is marked, {count_of(len(marks))}", self._act_on_marked))
        return [
            ("mark some of them by number", lambda: self._mark_some(refs)),
            (f"mark all of them, {count_of(len(refs))}", lambda: self._mark(refs)),
            ("mute those that need you, or let them need you again", lambda: self._mute(refs)),
            ("write them to a file", lambda: self._sharing.jobs(self._known(refs))),
            *marked,
        ]

    async def _mark_some(self, refs: Sequence[JobRef]) -> None:
        while True:
            answer = await self._desk.keyboard.ask("Numbers to mark, as 1 3 5-7; 0 goes back:")
            if not answer or answer.lower() in BACK:
                return
            try:
                places = places_of(answer, len(refs))
            except ValueError as error:
                self._desk.say(f"{plain(str(error))}.")
            else:
                await self._mark([refs[place] for place in places])
                return

    async def _mark(self, refs: Sequence[JobRef]) -> None:
        marks = self._desk.marks
        marks.keep(marks.refs | frozenset(refs))
        self._desk.say(f"{count_of(len(marks))} {'is' if len(marks) == 1 else 'are'} marked now.")

    async def _mute(self, refs: Sequence[JobRef]) -> None:
        self._desk.say(self._desk.muting.toggle(self._known(refs), self._desk.now()))

    def _known(self, refs: Sequence[JobRef]) -> list[Job]:
        return [job for ref in refs if (job := self._desk.monitor.store.get(ref)) is not None]


def places_of(text: str, count: int) -> list[int]:
    """Read “1 3 5-7” as places in a list of so many. Raises ValueError with a sentence."""
    places: dict[int, None] = {}
    for word in text.replace(",", " ").split():
        found = _RANGE.fullmatch(word)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 0 < first <= last <= count:
            raise ValueError(f"“{word}” is no number from 1 to {count}, nor from one to another, as 2-4")
        places |= dict.fromkeys(range(first - 1, last))
    return list(places)
