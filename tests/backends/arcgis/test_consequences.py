"""What each control would do to real steps of the demo, in the one sentence that a person reads before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.demo import DemoServer
from jobtui.insight.when import moment_and_zone
from jobtui.model import Control, JobDetail, JobRef, Parameters, StepRef
from tests.backends.arcgis.test_client import backend_of

ASKS = "Is the address on the right parcel?"
ONWARD = "the flow goes on to"
AT_ONCE = "which is automatic and may start at once"
AGAIN = "it can be run again"
STOP_OF_CANCEL = "sends Stop, as a job here has no cancel of its own: "

# The condition of the job, the control, and what is said of its current step.
SAID: list[tuple[str, Control, str]] = [
    ("not-started", Control.RUN, "starts step “Draw split”"),
    ("paused", Control.RUN, "starts step “Draw split”"),
    (
        "free-question",
        Control.RUN,
        f"starts step “{ASKS}”, which then waits for the answer to its question",
    ),
    (
        "failed",
        Control.RUN,
        f"starts step “Transform”; once it has run, the flow goes on by itself to “Load”, {AT_ONCE}",
    ),
    (
        "started",
        Control.FINISH,
        f"ends step “Draw split” while it runs, {ONWARD} “Check topology”, {AT_ONCE}",
    ),
    (
        "free-question",
        Control.FINISH,
        f"ends step “{ASKS}” without its having run, {ONWARD} “Rebuild address tiles”, {AT_ONCE}",
    ),
    ("failed", Control.FINISH, f"ends step “Transform” though it failed, {ONWARD} “Load”, {AT_ONCE}"),
    (
        "paused",
        Control.FINISH,
        f"ends step “Draw split” though it was stopped, {ONWARD} “Check topology”, {AT_ONCE}",
    ),
    (
        "group",
        Control.FINISH,
        f"ends step “Open the survey map” without its having run, {ONWARD} “Enter flow readings”",
    ),
    ("started", Control.STOP, f"pauses step “Draw split”; {AGAIN}"),
    ("group", Control.STOP, f"pauses step “Open the survey map”; {AGAIN}"),
    ("waiting", Control.STOP, f"cancels the work of step “{ASKS}”; {AGAIN}"),
    ("running", Control.STOP, f"cancels the work of step “Pull changes”; {AGAIN}"),
    (
        "parallel",
        Control.STOP,
        "stops steps “Photograph the deck”, “Measure cracks” and “Fetch old reports”: a processing or "
        "question step is cancelled, a manual or open-app step is paused",
    ),
    (
        "started",
        Control.CANCEL,
        f"{STOP_OF_CANCEL}pauses step “Draw split”; {AGAIN}; the job stays open",
    ),
    (
        "running",
        Control.CANCEL,
        f"{STOP_OF_CANCEL}cancels the work of step “Pull changes”; {AGAIN}; the job stays open",
    ),
    ("not-started", Control.HOLD, "holds step “Draw split” until somebody releases it"),
    (
        "held-manual",
        Control.HOLD,
        "holds step “Approve the split” until somebody releases it; the hold that it has stays",
    ),
    (
        "held-thrice",
        Control.HOLD,
        "holds step “Draw split” until somebody releases it; the 3 holds that it has stay",
    ),
    (
        "held-manual",
        Control.RELEASE,
        "releases the last hold on step “Approve the split”; it can be run then",
    ),
    (
        "held-scheduled",
        Control.RELEASE,
        "releases the last hold on step “Approve the split”; it can be run then",
    ),
    (
        "held-dependency",
        Control.RELEASE,
        "releases the last hold on step “Approve the split”; it can be run then",
    ),
    ("held-thrice", Control.RELEASE, "releases 2 of 3 holds on step “Draw split”; the step stays blocked"),
    (
        "running",
        Control.REFRESH,
        "has the server look again how step “Pull changes” is doing",
    ),
]


@pytest.fixture
async def field(demo: DemoServer) -> AsyncIterator[ArcgisBackend]:
    async with backend_of(demo) as made:
        yield made


def says(
    field: ArcgisBackend,
    control: Control,
    detail: JobDetail,
    parameters: Parameters = Parameters(),  # noqa: B008
) -> str:
    now = datetime.now(UTC)
    request = field.freeze(control, detail, detail.job.ref, parameters, now)
    return field.consequence(request, detail, now)


@pytest.mark.parametrize(("condition", "control", "said"), SAID)
async def test_it_is_said_what_a_control_would_do(
    demo: DemoServer, field: ArcgisBackend, condition: str, control: Control, said: str
) -> None:
    detail = await field.get(demo.world.add_workflow_job(condition).job_id)
    assert says(field, control, detail) == said


def test_every_control_is_among_them_or_below() -> None:
    assert {control for _, control, _ in SAID} | {Control.SET_CURRENT} == set(Control)


async def test_another_step_is_made_current_in_place_of_those_that_are(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    detail = await field.get(demo.world.add_workflow_job("not-started").job_id)
    assert says(field, Control.SET_CURRENT, detail, Parameters(("s-3",))) == (
        "makes step “Approve the split” the current one in place of step “Draw split”"
    )


async def test_what_ends_a_hold_is_said_with_the_zone(demo: DemoServer, field: ArcgisBackend) -> None:
    detail = await field.get(demo.world.add_workflow_job("not-started").job_id)
    now = datetime.now(UTC)
    until = now + timedelta(hours=2)
    assert says(field, Control.HOLD, detail, Parameters(until=until)) == (
        f"holds step “Draw split” until {moment_and_zone(until, now.astimezone())}"
    )
    after = StepRef(JobRef("field", "Zk19"), "s-8")
    assert says(field, Control.HOLD, detail, Parameters(after=after)) == (
        "holds step “Draw split” until step s-8 of job Zk19 is done"
    )


async def test_a_step_ahead_is_held_before_the_flow_comes_to_it_and_released_without_starting(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job_id = demo.world.add_workflow_job("started").job_id
    detail = await field.get(job_id)
    ahead = Parameters(("s-2",))
    assert says(field, Control.HOLD, detail, ahead) == (
        "holds step “Check topology” until somebody releases it; the flow has not come to it yet"
    )
    request = field.freeze(Control.HOLD, detail, detail.job.ref, ahead, datetime.now(UTC))
    await field.control(request)
    held = await field.get(job_id)
    assert says(field, Control.FINISH, held) == (
        "ends step “Draw split” while it runs, the flow goes on to “Check topology”, which is on hold"
    )
    assert says(field, Control.RELEASE, held, ahead) == (
        "releases the last hold on step “Check topology”; it can be run once it is current"
    )


async def test_the_last_hold_of_an_automatic_step_may_start_it_at_once(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job_id = demo.world.add_workflow_job("failed").job_id
    detail = await field.get(job_id)
    await field.control(field.freeze(Control.HOLD, detail, detail.job.ref, Parameters(), datetime.now(UTC)))
    assert says(field, Control.RELEASE, await field.get(job_id)) == (
        "releases the last hold on step “Transform”; being automatic, it may start at once"
    )
