"""Delivery of alerts: claimed in the journal, alike ones together, quiet hours, commands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from msgspec import Struct
from msgspec.structs import replace

from jobtui.documents import alert_document
from jobtui.errors import JournalError
from jobtui.insight.alert import Alert, Firing, HeldBack
from jobtui.insight.quiet import QuietHours
from jobtui.insight.rules import RUN, Rule
from jobtui.model import Job, JobRef
from jobtui.monitor.commands import Commands
from jobtui.monitor.events import AlertTrouble, Event
from jobtui.monitor.recorder import Recorder
from jobtui.monitor.wanting import lacks_its_story

log = logging.getLogger(__name__)

SETTLE_S = 1.0
"""How long an alert waits for others that come with it."""
STORY_S = 5.0
"""How long it waits for the reason, where a list did not say why a job failed."""
PAUSE_S = 15.0
"""How long a rule that has just spoken collects before it speaks again."""
_MOST_WAITING = 10_000
_OLDEST = timedelta(days=1)


class Manner(Struct, frozen=True):
    """How alerts are given, whatever their rule."""

    quiet: QuietHours | None = None
    again: timedelta = timedelta(minutes=10)
    """How long the same cause is told without bell and notification after it was told."""


class Delivery:
    """Takes what came true, and tells it: each once, whoever else runs on the same journal."""

    def __init__(
        self,
        recorder: Recorder,
        clock: Callable[[], datetime],
        publish: Callable[[Event], None],
        latest: Callable[[JobRef], Job | None],
        commands: Commands,
        manner: Manner,
    ) -> None:
        self._recorder = recorder
        self._clock = clock
        self._publish = publish
        self._latest = latest
        self._commands = commands
        self._manner = manner
        self._waiting: dict[str, list[Firing]] = {}
        self._due: dict[str, float] = {}
        self._told: dict[tuple[str, str], datetime] = {}
        self._claimed: set[tuple[str, JobRef, str]] = set()
        """What was told while the journal could not say whether it had been before."""
        self._quiet_told: datetime | None = None
        """The end of the quiet hours that this process has told of."""
        self._woken = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()

    def add(self, firing: Firing) -> None:
        """Take one; it is told soon."""
        condition = firing.rule.condition
        waiting = self._waiting.setdefault(condition, [])
        if not waiting:
            wait_s = STORY_S if lacks_its_story(firing.job) else SETTLE_S
            soon = asyncio.get_running_loop().time() + wait_s
            self._due[condition] = max(self._due.get(condition, soon), soon)
        if len(waiting) < _MOST_WAITING:
            waiting.append(firing)
        self._woken.set()

    async def run(self) -> NoReturn:
        """Tell what is due, for ever."""
        while True:
            due = [self._due[condition] for condition, waiting in self._waiting.items() if waiting]
            delay_s = None if not due else max(0.0, min(due) - asyncio.get_running_loop().time())
            self._woken.clear()
            try:
                async with asyncio.timeout(delay_s):
                    await self._woken.wait()
            except TimeoutError:
                await self.deliver(asyncio.get_running_loop().time())

    async def finish(self) -> None:
        """Tell what is left, and let the commands come to their end."""
        await self.deliver()
        if self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    def stop(self) -> None:
        """End the commands that still run."""
        for task in self._running:
            task.cancel()

    async def deliver(self, now_s: float | None = None) -> None:
        """Tell what is due by a moment of the loop, or all there is."""
        for condition, waiting in list(self._waiting.items()):
            if waiting and (now_s is None or self._due[condition] <= now_s):
                self._waiting[condition] = []
                self._due[condition] = asyncio.get_running_loop().time() + PAUSE_S
                await self._tell(waiting)

    async def tell_held_back(self, rules: Iterable[Rule]) -> None:
        """When quiet hours are over, tell what they held back, once."""
        quiet, now = self._manner.quiet, self._clock().astimezone()
        if quiet is None or quiet.holds(now):
            return
        ended = quiet.ended(now)
        if self._quiet_told == ended:
            return
        self._quiet_told = ended
        loud = {rule.condition: rule for rule in rules if any(not do.startswith(RUN) for do in rule.do)}
        journal = self._recorder.journal
        try:
            last = await self._recorder.run(journal.looks.quiet_told)
            if (last is not None and last >= ended) or now - ended > _OLDEST:
                return
            began = quiet.began(ended)
            kept = await self._recorder.run(lambda: journal.looks.alerts(began))
            await self._recorder.run(lambda: journal.looks.note_quiet_told(now))
        except JournalError as error:
            log.warning("what quiet hours held back is not known: %s", error)
            self._quiet_told = None
            return
        held = [alert for alert in kept if alert.at < ended and alert.rule in loud]
        if held:
            do = tuple(dict.fromkeys(do for alert in held for do in loud[alert.rule].do if not _is_run(do)))
            refs = tuple(dict.fromkeys(alert.ref for alert in held))
            self._publish(HeldBack(now, refs, len(held), began, do))

    # --- inside ---------------------------------------------------------------------------------------
    async def _tell(self, waiting: Sequence[Firing]) -> None:
        new = [self._brought_up(firing) for firing in await self._claim(waiting)]
        by_rule: dict[tuple[str, str], list[Firing]] = {}
        for firing in new:
            by_rule.setdefault((firing.rule.condition, firing.likeness or ""), []).append(firing)
        loud = [firing for key, found in by_rule.items() if not self._is_repeated(key) for firing in found]
        calm = [firing for firing in new if firing not in loud]
        for firings, is_loud in ((loud, True), (calm, False)):
            if firings:
                self._give(firings, is_loud=is_loud)

    def _brought_up(self, firing: Firing) -> Firing:
        """Take the reason that has become known since, of a job that a list told of without."""
        job = self._latest(firing.job.ref) if lacks_its_story(firing.job) else None
        return firing if job is None or job.state is not firing.job.state else replace(firing, job=job)

    def _is_repeated(self, key: tuple[str, str]) -> bool:
        """Whether the same was told a moment ago; what has nothing in common is never the same."""
        now, last = self._clock(), self._told.get(key)
        if not key[1]:
            return False
        if last is not None and now - last < self._manner.again:
            return True
        self._told = {one: at for one, at in self._told.items() if now - at < self._manner.again}
        self._told[key] = now
        return False

    def _give(self, firings: Sequence[Firing], *, is_loud: bool) -> None:
        now, rule = self._clock(), firings[0].rule
        is_quiet = self._manner.quiet is not None and self._manner.quiet.holds(now.astimezone())
        do = tuple(do for do in rule.do if is_loud and (_is_run(do) or not is_quiet))
        has_sound = any(not _is_run(one) for one in rule.do)
        alert = Alert(rule, now, tuple(firings), do, is_quiet=is_quiet and has_sound)
        self._publish(alert)
        for name in filter(_is_run, do):
            task = asyncio.create_task(self._run(name.removeprefix(RUN), alert_document(alert)))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _run(self, name: str, facts: Mapping[str, object]) -> None:
        if (trouble := await self._commands.run(name, facts)) is not None:
            self._publish(AlertTrouble(trouble))

    async def _claim(self, waiting: Sequence[Firing]) -> list[Firing]:
        """Keep those that nobody has told; a journal that fails does not silence an alert."""
        looks = self._recorder.journal.looks

        def claim(firing: Firing) -> bool:
            return looks.claim(
                firing.rule.condition, firing.job.ref, firing.what, firing.at, unless_since=firing.since
            )

        try:
            told = await self._recorder.run(lambda: [claim(firing) for firing in waiting])
        except JournalError as error:
            log.warning("alerts could not be written: %s", error)
            keys = [(firing.rule.condition, firing.job.ref, firing.what) for firing in waiting]
            told = [key not in self._claimed for key in keys]
            self._claimed.update(keys)
        return [firing for firing, is_new in zip(waiting, told, strict=True) if is_new]


def _is_run(do: str) -> bool:
    return do.startswith(RUN)
