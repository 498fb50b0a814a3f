"""The dialogue: numbered questions over the same monitor as the screen, and a sentence for every change."""

from __future__ import annotations

from datetime import datetime

from jobtui.cli.spoken.absence import Absence
from jobtui.cli.spoken.arming import Arming
from jobtui.cli.spoken.desk import Choice, Desk
from jobtui.cli.spoken.groups import Groups
from jobtui.cli.spoken.lists import Lists
from jobtui.cli.spoken.many import SteeringMany
from jobtui.cli.spoken.marked import Marked
from jobtui.cli.spoken.muting import Muting
from jobtui.cli.spoken.one_job import OneJob
from jobtui.cli.spoken.sentences import source_sentence, summary
from jobtui.cli.spoken.sharing import Sharing
from jobtui.cli.spoken.steering import Steering
from jobtui.model import JobRef, Target
from jobtui.monitor.events import Link
from jobtui.monitor.monitor import Monitor
from jobtui.text import plain


class Dialogue:
    """What somebody can ask for by number."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        steering = Steering(desk.monitor, desk.keyboard, desk.news.awaited, desk.say, desk.now)
        sharing = Sharing(desk)
        self._sharing = sharing
        self._job = OneJob(desk, steering, sharing, self._alike)
        self._marked = Marked(desk, SteeringMany(desk, steering), sharing)
        self._lists = Lists(desk, self._job.open, sharing, self._marked.act)
        self._groups = Groups(desk, self._lists.read_out)
        self._arming = Arming(desk)
        self._absence = Absence(desk, self._job.open)
        desk.keyboard.answered = self._absence.looked

    async def run(self, select: Target | None = None) -> None:
        """Go on until somebody leaves, from ``select`` if given. Raises Gone when nobody types any more."""
        try:
            await self._absence.begin()
            self._desk.say(
                "jobtui, as spoken lines. Answer with a number and Enter. Enter alone repeats the choices."
            )
            if select is not None:
                await self._job.open(select)
            await self._desk.choose(self._choices, leave="leave")
        finally:
            self._absence.looked(at_once=True)
        if (said := self._desk.news.awaited.text(self._desk.now())) is not None:
            self._desk.say(said.removesuffix(" q again leaves").removesuffix(";") + ".")

    def _choices(self) -> list[Choice]:
        marked = len(self._desk.marks)
        return [
            ("jobs that need you", self._lists.needy),
            ("all jobs", self._lists.all),
            ("find jobs", self._lists.find),
            ("holds", self._lists.held),
            ("sources", self._sources),
            ("what was asked here", self._asked),
            ("groups: by cause, source or state", self._groups.ask),
            (f"marked jobs, {marked or 'none'}", self._marked.act),
            ("rules that tell you when", self._arming.ask),
            ("what happened while you were away", self._absence.read_out),
            ("the hand-off note", self._sharing.handoff),
        ]

    async def _alike(self, ref: JobRef) -> None:
        await self._groups.alike(ref)

    async def _sources(self) -> None:
        monitor = self._desk.monitor
        traffic = {one.source: one for one in monitor.traffic()}
        for name in monitor.sources:
            self._desk.say(source_sentence(monitor.health(name), traffic.get(name), self._desk.now()))
        for name, text in monitor.broken.items():
            self._desk.say(f"{plain(name)} cannot be used: {plain(text)}.")

    async def _asked(self) -> None:
        sentences = self._desk.news.asked_sentences()
        for sentence in sentences or ["No control was asked in this session."]:
            self._desk.say(sentence)


def first_words(monitor: Monitor, muting: Muting, now: datetime) -> list[str]:
    """Say how things stand once every source has answered, or failed to."""
    heard = [monitor.health(name) for name in monitor.sources]
    return [
        *(source_sentence(health, None, now) for health in heard if health.link is not Link.STARTING),
        summary(monitor.store, now, muting.needs_me),
    ]
