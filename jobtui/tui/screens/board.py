"""The board: jobs, steps and messages, kept up to date with what the monitor says. Keys come on top of it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from jobtui.insight.layout import Layout
from jobtui.insight.muting import Mutes
from jobtui.model import Job, JobDetail, JobMessage, JobRef, Kind, StepRef, Target
from jobtui.monitor.events import (
    Change,
    Controlled,
    DetailChanged,
    Event,
    FollowFailed,
    HealthChanged,
    JobsChanged,
    JournalStands,
    MessagesArrived,
    SourceHealth,
)
from jobtui.monitor.monitor import Monitor
from jobtui.monitor.view import View
from jobtui.text import plain
from jobtui.tui.awaited import Awaited
from jobtui.tui.beyond import Ask
from jobtui.tui.comparing import Comparing
from jobtui.tui.finding import Finding
from jobtui.tui.format.badge import name_looks
from jobtui.tui.format.details import head_lines
from jobtui.tui.format.footer import Standing, no_controls_text
from jobtui.tui.format.header import room_beside, second_line
from jobtui.tui.format.sources import Known, is_old, news_line, next_age_change_s
from jobtui.tui.format.spans import Line
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.frozen import Shown
from jobtui.tui.pace import STRETCH_S, Pace
from jobtui.tui.panes import EXTRA, Panes
from jobtui.tui.screens.steering import Steering
from jobtui.tui.scrolling import read_beyond
from jobtui.tui.tally import Tally
from jobtui.tui.titles import (
    jobs_title,
    place_of,
    steps_title,
    strip_height,
    strip_text,
    why_empty,
)
from jobtui.tui.wall import TITLES, Wall
from jobtui.tui.widgets.away_bar import AwayBar
from jobtui.tui.widgets.drawing import shown
from jobtui.tui.widgets.filter_input import FilterInput
from jobtui.tui.widgets.job_table import JobTable
from jobtui.tui.widgets.key_footer import KeyFooter
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.message_log import MessageLog
from jobtui.tui.widgets.receipt_bar import ReceiptBar
from jobtui.tui.widgets.source_bar import SourceBar
from jobtui.tui.widgets.step_tree import StepTree
from jobtui.turns import is_key_waiting, is_pouring, news_came

_STEERED_BY_STEP = frozenset({Kind.ARCGIS})
"""Kinds whose controls act on a step; those of the others act on the job, wherever the cursor is."""
_LONG_S = 1.0
"""How long news may take to be taken over while nobody is kept waiting by it."""
_TAKING_S = 0.05
"""How long changes are taken over before what they made of the list is drawn."""
_MANY_CHANGES, _CATCHING_UP_S = 2_000, 0.25
"""The same where more than so many wait."""
_MANY_MESSAGES = 200
"""So many are taken over ahead of the next repaint."""


class Board(Screen[None]):
    """List left, steps and messages right; on a narrow terminal one at a time."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        monitor: Monitor,
        *,
        now: Callable[[], datetime],
        select: Target | None = None,
        notice: str | None = None,
        glyphs: Glyphs = UNICODE,
        layout: Layout = Layout(),  # noqa: B008 - frozen
        keep: Callable[[Layout], None] = lambda _: None,
    ) -> None:
        """``keep`` keeps the layout for the next start: it may take long, and raises OSError."""
        super().__init__()
        self.chosen = layout
        """The columns and views that somebody chose."""
        self.keep = keep
        self.keeping = asyncio.Lock()
        self.monitor = monitor
        self.now = now
        self._wanted = select
        self._wanted_step: StepRef | None = None
        """Where the cursor goes once the steps of the selected job are shown."""
        self._notice = notice
        self.glyphs = glyphs
        self.muting = Mutes(layout.muted)
        self.shown = Shown(monitor.store)
        """The jobs as the list shows them: as they are, or frozen."""
        self.finding = Finding(self.shown, now, self.muting)
        self._tally = Tally(self.muting.needs_me)
        self.comparing = Comparing(monitor)
        """What is known of jobs alike."""
        self.awaited = Awaited()
        self._changes: deque[Change] = deque()
        self._messages: list[JobMessage] | None = None
        """What has come since the last time; None when the messages were not read since."""
        self._told: JobDetail | None = None
        """The followed job as last announced."""
        self._broken: dict[str, SourceHealth] = {}
        self._titles: dict[Widget, str] = {}
        self._looked_at: list[JobRef] = []
        self.hear_all: Callable[[], None] = lambda: None
        """Has all that the monitor has announced received."""
        self.remembers = True
        """Whether jobs are still coming from the journal."""
        self.pace = Pace(self._flush_in_turn, self.set_timer)
        self._under_way: Iterator[None] | None = None
        """What is left of a flush that was put off."""

        # Held here, as the screen may be told things while its widgets are being taken down.
        self.sources = SourceBar(now=now, glyphs=glyphs, read_only=monitor.read_only, id="sources")
        self.receipt = ReceiptBar(now=now, glyphs=glyphs, id="receipt")
        self.away = AwayBar(monitor.away, now=now, say=self.receipt.say, changed=self._show, id="away")
        self.attention = LineBar(id="attention")
        self.heading = LineBar(id="heading")
        self.jobs = JobTable(self.shown, self.finding.view, now=now, glyphs=glyphs, id="jobs")
        self.marks = self.jobs.marks
        """The jobs that somebody set apart."""
        self.jobs.lay_out(layout)
        self.jobs.beside = self.comparing.beside
        self.jobs.is_muted = self.muting.is_muted
        self.jobs.cause_of = self.comparing.shared_cause
        self.why = LineBar(id="why")
        self.steps = StepTree(now=now, glyphs=glyphs, id="steps")
        self.steps.usual_of = monitor.usual_step
        self.log_pane = MessageLog(now=now, id="messages")
        self.strip = LineBar(id="strip")
        self.search = FilterInput(id="search")
        self.trouble = LineBar(id="trouble")
        self.footer = KeyFooter(id="keys")
        self.wall = Wall(monitor, self.comparing, now=now, glyphs=glyphs)
        self.panes = Panes(self)

    # --- the widgets ----------------------------------------------------------------------------------
    def compose(self) -> ComposeResult:
        self.panes.resize(self.app.size)  # before anything is there that would be laid out twice
        yield self.sources
        yield self.away
        yield self.attention
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield _paned(self.heading, self.jobs)
                yield _paned(self.wall.causes)
            with Vertical(id="right"):
                with Vertical(id="middle"):
                    yield _paned(self.why, self.steps)
                    yield _paned(self.wall.holds)
                    yield _paned(self.wall.actions)
                with Vertical(id="outer"):
                    yield _paned(self.log_pane)
                    yield _paned(self.wall.polling)
        yield self.strip
        with Horizontal(id="search-row"):
            yield self.search
            yield self.trouble
        yield self.receipt
        yield self.footer

    def on_mount(self) -> None:
        self.steering = Steering(
            self.app,
            self.monitor,
            awaited=self.awaited,
            say=self.receipt.say,
            now=self.now,
            glyphs=self.glyphs,
        )
        names = list(self.monitor.sources)
        self.jobs.source_width = max(map(len, names), default=6)
        self.jobs.source_looks = name_looks(self.monitor.sources.values())
        if self._notice:
            self.receipt.say(self._notice)
        for job in self.monitor.store:
            self._tally.count(job, self.now())
        self.comparing.begin()
        self.jobs.group(self.chosen.grouping)
        self.wall.begin()
        for pane in self.wall.panes:
            self._title(_pane(pane), TITLES[str(pane.id)])
        self.panes.resize(self.app.size)
        self.panes.focus("jobs")
        self._tick()
        self.call_after_refresh(self._flush)
        self.away.begin()

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self._flush)

    def on_resize(self) -> None:
        self.call_after_refresh(self._flush)

    # --- what the monitor says ------------------------------------------------------------------------
    def receive(self, event: Event) -> None:
        """Take an event of the monitor: at once what answers a key, the rest in its own time."""
        match event:
            case Controlled():
                self.awaited.note(event)
                self.wall.note(event)
                self.receipt.control(event)
            case JobsChanged():
                news_came(len(event.changes))
                self._changes.extend(event.changes)
            case MessagesArrived(are_earlier=True):
                self.log_pane.put_before(event.ref, event.messages)
            case MessagesArrived() if event.ref == self.jobs.selected:
                news_came(len(event.messages))
                self._messages = self._messages or []
                self._messages.extend(event.messages)
                if len(self._messages) >= _MANY_MESSAGES and self.log_pane.take_ahead(self._messages):
                    self._messages = []
            case FollowFailed() if event.ref == self.jobs.selected:
                self.steps.trouble(plain(event.text))
            case HealthChanged() if event.health.source not in self.monitor.sources:
                self._broken[event.health.source] = event.health
            case DetailChanged():
                self._told = event.detail
            case JournalStands():
                self.receipt.say(str(event))
            case HealthChanged():
                self.away.heard(event.health)  # the rest is read from the monitor when it is shown
        self.pace.news(is_followed=isinstance(event, DetailChanged))

    def _flush(self) -> None:
        """Take over what has come since the last time; of very much a part, as keys come before the rest."""
        for _ in self._flushing():
            pass

    def _flush_in_turn(self) -> None:
        """The same with keys in between: what is left when one comes, or after a while, goes on later."""
        self._under_way = steps = self._under_way or self._flushing()
        until = time.monotonic() + (STRETCH_S if is_pouring() else _LONG_S)
        for _ in steps:
            if is_key_waiting() or time.monotonic() >= until:
                self.pace.more()
                return
        self._under_way = None

    def _flushing(self) -> Iterator[None]:
        if not self.is_attached or not self.is_mounted:
            return
        known = self.known_sources()
        self.jobs.stale_sources = frozenset(one[1].source for one in known if is_old(one, self.now()))
        self.jobs.why_empty = why_empty(self.monitor, known, self.finding, self.now())
        until = time.monotonic() + (_TAKING_S if len(self._changes) <= _MANY_CHANGES else _CATCHING_UP_S)
        while self._changes and time.monotonic() < until:
            self._take_over(
                [self._changes.popleft() for _ in range(min(self.pace.portion, len(self._changes)))]
            )
            yield
        if self._changes:
            self.pace.more()
        self.jobs.redraw()
        yield
        messages, self._messages = self._messages, None
        if messages is not None:
            self.log_pane.add(message for message in messages if message.ref == self.log_pane.ref)
        yield
        self._find_wanted()
        yield from self._showing()

    def _catch_up(self) -> None:
        """Take over all that is known by now, in one piece."""
        self.hear_all()
        changes = list(self._changes)
        self._changes.clear()
        self._take_over(changes)
        self.jobs.redraw()

    def _take_over(self, changes: list[Change]) -> None:
        """Take over changes of jobs, which are still to be drawn."""
        self._tally.apply(changes, self.now())
        self.comparing.apply(changes)
        self.wall.apply(changes)
        self.marks.apply(changes)
        self.jobs.take(self.shown.take(changes))

    def _show(self) -> None:
        """Show what depends on the selected job and on the time."""
        for _ in self._showing():
            pass

    def _showing(self) -> Iterator[None]:
        """Show the same a part at a time: each looks anew, as a key may have come in between."""
        known = self.known_sources()
        self.sources.update(known)
        self.attention.show([self._second_line(known, self.size.width - 2)])
        self.heading.show(self._heading_lines())
        yield
        job = self.job
        detail = self._detail(job)
        self.steps.show(job, detail)
        self._find_wanted_step(detail)
        head = head_lines(job, self.now(), self.steps.line_width, self.glyphs) if job is not None else []
        self.why.show(head)
        self._title(_pane(self.steps), steps_title(job, detail, self.steps.line_width - 4))
        yield
        self._show_strip(self.job)
        yield
        self._title(
            _pane(self.jobs),
            jobs_title(self.finding, len(self.shown), self.jobs, is_frozen=self.shown.is_frozen),
        )
        self._show_log_title()
        self.wall.draw(self.job, self.marks.listed(self.view), self.known_sources(), self.away.digest)
        self._look()

    def _show_strip(self, job: Job | None) -> None:
        """Show what the selected job is, what can be done with it, and by which keys."""
        standings = self.steering.standings(self.target)
        self._show_keys(standings)
        height = strip_height(self.app.size.height, len(self.receipt.lines))
        group = self.jobs.head
        title, lines = strip_text(
            job,
            standings,
            self.log_pane,
            self.now(),
            self.size.width - 2,
            height,
            self.comparing.of(job),
            group,
        )
        self.strip.show(lines)
        self.strip.set_class(not height or (job is None and group is None), "-idle")
        self._title(self.strip, title)

    def _second_line(self, known: Sequence[Known], width: int) -> Line:
        """Say what must be known first: of the sources, of what happened meanwhile, of who needs somebody."""
        brief = self._tally.brief()
        room = room_beside(brief, width)
        self.away.draw(room)
        away = self.away.lines[0] if self.away.lines else ()
        return second_line(
            self._tally.line(width, is_whole=not (self._changes or self.remembers)),
            brief,
            news_line(known, self.now(), room),
            away,
        )

    def _heading_lines(self) -> list[Line]:
        """Name the columns, below what waits when the list is frozen."""
        frozen = self.shown.line(self.now(), lambda job: self.muting.needs_me(job, self.now()))
        lines = [frozen, self.jobs.heading()] if frozen else [self.jobs.heading()]
        self.heading.styles.height = len(lines)
        return lines

    def _detail(self, job: Job | None) -> JobDetail | None:
        """Give the job as last read whole, or as it was remembered when its server no longer knows it."""
        if job is None:
            return None
        told = self._told if self._told is not None and self._told.job.ref == job.ref else None
        return self.monitor.detail(job.ref) or told

    def _show_keys(self, standings: Sequence[Standing]) -> None:
        job = self.job
        none = no_controls_text(job.kind.value) if job is not None else ""
        self.footer.update(standings, none, place_of(self.panes.focused, self.jobs, self.finding))

    def _look(self) -> None:
        """Tell the monitor which jobs are visible, so that these are read first."""
        refs = self.jobs.visible_refs()
        if refs != self._looked_at:
            self._looked_at = refs
            self.monitor.look_at(refs)

    def _tick(self) -> None:
        """Let the ages go on; the next time is when that of a source reads differently."""
        if self.is_mounted:
            self._age()
        self.set_timer(next_age_change_s(self.known_sources(), self.now()), self._tick)

    def _age(self) -> None:
        """Show everything as old as it is by now."""
        if self.finding.age():
            self.jobs.settle()
        self.jobs.redraw()
        self.receipt.settle()
        self._show()

    # --- the selection --------------------------------------------------------------------------------
    def known_sources(self) -> list[Known]:
        """Give every source with its health, in the order of the configuration."""
        usable: list[Known] = [
            (source, self.monitor.health(name)) for name, source in self.monitor.sources.items()
        ]
        return [*usable, *((None, health) for health in self._broken.values())]

    @property
    def view(self) -> View:
        """The jobs shown, in their order."""
        return self.finding.view

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
        if self.focused is self.steps and step is not None and job.kind in _STEERED_BY_STEP:
            return StepRef(job.ref, step.id)
        return job.ref

    @on(JobTable.Moved)
    def _selected(self, event: JobTable.Moved) -> None:
        before, self.finding.kept = self.finding.kept, event.ref
        if before is not None and (job := self.shown.get(before)) is not None:
            self._changes.append(Change(before, job, job))  # it was shown only while it was selected
        self.log_pane.start(event.ref)
        self._messages = None
        self.monitor.follow(event.ref)
        for _ in self._showing():
            if is_key_waiting():
                self.pace.more()
                return

    @on(StepTree.Moved)
    def _step_selected(self) -> None:
        self._show_keys(self.steering.standings(self.target))

    @on(MessageLog.Changed)
    def _show_log_title(self) -> None:
        self._title(_pane(self.log_pane), f"3 Messages  {self.log_pane.title()}")

    @on(MessageLog.Wanted)
    def _messages_wanted(self, event: MessageLog.Wanted) -> None:
        self._read_beyond(event.ask)

    @work(group="scrollback", exclusive=True)
    async def _read_beyond(self, ask: Ask) -> None:
        await read_beyond(ask, self.log_pane, self.monitor.scrollback, self.receipt.say)

    def _title(self, pane: Widget | None, text: str) -> None:
        text = shown(self, text)
        if pane is not None and self._titles.get(pane) != text:
            self._titles[pane] = text
            # Its own way of taking a title draws the whole pane again; and a str would be read as markup.
            pane._border_title = Content(text)
            pane.refresh(Region(0, -1, pane.size.width, 1))

    def on_descendant_focus(self) -> None:
        self.panes.follow_focus()
        self.call_after_refresh(self._flush)  # another pane may have come to the screen

    def seek(self, target: Target) -> None:
        """Go to a job or step as soon as it is in the list."""
        self._wanted = target
        self.panes.focus("jobs")
        self._flush()

    def expect_job(self, ref: JobRef) -> None:
        """Put the cursor on a job as soon as the list has it."""
        self._wanted = ref
        self.pace.news()

    def _find_wanted(self) -> None:
        """Go to the job that was asked for, as soon as it is known; to its steps if it was one of them."""
        wanted = self._wanted
        if wanted is None or not self.jobs.select(wanted.job):
            return
        self._wanted = None
        if isinstance(wanted, StepRef):
            self._wanted_step = wanted
            self.panes.focus("steps")

    def _find_wanted_step(self, detail: JobDetail | None) -> None:
        """Go to the step that was asked for, once it is shown, unless somebody went elsewhere meanwhile."""
        wanted = self._wanted_step
        if wanted is None:
            return
        if self.jobs.selected != wanted.job or self.panes.focused != "steps":
            self._wanted_step = None
        elif detail is None or detail.job.ref != wanted.job:
            return
        elif self.steps.select(wanted.step_id):
            self._wanted_step = None
        elif (
            self.monitor.detail(wanted.job) is not None
        ):  # its server has been asked; it is not just remembered
            self._wanted_step = None
            self.receipt.say(f"the job has no step {plain(wanted.step_id)} that could be shown")


def _paned(*lists: Widget) -> Vertical:
    """Put lists into a pane; it is named after the last, which keys go to."""
    name = str(lists[-1].id)
    return Vertical(*lists, id=f"{name}-pane", classes="pane extra" if name in EXTRA else "pane")


def _pane(widget: Widget) -> Widget | None:
    """Give the pane around a list; none while the screen is taken down."""
    return widget.parent if isinstance(widget.parent, Widget) else None
