"""The moves of a workflow job: each one changes the job, writes its history and tells the socket."""

from typing import Any

from jobtui.demo.arcgis_diagrams import Path, StepPlan
from jobtui.demo.arcgis_job import (
    ASKING,
    CANCELLED,
    FAILED,
    IDLE,
    PAUSED,
    RUNNING,
    Comment,
    Entry,
    Hold,
    Job,
    Turn,
)
from jobtui.demo.arcgis_world import Item
from jobtui.demo.dice import token_for

TIDIED_AFTER_S = 5400.0
"""World seconds after which a colleague closes a job that ended and stayed open."""
CANCEL, PAUSE, FINISH, REFRESH = 1, 2, 4, 8


def open_job(item: Item, job: Job) -> None:
    """Add a job to the item and make its first step current."""
    item.jobs[job.job_id] = job
    _write(item, job, "Created", job.owner)
    item.tell("Created", job)
    turn = _activate(item, job, job.diagram.steps[0], job.owner)
    item.on_current(job, turn)


def start(item: Item, job: Job, turn: Turn, by: str) -> None:
    """Start a step; a question asks at once."""
    turn.phase, turn.started_at = RUNNING, item.now
    job.started = item.now if job.started is None else job.started
    _write(item, job, "Started", by, turn)
    _say(item, job, turn, "StepStarted", stepIds=[turn.step.step_id])
    if turn.step.kind == "Question":
        _ask(item, job, turn)


def progress(item: Item, job: Job, turn: Turn, text: str) -> None:
    """Say how far a running step is."""
    _say(
        item,
        job,
        turn,
        "StepProgress",
        stepIds=[turn.step.step_id],
        msg=text,
        msgCode="GpProgress",
        allowedActions=CANCEL | REFRESH,
    )


def _ask(item: Item, job: Job, turn: Turn) -> None:
    turn.phase = ASKING
    labels = [path.label for path in turn.step.paths]
    _say(
        item,
        job,
        turn,
        "StepInfoRequired",
        stepId=turn.step.step_id,
        msg=turn.step.name,
        msgCode="QuestionAsked",
        allowedActions=CANCEL | (FINISH if turn.step.can_skip else 0),
        canComment=True,
        commentRequired=False,
        helpLink=None,
        helpText=None,
        questionResponses=[{"value": n, "label": label} for n, label in enumerate(labels)],
    )


def pause(item: Item, job: Job, turn: Turn, by: str) -> None:
    """Pause a manual or open-app step."""
    turn.phase = PAUSED
    _write(item, job, "Paused", by, turn)
    _say(item, job, turn, "StepPaused", stepIds=[turn.step.step_id])


def cancel(item: Item, job: Job, turn: Turn, by: str) -> None:
    """Cancel a processing or question step: it then counts as never started."""
    turn.phase, turn.started_at = CANCELLED, None
    _write(item, job, "Cancelled", by, turn)
    _say(item, job, turn, "StepCancelled", stepId=turn.step.step_id, msg="Cancelled", msgCode="Cancelled")


def fail(item: Item, job: Job, turn: Turn, text: str) -> None:
    """End a running automatic step badly; it stays current."""
    _write(item, job, "Error", "system", turn, result=text)
    turn.phase = FAILED
    _say(item, job, turn, "StepError", stepId=turn.step.step_id, msg=text, msgCode="GpFailed")
    item.on_failed(job, turn)


def way_out(turn: Turn, answer: str | None) -> list[Path] | None:
    """Give the paths a finished step takes: [] at the end of the flow, None when no path fits."""
    step = turn.step
    if not step.paths or step.is_fork:
        return list(step.paths)
    fitting = [path for path in step.paths if answer == path.label]
    fitting = fitting or [path for path in step.paths if not path.needs_answer and answer is None]
    return fitting[:1] or None


def finish(item: Item, job: Job, turn: Turn, by: str, answer: str | None = None) -> None:
    """Finish a step and move on; it must have a way out."""
    paths = way_out(turn, answer) or []
    _write(item, job, "Finished", by, turn, result=answer)
    turn.moves += 1
    del job.current[turn.step.step_id]
    job.done.add(turn.step.step_id)
    arrived = [_arrive(item, job, path.to, by, path.status) for path in paths]
    if not job.current:
        _complete(item, job, by)
    item.tell(
        "StepFinished",
        job,
        stepIds=[turn.step.step_id],
        currentSteps=[turn_document(job, each, item.now) for each in job.current.values()],
        jobStatus=job.status,
    )
    resolve(item, job.job_id, turn.step.step_id)
    for newcomer in arrived:
        if newcomer is not None:
            item.on_current(job, newcomer)


def set_current(item: Item, job: Job, step: StepPlan, by: str) -> None:
    """Make one step the only current one."""
    for turn in job.current.values():
        turn.moves += 1
        _write(item, job, "Deactivated", by, turn)
    job.current.clear()
    job.arrived.clear()
    turn = _activate(item, job, step, by)
    steps = [turn_document(job, turn, item.now)]
    item.tell(
        "JobUpdated", job, properties={"jobProperties": [{"propertyName": "currentSteps", "value": steps}]}
    )
    item.on_current(job, turn)


def hold(item: Item, job: Job, hold_: Hold) -> None:
    """Put a hold on a step and see to its end."""
    job.holds.append(hold_)
    if hold_.after_job is not None:
        item.dependents[hold_.after_job].append((job, hold_))
    action = "Held" if hold_.is_manual else "DependencyAdded"
    job.history.append(Entry(item.now, action, hold_.set_by, hold_.step_id))
    turn = job.current.get(hold_.step_id)
    if turn is not None:
        turn.moves += 1
    item.tell(
        "StepHeld",
        job,
        stepIds=[hold_.step_id],
        manual=hold_.is_manual,
        dependency=not hold_.is_manual,
        setBy=hold_.set_by,
        scheduledReleaseAt=hold_.until,
    )
    if hold_.until is not None:
        item.at(hold_.until, job.job_id, lambda _: _expired(item, job, hold_))


def make_hold(item: Item, job: Job, step_id: str, by: str, **when: Any) -> Hold:
    """Put a new hold on a step; `when` takes until, after_job and after_step."""
    hold_id = "h-" + token_for(item.seed, "hold", job.job_id, len(job.holds), length=8)
    made = Hold(hold_id, step_id, by, item.now, **when)
    hold(item, job, made)
    return made


def release(item: Item, job: Job, hold_: Hold, by: str) -> None:
    """Release a hold; the step goes on if it was the last."""
    hold_.released_by, hold_.released_at = by, item.now
    _gone(item, job, hold_, by)


def resolve(item: Item, job_id: str, step_id: str | None) -> None:
    """Release what waited for this step, or with None for the job or any step of it."""
    for other, hold_ in tuple(item.dependents.get(job_id, ())):
        is_over = step_id is None or hold_.after_step == step_id
        if is_over and hold_.released_at is None:
            release(item, other, hold_, "system")


def _expired(item: Item, job: Job, hold_: Hold) -> None:
    if hold_.released_at is None:
        _gone(item, job, hold_, "system")


def _gone(item: Item, job: Job, hold_: Hold, by: str) -> None:
    job.history.append(Entry(item.now, "HoldReleased", by, hold_.step_id))
    item.tell("StepHoldReleased", job, stepIds=[hold_.step_id])
    turn = job.current.get(hold_.step_id)
    if turn is None:
        return
    turn.moves += 1
    if not job.closed and not job.active_holds(hold_.step_id, item.now):
        item.on_current(job, turn)


def close(item: Item, job: Job, by: str) -> None:
    """Close a job, at its end or before it."""
    job.closed, job.closed_at = True, item.now
    _write(item, job, "Closed", by)
    item.tell("JobUpdated", job, properties={"jobProperties": [{"propertyName": "closed", "value": True}]})
    resolve(item, job.job_id, None)


def reopen(item: Item, job: Job, by: str) -> None:
    """Open a closed job again where it stood."""
    job.closed, job.closed_at = False, None
    _write(item, job, "Reopened", by)
    item.tell("JobUpdated", job, properties={"jobProperties": [{"propertyName": "closed", "value": False}]})


def reassign(item: Item, job: Job, turn: Turn, assignee: tuple[str, str], by: str) -> None:
    """Give a current step to somebody else."""
    turn.assignee = assignee
    turn.moves += 0 if turn.step.is_automatic else 1
    _write(item, job, "Reassigned", by, turn, result=assignee[1] or assignee[0])
    kind, name = assignee
    item.tell("StepReassigned", job, stepId=turn.step.step_id, assignedType=kind, assignedTo=name)
    if turn.phase == IDLE:
        item.on_current(job, turn)


def remark(item: Item, job: Job, text: str, by: str) -> Comment:
    """Leave a comment."""
    name = "c-" + token_for(item.seed, "comment", job.job_id, len(job.comments), length=8)
    comment = Comment(name, text, by, item.now)
    job.comments.append(comment)
    item.tell("JobCommentUpdated", job, commentId=name)
    return comment


def turn_document(job: Job, turn: Turn, now: float) -> dict[str, Any]:
    """Write a current step; `holdUntil` is a world second that the door turns into a time."""
    kind, name = turn.assignee
    holds = job.active_holds(turn.step.step_id, now)
    until = [hold_.until for hold_ in holds if hold_.until is not None]
    return {
        "stepId": turn.step.step_id,
        "stepName": turn.step.name,
        "assignedType": kind,
        "assignedTo": name or None,
        "canSkip": turn.step.can_skip,
        "manualHold": any(hold_.is_manual for hold_ in holds),
        "holdScheduledReleaseAt": max(until) if until else None,
        "dependencies": any(hold_.is_dependency for hold_ in holds),
        "webhookDependency": any(hold_.hook is not None for hold_ in holds),
    }


def _arrive(item: Item, job: Job, step_id: str, by: str, status: str | None = None) -> Turn | None:
    step = job.diagram.by_id[step_id]
    job.status = status or job.status
    job.arrived[step_id] = job.arrived.get(step_id, 0) + 1
    if job.arrived[step_id] < step.arrivals or step_id in job.current:
        return None
    job.arrived[step_id] = 0
    return _activate(item, job, step, by)


def _activate(item: Item, job: Job, step: StepPlan, by: str) -> Turn:
    turn = Turn(step, job.people[step.role], item.now)
    job.current[step.step_id] = turn
    job.done.discard(step.step_id)
    _write(item, job, "Activated", by, turn)
    return turn


def _complete(item: Item, job: Job, by: str) -> None:
    job.ended, job.status = item.now, "Done"
    _write(item, job, "Completed", by)
    if job.diagram.closes:
        close(item, job, by)
        return
    resolve(item, job.job_id, None)
    if job.is_attended:
        item.at(
            item.now + TIDIED_AFTER_S,
            job.job_id,
            lambda _: None if job.closed else close(item, job, job.owner),
        )


def _say(item: Item, job: Job, turn: Turn, kind: str, **message: Any) -> None:
    turn.moves += 1
    turn.last_frame = {"msgType": kind, "message": item.tell(kind, job, **message)}


def _write(
    item: Item, job: Job, action: str, by: str, turn: Turn | None = None, result: str | None = None
) -> None:
    step_id = turn.step.step_id if turn else None
    started = turn.started_at if turn and action in ("Finished", "Error") else None
    job.history.append(Entry(item.now, action, by, step_id, result, started))
