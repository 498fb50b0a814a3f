"""The whole backend against the demo, over real sockets; and what the server received."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.base import Backend, Connection, Scope
from jobtui.demo import DemoServer
from jobtui.errors import NoSuchJob, SignInRefused, UnexpectedReply, Unreachable
from jobtui.insight.why import why
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Cursor,
    Flag,
    HoldKind,
    Job,
    JobDetail,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    Secret,
    Source,
    State,
    Step,
    StepRef,
    Target,
    Verdict,
)

EVERYTHING = Scope(datetime.now(UTC) - timedelta(days=30), 5_000)


def root_of(demo: DemoServer) -> str:
    told = demo.sources["arcgis"]
    return f"{told['base_url']}/{told['org']}/{told['item']}"


@asynccontextmanager
async def backend_of(
    demo: DemoServer, token: str | None = None, **options: str
) -> AsyncIterator[ArcgisBackend]:
    told = demo.sources["arcgis"]

    async def fetch() -> Secret:
        return Secret(token or told["token"])

    made = ArcgisBackend(
        Source("field", Kind.ARCGIS),
        Connection(root_of(demo), {"token": fetch}, {"user": told["user"], **options}, timeout_s=5.0),
    )
    try:
        yield made
    finally:
        await made.aclose()


@pytest.fixture
async def field(demo: DemoServer) -> AsyncIterator[ArcgisBackend]:
    async with backend_of(demo) as made:
        yield made


async def listed(backend: Backend, scope: Scope = EVERYTHING) -> list[Job]:
    return [job async for page in backend.pages(scope) for job in page]


def step(detail: JobDetail, step_id: str) -> Step:
    found = detail.step(step_id)
    assert found is not None
    return found


async def asked(
    backend: ArcgisBackend, control: Control, detail: JobDetail, *step_ids: str, **more: Any
) -> tuple[ControlRequest, Outcome]:
    """Freeze and send, whatever the rules say."""
    request = backend.freeze(control, detail, detail.job.ref, Parameters(step_ids, **more), datetime.now(UTC))
    return request, await backend.control(request)


def bodies(demo: DemoServer, job_id: str) -> list[Any]:
    return [entry["body"] for entry in demo.requests if entry["path"].endswith(f"/jobs/{job_id}/action")]


def searches(demo: DemoServer) -> list[Any]:
    return [entry["body"] for entry in demo.requests if entry["path"].endswith("/jobs/search")]


# --- reading ---------------------------------------------------------------------------------------------


async def test_the_list_has_open_and_lately_ended_jobs_each_once_and_brief(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    jobs = await listed(field)
    ids = [job.ref.job_id for job in jobs]

    assert len(ids) == len(set(ids))
    assert {job.ended for job in jobs} == {True, False}
    assert {State.SUCCEEDED, State.CANCELLED, State.QUEUED, State.WAITING} <= {job.state for job in jobs}
    assert all(job.flags == {Flag.BRIEF} and job.url for job in jobs)
    assert [body["q"] for body in searches(demo)[-2:]] == ["closed=0", "closed=1"]
    assert "jobId" in searches(demo)[-1]["fields"]


async def test_the_list_stops_at_its_limit_and_leaves_out_what_ended_long_ago(field: ArcgisBackend) -> None:
    assert len(await listed(field, Scope(EVERYTHING.ended_since, 3))) == 3
    lately = datetime.now(UTC) - timedelta(hours=12)
    ends = [job.ended_at for job in await listed(field, Scope(lately, 5_000)) if job.ended and job.ended_at]
    assert all(end >= lately for end in ends)


async def test_a_query_of_the_users_own_is_asked_for_closed_jobs_too_when_that_is_clear(
    demo: DemoServer,
) -> None:
    async with backend_of(demo, query="priority='High' AND closed = 0") as field:
        await listed(field)
        assert [body["q"] for body in searches(demo)[-2:]] == [
            "priority='High' AND closed = 0",
            "priority='High' AND closed=1",
        ]
    async with backend_of(demo, query="priority='High'") as field:
        before = len(searches(demo))
        await listed(field)
        assert [body["q"] for body in searches(demo)[before:]] == ["priority='High'"]


async def test_known_ended_jobs_end_the_paging(demo: DemoServer, field: ArcgisBackend) -> None:
    ended = frozenset(job.ref.job_id for job in await listed(field) if job.ended)
    before = len(searches(demo))
    await listed(field, Scope(EVERYTHING.ended_since, 5_000, ended))
    assert len(searches(demo)) - before == 2


async def test_a_job_is_read_whole_and_its_diagram_only_once(demo: DemoServer, field: ArcgisBackend) -> None:
    made = demo.world.add_workflow_job("join")
    for _ in range(2):
        found = await field.get(made.job_id)
    asked_for = [entry["path"].rpartition("/")[2] for entry in demo.requests if made.job_id in entry["path"]]

    assert sorted(asked_for) == sorted([made.job_id, "history", "diagram", made.job_id, "history"])
    assert [(each.id, len(each.children)) for each in found.steps] == [("s-1", 3), ("s-5", 0), ("s-6", 0)]
    assert {each.id: each.state for each in found.steps[0].children} == {
        "s-2": State.SUCCEEDED,
        "s-3": State.WAITING,
        "s-4": State.SUCCEEDED,
    }
    assert [each.id for each in found.current_steps()] == ["s-3"]


async def test_what_the_item_says_of_a_job_beside_its_state_is_read_with_it(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    made = demo.world.add_workflow_job("not-started")
    told = dict((await field.get(made.job_id)).job.properties)
    assert told["priority"] == made.priority
    assert told["work.district"].startswith("D")
    assert {"description", "planned start"} <= set(told)


async def test_every_condition_of_the_demo_is_read_without_a_loss(field: ArcgisBackend) -> None:
    for job in await listed(field):
        found = await field.get(job.ref.job_id)
        assert found.job.warnings == ()
        assert found.job.state is not State.UNKNOWN
        assert found.job.ended == (job.ended or not found.current_steps())
        assert len(found.all_steps()) > 1


async def test_many_jobs_are_read_each_once_and_the_missing_named(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    made = demo.world.add_workflow_job("running")
    found = await field.get_many([made.job_id, "nowhere", made.job_id])
    assert [(job.ref.job_id, job.state) for job in found.found] == [(made.job_id, State.RUNNING)]
    assert found.missing == ("nowhere",)
    assert sum(entry["path"].endswith(f"/jobs/{made.job_id}") for entry in demo.requests) == 1


async def test_messages_are_history_and_comments_oldest_first_and_go_on_from_a_cursor(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    made = demo.world.add_workflow_job("redone")
    page = await field.messages(made.job_id, Cursor())
    texts = [message.text for message in page.messages]

    assert texts[0] == "job created"
    assert "step “Draw split” finished" in texts
    assert "The corner point at the north edge is off by 40 cm" in texts
    times = [message.at for message in page.messages if message.at]
    assert times == sorted(times)
    again = await field.messages(made.job_id, page.cursor)
    assert {message.id for message in again.messages} <= {message.id for message in page.messages}
    assert again.cursor == page.cursor


async def test_who_follows_a_job_asks_for_its_history_once_a_round(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job_id = demo.world.add_workflow_job("started").job_id

    def asked() -> int:
        return sum(str(entry["path"]).endswith(f"{job_id}/history") for entry in demo.requests)

    detail = await field.get(job_id)
    page = await field.messages(job_id, Cursor())
    assert (asked(), detail.job.ref.job_id, len(page.messages) > 0) == (1, job_id, True)
    assert (await field.messages(job_id, Cursor())).messages == page.messages
    assert asked() == 2, "it is used once, and then old"


@pytest.mark.parametrize("job_id", ["nowhere", "..", ".", "../search", "a/../../x", "x?f=json#y", "ü%2F", ""])
async def test_an_odd_id_is_no_job_and_never_another_address(
    demo: DemoServer, field: ArcgisBackend, job_id: str
) -> None:
    before = len(demo.requests)
    with pytest.raises(NoSuchJob):
        await field.get(job_id)
    below = root_of(demo).removeprefix(demo.url) + "/jobs/"
    assert all(entry["path"].startswith(below) for entry in demo.requests[before:])


async def test_a_wrong_token_is_refused_in_one_sentence_without_the_token(demo: DemoServer) -> None:
    async with backend_of(demo, token="wrong-token-42") as field:
        with pytest.raises(SignInRefused) as caught:
            await field.identity()
        assert "wrong-token-42" not in str(caught.value)
        outcome = await field.control(ControlRequest(Control.RUN, JobRef("field", "x"), datetime.now(UTC)))
        assert (outcome.verdict, outcome.cause) == (Verdict.REFUSED, Cause.SIGN_IN)


@pytest.mark.parametrize(
    ("way", "header"),
    [("authorization", "authorization"), ("x-esri-authorization", "x-esri-authorization"), ("query", None)],
)
async def test_the_token_travels_the_way_that_is_configured(
    demo: DemoServer, way: str, header: str | None
) -> None:
    async with backend_of(demo, header=way) as field:
        assert (await field.identity()).user == "dortiz"
    last = demo.requests[-1]
    ways = {"authorization", "x-esri-authorization"} & set(last["headers"])
    assert ways == ({header} if header else set())
    assert ("token=" in last["query"]) is (header is None)


async def test_a_server_that_answers_html_is_unexpected_and_recovers(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    demo.set_faults("html")
    try:
        with pytest.raises(UnexpectedReply):
            await listed(field)
    finally:
        demo.set_faults("")
    assert await listed(field)


async def test_a_closed_backend_is_unreachable(demo: DemoServer) -> None:
    async with backend_of(demo) as field:
        await field.aclose()
        with pytest.raises(Unreachable):
            await field.identity()


# --- steering --------------------------------------------------------------------------------------------


async def test_a_step_is_held_until_a_time_refused_released_run_and_finished(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    made = demo.world.add_workflow_job("not-started")
    fresh = await field.get(made.job_id)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)

    request, outcome = await asked(field, Control.HOLD, fresh, until=until)
    assert outcome.verdict is Verdict.ACCEPTED
    held = await field.get(made.job_id)
    assert field.effect(request, held, datetime.now(UTC)) is not None
    (hold,) = step(held, "s-1").holds
    assert (held.job.state, hold.kind, hold.by) == (State.HELD, HoldKind.SCHEDULED, "dortiz")
    assert hold.until is not None
    assert abs(hold.until - until) < timedelta(seconds=2)

    request, outcome = await asked(field, Control.RUN, held)
    assert field.reasons(request, held, datetime.now(UTC))[0].text.startswith(
        "step “Draw split” is held by dortiz"
    )
    assert (outcome.verdict, outcome.cause, outcome.steps[0].status) == (
        Verdict.REFUSED,
        Cause.SERVER,
        "Held",
    )
    assert outcome.reason is not None
    assert outcome.reason.startswith("the step has a hold or a dependency that is not released")

    request, outcome = await asked(field, Control.RELEASE, held)
    free = await field.get(made.job_id)
    assert outcome.verdict is Verdict.ACCEPTED
    assert field.effect(request, free, datetime.now(UTC)) is not None
    assert step(free, "s-1").state is State.WAITING

    request, outcome = await asked(field, Control.RUN, free)
    running = await field.get(made.job_id)
    assert field.effect(request, free, datetime.now(UTC)) is None
    assert field.effect(request, running, datetime.now(UTC)) is not None
    assert (running.job.state, step(running, "s-1").raw_state) == (State.RUNNING, "Started")

    request, outcome = await asked(field, Control.FINISH, running)
    assert field.consequence(request, running, datetime.now(UTC)) == (
        "ends step “Draw split” while it runs, the flow goes on to “Check topology”, "
        "which is automatic and may start at once"
    )
    moved = await field.get(made.job_id)
    assert field.effect(request, moved, datetime.now(UTC)) is not None
    assert step(moved, "s-1").state is State.SUCCEEDED
    assert [each.id for each in moved.current_steps()] == ["s-2"]

    assert bodies(demo, made.job_id) == [
        {"type": "Hold", "stepIds": ["s-1"], "holdScheduledRelease": until.strftime("%Y-%m-%dT%H:%M:%SZ")},
        {"type": "Run", "stepIds": ["s-1"]},
        {"type": "ReleaseHold", "stepIds": ["s-1"]},
        {"type": "Run", "stepIds": ["s-1"]},
        {"type": "Finish", "stepIds": ["s-1"]},
    ]


@pytest.mark.parametrize("of_step", [False, True])
async def test_a_step_waits_for_another_and_is_released_from_just_that(
    demo: DemoServer, field: ArcgisBackend, of_step: bool
) -> None:
    made, other = demo.world.add_workflow_job("not-started"), demo.world.add_workflow_job("other-user")
    job = JobRef("field", other.job_id)
    after: Target = StepRef(job, "s-1") if of_step else job
    names = {"dependentJobId": other.job_id, **({"dependentStepId": "s-1"} if of_step else {})}

    _, outcome = await asked(field, Control.HOLD, await field.get(made.job_id), after=after)
    held = await field.get(made.job_id)
    assert outcome.verdict is Verdict.ACCEPTED
    assert [hold.after for hold in step(held, "s-1").holds] == [after]

    request, outcome = await asked(field, Control.RELEASE, held)
    assert outcome.verdict is Verdict.ACCEPTED
    assert field.effect(request, await field.get(made.job_id), datetime.now(UTC)) is not None
    assert bodies(demo, made.job_id) == [
        {"type": "Hold", "stepIds": ["s-1"], **names},
        {"type": "ReleaseHold", "stepIds": ["s-1"], **names},
    ]


async def test_a_step_that_waits_for_a_web_hook_of_another_server_says_so(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    made = demo.world.add_workflow_job("not-started")
    url = f"{root_of(demo)}/jobs/{made.job_id}/action"
    headers = {"Authorization": f"Bearer {demo.sources['arcgis']['token']}"}
    hook = {"webhookConnectionId": "wc-7", "webhookDependencyDetails": {"webhookReleaseCondition": "Done"}}
    async with httpx.AsyncClient() as other:
        body = {"type": "Hold", "stepIds": ["s-1"], **hook}
        assert (await other.post(url, json=body, headers=headers)).json()["success"]

        held = await field.get(made.job_id)
        (hold,) = step(held, "s-1").holds
        assert (held.job.state, hold.kind, hold.by) == (State.HELD, HoldKind.DEPENDENCY, "dortiz")
        assert (
            why(held.job, held.job.as_of) == "1 hold: after a web hook of another server (wc-7) (by dortiz)"
        )

        request, outcome = await asked(field, Control.RELEASE, held)
        assert "may be all that releases it" in field.reasons(request, held, held.job.as_of)[0].text
        assert (outcome.verdict, outcome.steps[0].status) == (Verdict.REFUSED, "NotHeld")

        assert (await other.post(url, json={**body, "type": "ReleaseHold"}, headers=headers)).json()[
            "success"
        ]
    assert step(await field.get(made.job_id), "s-1").state is State.WAITING


async def test_of_three_holds_the_manual_one_goes_first_and_the_rest_stay(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    made = demo.world.add_workflow_job("held-thrice")
    before = await field.get(made.job_id)
    request, outcome = await asked(field, Control.RELEASE, before)
    assert field.consequence(request, before, datetime.now(UTC)) == (
        "releases 2 of 3 holds on step “Draw split”; the step stays blocked"
    )
    assert outcome.verdict is Verdict.ACCEPTED
    after = await field.get(made.job_id)
    assert field.effect(request, after, datetime.now(UTC)) is not None
    active = [hold.kind for hold in step(after, "s-1").holds if hold.is_active(datetime.now(UTC))]
    assert active == [HoldKind.DEPENDENCY]


_SENT: list[tuple[Control, str, tuple[str, ...], dict[str, object]]] = [
    (Control.STOP, "started", (), {"type": "Stop", "stepIds": ["s-1"]}),
    (Control.CANCEL, "waiting", (), {"type": "Stop", "stepIds": ["s-1"]}),
    (Control.SET_CURRENT, "not-started", ("s-3",), {"type": "SetCurrentStep", "stepIds": ["s-3"]}),
    (Control.REFRESH, "running", (), {"type": "RefreshStatus", "stepIds": ["s-1"]}),
    (Control.HOLD, "not-started", (), {"type": "Hold", "stepIds": ["s-1"]}),
    (Control.RUN, "paused", (), {"type": "Run", "stepIds": ["s-1"]}),
]


@pytest.mark.parametrize(("control", "condition", "named", "body"), _SENT, ids=[str(row[0]) for row in _SENT])
async def test_each_control_sends_just_its_own_keys_and_its_effect_is_seen(
    demo: DemoServer,
    field: ArcgisBackend,
    control: Control,
    condition: str,
    named: tuple[str, ...],
    body: dict[str, object],
) -> None:
    made = demo.world.add_workflow_job(condition)
    before = await field.get(made.job_id)
    request, outcome = await asked(field, control, before, *named)

    assert not any(reason.hard for reason in field.reasons(request, before, datetime.now(UTC)))
    assert outcome.verdict is Verdict.ACCEPTED, outcome.reason
    assert bodies(demo, made.job_id) == [body]
    shown = field.effect(request, await field.get(made.job_id), datetime.now(UTC))
    assert shown is not None
    assert shown.as_asked


_REFUSED: list[tuple[Control, str, tuple[str, ...], str]] = [
    (Control.RUN, "other-user", (), "AssignedToDifferentUser"),
    (Control.RUN, "closed-early", ("s-1",), "JobClosed"),
    (Control.RUN, "not-started", ("s-3",), "StepNotCurrent"),
    (Control.RUN, "not-started", ("s-99",), "StepNotInDiagram"),
    (Control.RUN, "held-manual", (), "Held"),
    (Control.RUN, "started", (), "AlreadyExecuting"),
    (Control.RUN, "waiting", (), "WaitingForInfo"),
    (Control.FINISH, "not-started", (), "NoStartedStep"),
    (Control.FINISH, "no-default-path", (), "NoMatchingPaths"),
    (Control.STOP, "not-started", (), "NotRunning"),
    (Control.HOLD, "started", (), "AlreadyExecuting"),
    (Control.SET_CURRENT, "started", ("s-3",), "AlreadyExecuting"),
    (Control.RELEASE, "not-started", ("s-1",), "NotHeld"),
    (Control.REFRESH, "not-started", (), "StepNotAuto"),
    (Control.RUN, "done-open", ("s-1",), "NoActiveStep"),
]


@pytest.mark.parametrize(("control", "condition", "named", "status"), _REFUSED)
async def test_every_refusal_of_the_server_is_told_and_our_rules_knew(
    demo: DemoServer,
    field: ArcgisBackend,
    control: Control,
    condition: str,
    named: tuple[str, ...],
    status: str,
) -> None:
    made = demo.world.add_workflow_job(condition)
    before = await field.get(made.job_id)
    request, outcome = await asked(field, control, before, *named)

    assert outcome.verdict is Verdict.REFUSED
    assert [each.status for each in outcome.steps] == [status]
    assert outcome.reason
    # Which paths fit a result is for the server alone.
    assert field.reasons(request, before, datetime.now(UTC)) or status == "NoMatchingPaths"


async def test_a_step_that_proceeds_is_finished_by_running_it_and_that_is_said_before(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    made = demo.world.add_workflow_job("group")
    for control in (Control.RUN, Control.FINISH):
        _, outcome = await asked(field, control, await field.get(made.job_id), "s-1")
        assert outcome.verdict is Verdict.ACCEPTED
    before = await field.get(made.job_id)
    await _assign(demo, made.job_id, "s-2", "dortiz")
    request, outcome = await asked(field, Control.RUN, before)
    assert field.consequence(request, before, before.job.as_of) == (
        "starts step “Enter flow readings”; once it has run, its path is at its end"
    )
    after = await field.get(made.job_id)
    assert outcome.verdict is Verdict.ACCEPTED
    assert (step(after, "s-2").state, after.current_steps()) == (State.SUCCEEDED, [])
    shown = field.effect(request, after, after.job.as_of)
    assert shown is not None
    assert shown.as_asked


async def _assign(demo: DemoServer, job_id: str, step_id: str, name: str) -> None:
    headers = {"Authorization": f"Bearer {demo.sources['arcgis']['token']}"}
    body = {"assignedType": "User", "assignedTo": name}
    async with httpx.AsyncClient() as other:
        answered = await other.post(f"{root_of(demo)}/jobs/{job_id}/{step_id}", json=body, headers=headers)
    assert answered.json() == {"success": True}


async def test_a_step_of_a_group_is_run_by_one_of_its_members_without_a_doubt(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    before = await field.get(demo.world.add_workflow_job("group").job_id)
    (own,) = before.current_steps()
    assert (own.assigned_to, own.is_mine) == ("editors", None)
    request, outcome = await asked(field, Control.RUN, before)
    assert field.reasons(request, before, before.job.as_of) == ()
    assert outcome.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("word", ["Done", "Fehlgeschlagen", "running", "", "🜁 x\u202e"])
async def test_a_status_of_any_words_is_shown_and_says_nothing_of_the_state(
    demo: DemoServer, field: ArcgisBackend, word: str
) -> None:
    made = demo.world.add_workflow_job("not-started")
    plain_job = (await field.get(made.job_id)).job
    headers = {"Authorization": f"Bearer {demo.sources['arcgis']['token']}"}
    body = {"jobStatus": word, "priority": word}
    async with httpx.AsyncClient() as other:
        url = f"{root_of(demo)}/jobs/{made.job_id}/update"
        assert (await other.post(url, json=body, headers=headers)).json() == {"success": True}
    read = (await field.get(made.job_id)).job
    (row,) = [job for job in await listed(field) if job.ref == read.ref]
    assert (read.raw_state, row.raw_state) == (word, word)
    assert (read.state, read.ended, row.ended) == (plain_job.state, False, False)


async def test_a_job_that_was_closed_and_opened_again_goes_on(demo: DemoServer, field: ArcgisBackend) -> None:
    made = demo.world.add_workflow_job("not-started")
    headers = {"Authorization": f"Bearer {demo.sources['arcgis']['token']}"}
    seen = []
    async with httpx.AsyncClient() as other:
        for kind in ("Close", "Reopen"):
            body = {"jobIds": [made.job_id], "type": kind}
            await other.post(f"{root_of(demo)}/jobs/manage", json=body, headers=headers)
            found = await field.get(made.job_id)
            seen.append((found.job.ended, found.job.state, [each.id for each in found.current_steps()]))
    assert seen == [(True, State.CANCELLED, ["s-1"]), (False, State.QUEUED, ["s-1"])]
    _, outcome = await asked(field, Control.RUN, found)
    assert outcome.verdict is Verdict.ACCEPTED


async def test_a_control_of_a_job_that_is_not_there_is_refused_as_such(field: ArcgisBackend) -> None:
    outcome = await field.control(
        ControlRequest(Control.RUN, JobRef("field", "nowhere"), datetime.now(UTC), Parameters(("s-1",)))
    )
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, True, Cause.NO_SUCH_JOB)


async def test_a_dependency_on_another_source_is_never_sent(demo: DemoServer, field: ArcgisBackend) -> None:
    made = demo.world.add_workflow_job("not-started")
    _, outcome = await asked(
        field, Control.HOLD, await field.get(made.job_id), after=JobRef("elsewhere", "x")
    )
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.RULE)
    assert bodies(demo, made.job_id) == []


@pytest.mark.parametrize(
    ("fault", "verdict", "cause"),
    [
        ("500", Verdict.UNKNOWN, None),
        ("hangup", Verdict.UNKNOWN, None),
        ("html", Verdict.UNKNOWN, None),
        ("429", Verdict.REFUSED, Cause.SERVER),
        ("401", Verdict.REFUSED, Cause.SIGN_IN),
    ],
)
async def test_a_control_is_sent_once_whatever_the_server_does(
    demo: DemoServer, field: ArcgisBackend, fault: str, verdict: Verdict, cause: Cause | None
) -> None:
    made = demo.world.add_workflow_job("not-started")
    before = await field.get(made.job_id)
    demo.set_faults(fault)
    try:
        _, outcome = await asked(field, Control.HOLD, before)
    finally:
        demo.set_faults("")
    assert (outcome.verdict, outcome.cause, outcome.sent) == (verdict, cause, True)
    assert len(bodies(demo, made.job_id)) == 1


async def test_without_a_server_nothing_was_sent() -> None:
    with DemoServer(seed=7) as gone:
        url = root_of(gone)
    backend = ArcgisBackend(Source("field", Kind.ARCGIS), Connection(url, timeout_s=2.0))
    outcome = await backend.control(ControlRequest(Control.RUN, JobRef("field", "x"), datetime.now(UTC)))
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.UNREACHABLE)
    await backend.aclose()


def test_the_backend_fulfils_the_contract() -> None:
    make: Callable[[Source, Connection], Backend] = ArcgisBackend
    backend = make(Source("field", Kind.ARCGIS), Connection("https://workflow.example.com/org/item"))
    assert backend.controls == frozenset(Control)
    assert (backend.source, backend.kind) == ("field", Kind.ARCGIS)
    assert backend.target_of("https://workflow.example.com/org/item/jobs/x/s-1") == StepRef(
        JobRef("field", "x"), "s-1"
    )


@pytest.mark.parametrize("ticks", range(5))
async def test_reading_that_is_given_up_before_it_begins_leaves_nothing_behind(
    demo: DemoServer, ticks: int
) -> None:
    async with backend_of(demo) as field:
        task = asyncio.create_task(field.get_many(["a", "b", "c"]))
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    gc.collect()  # a coroutine that was never awaited is a warning now, and so an error
