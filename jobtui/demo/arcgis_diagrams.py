"""The diagrams and job templates of the pretend workflow item."""

from dataclasses import dataclass, field

MANUAL, QUESTION, OPEN_APP, GP, WEB = "Manual", "Question", "OpenApp", "GPService", "SendWebRequest"

Assignee = tuple[str, str]
"""assignedType and assignedTo."""
ANYONE: Assignee = ("Unassigned", "")
EDITORS: Assignee = ("Group", "editors")


@dataclass(frozen=True)
class Path:
    """A way out of a step."""

    to: str
    """The next step's id."""
    label: str = "done"
    needs_answer: bool = False
    """Taken only when a question is answered with its label."""
    status: str | None = None
    """The job status that taking it sets."""


@dataclass(frozen=True)
class StepPlan:
    """A node of a diagram."""

    step_id: str
    name: str
    kind: str
    role: str
    """Who gets it: author, reviewer, editors or anyone."""
    paths: tuple[Path, ...] = ()
    can_skip: bool = False
    proceed_next: bool = True
    """A run that ends well moves on at once; else the step has to be finished."""
    is_fork: bool = False
    """All paths are followed, not one."""
    arrivals: int = 1
    """How many branches must arrive before it becomes current: more than one at a join."""

    @property
    def is_automatic(self) -> bool:
        """Say whether it runs without a person."""
        return self.kind in (GP, WEB)

    @property
    def is_cancelled_by_stop(self) -> bool:
        """Say whether Stop cancels it, rather than pausing it."""
        return self.is_automatic or self.kind == QUESTION


@dataclass(frozen=True)
class Diagram:
    """The plan that jobs of a template follow."""

    diagram_id: str
    name: str
    steps: tuple[StepPlan, ...]
    version: int = 3
    closes: bool = True
    """A job at its end closes by itself."""
    titles: tuple[str, ...] = ()
    template_id: str = ""
    by_id: dict[str, StepPlan] = field(init=False, compare=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_id.update({step.step_id: step for step in self.steps})


PARCEL = Diagram(
    "d-51",
    "Parcel edit",
    (
        StepPlan(
            "s-1", "Draw split", MANUAL, "author", (Path("s-2", status="In progress"),), proceed_next=False
        ),
        StepPlan("s-2", "Check topology", GP, "anyone", (Path("s-3", status="In review"),)),
        StepPlan(
            "s-3",
            "Approve the split",
            QUESTION,
            "reviewer",
            (Path("s-4", "Approve"), Path("s-1", "Redo", needs_answer=True, status="Rework")),
        ),
        StepPlan("s-4", "Notify owner", WEB, "anyone"),
    ),
    titles=("Parcel split {n}", "Merge of parcels {n} and {m}", "Boundary correction {n}"),
    template_id="t-9",
)
INSPECTION = Diagram(
    "d-60",
    "Bridge inspection",
    (
        StepPlan(
            "s-1",
            "Plan the visit",
            MANUAL,
            "author",
            (Path("s-2"), Path("s-3"), Path("s-4")),
            True,
            False,
            True,
        ),
        StepPlan("s-2", "Photograph the deck", OPEN_APP, "editors", (Path("s-5"),), proceed_next=False),
        StepPlan("s-3", "Measure cracks", MANUAL, "anyone", (Path("s-5"),), proceed_next=False),
        StepPlan("s-4", "Fetch old reports", GP, "anyone", (Path("s-5"),)),
        StepPlan(
            "s-5",
            "Write the report",
            MANUAL,
            "reviewer",
            (Path("s-6", status="In review"),),
            False,
            False,
            arrivals=3,
        ),
        StepPlan("s-6", "Publish the report", GP, "anyone"),
    ),
    titles=("Bridge B-{n} yearly inspection", "Culvert C-{n} inspection"),
    template_id="t-12",
)
QUERY = Diagram(
    "d-72",
    "Address query",
    (
        StepPlan(
            "s-1", "Is the address on the right parcel?", QUESTION, "reviewer", (Path("s-2", "Yes"),), True
        ),
        StepPlan("s-2", "Rebuild address tiles", GP, "anyone"),
    ),
    titles=("Address query {n}", "Misplaced address, ticket {n}"),
    template_id="t-15",
)
TRIAGE = Diagram(
    "d-75",
    "Damage triage",
    (
        StepPlan(
            "s-1",
            "How bad is the damage?",
            QUESTION,
            "reviewer",
            (Path("s-2", "Urgent", needs_answer=True), Path("s-3", "Cosmetic", needs_answer=True)),
            True,
        ),
        StepPlan("s-2", "Order the repair", MANUAL, "author", (Path("s-3"),), proceed_next=False),
        StepPlan("s-3", "Archive the photos", GP, "anyone"),
    ),
    titles=("Storm damage, sector {n}", "Fallen pole {n}"),
    template_id="t-21",
)
SYNC = Diagram(
    "d-80",
    "Replica sync",
    (
        StepPlan("s-1", "Pull changes", GP, "anyone", (Path("s-2"),)),
        StepPlan("s-2", "Transform", GP, "anyone", (Path("s-3"),)),
        StepPlan("s-3", "Load", GP, "anyone"),
    ),
    titles=("Sync of replica {n}", "Asset delta {n}"),
    template_id="t-30",
)
SURVEY = Diagram(
    "d-91",
    "Hydrant survey",
    (
        StepPlan("s-1", "Open the survey map", OPEN_APP, "editors", (Path("s-2"),), True, False),
        StepPlan("s-2", "Enter flow readings", MANUAL, "author"),
    ),
    closes=False,
    titles=("Hydrant survey, route {n}", "Valve survey, route {n}"),
    template_id="t-34",
)
DIAGRAMS = (PARCEL, INSPECTION, QUERY, TRIAGE, SYNC, SURVEY)
