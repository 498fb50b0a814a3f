"""The panes beyond jobs, steps and messages: holds, causes, actions, polling.

On a wall screen they are always there; on any other each opens over the whole screen by its number.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace
from textual.widget import Widget

from jobtui.model import Control, ControlRequest, Job, JobRef
from jobtui.monitor.away import Digest
from jobtui.monitor.events import Change, Controlled
from jobtui.monitor.monitor import Monitor
from jobtui.tui.comparing import Comparing
from jobtui.tui.format.actions import action_lines
from jobtui.tui.format.groups import by_size
from jobtui.tui.format.holds import MOST_JOBS, HeldJob, HoldRow, hold_rows
from jobtui.tui.format.polling import polling_lines
from jobtui.tui.format.sources import Known
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.seen import SeenOfOthers
from jobtui.tui.widgets.cause_list import CauseList
from jobtui.tui.widgets.hold_list import HoldList
from jobtui.tui.widgets.line_view import TextLines

TITLES = {
    "holds": "4 Holds: what blocks, what a release does",
    "groups": "5 Same cause",
    "actions": "6 Actions: sent, accepted, confirmed",
    "polling": "7 Polling, rules, screen",
}
KEPT = 500
"""Controls of this session that are listed."""


class Wall:
    """The four panes, each drawn only while it can be seen."""

    def __init__(
        self, monitor: Monitor, comparing: Comparing, *, now: Callable[[], datetime], glyphs: Glyphs = UNICODE
    ) -> None:
        self._monitor = monitor
        self._comparing = comparing
        self._now = now
        self._glyphs = glyphs
        self._began = now()
        self._asked: OrderedDict[ControlRequest, Controlled] = OrderedDict()
        self._held: set[JobRef] = set()
        """Jobs of which holds are known: looked through where thousands have none."""
        self._seen = SeenOfOthers(self._is_ours)
        self.holds = HoldList(id="holds")
        self.causes = CauseList(now=now, id="groups")
        self.actions = TextLines(id="actions")
        self.polling = TextLines(id="polling")
        self.screen: Callable[[], Sequence[str]] = lambda: ()
        """Says how this screen draws."""

    @property
    def panes(self) -> tuple[Widget, ...]:
        """The panes, in the order of their numbers."""
        return (self.holds, self.causes, self.actions, self.polling)

    def begin(self) -> None:
        """Take over every job that is known."""
        self._held = {job.ref for job in self._monitor.store if job.holds}

    def note(self, event: Controlled) -> None:
        """Take over how far a control has come."""
        self._asked[event.outcome.request] = event
        while len(self._asked) > KEPT:
            self._asked.popitem(last=False)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over what has changed with jobs."""
        changes = list(changes)
        self._seen.apply(changes, self._now())
        for change in changes:
            if change.after is not None and change.after.holds:
                self._held.add(change.ref)
            else:
                self._held.discard(change.ref)

    def draw(
        self, job: Job | None, marked: Sequence[JobRef], known: Sequence[Known], away: Digest | None
    ) -> None:
        """Show what is known now, in those panes that are on the screen."""
        now = self._now()
        if _is_seen(self.holds):
            self.holds.show_rows(self._hold_rows(job, marked, now))
        if _is_seen(self.causes):
            self.causes.show(by_size(self._comparing.groups()), away)
        if _is_seen(self.actions):
            width = self.actions.line_width
            asked = list(self._asked.values())
            self.actions.show(action_lines(asked, list(self._seen), self._began, now, width, self._glyphs))
        if _is_seen(self.polling):
            traffic = {one.source: one for one in self._monitor.traffic()}
            width = self.polling.line_width
            self.polling.show(polling_lines(known, traffic, self._rules(), self.screen(), now, width))

    def _hold_rows(self, job: Job | None, marked: Sequence[JobRef], now: datetime) -> list[HoldRow]:
        store = self._monitor.store
        if marked:
            which, jobs = "marked", [one for one in map(store.get, marked) if one is not None]
        elif job is not None and self._known(job).holds(now):
            which, jobs = "selected", [job]
        else:
            which, jobs = "nothing marked or held here; all that are held", self._all_held(now)
        held = [
            self._held_job(one, now) if number < MOST_JOBS else HeldJob(one)
            for number, one in enumerate(jobs)
        ]
        return hold_rows(held, which, now, self.holds.line_width)

    def _all_held(self, now: datetime) -> list[Job]:
        jobs = (self._monitor.store.get(ref) for ref in sorted(self._held))
        return [job for job in jobs if job is not None and HeldJob(job).holds(now)]

    def _known(self, job: Job) -> HeldJob:
        return HeldJob(job, self._monitor.detail(job.ref))

    def _held_job(self, job: Job, now: datetime) -> HeldJob:
        """Add what a release would do, by what is known now; nothing is asked of a server."""
        held = self._known(job)
        if not held.holds(now) or Control.RELEASE not in self._monitor.controls(job.ref.source):
            return held
        if held.detail is None:  # what a row tells is not enough to say what would start
            return replace(held, release="what it starts is known once the job is read; go to it")
        proposal = self._monitor.propose(Control.RELEASE, job.ref)
        said = f"no, {proposal.refusal.text}" if proposal.refusal is not None else proposal.consequence
        return replace(held, release=said)

    def _rules(self) -> list[str]:
        return [rule.sentence for rule in self._monitor.alarms.rules]

    def _is_ours(self, ref: JobRef, control: Control) -> bool:
        return any(request.ref == ref and request.control is control for request in self._asked)


def _is_seen(pane: Widget) -> bool:
    return pane.is_mounted and pane.size.height > 0 and pane.is_on_screen
