"""The main screen: what each key does on the board. Screens route; panes apply, the monitor does."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from jobtui.documents import show_document
from jobtui.errors import JobtuiError
from jobtui.model import JobDetail, JobRef
from jobtui.text import plain
from jobtui.tui.cell_diff import draw_all
from jobtui.tui.format.away import away_lines, nothing_text
from jobtui.tui.format.compared import group_rows
from jobtui.tui.format.details import detail_rows, json_lines
from jobtui.tui.format.receipts import watched_text
from jobtui.tui.format.spans import Line
from jobtui.tui.format.tree import Folding, TreeRow
from jobtui.tui.keymap import bindings, key_of
from jobtui.tui.screens.acting import ActingBoard
from jobtui.tui.screens.arming import ArmingBoard
from jobtui.tui.screens.choosing import ChoosingScreen, Row
from jobtui.tui.screens.commanding import open_palette
from jobtui.tui.screens.details import DetailsScreen
from jobtui.tui.screens.help import help_screen
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.screens.resting import RestingBoard
from jobtui.tui.screens.sharing import SharingBoard


class MainScreen(ArmingBoard, SharingBoard, ActingBoard, RestingBoard):
    """List left, steps and messages right; on a narrow terminal one at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("main")]

    # --- keys -----------------------------------------------------------------------------------------
    def action_open(self) -> None:
        """Open the job, fold or unfold the step; asks nothing of the server."""
        if self.focused is self.jobs:
            if self.jobs.toggle_fold():
                self._show()  # the footer and the strip name what the key does next
            else:
                self.panes.focus("steps")
        elif self.focused is self.steps and not self.steps.toggle():
            self.action_details()
        elif self.focused is self.wall.causes and (ref := self.wall.causes.chosen) is not None:
            self._show_group(ref)
        elif self.focused is self.wall.holds and self.wall.holds.chosen is not None:
            self.go_to_job(self.wall.holds.chosen)
        elif self.panes.focused in ("messages", "holds", "actions", "polling"):
            self.receipt.say(f"nothing opens here; {key_of('pane.jobs').face} goes to the jobs", "key")

    def action_back(self) -> None:
        """Back, one thing at a time."""
        if self.steering.errands.give_up("you went back"):
            return
        if self.focused is self.jobs and self.finding.hides:
            self.filter_jobs("", problems=False)
        elif self.focused is self.log_pane and self.log_pane.searching:
            self.log_pane.search("")
        elif self.focused is self.jobs and self.marks:
            self.clear_marks()
        elif self.focused is self.jobs and not self.panes.is_zoomed and self.away.digest is not None:
            self.away.dismiss()
        elif not self.panes.back():
            self.receipt.clear()

    def action_away(self) -> None:
        """Show what happened while nobody looked."""
        digest = self.away.homecoming.digest
        if digest is None or not digest.news:
            self.receipt.say(nothing_text(digest, self.now()))
        else:
            self.app.push_screen(
                ReadingScreen("While you were away", lambda width: away_lines(digest, self.now(), width))
            )

    def action_pane(self, name: str) -> None:
        """Go to a pane by its number."""
        self.panes.focus(name)

    def action_pane_next(self, step: int) -> None:
        """Go to the next or previous pane."""
        self.panes.turn(step)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        self.panes.zoom()

    def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        if self.focused is self.log_pane:
            if not self.log_pane.match(step):
                self.receipt.say(f"nothing is searched for in the messages; {key_of('filter').face} searches")
        elif self.finding.text:
            self.jobs.go_to(self.jobs.cursor + step)
        else:
            self.receipt.say(f"no filter is set; {key_of('filter').face} filters")

    def action_next_problem(self) -> None:
        """Go to the next job that needs somebody, round the end."""
        for ref in self.jobs.below_first():
            job = self.monitor.store.get(ref)
            if job is not None and self.muting.needs_me(job, self.now()):
                self.panes.focus("jobs")
                self.jobs.select(ref)
                return
        self.receipt.say("nothing needs you", "good")

    def action_details(self) -> None:
        """Show everything known of the selected job."""
        target = self.target
        if target is not None:
            ref = target.job
            rows, raw = partial(self._details, ref), partial(self._raw, ref)
            self.app.push_screen(DetailsScreen(plain(str(ref)), rows, raw))

    def _raw(self, ref: JobRef, width: int) -> list[Line]:
        job, monitor = self.monitor.store.get(ref), self.monitor
        if job is None:
            return []
        detail = monitor.detail(ref) or JobDetail(job, ())
        controls = monitor.controls(ref.source)
        return json_lines(
            show_document(detail, self.now(), controls=controls, why_not=monitor.why_not), str(ref), width
        )

    def _details(self, ref: JobRef, width: int, folding: Folding) -> list[TreeRow]:
        job = self.monitor.store.get(ref)
        if job is None:
            return []
        standings = self.steering.standings(ref)
        detail, asked = self.monitor.detail(ref), self.monitor.receipts()
        compared = self.comparing.of(job)
        return detail_rows(job, detail, standings, self.now(), width, self.glyphs, asked, compared, folding)

    def action_group(self) -> None:
        """Show every job that failed for the same cause as the selected one."""
        ref = self.jobs.selected
        if ref is None or self.comparing.group(ref) is None:
            self.receipt.say("the selected job has not failed for a cause that others can share")
        else:
            self._show_group(ref)

    def _show_group(self, ref: JobRef) -> None:
        self.app.push_screen(
            ChoosingScreen("Same cause", lambda width: self._group(ref, width)), self.go_to_job
        )

    def _group(self, ref: JobRef, width: int) -> list[Row]:
        group = self.comparing.group(ref)
        return [] if group is None else group_rows(group, self.now(), width, self.glyphs)

    def action_help(self) -> None:
        """Show every key."""
        self.app.push_screen(help_screen(self.glyphs, self.panes.focused))

    def action_palette(self) -> None:
        """Show everything that can be asked for, by name."""
        open_palette(self)

    def action_refresh(self) -> None:
        """Ask every source again now, within what it allows; and draw all, whoever wrote on the terminal."""
        draw_all(self)
        self.monitor.refresh()
        self.receipt.say("asking every source again", "key")

    @work(group="watch")
    async def action_watch_named(self) -> None:
        """Put the jobs that servers named, and that no list returned yet, on the watch list."""
        refs = [ref for name in self.monitor.sources for ref in self.monitor.health(name).offered]
        try:
            for ref in refs:
                await self.monitor.add(ref)
        except JobtuiError as error:
            self.receipt.say(f"not watched: {error}", "bad")
        else:
            self.receipt.say(*watched_text(refs))

    def action_step_messages(self) -> None:
        """Go to where the messages of the step under the cursor begin."""
        step = self.steps.step
        if step is None:
            self.receipt.say("no step is selected")
        elif self.log_pane.go_to_step(step.id):
            self.panes.focus("messages")
        else:
            older = "; older ones may be on disk, scroll up for them" if self.log_pane.may_have_older else ""
            self.receipt.say(f"no message shown is of the step “{plain(step.title)}”{older}")

    def action_follow(self) -> None:
        """Follow the messages, or pause."""
        self.log_pane.follow(not self.log_pane.follows)

    def action_only(self) -> None:
        """Show only the messages that are searched for, or all."""
        if self.log_pane.searching:
            self.log_pane.switch("only")
        else:
            self.receipt.say(
                f"nothing is searched for in the messages; {key_of('filter').face} searches there"
            )

    def action_wrap(self) -> None:
        """Wrap long messages, or cut them."""
        self.log_pane.switch("wraps")

    def action_stamps(self) -> None:
        """Show the time of each message, or not."""
        self.log_pane.switch("stamps")

    def action_debug(self) -> None:
        """Show debug messages, or hide them."""
        self.log_pane.switch("debug")
