"""Notifications of the demo, over real sockets: heard at once, and again after every drop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.arcgis.push import Notifications
from jobtui.backends.base import Connection, PushState
from jobtui.demo import DemoServer, server
from jobtui.demo import arcgis_flow as flow
from jobtui.demo.arcgis_job import Job as DemoJob
from jobtui.demo.server import bound_socket
from jobtui.model import Control, Cursor, JobDetail, Kind, Parameters, Secret, Source, State
from tests.backends.arcgis.listening import listening
from tests.backends.arcgis.test_client import asked, backend_of, root_of, step
from tests.conftest import until

AT_ONCE_S = 10.0


@pytest.fixture
async def field(demo: DemoServer) -> AsyncIterator[ArcgisBackend]:
    async with backend_of(demo) as made:
        yield made


@pytest.fixture(autouse=True)
def no_faults(demo: DemoServer) -> Iterator[None]:
    yield
    demo.set_faults("")


def subscribed(demo: DemoServer) -> set[str]:
    """The jobs that any open socket is told of."""
    return {each for listener in demo._services._notifications.listeners for each in listener.job_ids}


def sockets_opened(demo: DemoServer) -> int:
    return sum(entry["method"] == "WEBSOCKET" for entry in demo.requests)


def finish(demo: DemoServer, job: DemoJob) -> None:
    """Let a colleague finish the current step."""
    with demo.world.at_now():
        flow.finish(demo.world.item, job, next(iter(job.current.values())), "rpatel", "Yes")


def voice(field: ArcgisBackend) -> Notifications:
    push = field.push()
    assert isinstance(push, Notifications)
    return push


def test_push_may_be_switched_off_and_is_the_same_object_each_time(demo: DemoServer) -> None:
    def push_of(**options: str) -> object:
        return ArcgisBackend(Source("f", Kind.ARCGIS), Connection(root_of(demo), {}, options)).push()

    assert push_of(push="false") is None
    assert push_of(push="true") is not None
    made = ArcgisBackend(Source("f", Kind.ARCGIS), Connection(root_of(demo)))
    assert made.push() is made.push()


async def test_a_wanted_job_is_told_of_at_once_and_others_are_not(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job = demo.world.add_workflow_job("free-question")
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears:
        await ears.hears(job.job_id)
        assert ears.states[0].is_open
        assert {each.ref.job_id for each in ears.pushed} == {job.job_id}
        (shake,) = [entry for entry in demo.requests if entry["method"] == "WEBSOCKET"][-1:]
        assert {"authorization", "origin", "user-agent"} <= set(shake["headers"])


async def test_a_step_finished_by_somebody_else_is_heard_at_once(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job = demo.world.add_workflow_job("free-question")
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears:
        await ears.hears(job.job_id)
        before, began = len(ears.pushed), time.monotonic()
        finish(demo, job)
        await until(lambda: len(ears.of(job.job_id)) > before, timeout_s=AT_ONCE_S)
        assert time.monotonic() - began < AT_ONCE_S
        assert any(pushed.is_hint for pushed in ears.pushed[before:])
        detail = await field.get(job.job_id)
        assert step(detail, "s-1").state is State.SUCCEEDED


async def test_another_clients_action_over_http_is_heard(demo: DemoServer, field: ArcgisBackend) -> None:
    job = demo.world.add_workflow_job("not-started")
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears, backend_of(demo) as other:
        await ears.hears(job.job_id)
        before = len(ears.pushed)
        await asked(other, Control.HOLD, await other.get(job.job_id), "s-1")
        await until(lambda: len(ears.pushed) > before, timeout_s=AT_ONCE_S)


async def test_a_question_that_is_asked_is_told_and_shown_as_waiting_for_its_answer(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job = demo.world.add_workflow_job("free-question")
    await field.get(job.job_id)
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears:
        await ears.hears(job.job_id)
        request, _ = await asked(field, Control.RUN, await field.get(job.job_id), "s-1")
        await until(lambda: ears.texts(job.job_id))

        detail = await field.get(job.job_id)
        asking = step(detail, "s-1")
        assert (asking.state, asking.raw_state) == (State.WAITING, "InfoRequired")
        assert detail.job.state is State.WAITING
        assert detail.job.why is not None
        assert "asks for an answer" in detail.job.why
        shown = field.effect(request, detail, detail.job.as_of)
        assert shown is not None
        assert shown.text.endswith("started and asks")
        assert (await field.get_many([job.job_id])).found[0].state is State.WAITING

        await asked(field, Control.STOP, detail, "s-1")
        stopped = await field.get(job.job_id)
        assert (step(stopped, "s-1").state, step(stopped, "s-1").raw_state) == (State.STOPPED, "Cancelled")


async def test_what_the_server_says_a_step_cannot_be_asked_now_is_doubted_before_it_is_asked(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    def doubts(detail: JobDetail, control: Control) -> list[str]:
        request = field.freeze(control, detail, detail.job.ref, Parameters(("s-1",)), detail.job.as_of)
        found = field.reasons(request, detail, detail.job.as_of)
        assert not any(reason.hard for reason in found)
        return [reason.text for reason in found]

    job = demo.world.add_workflow_job("running")
    assert not doubts(await field.get(job.job_id), Control.FINISH), "nothing was said yet"
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears:
        await ears.hears(job.job_id)
        with demo.world.at_now():
            flow.progress(demo.world.item, job, next(iter(job.current.values())), "12 of 90 tiles")
        await until(lambda: "12 of 90 tiles" in ears.texts(job.job_id))
        detail = await field.get(job.job_id)
    (text,) = doubts(detail, Control.FINISH)
    assert text.startswith("the server said that step ")
    assert text.endswith(" cannot be finished now")
    assert not doubts(detail, Control.STOP)


async def test_a_question_asked_before_we_listened_is_known_from_the_standing(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job = demo.world.add_workflow_job("waiting")
    assert step(await field.get(job.job_id), "s-1").state is State.RUNNING
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears:
        await ears.hears(job.job_id)
        assert ears.pushed[-1].is_hint
        assert step(await field.get(job.job_id), "s-1").state is State.WAITING


async def test_messages_of_frames_are_read_again_each_once_and_in_order(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job = demo.world.add_workflow_job("running")
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears:
        await ears.hears(job.job_id)
        with demo.world.at_now():
            turn = next(iter(job.current.values()))
            flow.progress(demo.world.item, job, turn, "12 of 90 tiles")
            flow.progress(demo.world.item, job, turn, "13 of 90 tiles")
            flow.fail(demo.world.item, job, turn, "ERROR 000732")
        await until(lambda: len(ears.of(job.job_id)) >= 4)
        page = await field.messages(job.job_id, Cursor())

    assert ears.texts(job.job_id) == ["12 of 90 tiles", "13 of 90 tiles"]
    told = [message.id for each in ears.pushed for message in each.messages]
    ids = [message.id for message in page.messages]
    assert len(ids) == len(set(ids))
    assert [each for each in ids if each in told] == told
    assert sum("ERROR 000732" in message.text for message in page.messages) == 1


async def test_what_is_no_longer_wanted_is_unsubscribed(demo: DemoServer, field: ArcgisBackend) -> None:
    one, other = (demo.world.add_workflow_job("not-started").job_id for _ in range(2))
    push = voice(field)
    async with listening(push):
        push.want([one, other])
        await until(lambda: subscribed(demo) == {one, other})
        push.want([other])
        await until(lambda: subscribed(demo) == {other})
        push.want([])
        await until(lambda: subscribed(demo) == set())


async def test_wanting_often_costs_a_few_frames_and_ends_with_the_last_wish(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    ids = [demo.world.add_workflow_job("not-started").job_id for _ in range(120)]
    push = voice(field)
    async with listening(push) as ears:
        await ears.opened()
        for first in range(100):
            push.want(ids[first : first + 20])
        push.want(ids)
        await until(lambda: subscribed(demo) == set(ids))
        await until(lambda: len({each.ref.job_id for each in ears.pushed}) == 120)


async def test_after_a_drop_everything_wanted_is_subscribed_again(
    demo: DemoServer, field: ArcgisBackend
) -> None:
    job = demo.world.add_workflow_job("free-question")
    push = voice(field)
    push.want([job.job_id])
    demo.set_faults("ws-drop")
    async with listening(push) as ears:
        await ears.opened()
        await until(lambda: ears.reasons, what="the drop is told")
        assert "cut" in ears.reasons[0]
        demo.set_faults("")
        before = len(ears.states)
        await until(lambda: len(ears.states) > before and ears.is_open)
        await until(lambda: subscribed(demo) == {job.job_id})
        heard_before = len(ears.of(job.job_id))
        finish(demo, job)
        await until(lambda: len(ears.of(job.job_id)) > heard_before, timeout_s=5.0)


async def test_a_token_that_is_refused_is_fetched_anew(demo: DemoServer) -> None:
    told = demo.sources["arcgis"]
    tokens = iter(["old-token-of-yesterday", told["token"]])

    async def fetch() -> Secret:
        return Secret(next(tokens))

    field = ArcgisBackend(
        Source("field", Kind.ARCGIS), Connection(root_of(demo), {"token": fetch}, timeout_s=5.0)
    )
    job = demo.world.add_workflow_job("not-started")
    voice(field).want([job.job_id])
    async with listening(field.push()) as ears:
        await ears.hears(job.job_id)
    (reason,) = ears.reasons
    assert reason.startswith(f"{told['base_url'][7:]} refused the sign-in to its notifications (HTTP 403)")
    assert "old-token" not in repr(ears)


async def test_a_token_of_the_portal_is_good_for_the_socket_and_listening_goes_on_when_it_ends(
    demo: DemoServer,
) -> None:
    async def login() -> Secret:
        return Secret(demo.sources["arcgis"]["user"])

    async def password() -> Secret:
        return Secret("demo")

    portal = demo._services._manager.portal
    made = Connection(
        root_of(demo),
        {"login": login, "password": password},
        {"portal": demo.sources["arcgis"]["base_url"]},
        timeout_s=5.0,
    )
    field = ArcgisBackend(Source("field", Kind.ARCGIS), made)
    job = demo.world.add_workflow_job("not-started")
    push = voice(field)
    push.want([job.job_id])
    async with listening(push) as ears:
        await ears.hears(job.job_id)
        given = portal.count
        portal.forget()
        # The server takes no subscription with the old token: it complains, and a new one is had.
        other = demo.world.add_workflow_job("not-started")
        push.want([job.job_id, other.job_id])
        await ears.hears(other.job_id)
        assert portal.count == given + 1
    await field.aclose()


@pytest.mark.parametrize("way", ["authorization", "x-esri-authorization", "query"])
async def test_the_token_travels_the_way_that_is_configured(demo: DemoServer, way: str) -> None:
    async with backend_of(demo, header=way) as field:
        async with listening(field.push()) as ears:
            await ears.opened()
        (shake,) = [entry for entry in demo.requests if entry["method"] == "WEBSOCKET"][-1:]
        assert {name for name in shake["headers"] if name.endswith("authorization")} == {way} - {"query"}
        assert shake["query"] == ("token=%2A%2A%2A" if way == "query" else "")


class Nobody:
    """A judge of tokens who knows none, as if a gateway had dropped them from the handshake."""

    def is_known(self, _token: str | None, _referer: str) -> bool:
        return False


async def test_whether_notifications_can_be_had_is_tried_and_said(
    demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with backend_of(demo) as field:
        assert (await field.identity()).push == PushState(True)
        monkeypatch.setattr(demo._services._notifications, "_service", Nobody())
        stands = (await field.identity()).push
    assert stands is not None
    assert not stands.is_open
    assert 'try header = "query"' in (stands.text or "")
    async with backend_of(demo, push="false") as field:
        assert (await field.identity()).push is None
    await until(lambda: not demo._services._notifications.listeners)


async def test_listening_ends_at_once_when_it_is_cancelled(demo: DemoServer, field: ArcgisBackend) -> None:
    async with listening(field.push()) as ears:
        await ears.opened()
        began = time.monotonic()
    assert time.monotonic() - began < AT_ONCE_S
    await until(lambda: not demo._services._notifications.listeners)


async def test_a_server_that_restarts_is_waited_for_and_heard_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with DemoServer(seed=7) as first:
        port = int(first.url.rpartition(":")[2])
        job_id = first.world.add_workflow_job("free-question").job_id
        async with backend_of(first) as field:
            push = voice(field)
            push.want([job_id])
            async with listening(push) as ears:
                await ears.hears(job_id)
                await asyncio.to_thread(first.stop)
                await until(lambda: len(ears.reasons) > 1)
                assert ears.reasons[-1] == f"no notifications from 127.0.0.1:{port}: connection refused"
                monkeypatch.setattr(server, "bound_socket", lambda: bound_socket(port))
                with DemoServer(seed=7) as second:
                    job = second.world.add_workflow_job("free-question")
                    assert job.job_id == job_id
                    await until(lambda: subscribed(second) == {job_id}, timeout_s=20.0)
                    before = len(ears.of(job_id))
                    finish(second, job)
                    await until(lambda: len(ears.of(job_id)) > before, timeout_s=5.0)
