"""The scripted incident: one step keeps a lock, and work of all three services fails for it.

A maintenance job's script step locks the datastore, gives up, and keeps the lock. Whatever needs the
datastore fails after that, in every service and in the same words, and colleagues start the step again and
again. Who reads one failure to its end knows the cause; holding that step ends it.
"""

from jobtui.demo import arcgis_flow as flow
from jobtui.demo.arcgis_cast import Stage
from jobtui.demo.arcgis_diagrams import GP, MANUAL, SYNC, Diagram, Path, StepPlan
from jobtui.demo.arcgis_job import Job
from jobtui.demo.nextspace_action import FAILED
from jobtui.demo.nextspace_world import Actions
from jobtui.demo.zendesk_world import Batches

JOB, STEP, STEP_ID = "Maintenance of gdb-prod", "Compact the datastore", "s-2"
CAUSE = f"Datastore gdb-prod is locked by the step “{STEP}” of “{JOB}”"
"""What every victim says."""
GAVE_UP = "Exit code 1: gave up after 120 s, the exclusive lock on gdb-prod is kept"
"""What the step itself says."""
BEGAN = -1800.0
TRIES = ((-1500.0, "system"), (-960.0, "mlindqvist"), (-300.0, "mlindqvist"))
"""When the step was run, and by whom."""
GAVE_UP_AFTER_S = 120.0
MAINTENANCE = Diagram(
    "d-95",
    "Datastore maintenance",
    (
        StepPlan("s-1", "Announce the window", MANUAL, "author", (Path(STEP_ID),), proceed_next=False),
        StepPlan(STEP_ID, STEP, GP, "anyone", (Path("s-3"),)),
        StepPlan("s-3", "Rebuild statistics", GP, "anyone", (Path("s-4"),)),
        StepPlan("s-4", "Close the window", MANUAL, "author"),
    ),
    titles=(JOB,),
    template_id="t-40",
)
_ACTIONS = ((-1400.0, 130.0, "Publish tiles west"), (-900.0, 210.0, "Rebuild index north"))
_BATCHES = ((-1250.0, 60.0, 40, 14), (-620.0, 90.0, 60, 21))
_SYNCS = (-1100.0, -500.0)
_NOISE = ("held-manual", "waiting", "group", "done", "held-scheduled")
FIRST_NUMBER = 30_000


def set_the_scene(stage: Stage, actions: Actions, batches: Batches) -> None:
    """Let the incident happen, up to now: the same in every world."""
    for at, lasts, title in _ACTIONS:
        actions.add(at, at + 4.0, at + lasts, FAILED, title=title).cause = CAUSE
    for at, lasts, size, failed in _BATCHES:
        batch = batches.add(at, "update", size, failed_items=failed)
        batch.ends, batch.cause = batch.starts + lasts, CAUSE
    stage.item.run_until(BEGAN)
    maintenance = _opened(stage)
    for at, who in sorted([*TRIES, *((at, "") for at in _SYNCS)]):
        stage.item.run_until(at)
        if who:
            _try(stage, maintenance, who)
        else:
            _fail_sync(stage)
    # From now on the colleague who ran it again is at it once more, unless somebody keeps the step.
    maintenance.is_attended, maintenance.doomed_step = True, STEP_ID
    stage.life.rescue(maintenance, maintenance.current[STEP_ID])
    stage.item.run_until(-100.0)
    for condition in _NOISE:
        stage.create(condition)


def _opened(stage: Stage) -> Job:
    job = stage.life.make(MAINTENANCE, FIRST_NUMBER, {"author": ("User", "lead")})
    job.is_attended, job.doomed_step = False, None
    job.cause = GAVE_UP
    flow.open_job(stage.item, job)
    first = job.current["s-1"]
    flow.start(stage.item, job, first, "lead")
    flow.finish(stage.item, job, first, "lead")
    job.current[STEP_ID].moves += 1  # nobody starts it but those of the story
    return job


def _try(stage: Stage, job: Job, who: str) -> None:
    turn = job.current[STEP_ID]
    flow.start(stage.item, job, turn, who)
    flow.progress(stage.item, job, turn, "Exclusive lock on gdb-prod taken")
    stage.item.run_until(stage.item.now + GAVE_UP_AFTER_S)
    flow.fail(stage.item, job, turn, GAVE_UP)


def _fail_sync(stage: Stage) -> None:
    stage.number += 1
    job = stage.life.make(SYNC, stage.number)
    job.is_attended, job.doomed_step = False, None
    flow.open_job(stage.item, job)
    stage.walk(job, "s-2")
    turn = job.current["s-2"]
    flow.start(stage.item, job, turn, "system")
    flow.fail(stage.item, job, turn, CAUSE)
