"""Awaited: controls of this session whose effect no server has shown yet.

They are said before the screen is left; and until they are called not visible, their keys stay locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.model import Control, ControlRequest, JobRef, Verdict
from jobtui.monitor.events import Controlled, Stage
from jobtui.tui.format.receipts import target_text
from jobtui.tui.format.times import span
from jobtui.tui.keymap import key_of

_SETTLED = frozenset({Stage.CONFIRMED, Stage.OTHERWISE})
_OPEN = frozenset({Verdict.ACCEPTED, Verdict.UNKNOWN})
_HOW = {Verdict.ACCEPTED: "accepted", Verdict.UNKNOWN: "sent and not answered"}


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

    def lock(self, control: Control, ref: JobRef, step_ids: Sequence[str], now: datetime) -> str | None:
        """Say that the same is awaited already; None when it is not, or was called not visible."""
        for request, event in self._open.items():
            is_same = request.control is control and request.ref == ref
            if is_same and event.stage is not Stage.NOT_VISIBLE and _overlap(request, step_ids):
                asked = span((now - request.asked_at).total_seconds())
                how = (
                    "is on its way" if event.stage is Stage.SENDING else f"was {_HOW[event.outcome.verdict]}"
                )
                return f"the same {control} {how}, asked {asked} ago; it is awaited"
        return None

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
            f"{more}; the next start follows it up. {key_of('quit').face} again leaves"
        )


def _overlap(request: ControlRequest, step_ids: Sequence[str]) -> bool:
    """Whether two controls act on a step in common; one that names none acts on any."""
    mine = request.parameters.step_ids
    return not mine or not step_ids or not set(mine).isdisjoint(step_ids)
