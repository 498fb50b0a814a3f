"""Awaited: controls of this session whose effect no server has shown yet; said before the screen is left."""

from __future__ import annotations

from datetime import datetime

from jobtui.model import ControlRequest, Verdict
from jobtui.monitor.events import Controlled, Stage
from jobtui.tui.format.receipts import target_text
from jobtui.tui.format.times import span

_SETTLED = frozenset({Stage.CONFIRMED, Stage.OTHERWISE})
_OPEN = frozenset({Verdict.ACCEPTED, Verdict.UNKNOWN})


class Awaited:
    """What has been asked and is still to be seen."""

    def __init__(self) -> None:
        self._open: dict[ControlRequest, Controlled] = {}

    def note(self, event: Controlled) -> None:
        """Take over the stage that a control has come to."""
        # What an earlier process has sent keeps nobody from leaving this one.
        is_ours = event.stage is Stage.SENDING or event.outcome.request in self._open
        is_asked = event.stage is Stage.SENDING or event.outcome.verdict in _OPEN
        if is_ours and is_asked and event.stage not in _SETTLED:
            self._open[event.outcome.request] = event
        else:
            self._open.pop(event.outcome.request, None)

    def text(self, now: datetime) -> str | None:
        """Say in a sentence what is still awaited; None when nothing is."""
        if not self._open:
            return None
        *others, (request, event) = self._open.items()
        more = f" and {len(others)} more" if others else ""
        asked = span((now - request.asked_at).total_seconds())
        how = "on its way" if event.stage is Stage.SENDING else str(event.outcome.verdict)
        return (
            f"not seen yet: {request.control.value.upper()} {target_text(request)} ({how}, asked {asked} ago)"
            f"{more}; the next start follows it up. q again leaves"
        )
