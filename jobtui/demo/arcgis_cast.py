"""Jobs in a given condition: the hand-made part of the start, and the fixtures of tests."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from jobtui.demo import arcgis_flow as flow
from jobtui.demo.arcgis_diagrams import (
    DIAGRAMS,
    INSPECTION,
    PARCEL,
    QUERY,
    SURVEY,
    SYNC,
    TRIAGE,
    Assignee,
    Diagram,
)
from jobtui.demo.arcgis_job import Job, Turn
from jobtui.demo.arcgis_life import Life
from jobtui.demo.arcgis_world import USER, Item

ME: Assignee = ("User", USER)
THEM: Assignee = ("User", "rpatel")
FIRST_NUMBER, FILLER_NUMBER = 20_000, 1_000_000


@dataclass
class Stage:
    """Where conditions are set up: an item, its life, and how slowly the past goes by."""

    item: Item
    life: Life
    pace: float = 0.0
    """World seconds that each half of a step of the past takes; 0 for now."""
    number: int = FIRST_NUMBER

    def create(self, condition: str) -> Job:
        """Add a job in a condition; raises KeyError for an unknown one."""
        diagram, target, me, finish_up = CONDITIONS[condition]
        self.number += 1
        job = self.life.make(diagram, self.number, me)
        job.is_attended, job.doomed_step = False, None
        flow.open_job(self.item, job)
        self.walk(job, target)
        finish_up(self, job)
        return job

    def walk(self, job: Job, target: str | None) -> None:
        """Do every step until only the target is current, or with None until the end."""
        while others := [turn for turn in job.current.values() if turn.step.step_id != target]:
            turn = others[0]
            if not turn.step.is_automatic:
                self._pass_time()
            if turn.step.step_id in job.current and turn.phase == "idle":
                flow.start(self.item, job, turn, self._doer(turn))
            self._pass_time()
            if turn.step.step_id in job.current:
                label = turn.step.paths[0].label if turn.step.kind == "Question" else None
                flow.finish(self.item, job, turn, self._doer(turn), label)

    def _doer(self, turn: Turn) -> str:
        return (
            "system" if turn.step.is_automatic else turn.assignee[1].replace("editors", "rpatel") or "jokafor"
        )

    def _pass_time(self) -> None:
        if self.pace:
            self.item.run_until(self.item.now + self.pace)

    def turn(self, job: Job) -> Turn:
        """Give the first current step."""
        return next(iter(job.current.values()))


def _nothing(stage: Stage, job: Job) -> None:
    """Leave the job as it is."""


def _start(stage: Stage, job: Job) -> None:
    flow.start(stage.item, job, stage.turn(job), USER)


def _launch(stage: Stage, job: Job) -> None:
    stage.life.launch(job, stage.turn(job), "system")


def _pause(stage: Stage, job: Job) -> None:
    _start(stage, job)
    flow.pause(stage.item, job, stage.turn(job), USER)


def _cancel_question(stage: Stage, job: Job) -> None:
    _start(stage, job)
    flow.cancel(stage.item, job, stage.turn(job), USER)


def _fail(stage: Stage, job: Job) -> None:
    turn = stage.turn(job)
    flow.start(stage.item, job, turn, "system")
    stage._pass_time()
    flow.fail(stage.item, job, turn, job.cause or "ERROR 999999")


def _hold(stage: Stage, job: Job) -> None:
    flow.make_hold(stage.item, job, stage.turn(job).step.step_id, "lead")


def _hold_until(stage: Stage, job: Job) -> None:
    until = max(stage.item.now, 0.0) + 5400.0
    flow.make_hold(stage.item, job, stage.turn(job).step.step_id, "mlindqvist", until=until)


def _hold_after(stage: Stage, job: Job) -> None:
    other = stage.create("other-user")
    flow.make_hold(stage.item, job, stage.turn(job).step.step_id, "lead", after_job=other.job_id)


def _hold_all(stage: Stage, job: Job) -> None:
    for deed in (_hold, _hold_until, _hold_after):
        deed(stage, job)


def _held_before(stage: Stage, job: Job) -> None:
    step_id = stage.turn(job).step.step_id
    flow.make_hold(stage.item, job, step_id, "lead", until=stage.item.now + 1.0)
    old = flow.make_hold(stage.item, job, step_id, "rpatel")
    flow.release(stage.item, job, old, "lead")


def _fork(stage: Stage, job: Job) -> None:
    turn = stage.turn(job)
    flow.start(stage.item, job, turn, USER)
    flow.finish(stage.item, job, turn, USER)


def _join(stage: Stage, job: Job) -> None:
    _fork(stage, job)
    for step_id in ("s-2", "s-4"):
        turn = job.current[step_id]
        flow.start(stage.item, job, turn, "rpatel")
        flow.finish(stage.item, job, turn, "rpatel")


def _close(stage: Stage, job: Job) -> None:
    flow.close(stage.item, job, "lead")


def _redo(stage: Stage, job: Job) -> None:
    turn = stage.turn(job)
    flow.start(stage.item, job, turn, turn.assignee[1])
    flow.finish(stage.item, job, turn, turn.assignee[1], "Redo")
    flow.remark(stage.item, job, "The corner point at the north edge is off by 40 cm", turn.assignee[1])


def _reassign(stage: Stage, job: Job) -> None:
    flow.reassign(stage.item, job, stage.turn(job), ME, "lead")


_Row = tuple[Diagram, str | None, dict[str, Assignee], Callable[[Stage, Job], None]]
CONDITIONS: dict[str, _Row] = {
    "free-question": (QUERY, "s-1", {"reviewer": ME}, _nothing),
    "waiting": (QUERY, "s-1", {"reviewer": ME}, _start),
    "cancelled-question": (PARCEL, "s-3", {"reviewer": ME}, _cancel_question),
    "no-default-path": (TRIAGE, "s-1", {"reviewer": ME}, _nothing),
    "running": (SYNC, "s-1", {}, _launch),
    "failed": (SYNC, "s-2", {}, _fail),
    "held-manual": (PARCEL, "s-3", {"reviewer": ME}, _hold),
    "held-scheduled": (PARCEL, "s-3", {"reviewer": ME}, _hold_until),
    "held-dependency": (PARCEL, "s-3", {"reviewer": ME}, _hold_after),
    "held-thrice": (PARCEL, "s-1", {"author": ME}, _hold_all),
    "held-before": (QUERY, "s-1", {"reviewer": ME}, _held_before),
    "not-started": (PARCEL, "s-1", {"author": ME}, _nothing),
    "started": (PARCEL, "s-1", {"author": ME}, _start),
    "paused": (PARCEL, "s-1", {"author": ME}, _pause),
    "reassigned": (PARCEL, "s-1", {"author": THEM}, _reassign),
    "other-user": (PARCEL, "s-1", {"author": THEM}, _nothing),
    "group": (SURVEY, "s-1", {}, _nothing),
    "parallel": (INSPECTION, "s-1", {"author": ME, "reviewer": ME}, _fork),
    "join": (INSPECTION, "s-1", {"author": ME, "reviewer": ME}, _join),
    "redone": (PARCEL, "s-3", {"author": ME}, _redo),
    "done": (PARCEL, None, {}, _nothing),
    "done-open": (SURVEY, None, {}, _nothing),
    "closed-early": (PARCEL, "s-1", {}, _close),
}


def set_the_scene(stage: Stage) -> None:
    """Fill the item with one job of every condition, most of them begun in the past days."""
    fresh = ("waiting", "parallel", "running", "not-started")
    old = [name for name in CONDITIONS if name not in fresh]
    stage.pace = 240.0
    for number, name in enumerate(old):
        stage.item.run_until(-3 * 86_400.0 + number * 12_600.0)
        stage.create(name)
    for number, name in enumerate(fresh):
        stage.pace = 0.0
        stage.item.run_until(-40.0 + number * 10)
        stage.create(name)


def fill(item: Item, life: Life, count: int, *, all_done: bool) -> None:
    """Plan plain jobs of the past day: half of them done, or all; nobody works on the rest."""
    stage = Stage(item, life, number=FILLER_NUMBER)
    for number in range(count):
        at = -20 * 3600.0 + 18 * 3600.0 * number / count
        item.at(at, "filler", partial(_fill_in, stage, number, all_done))


def _fill_in(stage: Stage, number: int, all_done: bool, _: float) -> None:
    diagram = DIAGRAMS[number % len(DIAGRAMS)]
    stage.number += 1
    job = stage.life.make(diagram, stage.number)
    job.is_attended, job.doomed_step = False, None
    flow.open_job(stage.item, job)
    is_done = all_done or number % 2 == 0 or diagram is SYNC
    stage.walk(job, None if is_done else diagram.steps[0].step_id)
    if all_done and not job.closed:
        flow.close(stage.item, job, job.owner)
