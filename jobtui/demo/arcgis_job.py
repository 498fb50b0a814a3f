"""The records of one workflow job: its current steps, holds, history and comments."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from jobtui.demo.arcgis_diagrams import Assignee, Diagram, StepPlan

IDLE, RUNNING, ASKING, PAUSED, CANCELLED, FAILED = (
    "idle",
    "running",
    "asking",
    "paused",
    "cancelled",
    "failed",
)


@dataclass
class Turn:
    """A step while it is current."""

    step: StepPlan
    assignee: Assignee
    since: float
    phase: str = IDLE
    started_at: float | None = None
    """When it was last started; None also after a cancel, as it then counts as never started."""
    last_frame: dict[str, Any] | None = None
    moves: int = 0
    """Grows with every change, so that a plan made before it is dropped."""


@dataclass
class Hold:
    """A hold, active or past."""

    hold_id: str
    step_id: str
    set_by: str
    set_at: float
    until: float | None = None
    after_job: str | None = None
    after_step: str | None = None
    released_by: str | None = None
    released_at: float | None = None
    hook: str | None = None
    """The connection to another server whose web hook it waits for."""

    @property
    def is_manual(self) -> bool:
        """Say whether it waits for a person or a time only."""
        return self.after_job is None and self.hook is None

    @property
    def is_dependency(self) -> bool:
        """Say whether it waits for another job or step."""
        return self.after_job is not None

    def is_active(self, now: float) -> bool:
        """Say whether it still holds: not released and not past its time."""
        return self.released_at is None and (self.until is None or self.until > now)


@dataclass(frozen=True)
class Entry:
    """A line of history."""

    at: float
    action: str
    username: str
    step_id: str | None = None
    result: str | None = None
    started_at: float | None = None


@dataclass
class Comment:
    """A remark somebody left on a job."""

    comment_id: str
    text: str
    by: str
    at: float


@dataclass
class Job:
    """A workflow job."""

    job_id: str
    name: str
    diagram: Diagram
    people: dict[str, Assignee]
    """Who each role of the diagram is in this job."""
    owner: str
    created: float
    dice: Random
    priority: str = "Medium"
    status: str = "Ready"
    description: str = ""
    notes: str | None = None
    due: float | None = None
    started: float | None = None
    ended: float | None = None
    closed: bool = False
    closed_at: float | None = None
    is_attended: bool = True
    """The pretend colleagues work on it."""
    doomed_step: str | None = None
    """The automatic step that fails the first time it runs."""
    cause: str | None = None
    current: dict[str, Turn] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    holds: list[Hold] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    def active_holds(self, step_id: str, now: float) -> list[Hold]:
        """List the holds that keep this step from being run."""
        return [hold for hold in self.holds if hold.step_id == step_id and hold.is_active(now)]

    @property
    def percent(self) -> int:
        """Give 0–100."""
        if self.ended is not None:
            return 100
        return round(100 * len(self.done) / (len(self.diagram.steps) + 1))

    @property
    def is_running(self) -> bool:
        """Say whether any current step runs or waits for its answer."""
        return any(turn.phase in (RUNNING, ASKING) for turn in self.current.values())
