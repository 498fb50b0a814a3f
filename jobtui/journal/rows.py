"""How nouns look in the journal: the model's own fields, in the same order, typed for quick decoding.

The decoder refuses a union of two dataclasses, so that what holds a target (a job or a step) has a twin here;
everything else is decoded into the model itself. A field that an older row lacks has its default.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Flag,
    Hold,
    Job,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    Progress,
    State,
    Step,
    StepOutcome,
    StepRef,
    Target,
    Verdict,
)


class TargetRow(msgspec.Struct):
    """A JobRef (``source`` and ``job_id``) or a StepRef (``job`` and ``step_id``)."""

    source: str = ""
    job_id: str = ""
    job: JobRef | None = None
    step_id: str = ""

    def model(self) -> Target:
        """Give the ref itself, of the kind that it was."""
        return JobRef(self.source, self.job_id) if self.job is None else StepRef(self.job, self.step_id)


class HoldRow(msgspec.Struct):
    """A Hold."""

    id: str
    step_id: str
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: TargetRow | None = None
    released: datetime | None = None
    hook: str | None = None

    def model(self) -> Hold:
        """Give the Hold itself."""
        after = None if self.after is None else self.after.model()
        return Hold(self.id, self.step_id, self.by, self.since, self.until, after, self.released, self.hook)


class JobRow(msgspec.Struct):
    """A Job."""

    ref: JobRef
    kind: Kind
    title: str
    state: State
    raw_state: str
    ended: bool
    as_of: datetime
    why: str | None = None
    progress: Progress | None = None
    created: datetime | None = None
    started: datetime | None = None
    updated: datetime | None = None
    ended_at: datetime | None = None
    owner: str | None = None
    application: str | None = None
    dispatch: str | None = None
    url: str | None = None
    items_failed: int | None = None
    result: Any = None
    holds: tuple[HoldRow, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    flags: frozenset[Flag] = frozenset()
    warnings: tuple[str, ...] = ()
    unchanged_since: datetime | None = None

    def model(self) -> Job:
        """Give the Job itself."""
        fields = msgspec.structs.asdict(self)
        if self.holds:
            fields["holds"] = tuple(hold.model() for hold in self.holds)
        return Job(**fields)


class StepRow(msgspec.Struct):
    """A Step."""

    id: str
    title: str
    state: State
    raw_state: str = ""
    type: str | None = None
    current: bool = False
    assigned_to: str | None = None
    is_mine: bool | None = None
    can_skip: bool | None = None
    automatic: bool | None = None
    holds: tuple[HoldRow, ...] = ()
    started: datetime | None = None
    ended_at: datetime | None = None
    last_event: str | None = None
    message: str | None = None
    told_off: frozenset[Control] = frozenset()
    children: tuple[StepRow, ...] = ()

    def model(self) -> Step:
        """Give the Step itself."""
        fields = msgspec.structs.asdict(self)
        fields["holds"] = tuple(hold.model() for hold in self.holds)
        fields["children"] = tuple(child.model() for child in self.children)
        return Step(**fields)


class ParametersRow(msgspec.Struct):
    """The Parameters of a control."""

    step_ids: tuple[str, ...] = ()
    until: datetime | None = None
    after: TargetRow | None = None

    def model(self) -> Parameters:
        """Give the Parameters itself."""
        return Parameters(self.step_ids, self.until, None if self.after is None else self.after.model())


class RequestRow(msgspec.Struct):
    """A ControlRequest."""

    control: Control
    ref: JobRef
    asked_at: datetime
    parameters: ParametersRow = msgspec.field(default_factory=ParametersRow)
    reason: str | None = None
    marks: tuple[str, ...] = ()
    named: TargetRow | None = None

    def model(self) -> ControlRequest:
        """Give the ControlRequest itself."""
        parameters = self.parameters.model()
        named = None if self.named is None else self.named.model()
        return ControlRequest(
            self.control, self.ref, self.asked_at, parameters, self.reason, self.marks, named
        )


class OutcomeRow(msgspec.Struct):
    """An Outcome."""

    request: RequestRow
    verdict: Verdict
    sent: bool
    at: datetime
    reason: str | None = None
    cause: Cause | None = None
    steps: tuple[StepOutcome, ...] = ()

    def model(self) -> Outcome:
        """Give the Outcome itself."""
        request = self.request.model()
        return Outcome(request, self.verdict, self.sent, self.at, self.reason, self.cause, self.steps)
