"""Several controls on their way: how many are sent, what became of them, and a key that stops the rest."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from jobtui.model import Outcome, Verdict
from jobtui.monitor.bulk import Bulk
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.line_bar import LineBar

_LOOKS = {Verdict.REFUSED: "bad", Verdict.UNKNOWN: "warn", Verdict.ACCEPTED: "key", Verdict.CONFIRMED: "good"}
_FRAME = 9
"""Lines that are not outcomes."""


class SendingScreen(Dialog[None]):
    """Shows a frozen list of controls as they go out, one at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "stop", show=False)]

    def __init__(self, title: str, bulk: Bulk) -> None:
        super().__init__()
        self._heading = title
        self._bulk = bulk
        self._is_over = False
        self._above = LineBar(id="question")

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield self._above

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Sending"
        self.show()

    def action_stop(self) -> None:
        """Send no more; what is under way is followed to its end. Once all is over, close."""
        self._bulk.stop()
        self.show()
        if self._is_over:
            self.dismiss(None)

    def over(self) -> None:
        """Close, as nothing more is sent; where something lies over it, Esc does that later."""
        self._is_over = True
        self.show()
        if self.is_attached:
            self.dismiss(None)

    def show(self) -> None:
        """Show how far it has come."""
        if not self.is_attached:
            return
        bulk, width = self._bulk, max(20, min(66, self.size.width - 6))
        most = max(1, self.size.height - _FRAME)
        sent = f"{len(bulk.outcomes)} of {len(bulk.asked)} sent"
        now = f", now {plain(str(bulk.left[0].request.ref))}" if bulk.left else ""
        lines: list[Line] = [(Span(self._heading, "strong"),), (), (Span(cut(sent + now, width)),)]
        if bulk.waits_for is not None:
            said = f"waiting for room in the budget of {plain(bulk.waits_for)}"
            lines.append((Span(cut(said, width), "warn"),))
        lines += [_outcome_line(outcome, width) for outcome in bulk.outcomes[-most:]]
        hint = (
            "stopping: what is under way is followed to its end" if bulk.is_stopped else "Esc: send no more"
        )
        self._above.show([*lines, (), (Span(hint, "dim"),)])


def _outcome_line(outcome: Outcome, width: int) -> Line:
    said = outcome.verdict.value if outcome.sent else "not sent"
    why = f": {plain(outcome.reason)}" if outcome.reason else ""
    name = f"  {plain(str(outcome.request.ref))}  "
    return (
        Span(cut(name, 32), "dim"),
        Span(cut(said + why, width - min(32, len(name))), _LOOKS[outcome.verdict]),
    )
