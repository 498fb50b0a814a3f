"""What happens by itself: automatic steps run, colleagues work, jobs come and go."""

from dataclasses import dataclass
from random import Random

from jobtui.demo import arcgis_flow as flow
from jobtui.demo.arcgis_diagrams import ANYONE, DIAGRAMS, EDITORS, QUERY, SYNC, Assignee, Diagram
from jobtui.demo.arcgis_job import ASKING, IDLE, PAUSED, Job, Turn
from jobtui.demo.arcgis_world import COLLEAGUES, USER, Item
from jobtui.demo.dice import dice_for, token_for

CAUSES = (
    "ERROR 000732: Input Features: Dataset parcels_edit does not exist or is not supported",
    "ERROR 160236: The operation was attempted on an unversioned table",
    "ERROR 001369: Failed to create output raster: disk quota exceeded",
    "Cannot acquire a schema lock because of an existing lock on PARCELS",
)
REMARKS = ("Waiting for the survey file", "Owner called, no hurry", "Please look at the north edge again")
KEPT_S = 24 * 3600.0
KEPT_AT_MOST = 300
FREE_QUESTIONS = 2
"""Free, skippable question steps of the user's kept ready; one is promised, one is to spare."""


@dataclass
class Life:
    """Everybody but the user."""

    item: Item
    kept_at_most: int = KEPT_AT_MOST
    next_at: float = 0.0
    number: int = 100
    spare: int = 9_000

    def __post_init__(self) -> None:
        self._dice = dice_for(self.item.seed, "field")
        self._asked: list[Job] = []
        self.item.on_current = self.attend
        self.item.on_failed = self.rescue

    def begin(self, at: float) -> None:
        """Let jobs arrive from this moment on."""
        self.item.at(at, "arrival", self._arrival)

    def make(self, diagram: Diagram, number: int, people: dict[str, Assignee] | None = None) -> Job:
        """Make a job; it is not yet part of the item."""
        job_id = token_for(self.item.seed, "job", number, length=22)
        dice = self.item.fresh_dice(job_id)
        owner = dice.choice(COLLEAGUES)
        folk = {"author": ("User", owner), "reviewer": ("User", dice.choice(COLLEAGUES))}
        title = dice.choice(diagram.titles).format(n=dice.randint(100, 999), m=dice.randint(100, 999))
        job = Job(
            job_id,
            title,
            diagram,
            {**folk, "editors": EDITORS, "anyone": ANYONE, **(people or {})},
            owner,
            self.item.now,
            dice,
            dice.choice(("Low", "Medium", "Medium", "High")),
        )
        job.description = f"{diagram.name} asked for by {owner}"
        job.due = job.created + dice.uniform(1, 9) * 86_400
        self._doom(job)
        if diagram is QUERY and job.people["reviewer"] == ("User", USER):
            self._asked.append(job)
        return job

    def order(self, diagram: Diagram, name: str | None = None) -> Job:
        """Open a job that a user asked for; its first step is the user's."""
        self.spare += 1
        job = self.make(diagram, self.spare, {"author": ("User", USER), "reviewer": ("User", USER)})
        job.name, job.owner = name or job.name, USER
        flow.open_job(self.item, job)
        return job

    def _doom(self, job: Job) -> None:
        failing = 0.25 if self.item.scenario.failing is None else self.item.scenario.failing
        automatic = [step.step_id for step in job.diagram.steps if step.is_automatic]
        if automatic and job.dice.random() < failing:
            job.doomed_step = job.dice.choice(automatic)
        job.cause = job.dice.choice(CAUSES)

    def _arrival(self, now: float) -> None:
        self.number += 1
        dice = dice_for(self.item.seed, "arrival", self.number)
        flow.open_job(self.item, self.make(dice.choice((*DIAGRAMS, SYNC, SYNC)), self.number))
        self._forget(now)
        self.item.at(now + self._dice.uniform(180.0, 320.0), "arrival", self._arrival)

    def _forget(self, now: float) -> None:
        gone = sorted((j.ended or j.closed_at or 0.0, j.job_id) for j in self.item.jobs.values() if j.closed)
        surplus = len(gone) - self.kept_at_most
        for number, (at, job_id) in enumerate(gone):
            if number < surplus or at < now - KEPT_S:
                del self.item.jobs[job_id]
                self.item.dependents.pop(job_id, None)

    def keep_promises(self) -> None:
        """See to it that the user always has a free question step that may be skipped."""
        self._asked = [job for job in self._asked if not job.closed and job.job_id in self.item.jobs]
        while sum(map(self._has_free_question, self._asked)) < FREE_QUESTIONS:
            self.spare += 1
            flow.open_job(self.item, self.make(QUERY, self.spare, {"reviewer": ("User", USER)}))

    def _has_free_question(self, job: Job) -> bool:
        return not job.closed and any(
            turn.phase == IDLE
            and turn.step.kind == "Question"
            and turn.step.can_skip
            and flow.way_out(turn, None) is not None
            and turn.assignee == ("User", USER)
            and not job.active_holds(step_id, self.item.now)
            for step_id, turn in job.current.items()
        )

    def attend(self, job: Job, turn: Turn) -> None:
        """Plan what is done about a step that could be worked on."""
        if (
            turn.phase not in (IDLE, PAUSED)
            or job.closed
            or job.active_holds(turn.step.step_id, self.item.now)
        ):
            return
        if turn.step.is_automatic:
            self.item.later(job.dice.uniform(2.0, 12.0), job, turn, lambda: self.launch(job, turn, "system"))
        elif job.is_attended and turn.assignee != ("User", USER):
            self.item.later(job.dice.uniform(40.0, 400.0), job, turn, lambda: self._visit(job, turn))

    def launch(self, job: Job, turn: Turn, by: str) -> None:
        """Start an automatic step; it ends by itself within minutes."""
        flow.start(self.item, job, turn, by)
        length = job.dice.uniform(25.0, 200.0)
        self._work(job, turn, self.item.now, length)

    def _work(self, job: Job, turn: Turn, began: float, length: float) -> None:
        def go_on() -> None:
            share = (self.item.now - began) / length
            if share >= 0.99:
                self._end(job, turn)
                return
            flow.progress(self.item, job, turn, f"{turn.step.name}: {int(share * 90)} of 90 tiles")
            self._work(job, turn, began, length)

        left = began + length - self.item.now
        self.item.later(min(10.0, max(left, 0.01)), job, turn, go_on)

    def _end(self, job: Job, turn: Turn) -> None:
        if turn.step.step_id == job.doomed_step:
            job.doomed_step = None
            flow.fail(self.item, job, turn, job.cause or CAUSES[0])
        else:
            flow.finish(self.item, job, turn, "system")

    def rescue(self, job: Job, turn: Turn) -> None:
        """Let a colleague run a failed step again after a while."""
        if not job.is_attended or turn.assignee == ("User", USER):
            return
        delay = job.dice.uniform(400.0, 2400.0)
        self.item.later(delay, job, turn, lambda: self.launch(job, turn, job.owner))

    def _visit(self, job: Job, turn: Turn) -> None:
        who, dice = self._worker(job, turn), job.dice
        if turn.phase == IDLE and dice.random() < 0.15:
            self._hold(job, turn, who)
            return
        if dice.random() < 0.2:
            flow.remark(self.item, job, dice.choice(REMARKS), who)
        flow.start(self.item, job, turn, who)
        self.item.later(dice.uniform(30.0, 300.0), job, turn, lambda: self._leave(job, turn, who))

    def _leave(self, job: Job, turn: Turn, who: str) -> None:
        if turn.phase != ASKING and turn.step.kind in ("Manual", "OpenApp") and job.dice.random() < 0.2:
            flow.pause(self.item, job, turn, who)
            self.attend(job, turn)
            return
        path = job.dice.choice(turn.step.paths) if turn.phase == ASKING and turn.step.paths else None
        flow.finish(self.item, job, turn, who, path.label if path else None)

    def _hold(self, job: Job, turn: Turn, who: str) -> None:
        step_id, dice = turn.step.step_id, job.dice
        if dice.random() < 0.5:
            flow.make_hold(self.item, job, step_id, who, until=self.item.now + dice.uniform(300.0, 2400.0))
            return
        hold = flow.make_hold(self.item, job, step_id, who)
        self.item.later(
            dice.uniform(300.0, 2400.0), job, turn, lambda: flow.release(self.item, job, hold, who)
        )

    def _worker(self, job: Job, turn: Turn) -> str:
        kind, name = turn.assignee
        dice: Random = job.dice
        return name if kind == "User" else dice.choice(("rpatel", "jokafor"))
