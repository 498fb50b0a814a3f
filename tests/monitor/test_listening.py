"""A source that speaks for itself: heard at once, and polled while it is silent."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from jobtui.demo import DemoServer
from jobtui.model import Control, JobRef, State, Step
from jobtui.monitor import listener
from jobtui.monitor.events import Link, MessagesArrived
from tests.conftest import until
from tests.monitor.conftest import Watch
from tests.monitor.test_controls import carry_out


async def listening(watch: Watch, ref: JobRef) -> None:
    await watch.monitor.start()
    watch.monitor.follow(ref)
    await until(lambda: watch.monitor.health("field").is_told, what="an open socket")
    await until(lambda: watch.monitor.detail(ref) is not None)


def somebody_else(demo: DemoServer, ref: JobRef, action: str) -> None:
    """Act on a job as another client of the same server would."""
    way = demo.sources["arcgis"]
    root = "/".join([way["base_url"], way["org"], way["item"]])
    answer = httpx.post(
        f"{root}/jobs/{ref.job_id}/action",
        json={"type": action},
        headers={"Authorization": f"Bearer {way['token']}"},
    )
    assert answer.json()["success"], answer.text


def state_of(watch: Watch, ref: JobRef) -> State | None:
    job = watch.monitor.store.get(ref)
    return None if job is None else job.state


async def test_what_somebody_else_does_is_seen_unasked(demo: DemoServer, watch: Watch) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("free-question").job_id)
    await listening(watch, ref)
    before = {step.id for step in (await watch.monitor.read(ref)).current_steps()}
    await asyncio.to_thread(somebody_else, demo, ref, "Finish")
    await until(lambda: {step.id for step in _current(watch, ref)} != before, timeout_s=20)


def _current(watch: Watch, ref: JobRef) -> list[Step]:
    detail = watch.monitor.detail(ref)
    return [] if detail is None else detail.current_steps()


async def test_a_question_that_was_asked_waits_for_a_person(demo: DemoServer, watch: Watch) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("free-question").job_id)
    await listening(watch, ref)
    await carry_out(watch.monitor, Control.RUN, ref)
    await until(lambda: state_of(watch, ref) is State.WAITING, what="a question that waits")
    await until(lambda: watch.of(MessagesArrived))


async def test_polling_takes_over_while_the_socket_is_away(demo: DemoServer, watch: Watch) -> None:
    demo.set_faults("arcgis/ws-drop")
    ref = JobRef("field", demo.world.add_workflow_job("free-question").job_id)
    await watch.monitor.start()
    watch.monitor.follow(ref)
    await until(lambda: watch.monitor.health("field").link in (Link.LIVE, Link.SLOW))
    await until(lambda: watch.monitor.detail(ref) is not None)
    await asyncio.to_thread(somebody_else, demo, ref, "Hold")
    await until(lambda: state_of(watch, ref) is State.HELD)
    demo.set_faults("")
    await until(lambda: watch.monitor.health("field").is_told, timeout_s=20, what="an open socket again")


def subscribed(demo: DemoServer) -> set[str]:
    """Give the ids of the jobs that the demo has been asked to tell of."""
    return {each for one in demo._services._notifications.listeners for each in one.job_ids}


async def test_what_is_on_the_screen_is_subscribed_first_and_what_leaves_it_makes_room(
    demo: DemoServer, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "_MOST_WANTED", 3)
    refs = [JobRef("field", demo.world.add_workflow_job("not-started").job_id) for _ in range(5)]
    await listening(watch, refs[0])
    await until(lambda: refs[0].job_id in subscribed(demo), what="the followed job is subscribed")
    watch.monitor.look_at(refs[1:3])
    await until(lambda: subscribed(demo) == {ref.job_id for ref in refs[:3]}, what="so are the visible ones")
    watch.monitor.look_at(refs[3:])
    await until(lambda: subscribed(demo) == {refs[at].job_id for at in (0, 3, 4)}, what="and only those")


async def test_open_jobs_that_nobody_looks_at_are_subscribed_too_and_hardly_polled(
    demo: DemoServer, watch: Watch
) -> None:
    """No list tells how their steps stand, so each would be read as often as the budget bears."""
    refs = [JobRef("field", demo.world.add_workflow_job("free-question").job_id) for _ in range(3)]
    await watch.monitor.start()
    await until(lambda: {ref.job_id for ref in refs} <= subscribed(demo), what="they are subscribed")
    await until(
        lambda: all(job is not None and not job.is_brief for job in map(watch.monitor.store.get, refs)),
        what="each has been read",
    )
    before = len(demo.requests)
    await asyncio.sleep(1.5)
    paths = [str(entry["path"]) for entry in list(demo.requests)[before:]]
    assert sum(ref.job_id in path for ref in refs for path in paths) <= 2, "every 0.2 s it would be forty"
    await asyncio.to_thread(somebody_else, demo, refs[0], "Hold")
    await until(lambda: state_of(watch, refs[0]) is State.HELD, what="and heard of at once")


async def test_a_job_that_is_told_of_is_hardly_polled(demo: DemoServer, watch: Watch) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("done-open").job_id)
    await listening(watch, ref)
    await asyncio.sleep(0.5)
    before = len(demo.requests)
    await asyncio.sleep(1.5)
    asked = [entry for entry in list(demo.requests)[before:] if ref.job_id in str(entry["path"])]
    assert len(asked) <= 2, "polled every 0.2 s it would be thirteen"
