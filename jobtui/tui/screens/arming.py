"""The arming board: rules armed on what is selected, by key."""

from __future__ import annotations

from jobtui.insight.rules import Rule
from jobtui.model import StepRef
from jobtui.ringing import Ringing
from jobtui.tui.screens.finding import FindingBoard
from jobtui.tui.screens.tripwires import TripwiresScreen


class ArmingBoard(FindingBoard):
    """The board, and what tells somebody who looks elsewhere."""

    ringing = Ringing()
    """How alerts are brought to the terminal."""

    def action_tripwires(self) -> None:
        """Arm a rule on what is selected, or take one back."""
        target = self.target
        ref = None if target is None else target.job

        def is_so(rule: Rule) -> bool:
            now = self.now()
            if isinstance(target, StepRef):
                detail = self.monitor.detail(target.job)
                step = None if detail is None else detail.step(target.step_id)
                return step is not None and rule.is_true_of_step(step, now)
            job = None if ref is None else self.monitor.store.get(ref)
            return job is not None and rule.is_true_of(job, now)

        self.app.push_screen(
            TripwiresScreen(
                self.monitor.alarms,
                target,
                lambda: None if ref is None else self.monitor.store.get(ref),
                is_so=is_so,
                how=how_text(self.ringing),
            )
        )


def how_text(ringing: Ringing) -> str:
    """Say how alerts are brought to this terminal, and what brings the rest."""
    if ringing.way is None:
        return "told by bell; notifications: this terminal is not known to take them"
    return f"told by bell and notification ({ringing.way}{', through tmux' if ringing.is_wrapped else ''})"
