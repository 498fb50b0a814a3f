"""Jobs by what they have in common: the cause they failed for, their source, their state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from jobtui.cli.spoken.desk import Desk, count_of
from jobtui.cli.spoken.reading import Reading
from jobtui.cli.spoken.sentences import counts
from jobtui.insight.attention import has_failed
from jobtui.insight.cause import Causes, Group, group_of
from jobtui.insight.grouping import ALONE, Grouping
from jobtui.insight.grouping import group_of as namer_of
from jobtui.insight.looks import look_of
from jobtui.insight.when import moment
from jobtui.model import Job, JobRef
from jobtui.text import plain
from jobtui.tui.format.groups import by_size

_BY = (Grouping.CAUSE, Grouping.SOURCE, Grouping.STATE)
ReadOut = Callable[[Sequence[Job], str], Awaitable[None]]


class Groups:
    """Reads groups out, and of one that is chosen its jobs."""

    def __init__(self, desk: Desk, read_out: ReadOut) -> None:
        self._desk = desk
        self._read_out = read_out

    async def ask(self) -> None:
        """Ask by what, and read the groups out."""
        chosen = await self._desk.one_of(["by what they failed for", "by source", "by state"])
        if chosen is not None:
            await self._read(self._groups(_BY[chosen]))

    async def alike(self, ref: JobRef) -> None:
        """Read out the jobs that failed for the same cause as one, itself among them."""
        found = causes_of(self._desk.monitor.store).of(ref)
        known = self._known(found[1]) if found is not None else []
        await self._read_out(self._desk.in_order(known), "Nothing failed for the same cause.")

    async def _read(self, groups: Sequence[tuple[str, Sequence[Job]]]) -> None:
        if not groups:
            self._desk.say("There is none: nothing that failed has a cause that can be compared.")
            return
        reading = Reading(self._desk, "a group", [partial(str, text) for text, _ in groups])
        while isinstance(answer := await reading.ask(), int):
            # Of now, in the order of need; which jobs they are was settled when the list was read.
            jobs = self._known(job.ref for job in groups[answer][1])
            await self._read_out(self._desk.in_order(jobs), "None of them is known any more.")

    def _groups(self, grouping: Grouping) -> list[tuple[str, Sequence[Job]]]:
        jobs, now = list(self._desk.monitor.store), self._desk.now()
        causes = causes_of(jobs)
        namer = namer_of(grouping, causes.shared)
        if grouping is Grouping.CAUSE:
            jobs = [job for job in jobs if has_failed(job)]
        members: dict[str, list[Job]] = {}
        for job in self._desk.in_order(jobs):
            members.setdefault(namer(job) if namer is not None else "", []).append(job)
        if grouping is not Grouping.CAUSE:
            return [(_sentence(grouping, name, those), those) for name, those in members.items()]
        alone = members.pop(ALONE, [])
        shared = [group_of(causes.shared(those[0].ref) or "", those) for those in members.values()]
        said: list[tuple[str, Sequence[Job]]] = [
            (group_sentence(group, now), group.jobs) for group in by_size(shared)
        ]
        if alone:
            each = " each" if len(alone) > 1 else ""
            said.append((f"{count_of(len(alone))} failed{each} for a cause of its own.", alone))
        return said

    def _known(self, refs: Iterable[JobRef]) -> list[Job]:
        return [job for ref in refs if (job := self._desk.monitor.store.get(ref)) is not None]


def causes_of(jobs: Iterable[Job]) -> Causes:
    """Say which jobs failed for which cause."""
    causes = Causes()
    for job in jobs:
        causes.put(job.ref, job)
    return causes


def group_sentence(group: Group, now: datetime) -> str:
    """Say how many jobs and items failed for one cause, where, since when."""
    told = [job.items_failed for job in group.jobs if job.items_failed is not None]
    items = f", {count_of(sum(told), 'failed item')}" if told else ""
    sources = " and ".join(sorted({plain(job.ref.source) for job in group.jobs}))
    first, last = moment(group.first, now), moment(group.last, now)
    when = f"at {first}" if first == last else f"from {first} to {last}"
    return f"{count_of(len(group.jobs))} of {sources}{items}, {when}; because: {plain(group.cause)}."


def _sentence(grouping: Grouping, name: str, jobs: Sequence[Job]) -> str:
    if grouping is Grouping.SOURCE:
        return f"{plain(name)}: {counts(jobs)}"
    sources = Counter(plain(job.ref.source) for job in jobs)
    said = ", ".join(f"{count} of {source}" for source, count in sources.most_common())
    return f"{look_of(jobs[0])}: {count_of(len(jobs))}, {said}."
