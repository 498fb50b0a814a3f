"""Watching: pollers that never die and never lie about age, and the followed job."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobtui.demo import DemoServer
from jobtui.errors import BackendError, NoSuchJob
from jobtui.model import Flag, JobRef, State
from jobtui.monitor.events import DetailChanged, FollowFailed, JobsChanged, Link, MessagesArrived
from tests.conftest import until
from tests.monitor.conftest import Watch, make_watch

ANSWERING = (Link.LIVE, Link.SLOW)


async def started(watch: Watch) -> Watch:
    await watch.monitor.start()
    names = list(watch.monitor.sources)
    await until(lambda: all(watch.monitor.health(name).link in ANSWERING for name in names), timeout_s=20)
    return watch


async def test_jobs_of_all_kinds_are_announced_once_and_then_only_what_changes(
    demo: DemoServer, watch: Watch
) -> None:
    await started(watch)
    assert {job.ref.source for job in watch.monitor.store} == {"tiles", "desk", "field"}
    announced = [change for event in watch.of(JobsChanged) for change in event.changes]
    assert all(change.before != change.after for change in announced)


async def test_a_failed_poll_changes_no_job_and_ages_its_source(demo: DemoServer, watch: Watch) -> None:
    await started(watch)
    before = {job.ref: job.state for job in watch.monitor.store.of_source("tiles") if job.ended}
    demo.set_faults("nextspace/500")
    await until(lambda: watch.monitor.health("tiles").link is Link.OFFLINE)
    aged = watch.monitor.health("tiles").fresh_at
    assert "500" in str(watch.monitor.health("tiles").error)
    assert {ref: watch.monitor.store.get(ref).state for ref in before} == before  # type: ignore[union-attr]
    assert watch.monitor.health("desk").link in ANSWERING
    demo.set_faults("")
    watch.monitor.refresh("tiles")
    await until(lambda: watch.monitor.health("tiles").link in ANSWERING)
    fresh = watch.monitor.health("tiles").fresh_at
    assert aged is not None
    assert fresh is not None
    assert fresh > aged


@pytest.mark.parametrize(
    ("fault", "link"),
    [("429", Link.LIMITED), ("401", Link.REFUSED), ("html", Link.OFFLINE), ("hangup", Link.OFFLINE)],
)
async def test_each_fault_is_named_in_the_health_and_outlived(
    demo: DemoServer, watch: Watch, fault: str, link: Link
) -> None:
    demo.set_faults(f"nextspace/{fault}")
    await watch.monitor.start()
    await until(lambda: watch.monitor.health("tiles").link is link, timeout_s=20)
    health = watch.monitor.health("tiles")
    assert health.fresh_at is None
    assert health.error
    assert health.next_at is not None
    assert health.next_at > datetime.now(UTC)


async def test_the_followed_job_streams_its_messages_each_once_and_in_order(
    demo: DemoServer, watch: Watch
) -> None:
    action = demo.world.add_action(lasts=600)
    await started(watch)
    ref = JobRef("tiles", str(action.action_id))
    watch.monitor.follow(ref)
    demo.world.advance(300)
    await until(lambda: len([m for e in watch.of(MessagesArrived) for m in e.messages]) >= 3)
    demo.world.advance(400)
    await until(lambda: any(e.detail.job.ended for e in watch.of(DetailChanged)))
    await until(lambda: watch.monitor.store.get(ref).ended)  # type: ignore[union-attr]
    whole = await watch.monitor.read_messages(ref)
    told = [m for e in watch.of(MessagesArrived) for m in e.messages]
    assert [m.id for m in told] == [m.id for m in whole]
    assert len({m.id for m in told}) == len(told)
    assert [m.at for m in told if m.at] == sorted(m.at for m in told if m.at)


async def test_following_again_tells_again_what_is_known(demo: DemoServer, watch: Watch) -> None:
    action = demo.world.add_action(lasts=600)
    demo.world.advance(60)
    await started(watch)
    ref = JobRef("tiles", str(action.action_id))
    watch.monitor.follow(ref)
    await until(lambda: watch.of(MessagesArrived))
    watch.monitor.follow(None)
    watch.events.clear()
    watch.monitor.follow(ref)
    assert watch.of(MessagesArrived)
    assert watch.of(DetailChanged)


async def test_a_job_that_cannot_be_read_now_keeps_what_is_known(demo: DemoServer, watch: Watch) -> None:
    action = demo.world.add_action(lasts=600)
    await started(watch)
    ref = JobRef("tiles", str(action.action_id))
    await watch.monitor.read(ref)
    demo.set_faults("nextspace/500")
    watch.monitor.follow(ref)
    await until(lambda: watch.of(FollowFailed))
    assert watch.monitor.detail(ref) is not None


async def test_the_last_known_jobs_are_there_before_any_answer(
    demo: DemoServer, watch: Watch, journal_path: object
) -> None:
    await started(watch)
    known = len(watch.monitor.store)
    await watch.monitor.stop()
    demo.set_faults("500")
    again = make_watch(demo, journal_path)  # type: ignore[arg-type]
    await again.monitor.load()
    assert len(again.monitor.store) == known
    assert all(Flag.STALE in job.flags for job in again.monitor.store)
    with pytest.raises(BackendError):
        await again.monitor.list_jobs("tiles")
    await again.monitor.stop()
    again.journal.close()


async def test_an_id_nobody_knows_is_no_such_job(watch: Watch) -> None:
    with pytest.raises(NoSuchJob):
        await watch.monitor.read(JobRef("tiles", "999999999"))


async def test_a_watched_zendesk_id_is_first_not_visible_yet(watch: Watch) -> None:
    ref = JobRef("desk", "f" * 32)
    await watch.monitor.add(ref)
    job = (await watch.monitor.read(ref)).job
    assert (job.state, job.ended) == (State.QUEUED, False)
    await watch.monitor.list_jobs("desk")
    assert [entry.ref for entry in watch.journal.watched("desk")] == [ref]
    assert watch.journal.watched("desk")[0].first_asked_at is not None
    assert await watch.monitor.forget(ref)
    assert not await watch.monitor.forget(ref)


async def test_polling_costs_a_request_a_round_not_one_a_job(demo: DemoServer, watch: Watch) -> None:
    await started(watch)
    before = len(demo.requests)
    rounds = len({watch.monitor.health("desk").fresh_at})
    watch.monitor.refresh("desk")
    await until(lambda: len(demo.requests) > before)
    asked = [entry for entry in list(demo.requests)[before:] if entry["source"] == "zendesk"]
    assert rounds <= 1
    assert len(asked) <= 4, "one list and one show_many, however many jobs"
