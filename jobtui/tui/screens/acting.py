"""The acting board: what the keys of controls, and the action menu, are about and lead to."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work

from jobtui.model import Control, JobRef, Outcome, Target, Verdict
from jobtui.tui.errand import Errand
from jobtui.tui.screens.marking import MarkingBoard
from jobtui.tui.screens.steering_many import SteeringMany
from jobtui.tui.widgets.hold_list import HoldList
from jobtui.tui.widgets.job_table import JobTable


class ActingBoard(MarkingBoard):
    """The board, and how somebody steers jobs on it: those marked while the list has the focus, else the one
    under the cursor. What is meant is frozen when the key is pressed."""

    @property
    def target(self) -> Target | None:
        """What a control key means now: in the holds the job whose hold the cursor is on."""
        held = self.wall.holds.chosen if self.focused is self.wall.holds else None
        return super().target if held is None else held

    @on(HoldList.Moved)
    def _hold_selected(self) -> None:
        self._show_keys(self.steering.standings(self.target))

    def action_control(self, name: str) -> None:
        """Ask for a control of what is meant now."""
        control, marked, target = Control(name), self._meant(), self.target
        one: Target | None = marked[0] if marked else target
        if one is None:
            self.receipt.say("no job is selected")
        elif len(marked) < 2 and control not in self.monitor.controls(one.job.source):
            why = self.monitor.why_never(control, one.job)
            self.receipt.say(f"{name}: not sent, {why.text if why else 'this source cannot be asked'}")
        elif (errand := self._set_out(name, marked, one)) is not None:
            self._steer(control, marked, one, errand)

    def action_actions(self) -> None:
        """Show every control with what it would do or why it cannot be asked."""
        marked, target = self._meant(), self.target
        one: Target | None = marked[0] if len(marked) == 1 else target
        if one is None and len(marked) < 2:
            self.receipt.say("no job is selected")
        elif (errand := self._set_out("actions", marked, one)) is not None:
            self._steer(None, marked, one, errand)

    @work(group="control")
    async def _steer(
        self, control: Control | None, marked: Sequence[JobRef], one: Target | None, errand: Errand
    ) -> None:
        """Ask for a control, or first for which; not exclusive: the next takes back nothing that is sent."""
        note = self._beware(marked)
        with errand:
            if len(marked) > 1 and control is not None:
                await self._many.steer(control, marked, errand, note)
            elif len(marked) > 1:
                await self._many.menu(marked, errand, note)
            elif one is not None and control is not None:
                self._unmark_accepted(await self.steering.steer(control, one, errand, note))
            elif one is not None:
                self._unmark_accepted(await self.steering.menu(one, errand, note))

    # --- on the way to the question -------------------------------------------------------------------
    def _set_out(self, what: str, marked: Sequence[JobRef], one: Target | None) -> Errand | None:
        """Set out for a question, which is given up by who goes to another job before it is there."""
        selected = self.jobs.selected
        return self.steering.errands.begin(what, (*marked, one), lambda: self.jobs.selected == selected)

    @on(JobTable.Moved)
    def _gone_to_another(self) -> None:
        self.steering.errands.look()

    def action_search(self) -> None:
        """Type a filter or a search, with no question coming over it."""
        self.steering.errands.give_up()
        super().action_search()

    def _meant(self) -> Sequence[JobRef]:
        """Give the marked jobs, in the order shown, where a key means them."""
        return self.marks.listed(self.view) if self.focused is self.jobs else ()

    def _beware(self, marked: Sequence[JobRef]) -> str:
        """Say of marked jobs what the eye may miss: that they are hidden, or not where the cursor is."""
        if len(marked) == 1 and marked[0] != self.jobs.selected:
            return "This is the marked job, not the one under the cursor."
        hidden = sum(ref not in self.view for ref in marked)
        return f"{hidden} of the {len(marked)} marked jobs are hidden by the filter." if hidden else ""

    @property
    def _many(self) -> SteeringMany:
        return SteeringMany(self.steering, self.receipt, self._unmark)

    def _unmark_accepted(self, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.verdict in (Verdict.ACCEPTED, Verdict.CONFIRMED):
            self._unmark(frozenset([outcome.request.ref]))

    def _unmark(self, refs: frozenset[JobRef]) -> None:
        """Take the marks of these away, and of no others."""
        self.marks.keep(self.marks.refs - refs)
        self._marked()
