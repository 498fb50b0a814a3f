"""The main screen: jobs, steps and messages. It routes; panes apply, the monitor does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from jobtui.insight.attention import needs_you, rank
from jobtui.model import Control, Job, JobMessage, JobRef, Kind, StepRef, Target
from jobtui.monitor.events import (
    Change,
    Controlled,
    DetailChanged,
    Event,
    FollowFailed,
    HealthChanged,
    JobsChanged,
    MessagesArrived,
    SourceHealth,
)
from jobtui.monitor.monitor import Monitor
from jobtui.monitor.store import View
from jobtui.text import plain
from jobtui.tui.filters import passes
from jobtui.tui.format.details import detail_lines, head_lines
from jobtui.tui.format.sources import Known, is_old, next_age_change_s
from jobtui.tui.format.spans import Line
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.keymap import bindings
from jobtui.tui.pace import Pace
from jobtui.tui.panes import Panes
from jobtui.tui.screens.help import help_screen
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.screens.steering import Steering
from jobtui.tui.tally import Tally
from jobtui.tui.titles import jobs_title, steps_title, strip, why_empty
from jobtui.tui.widgets.drawing import shown
from jobtui.tui.widgets.filter_input import FilterInput
from jobtui.tui.widgets.job_table import JobTable
from jobtui.tui.widgets.key_footer import KeyFooter
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.message_log import MessageLog
from jobtui.tui.widgets.receipt_bar import ReceiptBar
from jobtui.tui.widgets.source_bar import SourceBar
from jobtui.tui.widgets.step_tree import StepTree

_STEERED_BY_STEP = frozenset({Kind.ARCGIS})
"""Kinds whose controls act on a step; those of the others act on the job, wherever the cursor is."""


class MainScreen(Screen[None]):
    """List left, steps and messages right; on a narrow terminal one at a time."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("main")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init__(
        self,
        monitor: Monitor,
        *,
        now: Callable[[], datetime],
        select: Target | None = None,
        notice: str | None = None,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__()
        self.monitor = monitor
        self._now = now
        self._wanted = select
        self._notice = notice
        self._glyphs = glyphs
        self._view = View(monitor.store, key=lambda job: rank(job, now()))
        self._tally = Tally()
        self._text = ""
        self._problems = False
        self._changes: list[Change] = []
        self._messages: list[JobMessage] = []
        self._broken: dict[str, SourceHealth] = {}
        self._titles: dict[str, str] = {}
        self._kept: JobRef | None = None
        self._looked_at: list[JobRef] = []
        self.pace = Pace(self._flush, self.set_timer)

    # --- the widgets ----------------------------------------------------------------------------------
    def compose(self) -> ComposeResult:
        now, glyphs = self._now, self._glyphs
        yield SourceBar(now=now, glyphs=glyphs, id="sources")
        yield LineBar(id="attention")
        with Horizontal(id="body"):
            with Vertical(id="jobs-pane"):
                yield LineBar(id="heading")
                yield JobTable(self.monitor.store, self._view, now=now, glyphs=glyphs, id="jobs")
            with Vertical(id="right"):
                with Vertical(id="steps-pane"):
                    yield LineBar(id="why")
                    yield StepTree(now=now, glyphs=glyphs, id="steps")
                with Vertical(id="messages-pane"):
                    yield MessageLog(now=now, id="messages")
        yield LineBar(id="strip")
        yield FilterInput(id="search")
        yield ReceiptBar(glyphs=glyphs, id="receipt")
        yield KeyFooter(id="keys")

    def on_mount(self) -> None:
        self.jobs = self.query_one(JobTable)
        self.steps = self.query_one(StepTree)
        self.log_pane = self.query_one(MessageLog)
        self.receipt = self.query_one(ReceiptBar)
        self.panes = Panes(self)
        self.steering = Steering(
            self.app, self.monitor, say=self.receipt.say, now=self._now, glyphs=self._glyphs
        )
        names = list(self.monitor.sources)
        self.jobs.source_width = max(map(len, names), default=6)
        if self._notice:
            self.receipt.say(self._notice)
        for job in self.monitor.store:
            self._tally.count(job, self._now())
        self.panes.focus("jobs")
        self._tick()
        self.call_after_refresh(self._flush)

    def on_resize(self) -> None:
        self.call_after_refresh(self._flush)

    # --- what the monitor says ------------------------------------------------------------------------
    def receive(self, event: Event) -> None:
        """Take an event of the monitor: at once what answers a key, the rest in its own time."""
        match event:
            case Controlled():
                self.receipt.control(event)
            case JobsChanged():
                self._changes.extend(event.changes)
            case MessagesArrived() if event.ref == self.jobs.selected:
                self._messages.extend(event.messages)
            case FollowFailed() if event.ref == self.jobs.selected:
                self.steps.trouble(plain(event.text))
            case HealthChanged() if event.health.source not in self.monitor.sources:
                self._broken[event.health.source] = event.health
            case HealthChanged() | DetailChanged():
                pass  # read from the monitor when the screen is next taken over
        self.pace.news()

    def _flush(self) -> None:
        """Take over all that has come since the last time."""
        if not self.is_mounted:
            return
        changes, self._changes = self._changes, []
        messages, self._messages = self._messages, []
        self._tally.apply(changes, self._now())
        known = self.known_sources()
        self.jobs.stale_sources = frozenset(one[1].source for one in known if is_old(one, self._now()))
        self.jobs.why_empty = why_empty(self.monitor, known, self._text, self._problems, self._now())
        self.jobs.apply(changes)
        if messages:
            self.log_pane.add(message for message in messages if message.ref == self.log_pane.ref)
        self._find_wanted()
        self._show()

    def _show(self) -> None:
        """Show what depends on the selected job and on the time."""
        width = self.size.width
        self.query_one(SourceBar).update(self.known_sources())
        self.query_one("#attention", LineBar).show([self._tally.line(width)])
        self.query_one("#heading", LineBar).show([self.jobs.heading()])
        job = self.job
        detail = self.monitor.detail(job.ref) if job is not None else None
        self.steps.show(job, detail)
        head = head_lines(job, self._now(), self.steps.line_width, self._glyphs) if job is not None else []
        self.query_one("#why", LineBar).show(head)
        standings = self.steering.standings(self.target)
        self.query_one(KeyFooter).update(standings)
        title, lines = strip(job, standings, self.log_pane, self._now(), width - 2)
        self.query_one("#strip", LineBar).show(lines)
        self._title("#strip", title)
        known = len(self.monitor.store)
        self._title("#jobs-pane", jobs_title(len(self._view), known, self._text, problems=self._problems))
        self._title("#steps-pane", steps_title(job, detail, self.steps.line_width - 4))
        self._show_log_title()
        self._look()

    def _look(self) -> None:
        """Tell the monitor which jobs are visible, so that these are read first."""
        refs = self.jobs.visible_refs()
        if refs != self._looked_at:
            self._looked_at = refs
            self.monitor.look_at(refs)

    def _tick(self) -> None:
        """Let the ages go on; the next time is when one of them reads differently."""
        if self.is_mounted and hasattr(self, "steering"):
            self.jobs.redraw()
            self._show()
        self.set_timer(next_age_change_s(self.known_sources(), self._now()), self._tick)

    # --- the selection --------------------------------------------------------------------------------
    def known_sources(self) -> list[Known]:
        """Give every source with its health, in the order of the configuration."""
        usable: list[Known] = [
            (source, self.monitor.health(name)) for name, source in self.monitor.sources.items()
        ]
        return [*usable, *((None, health) for health in self._broken.values())]

    @property
    def job(self) -> Job | None:
        """The selected job."""
        ref = self.jobs.selected
        return self.monitor.store.get(ref) if ref is not None else None

    @property
    def target(self) -> Target | None:
        """What a control key means now: the step under the cursor in the steps, else the job."""
        job = self.job
        if job is None:
            return None
        step = self.steps.step
        if self.steps.has_focus and step is not None and job.kind in _STEERED_BY_STEP:
            return StepRef(job.ref, step.id)
        return job.ref

    @on(JobTable.Moved)
    def _selected(self, event: JobTable.Moved) -> None:
        before, self._kept = self._kept, event.ref
        if before is not None and (job := self.monitor.store.get(before)) is not None:
            self._changes.append(Change(before, job, job))  # it was shown only while it was selected
        self.log_pane.start(event.ref)
        self._messages.clear()
        self.monitor.follow(event.ref)
        self._show()

    @on(StepTree.Moved)
    def _step_selected(self) -> None:
        self.query_one(KeyFooter).update(self.steering.standings(self.target))

    @on(MessageLog.Changed)
    def _show_log_title(self) -> None:
        self._title("#messages-pane", f"3 Messages  {self.log_pane.title()}")

    def _title(self, pane: str, text: str) -> None:
        widget, text = self.query_one(pane), shown(self, text)
        if self._titles.get(pane) != text:  # a new title draws the whole pane again
            self._titles[pane] = text
            widget.border_title = text

    def on_descendant_focus(self) -> None:
        self.call_after_refresh(self._flush)  # another pane may have come to the screen

    def _find_wanted(self) -> None:
        """Go to the job that was asked for at the start, as soon as it is known."""
        wanted = self._wanted
        if wanted is None or not self.jobs.select(wanted.job):
            return
        if isinstance(wanted, StepRef):
            self.panes.focus("steps")
            if not self.steps.select(wanted.step_id):
                return
        self._wanted = None

    # --- keys -----------------------------------------------------------------------------------------
    @work(group="control")
    async def action_control(self, name: str) -> None:
        """Ask for a control of what is selected; never exclusive: a control is not taken back by the next."""
        control, target = Control(name), self.target
        if target is None:
            self.receipt.say("no job is selected")
        elif control not in self.monitor.controls(target.job.source):
            why = self.monitor.why_never(control, target.job)
            self.receipt.say(f"{name}: not sent, {why.text if why else 'this source cannot be asked'}")
        else:
            await self.steering.steer(control, target)

    def action_open(self) -> None:
        """Open the job, fold or unfold the step; asks nothing of the server."""
        if self.jobs.has_focus:
            self.panes.focus("steps")
        elif self.steps.has_focus and not self.steps.toggle():
            self.action_details()

    def action_back(self) -> None:
        """Back, one thing at a time."""
        if self.jobs.has_focus and (self._text or self._problems):
            self._filter("", problems=False)
        elif self.log_pane.has_focus and self.log_pane.searching:
            self.log_pane.search("")
        else:
            self.panes.back()

    def action_pane(self, name: str) -> None:
        """Go to a pane by its number."""
        self.panes.focus(name)

    def action_pane_next(self, step: int) -> None:
        """Go to the next or previous pane."""
        self.panes.turn(step)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        self.panes.zoom()

    def action_search(self) -> None:
        """Type a filter for the jobs, or a search in the messages."""
        search = self.query_one(FilterInput)
        if self.log_pane.has_focus:
            search.open("messages", self.log_pane.searching, "find in the messages; n and N go on")
        else:
            self.panes.focus("jobs")
            search.open("jobs", self._text, "filter: words  !not  state:failed  source:NAME  kind:arcgis")

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        if self.query_one(FilterInput).purpose == "jobs":
            self._filter(event.value, problems=self._problems)
        else:
            self.log_pane.search(event.value)

    @on(FilterInput.Closed)
    def _search_closed(self, event: FilterInput.Closed) -> None:
        purpose = self.query_one(FilterInput).purpose
        self.panes.focus(purpose)
        if not event.kept:
            self._drop_search(purpose)
        elif purpose == "messages" and self.log_pane.searching and not self.log_pane.match(1):
            self.receipt.say(f"“{self.log_pane.searching}” is in no message shown")

    def _drop_search(self, purpose: str) -> None:
        if purpose == "jobs":
            self._filter("", problems=self._problems)
        else:
            self.log_pane.search("")

    def _filter(self, text: str, *, problems: bool) -> None:
        self._text, self._problems, self._kept = text.strip(), problems, None
        test = passes(self._text, problems=problems, now=self._now)
        # The selected job stays where it is when it no longer fits: a key must not find another below it.
        self._view.set_filter(None if test is None else lambda job: job.ref == self._kept or test(job))
        self.jobs.settle()
        self._kept = self.jobs.selected
        self._flush()

    def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        if self.log_pane.has_focus:
            if not self.log_pane.match(step):
                self.receipt.say("nothing is searched for in the messages; / searches")
        elif self._text:
            self.jobs.go_to(self.jobs.cursor + step)
        else:
            self.receipt.say("no filter is set; / filters")

    def action_next_problem(self) -> None:
        """Go to the next job that needs somebody, round the end."""
        count, store = len(self._view), self.monitor.store
        for row in [*range(self.jobs.cursor + 1, count), *range(min(self.jobs.cursor + 1, count))]:
            job = store.get(self._view[row])
            if job is not None and needs_you(job, self._now()):
                self.panes.focus("jobs")
                self.jobs.go_to(row)
                return
        self.receipt.say("nothing needs you", "good")

    def action_problems(self) -> None:
        """Show only what needs somebody, or everything again."""
        self._filter(self._text, problems=not self._problems)

    def action_details(self) -> None:
        """Show everything known of the selected job."""
        ref = self.jobs.selected
        if ref is not None:
            self.app.push_screen(ReadingScreen(plain(str(ref)), lambda width: self._details(ref, width)))

    def _details(self, ref: JobRef, width: int) -> list[Line]:
        job = self.monitor.store.get(ref)
        if job is None:
            return []
        standings = self.steering.standings(ref)
        return detail_lines(job, self.monitor.detail(ref), standings, self._now(), width, self._glyphs)

    def action_help(self) -> None:
        """Show every key."""
        self.app.push_screen(help_screen(self._glyphs))

    def action_refresh(self) -> None:
        """Ask every source again now, within what it allows."""
        self.monitor.refresh()
        self.receipt.say("asking every source again", "key")

    def action_copy(self) -> None:
        """Send the ref of what is selected to the terminal."""
        target = self.target
        if target is not None:
            self.app.copy_to_clipboard(plain(str(target)))
            self.receipt.say(f"sent to the terminal's clipboard: {target}", "key")

    def action_follow(self) -> None:
        """Follow the messages, or pause."""
        self.log_pane.follow(not self.log_pane.follows)

    def action_wrap(self) -> None:
        """Wrap long messages, or cut them."""
        self.log_pane.switch("wraps")

    def action_stamps(self) -> None:
        """Show the time of each message, or not."""
        self.log_pane.switch("stamps")

    def action_debug(self) -> None:
        """Show debug messages, or hide them."""
        self.log_pane.switch("debug")
