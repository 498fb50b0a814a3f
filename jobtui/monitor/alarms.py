"""Alarms: the rules that are armed, and what comes to be true of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from jobtui.errors import UsageError
from jobtui.insight.alert import Firing
from jobtui.insight.cause import Causes
from jobtui.insight.rule_reading import parse_rule
from jobtui.insight.rules import RUN, Rule, When
from jobtui.model import Flag, Job, JobDetail, JobMessage, JobRef
from jobtui.monitor.armed import Armed, Origin, occasion_of, was_guessed
from jobtui.monitor.commands import Commands
from jobtui.monitor.delivery import Delivery, Manner
from jobtui.monitor.events import AlertTrouble, Change, Event, HealthChanged, JobsChanged
from jobtui.monitor.known import Known
from jobtui.turns import give_way

log = logging.getLogger(__name__)

LOOK_S = 4.0
"""How often it is seen what has come true merely because time went by."""
MOST = 200
"""Rules armed at once."""
_MOST_HEARD = 2_000
_AT_ONCE = 500
"""Jobs looked at before anything else gets its turn."""
_EVERYTHING = frozenset[JobRef]()


class Alarms:
    """Holds the armed rules against all that becomes known, and tells what comes true: each once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._armed: dict[str, Armed] = {}
        self.any_armed = asyncio.Event()
        """Set while a rule is armed: without one nothing has to be looked at."""
        self._fresh: set[str] = set()
        """Sources that have answered: a job new after that is new, not merely unknown to us."""
        self._causes = Causes()
        self._heard: dict[JobRef, set[str]] = {}
        """The messages known of each job that rules listen to."""
        self.only: Collection[JobRef] = _EVERYTHING
        """The jobs that alone are spoken of; all when empty."""
        self.users: dict[str, frozenset[str]] = {}
        """Whom each source takes us for, as far as somebody asked."""
        self.keep: Callable[[tuple[Rule, ...]], object] | None = None
        """Keeps the rules armed at the screen for the next start, on the journal's thread; raises OSError."""
        self.use({}, ())
        known.heard.append(self._take)
        known.overheard.append(self._hear)
        known.on_detail(self._look_at_steps)

    def use(
        self,
        commands: Mapping[str, tuple[str, ...]],
        kept_back: Collection[str],
        manner: Manner = Manner(),  # noqa: B008 - frozen
    ) -> None:
        """Say which commands there are, what they must not be told, and how alerts are given."""
        self.commands = Commands(commands, kept_back)
        self.delivery = Delivery(
            self._known.recorder,
            self._known.clock,
            self._known.publish,
            self._known.store.get,
            self.commands,
            manner,
        )

    # --- the rules ------------------------------------------------------------------------------------
    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every armed rule, in the order of arming; ``sentence`` says each."""
        return tuple(armed.rule for armed in self._armed.values())

    @property
    def armed(self) -> tuple[Armed, ...]:
        """Every armed rule with what is known of it."""
        return tuple(self._armed.values())

    def rules_of(self, origin: Origin) -> tuple[Rule, ...]:
        """The rules armed from one place."""
        return tuple(armed.rule for armed in self._armed.values() if armed.origin is origin)

    def arm(self, rule: Rule, origin: Origin = Origin.SCREEN, *, tells_present: bool = False) -> bool:
        """Arm a rule; False when it is true of a job already, so that it will not tell that again.

        With ``tells_present`` what is so at the first look counts as well. Raises UsageError.
        """
        for do in rule.do:
            if do.startswith(RUN) and (why := self.commands.why_not(do.removeprefix(RUN))):
                raise UsageError(f"rule “{rule.condition}”: {why}")
        if len(self._armed) >= MOST and rule.condition not in self._armed:
            raise UsageError(f"{MOST} rules are armed already; disarm one first")
        if rule.query.asks_me:
            rule = replace(parse_rule(rule.condition, name=rule.name, users=self.users), do=rule.do)
        armed = Armed(rule, self._known.clock(), origin, tells_present)
        self._armed[rule.condition] = armed
        self.any_armed.set()
        for job in self._known.store:
            self._causes.put(job.ref, job)
        for job in self._known.store:
            self._consider(armed, Change(job.ref, None, job), is_memory=not tells_present)
        self._keep()
        return not (armed.standing and rule.job is not None)

    def disarm(self, rule: Rule) -> bool:
        """Take a rule back; False when it was not armed."""
        found = self._armed.pop(rule.condition, None) is not None
        if found:
            self._keep()
        if not self._armed:
            self.any_armed.clear()
        return found

    def _keep(self) -> None:
        keep, rules = self.keep, self.rules_of(Origin.SCREEN)
        if keep is None:
            return
        loop = asyncio.get_running_loop()

        def write() -> None:
            try:
                keep(rules)
            except OSError as error:
                trouble = AlertTrouble(f"rules are not kept for the next start: {error.strerror or error}")
                loop.call_soon_threadsafe(self._known.publish, trouble)

        self._known.recorder.soon(write)

    # --- what comes to be known -----------------------------------------------------------------------
    def _take(self, event: Event) -> None:
        if isinstance(event, HealthChanged) and event.health.fresh_at is not None:
            self._fresh.add(event.health.source)
        if not isinstance(event, JobsChanged) or not self._armed:
            return
        for change in event.changes:
            self._causes.put(change.ref, change.after)
            for armed in tuple(self._armed.values()):
                self._consider(armed, change)

    def _consider(
        self, armed: Armed, change: Change, *, is_memory: bool = False, not_at: datetime | None = None
    ) -> None:
        """See whether a rule has come true of a job; ``not_at`` is when it was looked at before."""
        job, rule = change.after, armed.rule
        if job is None or (self.only and job.ref not in self.only):
            armed.standing.discard(change.ref)
            return
        if rule.when is When.ALIKE:
            self._count(armed, change, job, is_memory=is_memory)
            return
        now = self._known.clock()
        if not rule.is_true_of(job, now):
            armed.standing.discard(job.ref)
        elif job.ref not in armed.standing:
            armed.standing.add(job.ref)
            if not is_memory and self._is_news(armed, change.before, job):
                self._fire(armed, Firing(rule, job, now, *_what(rule, job, not_at or _as_of(change.before))))

    def _is_news(self, armed: Armed, before: Job | None, job: Job) -> bool:
        """Whether a job has come to stand so, rather than being known for the first time."""
        if armed.tells_present or (before is not None and not was_guessed(before, job)):
            return True
        at = occasion_of(armed.rule, job)
        if Flag.STALE in job.flags:
            # What the journal remembers: only the time that went by since can be news.
            return at is not None and job.as_of < at and armed.rule.when in (When.OPEN, When.BY)
        is_new = before is None and job.ref.source in self._fresh
        return is_new if at is None else armed.may_be_after(at, is_new=is_new)

    def _count(self, armed: Armed, change: Change, job: Job, *, is_memory: bool) -> None:
        group = self._causes.of(job.ref)
        if group is None or not armed.rule.is_about(job, self._known.clock()):
            return
        cause, refs = group
        jobs = [other for ref in refs if (other := self._known.store.get(ref)) is not None]
        count = sum(armed.rule.is_about(other, self._known.clock()) for other in jobs)
        if count <= armed.rule.alike:
            armed.causes.discard(cause)
        elif cause not in armed.causes:
            armed.causes.add(cause)
            if not is_memory and self._is_news(armed, change.before, job):
                now = self._known.clock()
                self._fire(armed, Firing(armed.rule, job, now, f"alike {cause}", count=count))

    def _look_at_steps(self, detail: JobDetail, asked_at: datetime) -> None:
        for armed in tuple(self._armed.values()):
            if armed.rule.step is None or armed.rule.wants_messages:
                continue
            now = self._known.clock()
            if not armed.rule.is_about(detail.job, now) or (self.only and detail.job.ref not in self.only):
                continue
            looked_at = armed.looked_at.get(detail.job.ref)
            for step in detail.all_steps():
                key = (detail.job.ref, step.id)
                if not armed.rule.is_true_of_step(step, now):
                    armed.steps.discard(key)
                elif key not in armed.steps:
                    armed.steps.add(key)
                    at = step.ended_at or step.started
                    if armed.tells_present or looked_at is not None or (at and armed.may_be_after(at)):
                        what = f"{armed.rule.when.value} {step.id}"
                        self._fire(armed, Firing(armed.rule, detail.job, now, what, looked_at, step=step))
            armed.looked_at[detail.job.ref] = asked_at

    def _hear(self, messages: tuple[JobMessage, ...]) -> None:
        while len(self._heard) > _MOST_HEARD:
            del self._heard[next(iter(self._heard))]
        listening = [armed for armed in self._armed.values() if armed.rule.wants_messages]
        if not listening:
            return
        known_before = {message.ref: message.ref in self._heard for message in messages}
        for message in messages:
            heard = self._heard.setdefault(message.ref, set())
            if message.id in heard:
                continue
            heard.add(message.id)
            for armed in listening:
                if known_before[message.ref] or (message.at and armed.may_be_after(message.at)):
                    self._listen(armed, message)

    def _listen(self, armed: Armed, message: JobMessage) -> None:
        job, now = self._known.store.get(message.ref), self._known.clock()
        if job is None or (self.only and job.ref not in self.only):
            return
        if armed.rule.is_about(job, now) and armed.rule.hears(message):
            what = f"message {message.id}"
            self._fire(armed, Firing(armed.rule, job, now, what, message=message))

    def _fire(self, armed: Armed, firing: Firing) -> None:
        self.delivery.add(firing)
        if armed.rule.is_once:
            self.disarm(armed.rule)

    # --- time -----------------------------------------------------------------------------------------
    async def run(self) -> NoReturn:
        """See for ever what comes true because time goes by, and tell what came true."""
        delivering = asyncio.create_task(self.delivery.run())
        try:
            while True:
                await self.any_armed.wait()
                await asyncio.sleep(LOOK_S)
                for _ in self._looking():
                    await give_way()
                await self.delivery.tell_held_back(self.rules)
        finally:
            delivering.cancel()

    def look(self) -> None:
        """See what has come true because time went by."""
        for _ in self._looking():
            pass

    def _looking(self) -> Iterator[None]:
        """Look at all jobs, a part of them at a time: keys are answered in between."""
        timed = [armed for armed in self._armed.values() if armed.rule.is_timed and armed.rule.step is None]
        for armed in timed:
            began, is_deadline = self._known.clock(), armed.rule.when in (When.OPEN, When.BY)
            refs = [job.ref for job in self._known.store if not (is_deadline and job.ended)]
            for place in range(0, len(refs), _AT_ONCE):
                self._look_at(armed, refs[place : place + _AT_ONCE])
                yield
            armed.looked = began

    def _look_at(self, armed: Armed, refs: Iterable[JobRef]) -> None:
        for ref in refs:
            if (job := self._known.store.get(ref)) is not None:
                self._consider(armed, Change(ref, job, job), not_at=armed.looked)


def _as_of(job: Job | None) -> datetime | None:
    return None if job is None else job.as_of


def _what(rule: Rule, job: Job, not_at: datetime | None) -> tuple[str, datetime | None]:
    """Name what happened, and since when an alert of that name is about the same; ``not_at`` is when it was
    last known not to be so."""
    if rule.when is When.STALLS:
        return rule.when.value, job.unchanged_since
    if rule.when is When.OPEN:
        return rule.when.value, None
    if rule.when is When.BY:
        at = occasion_of(rule, job)
        return f"by {at.isoformat() if at is not None else ''}", None
    return rule.when.value, not_at
