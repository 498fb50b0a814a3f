"""What was known of the steps when a control was frozen, kept as plain strings beside the request. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import quote, unquote

from msgspec import Struct

from jobtui.backends.arcgis.steps import HOLDS_BY_FLAG, NO_CURRENT, NO_HISTORY, NO_HOLDS
from jobtui.backends.arcgis.words import active_holds
from jobtui.model import Control, ControlRequest, JobDetail, Step

_HOLD, _STEP, _CURRENT, _BLIND, _UNLISTED = "hold", "step", "current", "blind", "unlisted"


class Marks(Struct, frozen=True):
    """The marks of a request, read back."""

    known: bool
    """Whether the job could be read when the request was frozen."""
    blind: bool
    """Whether there was no history then."""
    unlisted: bool
    """Whether the server listed no holds then, so that those known come from flags of the steps."""
    holds: frozenset[str]
    """Ids of the active holds that matter: for a release those to be taken away, else all."""
    current: tuple[str, ...]
    """Ids of the current steps."""
    steps: dict[str, str]
    """How each step meant was doing, by id."""


def marks_of(request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[str, ...]:
    """Write down what ``effect`` will compare with."""
    steps = [step for step in map(detail.step, request.parameters.step_ids) if step is not None]
    holds = active_holds(steps, now)
    if request.control is Control.RELEASE:
        holds = [hold for hold in holds if hold.after == request.parameters.after]
    return (
        *([_BLIND] if is_blind(detail) else []),
        *([] if lists_holds(detail) else [_UNLISTED]),
        *(_written(_CURRENT, step.id) for step in detail.current_steps()),
        *(_written(_HOLD, hold.id) for hold in holds),
        *(_written(_STEP, step.id, doing(step)) for step in steps),
    )


def read_marks(marks: Sequence[str]) -> Marks:
    """Read marks back; what is not understood is left out."""
    parts = [[unquote(part) for part in mark.split(" ")] for mark in marks]
    return Marks(
        known=bool(marks),
        blind=[_BLIND] in parts,
        unlisted=[_UNLISTED] in parts,
        holds=frozenset(_of(parts, _HOLD)),
        current=tuple(_of(parts, _CURRENT)),
        steps={part[1]: part[2] for part in parts if len(part) == 3 and part[0] == _STEP},
    )


def is_blind(detail: JobDetail) -> bool:
    """Whether the history could not be read, so that a step's silence means nothing."""
    return NO_HISTORY in detail.job.warnings


def lists_holds(detail: JobDetail) -> bool:
    """Whether the answer lists the holds, so that one that is not in it is gone."""
    return not {NO_HOLDS, HOLDS_BY_FLAG} & set(detail.job.warnings)


def says_held(detail: JobDetail) -> bool:
    """Whether the answer, which lists no holds, says of each current step if it is held by hand."""
    return HOLDS_BY_FLAG in detail.job.warnings


def says_current(detail: JobDetail) -> bool:
    """Whether the answer says where the job stands, so that a step not named is no longer current."""
    return NO_CURRENT not in detail.job.warnings


def doing(step: Step) -> str:
    """Return a text that differs once the step was run, stopped, finished or failed again.

    A hold or a new assignee does not change it.
    """
    moments = (at.isoformat() if at else "-" for at in (step.started, step.ended_at))
    return "|".join([step.raw_state, *moments, "current" if step.current else ""])


def _written(*parts: str) -> str:
    return " ".join(quote(part, safe="", errors="replace") for part in parts)


def _of(parts: Iterable[Sequence[str]], word: str) -> list[str]:
    return [part[1] for part in parts if len(part) == 2 and part[0] == word]
