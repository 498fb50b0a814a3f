"""What a Zendesk job can be asked: nothing, the API only tells. Pure."""

from __future__ import annotations

from datetime import datetime

from jobtui.model import Control, ControlRequest, JobRef, Parameters, Reason

CONTROLS: frozenset[Control] = frozenset()
WHY_NOT = "Zendesk jobs cannot be controlled: the API only tells how they are"


def freeze(control: Control, ref: JobRef, parameters: Parameters, now: datetime) -> ControlRequest:
    """Fix what was asked, so that the refusal can name it."""
    return ControlRequest(control, ref, now, parameters)


def reasons(_request: ControlRequest) -> tuple[Reason, ...]:
    """Say why it cannot be sent: always the same."""
    return (Reason(WHY_NOT),)
