"""The finding board: which jobs are shown, in which order and columns; filter, order and views by key."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

from msgspec.structs import replace
from textual import on, work
from textual.widgets import Input

from jobtui.errors import JobtuiError
from jobtui.insight.layout import Layout, SavedView
from jobtui.insight.sorting import Column, Order
from jobtui.model import Job, JobRef
from jobtui.text import plain
from jobtui.tui.format.remembered import remembered_rows
from jobtui.tui.format.spans import Line, Span, width_of
from jobtui.tui.keymap import key_of
from jobtui.tui.pace import in_turns
from jobtui.tui.screens.board import Board
from jobtui.tui.screens.choosing import ChoosingScreen
from jobtui.tui.screens.columns import ColumnsScreen, next_order
from jobtui.tui.screens.grouping import Choice, GroupingScreen
from jobtui.tui.screens.views import ViewsScreen
from jobtui.tui.widgets.filter_input import FilterInput

_MANY = 2_000
"""Jobs from which on they are looked through a part at a time."""
_FILTER_HINT = "words  !not  state:failed  owner:NAME  age>2h  f:fuzzy"


def _search_hint() -> str:
    on, back, only = (key_of(name).face for name in ("next_match", "previous_match", "messages.only"))
    return f"text  !not  level:warning; {on} and {back} go on, {only} hides the rest"


class FindingBoard(Board):
    """The board, and how somebody finds a job on it."""

    _has_asked_who = False
    _sifting: Generator[None, None, None] | None = None
    """What is left of putting very many jobs through a filter."""
    _place: JobRef | None = None
    """The job that the cursor was on when somebody began to type a filter."""

    def filter_jobs(self, text: str, *, problems: bool) -> None:
        """Show what passes; what cannot be read is said, and the filter stays as it is."""
        before = self.finding.text
        self._finish_sifting()
        # Who asks for the filter in force means the letters typed last, though they were not through.
        text = self.finding.text if text == before else text
        self.finding.filter(text, problems=problems)
        self._filtered()

    def _filtered(self) -> None:
        """Show what passes a filter now, and ask who we are if it asks that."""
        self._found_anew()
        if self.finding.asks_me and not self._has_asked_who:
            self._has_asked_who = True
            self._ask_who()

    @work(group="who")
    async def _ask_who(self) -> None:
        """Ask every source whom it takes us for, once, when a filter first needs it."""
        for name in self.monitor.sources:
            try:
                who = await self.monitor.identity(name)
            except JobtuiError as error:
                self.receipt.say(f"{name} does not say who you are: {error}", "warn")
                continue
            if who.called:
                self.finding.users[name] = who.called
                self.filter_jobs(self.finding.text, problems=self.finding.problems)
        if not self.finding.users:
            self.receipt.say("no source says who you are: owner:me finds nothing", "warn")

    def sort_jobs(self, order: Order) -> None:
        """Show the jobs in another order; the cursor stays on its job."""
        self.finding.sort(order)
        self.jobs.order = order
        self._found_anew()

    @property
    def order(self) -> Order:
        """The order in force."""
        return self.finding.order

    def width_of(self, column: Column) -> int | None:
        """Give the cells that a column takes now; None when it is not shown."""
        return dict(self.jobs.columns.widths).get(column)

    def lay_out(self, layout: Layout) -> None:
        """Show other columns or keep other views, also for the next start."""
        self.chosen = layout
        self.jobs.lay_out(layout)
        self.jobs.redraw()
        self._show()
        self._keep_layout()

    @work(group="layout")
    async def _keep_layout(self) -> None:
        try:
            async with self.keeping:  # the last one chosen is the last one written
                await asyncio.to_thread(self.keep, self.chosen)
        except OSError as error:
            self.receipt.say(f"not kept for the next start: {error.strerror or error}")

    def _found_anew(self) -> None:
        said: Line = (Span(f" {self.finding.trouble} ", "warn"),) if self.finding.trouble else ()
        self.trouble.styles.width = width_of(said)
        self.trouble.show([said] if said else [])
        self.jobs.settle()
        self.finding.kept = self.jobs.selected
        self._flush()

    def go_to_job(self, ref: JobRef | None) -> None:
        """Put the cursor on a job of the list, without the filter when that hides it."""
        if ref is None:
            return
        if ref not in self.view and self.finding.hides:
            self.filter_jobs("", problems=False)
            self.receipt.say("the filter hid this job; all are shown again", "key")
        self.panes.focus("jobs")
        if not self.jobs.select(ref):
            self.receipt.say(f"{plain(str(ref))} is no longer in the list", "warn")

    # --- keys -----------------------------------------------------------------------------------------
    def action_search(self) -> None:
        """Type a filter for the jobs, or a search in the messages."""
        search = self.search
        if self.focused is self.log_pane:
            search.open("messages", self.log_pane.searching, _search_hint())
        else:
            self.panes.focus("jobs")
            self._place = self.jobs.selected
            search.open("jobs", self.finding.text, _FILTER_HINT)
            self._make_ready()

    @work(group="filter", exclusive=True)
    async def _make_ready(self) -> None:
        """Read what the letters will be looked for in, between the keys."""
        await in_turns(self.finding.begin())

    @work(group="filter", exclusive=True)
    async def _sift(self, steps: Generator[None, None, None]) -> None:
        """Look through very many jobs between the keys; a letter that comes meanwhile begins anew."""
        await in_turns(steps)
        self._sifting = None
        self._filtered()
        self._find_place()

    def _finish_sifting(self) -> None:
        """Look through the rest at once: the key that comes next is meant for what passes."""
        if self._sifting is not None:
            steps, self._sifting = self._sifting, None
            for _ in steps:
                pass
            self.workers.cancel_group(self, "filter")
            self._filtered()
            self._find_place()

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        if self.search.purpose != "jobs":
            self.log_pane.search(event.value)
        elif len(self.shown) > _MANY:
            self._sifting = self.finding.filtering(event.value, problems=self.finding.problems)
            self._sift(self._sifting)
        else:
            self.filter_jobs(event.value, problems=self.finding.problems)
            self._find_place()

    def _find_place(self) -> None:
        """Put the cursor back where typing began; on what is first when the filter hides that."""
        row = self.jobs.sections.row_of(self._place) if self._place is not None else None
        self.jobs.go_to(self.jobs.sections.first() if row is None else row)

    @on(FilterInput.Closed)
    def _search_closed(self, event: FilterInput.Closed) -> None:
        purpose = self.search.purpose
        if event.kept:
            self._finish_sifting()
        self.workers.cancel_group(self, "filter")
        self._sifting = None
        self.finding.end()
        self.search.leave()
        self.panes.focus(purpose)
        if not event.kept:
            self._drop_search(purpose)
        elif purpose == "jobs" and self.finding.trouble:
            stands = (
                f"the filter is “{plain(self.finding.text)}”" if self.finding.text else "no filter is set"
            )
            self.receipt.say(f"{self.finding.trouble}; {stands}", "warn")
            self.filter_jobs(self.finding.text, problems=self.finding.problems)
        elif purpose == "messages" and self.log_pane.searching and not self.log_pane.match(1):
            self.receipt.say(f"“{self.log_pane.searching}” is in no message shown{self._where_else()}")

    def _where_else(self) -> str:
        """Say how to look among messages that are only in the journal."""
        key = key_of("previous_match").face
        return f"; {key} looks among older ones on disk" if self.log_pane.may_have_older else ""

    def _drop_search(self, purpose: str) -> None:
        if purpose == "jobs":
            self.filter_jobs("", problems=self.finding.problems)
            self._find_place()
        else:
            self.log_pane.search("")

    @work(group="remembered", exclusive=True)
    async def action_remembered(self) -> None:
        """Look for what the filter asks for among all jobs ever seen here."""
        text, query, now = self.finding.text, self.finding.query, self.now()
        if not text:
            first, then = key_of("filter").face, key_of("remembered").face
            self.receipt.say(
                f"{first} first says what to look for; {then} then finds it among all jobs ever seen", "key"
            )
            return
        word = max((word for word, wanted in query.words if wanted), key=len, default="")
        try:
            jobs = await self.monitor.remembered(word)
        except JobtuiError as error:
            self.receipt.say(f"the journal cannot be searched: {error}", "bad")
            return
        found = {
            job.ref: job
            for job in jobs
            if job.ref.source in self.monitor.sources
            and self.monitor.store.get(job.ref) is None
            and query.matches(job, now)
        }
        if not found:
            self.receipt.say(f"no other job ever seen here matches “{plain(text)}”")
            return
        self.app.push_screen(
            ChoosingScreen(
                "Remembered",
                lambda width: remembered_rows([*found.values()], text, self.now(), width, self.glyphs),
            ),
            lambda ref: self._bring_back(None if ref is None else found[ref]),
        )

    def _bring_back(self, job: Job | None) -> None:
        if job is not None:
            self.monitor.show_again(job)
            self.expect_job(job.ref)
            self.receipt.say("in the list again, as it was last seen", "key")

    def action_problems(self) -> None:
        """Show only what needs somebody, or everything again."""
        self.filter_jobs(self.finding.text, problems=not self.finding.problems)

    def action_columns(self) -> None:
        """Choose columns, and by which the jobs are sorted."""
        self.app.push_screen(ColumnsScreen(self, self.glyphs))

    def action_sort(self, step: int) -> None:
        """Sort by the next or previous column."""
        self.sort_jobs(next_order(self.order, self.chosen.columns, step))

    def action_group_by(self) -> None:
        """Choose by what the list is grouped, or fold all groups."""
        self.app.push_screen(GroupingScreen(self.jobs.grouping), self._group_by)

    def _group_by(self, choice: Choice) -> None:
        self.panes.focus("jobs")
        if choice == "fold":
            self.jobs.fold_all()
        elif choice is not None:
            self.jobs.group(choice)
            self.lay_out(replace(self.chosen, grouping=choice))
        self._show()

    def present_view(self) -> SavedView:
        """Give what is shown now as a view without name and key."""
        return SavedView("", "", self.finding.text, self.finding.problems, self.order, self.jobs.grouping)

    def action_views(self) -> None:
        """Call a view, or keep what is shown now as one."""
        self.app.push_screen(ViewsScreen(self), self.call_view)

    def call_view(self, view: SavedView | None) -> None:
        """Show the jobs as a view has them; None changes nothing."""
        if view is None:
            return
        self.panes.focus("jobs")
        self.finding.sort(view.order)
        self.jobs.order = view.order
        self.jobs.group(view.grouping)
        self.filter_jobs(view.filter, problems=view.problems)
        self.receipt.say(f"view “{plain(view.name)}”", "key")
