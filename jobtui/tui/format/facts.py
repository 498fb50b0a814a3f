"""What a question rests on, and what of it is different when somebody has acted meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from jobtui.model import ControlRequest, Job, JobDetail, Reason, Step
from jobtui.text import plain
from jobtui.tui.format.jobs import hold_text
from jobtui.tui.format.states import word_of


class Facts(Struct, frozen=True):
    """What is known of a control's target: when this changes, the question must be asked anew."""

    state: str
    raw_state: str
    owner: str | None
    current: tuple[str, ...]
    """The titles of the steps at which the job stands."""
    steps: tuple[tuple[str, str], ...]
    """The steps aimed at, each with its state."""
    assigned: tuple[str | None, ...]
    """Whom each of these is assigned to."""
    holds: tuple[tuple[str, str], ...]
    """The active holds on them: their ids, and whose they are and until when."""
    refusal: str | None

    def difference(self, after: Facts) -> str | None:
        """Say what has changed since, and who did it where that is told; None when nothing has."""
        said = "; ".join(self._changes(after))
        if not said and self.refusal != after.refusal:
            return after.refusal or "it can be asked now"
        return said or None

    def _changes(self, after: Facts) -> Iterator[str]:
        if self.state != after.state:
            yield f"the job went from {self.state} to {after.state}"
        elif self.raw_state != after.raw_state:
            yield f"the server’s word for the job went from “{self.raw_state}” to “{after.raw_state}”"
        if self.current != after.current and after.current:
            yield f"the job stands at {_titles(after.current)} now, no longer at {_titles(self.current)}"
        elif self.steps != after.steps:
            yield f"the step went from {_states(self.steps)} to {_states(after.steps)}"
        yield from self._holds_changed(after)
        if self.assigned != after.assigned and len(self.assigned) == len(after.assigned):
            before, now = _people(self.assigned), _people(after.assigned)
            yield f"the step is assigned to {now} now, no longer to {before}"
        if self.owner != after.owner:
            yield f"the job belongs to {after.owner or 'nobody'} now, no longer to {self.owner or 'nobody'}"

    def _holds_changed(self, after: Facts) -> Iterator[str]:
        before, now = dict(self.holds), dict(after.holds)
        added = [text for hold_id, text in after.holds if hold_id not in before]
        gone = [text for hold_id, text in self.holds if hold_id not in now]
        if added:
            yield f"a hold was put on it: {'; '.join(added)}"
        if gone:
            yield f"this hold on it is gone: {'; '.join(gone)}"


def facts_of(
    request: ControlRequest, job: Job | None, detail: JobDetail | None, refusal: Reason | None, now: datetime
) -> Facts:
    """Gather what a question rests on."""
    steps = _aimed_at(request, detail)
    current = detail.current_steps() if detail is not None else []
    return Facts(
        state=word_of(job.state) if job is not None else "unread",
        raw_state=plain(job.raw_state) if job is not None else "",
        owner=plain(job.owner) if job is not None and job.owner else None,
        current=tuple(plain(step.title) for step in current),
        steps=tuple((step.id, word_of(step.state)) for step in steps),
        assigned=tuple(plain(step.assigned_to) if step.assigned_to else None for step in steps),
        holds=tuple(
            (hold.id, hold_text(hold, now)) for step in steps for hold in step.holds if hold.is_active(now)
        ),
        refusal=plain(refusal.text) if refusal is not None else None,
    )


def _aimed_at(request: ControlRequest, detail: JobDetail | None) -> list[Step]:
    aimed = request.parameters.step_ids
    return [step for step in detail.all_steps() if step.id in aimed] if detail is not None else []


def _titles(titles: tuple[str, ...]) -> str:
    return ", ".join(f"“{title}”" for title in titles) or "no step"


def _states(steps: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(state for _, state in steps) or "gone"


def _people(names: tuple[str | None, ...]) -> str:
    return ", ".join(name or "nobody" for name in names)
