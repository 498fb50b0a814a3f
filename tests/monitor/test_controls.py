"""Controls: in the journal first, sent once, never called done before the server says so."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from jobtui.demo.nextspace_action import PendingAction
from jobtui.journal.journal import Entry
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Flag,
    HoldKind,
    JobRef,
    Outcome,
    Parameters,
    State,
    Target,
    Verdict,
)
from jobtui.monitor.events import Controlled, Event, Stage
from jobtui.monitor.monitor import Monitor
from tests.conftest import until
from tests.factory import a_job
from tests.monitor.conftest import Watch, make_watch
from tests.monitor.scripted import Scripted, monitor_of


def an_action(demo: DemoServer, *, obeys: bool = True, lasts: float = 6_000) -> PendingAction:
    """Add a running action that obeys a cancel, or one that never looks."""
    while (action := demo.world.add_action(lasts=lasts)).obeys_cancel is not obeys:
        pass
    return action


def ref_of(action: PendingAction) -> JobRef:
    return JobRef("tiles", str(action.action_id))


async def carry_out(monitor: Monitor, control: Control, target: Target, **parameters: object) -> Outcome:
    await monitor.read(target.job)
    proposal = monitor.propose(control, target, **parameters)  # type: ignore[arg-type]
    return await monitor.carry_out(proposal.request)


def writes(demo: DemoServer, since: int) -> list[str]:
    """What was asked of the server that is not a read."""
    asked = list(demo.requests)[since:]
    return [
        f"{entry['method']} {entry['path']}"
        for entry in asked
        if entry["method"] == "DELETE" or str(entry["path"]).endswith("/action")
    ]


def last_entry(watch: Watch) -> Entry:
    return watch.journal.audit()[0]


async def test_a_cancel_is_asked_and_only_the_server_makes_it_cancelled(
    demo: DemoServer, watch: Watch
) -> None:
    ref, before = ref_of(an_action(demo)), len(demo.requests)
    outcome = await carry_out(watch.monitor, Control.CANCEL, ref)
    assert (outcome.verdict, outcome.sent) == (Verdict.ACCEPTED, True)
    job = watch.monitor.store.get(ref)
    assert job is not None
    assert job.state is State.RUNNING
    assert Flag.CANCELLING in job.flags
    demo.world.advance(15)
    confirmed = await watch.monitor.wait_for_effect(outcome, 10)
    assert confirmed.verdict is Verdict.CONFIRMED
    job = watch.monitor.store.get(ref)
    assert job is not None
    assert (job.state, job.flags) == (State.CANCELLED, frozenset())
    assert len(writes(demo, before)) == 1
    assert [event.stage for event in watch.of(Controlled)] == [
        Stage.SENDING,
        Stage.ANSWERED,
        Stage.CONFIRMED,
    ]
    await until(lambda: last_entry(watch).effect_at is not None)


async def test_a_job_that_ignores_the_cancel_ends_its_own_way_and_says_so(
    demo: DemoServer, watch: Watch
) -> None:
    ref = ref_of(an_action(demo, obeys=False, lasts=120))
    outcome = await carry_out(watch.monitor, Control.CANCEL, ref)
    demo.world.advance(200)
    followed = await watch.monitor.wait_for_effect(outcome, 10)
    assert followed.verdict is Verdict.ACCEPTED
    assert "before the cancel took effect" in str(followed.reason)
    assert watch.of(Controlled)[-1].stage is Stage.OTHERWISE


async def test_a_second_cancel_is_refused_and_not_sent(demo: DemoServer, watch: Watch) -> None:
    ref, before = ref_of(an_action(demo, obeys=False)), len(demo.requests)
    await carry_out(watch.monitor, Control.CANCEL, ref)
    again = await carry_out(watch.monitor, Control.CANCEL, ref)
    assert (again.verdict, again.sent, again.cause) == (Verdict.REFUSED, False, Cause.RULE)
    assert len(writes(demo, before)) == 1
    assert len([entry for entry in watch.journal.audit() if entry.request.ref == ref]) == 2


async def test_a_lost_answer_is_unknown_and_then_followed_until_it_is_known(
    demo: DemoServer, watch: Watch
) -> None:
    def lose_the_answer(event: Event) -> None:
        if isinstance(event, Controlled):
            demo.set_faults("nextspace/hangup-after" if event.stage is Stage.SENDING else "")

    watch.reactions.append(lose_the_answer)
    ref, before = ref_of(an_action(demo)), len(demo.requests)
    outcome = await carry_out(watch.monitor, Control.CANCEL, ref)
    assert (outcome.verdict, outcome.sent) == (Verdict.UNKNOWN, True)
    assert writes(demo, before) == [f"DELETE /nextspace/pendingAction/{ref.job_id}"], "sent once, never again"
    demo.world.advance(15)
    followed = await watch.monitor.wait_for_effect(outcome, 10)
    assert followed.verdict is Verdict.CONFIRMED
    assert len(writes(demo, before)) == 1


async def test_what_one_process_sent_another_may_see_come_true(
    demo: DemoServer, watch: Watch, journal_path: Path
) -> None:
    ref = ref_of(an_action(demo))
    await carry_out(watch.monitor, Control.CANCEL, ref)
    await watch.monitor.stop()
    demo.world.advance(15)
    later = make_watch(demo, journal_path)
    await later.monitor.read(ref)
    await later.monitor.stop()
    (entry,) = [entry for entry in later.journal.audit() if entry.request.ref == ref]
    later.journal.close()
    assert entry.effect is not None
    assert entry.effect.as_asked


async def test_a_read_only_monitor_sends_nothing(demo: DemoServer, journal_path: Path) -> None:
    quiet = make_watch(demo, journal_path, read_only=True)
    ref, before = ref_of(an_action(demo)), len(demo.requests)
    outcome = await carry_out(quiet.monitor, Control.CANCEL, ref)
    assert (outcome.verdict, outcome.sent) == (Verdict.REFUSED, False)
    assert "read-only" in str(outcome.reason)
    assert writes(demo, before) == []
    await quiet.monitor.stop()
    quiet.journal.close()


async def test_an_unreadable_job_is_not_sent_anything_unless_a_step_is_named(
    demo: DemoServer, watch: Watch
) -> None:
    ref = ref_of(an_action(demo))
    demo.set_faults("500")
    request = ControlRequest(Control.CANCEL, ref, datetime.now(UTC))
    outcome = await watch.monitor.carry_out(request)
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.UNREACHABLE)
    named = ControlRequest(Control.RUN, JobRef("field", "nope"), datetime.now(UTC), Parameters(("s-1",)))
    outcome = await watch.monitor.carry_out(named)
    assert outcome.sent
    assert "could not be checked first" in str(outcome.reason)


async def test_the_life_of_a_hold(demo: DemoServer, watch: Watch) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("free-question").job_id)
    monitor = watch.monitor
    until_ = datetime.now(UTC) + timedelta(hours=2)
    held = await carry_out(monitor, Control.HOLD, ref, until=until_)
    assert held.verdict is Verdict.ACCEPTED
    assert (await monitor.wait_for_effect(held, 10)).verdict is Verdict.CONFIRMED
    job = (await monitor.read(ref)).job
    (hold,) = [hold for hold in job.holds if hold.is_active(datetime.now(UTC))]
    assert (job.state, hold.kind, hold.by) == (State.HELD, HoldKind.SCHEDULED, "dortiz")
    before = len(demo.requests)
    refused = await carry_out(monitor, Control.RUN, ref)
    assert (refused.verdict, refused.sent) == (Verdict.REFUSED, False)
    assert "dortiz" in str(refused.reason)
    assert writes(demo, before) == []
    released = await carry_out(monitor, Control.RELEASE, ref)
    assert (await monitor.wait_for_effect(released, 10)).verdict is Verdict.CONFIRMED
    steps_before = {step.id for step in (await monitor.read(ref)).current_steps()}
    run = await carry_out(monitor, Control.RUN, ref)
    assert (await monitor.wait_for_effect(run, 10)).verdict is Verdict.CONFIRMED
    finished = await carry_out(monitor, Control.FINISH, ref)
    assert (await monitor.wait_for_effect(finished, 10)).verdict is Verdict.CONFIRMED
    moved_on = {step.id for step in (await monitor.read(ref)).current_steps()}
    assert moved_on != steps_before


async def test_a_hold_after_another_job_is_released_by_naming_it(demo: DemoServer, watch: Watch) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("free-question").job_id)
    other = JobRef("field", demo.world.add_workflow_job("not-started").job_id)
    before = len(demo.requests)
    held = await carry_out(watch.monitor, Control.HOLD, ref, after=other)
    assert held.verdict is Verdict.ACCEPTED
    released = await carry_out(watch.monitor, Control.RELEASE, ref)
    assert (await watch.monitor.wait_for_effect(released, 10)).verdict is Verdict.CONFIRMED
    bodies = [e["body"] for e in list(demo.requests)[before:] if str(e["path"]).endswith("/action")]
    assert [body["type"] for body in bodies] == ["Hold", "ReleaseHold"]
    assert [body["dependentJobId"] for body in bodies] == [other.job_id] * 2
    assert all(body["stepIds"] for body in bodies)


@pytest.mark.parametrize("control", list(Control))
async def test_zendesk_jobs_take_no_control(watch: Watch, control: Control) -> None:
    jobs = await watch.monitor.list_jobs("desk")
    reason = watch.monitor.why_not(control, jobs[0].ref)
    assert reason is not None
    assert reason.hard
    assert watch.monitor.controls("desk") == frozenset()


async def test_a_frozen_release_never_turns_into_the_release_of_another_hold(
    demo: DemoServer, watch: Watch
) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("held-thrice").job_id)
    await watch.monitor.read(ref)
    mine = watch.monitor.propose(Control.RELEASE, ref).request
    assert mine.parameters.after is None, "the manual and scheduled holds are meant, not the dependency"
    await carry_out(watch.monitor, Control.RELEASE, ref)
    before = len(demo.requests)
    outcome = await watch.monitor.carry_out(mine)
    assert (outcome.verdict, outcome.sent) == (Verdict.REFUSED, False)
    assert writes(demo, before) == []


async def test_what_is_no_longer_as_it_was_asked_about_is_not_sent(demo: DemoServer, watch: Watch) -> None:
    ref, before = ref_of(an_action(demo)), len(demo.requests)
    await watch.monitor.read(ref)
    request = watch.monitor.propose(Control.CANCEL, ref).request
    outcome = await watch.monitor.carry_out(request, lambda _: "the job went from QUEUE to RUN")
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.RULE)
    assert str(outcome.reason).startswith("since it was asked the job went from QUEUE to RUN")
    assert writes(demo, before) == []
    assert last_entry(watch).outcome is not None, "what was not sent is in the journal, too"


async def test_of_a_heap_of_controls_the_effects_are_looked_for_within_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobtui.monitor.effects._LOOKS_S", (0.01,))
    server = Scripted()
    refs = [server.has(a_job(str(number))) for number in range(12)]
    monitor = monitor_of(server, tmp_path / "journal.sqlite3", budget=30)
    for ref in refs:
        await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
    sent = len(server.asked)
    await asyncio.sleep(0.5)
    await monitor.stop()
    assert server.sent == len(refs)
    assert len(server.asked) - sent <= 6, "with looks every 10 ms it would be hundreds"
