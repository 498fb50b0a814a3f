"""What can be seen of a world, in a form that two worlds can be compared by; and what it promises."""

from typing import Any

from jobtui.demo import World
from jobtui.demo.arcgis_flow import way_out
from jobtui.demo.arcgis_job import Job
from jobtui.demo.arcgis_world import USER


def story(world: World) -> dict[str, Any]:
    """Write down every id, title, state and message."""
    with world.at_now() as now:
        return {
            "actions": {
                each.action_id: (
                    each.description,
                    each.status(now),
                    each.progress(now),
                    [line.text for line in each.lines(now)],
                )
                for each in world.actions.by_id.values()
            },
            "batches": {
                each.batch_id: (each.kind, each.status(now), each.done(now))
                for each in world.batches.by_id.values()
            },
            "jobs": {each.job_id: job_story(each) for each in world.item.jobs.values()},
        }


def job_story(job: Job) -> Any:
    """Write down a workflow job."""
    return (
        job.name,
        job.closed,
        [(step_id, turn.phase, turn.assignee) for step_id, turn in job.current.items()],
        [(entry.at, entry.action, entry.username, entry.step_id) for entry in job.history],
    )


def broken_promises(world: World) -> list[str]:
    """Name the standing promises that do not hold now."""
    with world.at_now() as now:
        running = sum(each.is_running(now) for each in world.actions.by_id.values())
        working = sum(each.status(now) == "working" for each in world.batches.by_id.values())
        free = [job for job in world.item.jobs.values() if _has_free_question(job, now)]
        slow = [each for each in world.batches.by_id.values() if each.ends - each.created > 300.0]
    broken = {
        f"two running pending actions: {running}": running < 2,
        f"a running batch: {working}": working < 1,
        "a free skippable question of the user's": not free,
        "batches end within five minutes": bool(slow),
    }
    return [name for name, is_broken in broken.items() if is_broken]


def _has_free_question(job: Job, now: float) -> bool:
    return not job.closed and any(
        turn.phase == "idle"
        and turn.step.kind == "Question"
        and turn.step.can_skip
        and turn.assignee == ("User", USER)
        and way_out(turn, None)
        and not job.active_holds(step_id, now)
        for step_id, turn in job.current.items()
    )
