"""What a job is called at a glance: its state, or *stalled*, which is ours; and the word for each. Pure."""

from __future__ import annotations

from jobtui.model import Flag, Job

WORDS = {
    "queued": "QUEUE",
    "running": "RUN",
    "waiting": "WAIT",
    "held": "HELD",
    "stalled": "STALL",
    "stopped": "STOP",
    "succeeded": "DONE",
    "partial": "PART",
    "failed": "FAIL",
    "cancelled": "CANCL",
    "skipped": "SKIP",
    "unknown": "UNKN",
}


def look_of(job: Job) -> str:
    """Name the look of a job: its state, or *stalled*, which is ours."""
    if job.flags and Flag.STALLED in job.flags and not job.ended:
        return "stalled"
    return job.state.value
