"""The notification socket, met with a websocket client of its own."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from jobtui.demo import DemoServer, ManualClock

from .conftest import Doors


def address(server: DemoServer, token: str | None = None) -> str:
    source = server.sources["arcgis"]
    root = source["base_url"].replace("http://", "ws://")
    return f"{root}/{source['org']}/{source['item']}/notificationWs?token={token or source['token']}"


@contextmanager
def a_socket(server: DemoServer) -> Iterator[ClientConnection]:
    with connect(address(server)) as socket:
        assert json.loads(socket.recv(5.0)) == {"connected": True}
        yield socket


def send(socket: ClientConnection, server: DemoServer, kind: str, **more: Any) -> None:
    socket.send(json.dumps({"msgType": kind, "token": server.sources["arcgis"]["token"], **more}))


def receive(socket: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(socket.recv(5.0))
    assert {"msgType", "timestamp", "message"} <= set(frame)
    return frame


def subscribe(socket: ClientConnection, server: DemoServer, job_id: str) -> dict[str, Any]:
    send(socket, server, "subscribe", jobIds=[job_id], senderId="tests-1")
    frame = receive(socket)
    assert (frame["msgType"], frame["message"]["jobId"]) == ("JobState", job_id)
    message: dict[str, Any] = frame["message"]
    return message


def test_a_subscription_is_answered_with_the_state_and_the_senders_id(still: DemoServer) -> None:
    job = still.world.add_workflow_job("waiting")
    with a_socket(still) as socket:
        state = subscribe(socket, still, job.job_id)
    assert state["senderId"] == "tests-1"
    [step] = state["stepStates"]
    assert (step["stepId"], step["assignedTo"], step["canSkip"]) == ("s-1", "dortiz", True)
    assert step["messageDetails"]["msgType"] == "StepInfoRequired"


def test_what_is_done_to_a_job_is_told(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("free-question")
    with a_socket(doors.server) as socket:
        subscribe(socket, doors.server, job.job_id)
        doors.act(job.job_id, "Run")
        assert [receive(socket)["msgType"] for _ in range(2)] == ["StepStarted", "StepInfoRequired"]
        doors.act(job.job_id, "Stop")
        assert receive(socket)["msgType"] == "StepCancelled"
        doors.act(job.job_id, "Hold", holdScheduledRelease="2999-01-01T00:00:00Z")
        held = receive(socket)["message"]
        assert (held["stepIds"], held["manual"], held["setBy"]) == (["s-1"], True, "dortiz")
        assert held["scheduledRelease"].startswith("2999-01-01T00:00:00")
        doors.act(job.job_id, "ReleaseHold")
        assert receive(socket)["msgType"] == "StepHoldReleased"
        doors.arcgis("POST", f"jobs/{job.job_id}/s-1", json={"assignedType": "Unassigned"})
        assert receive(socket)["message"]["assignedType"] == "Unassigned"
        doors.arcgis("POST", f"jobs/{job.job_id}/comments", json={"comment": "x"})
        assert receive(socket)["msgType"] == "JobCommentUpdated"
        doors.act(job.job_id, "Finish")
        finished = receive(socket)
        assert finished["msgType"] == "StepFinished"
        assert [step["stepId"] for step in finished["message"]["currentSteps"]] == ["s-2"]


@pytest.mark.parametrize(
    ("condition", "kind", "told"),
    [
        ("not-started", "Run", "StepStarted"),
        ("started", "Stop", "StepPaused"),
        ("started", "Finish", "StepFinished"),
        ("failed", "Run", "StepStarted"),
        ("running", "RefreshStatus", "StepProgress"),
        ("redone", "SetCurrentStep", "JobUpdated"),
    ],
)
def test_every_action_is_followed_by_a_frame(doors: Doors, condition: str, kind: str, told: str) -> None:
    job = doors.server.world.add_workflow_job(condition)
    with a_socket(doors.server) as socket:
        subscribe(socket, doors.server, job.job_id)
        doors.act(job.job_id, kind)
        assert receive(socket)["msgType"] == told


def test_the_world_is_told_as_it_moves_without_anybody_asking() -> None:
    with DemoServer(seed=7, speed=100.0) as server, a_socket(server) as socket:
        job = server.world.add_workflow_job("running")
        subscribe(socket, server, job.job_id)
        kinds = [receive(socket)["msgType"]]
        while kinds[-1] != "StepFinished":
            kinds.append(receive(socket)["msgType"])
    assert set(kinds) == {"StepProgress", "StepFinished"}


def test_an_answer_takes_its_own_path(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("no-default-path")
    with a_socket(doors.server) as socket:
        subscribe(socket, doors.server, job.job_id)
        doors.act(job.job_id, "Run")
        asked = [receive(socket) for _ in range(2)][-1]["message"]
        choice = next(each["value"] for each in asked["questionResponses"] if each["label"] == "Cosmetic")
        information = {"jobId": job.job_id, "stepId": "s-1", "questionResponse": choice, "comment": ""}
        send(socket, doors.server, "StepInformation", message={**information, "questionResponse": 9})
        assert receive(socket)["msgType"] == "Error"
        send(socket, doors.server, "StepInformation", message=information)
        assert receive(socket)["msgType"] == "StepFinished"
    assert list(job.current) == ["s-3"]


def test_after_unsubscribing_nothing_is_told(doors: Doors) -> None:
    one, two = (doors.server.world.add_workflow_job("not-started") for _ in range(2))
    with a_socket(doors.server) as socket:
        subscribe(socket, doors.server, one.job_id)
        subscribe(socket, doors.server, two.job_id)
        send(socket, doors.server, "unsubscribe", jobIds=[one.job_id])
        subscribe(socket, doors.server, two.job_id)
        doors.act(one.job_id, "Run")
        doors.act(two.job_id, "Run")
        assert receive(socket)["message"]["jobId"] == two.job_id
        send(socket, doors.server, "unsubscribe", all=True)
        send(socket, doors.server, "subscribe", jobIds=["nobody"])
        assert receive(socket)["msgType"] == "Error"


@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"msgType":"dance"}', '{"msgType":"stepinformation","message":[]}']
)
def test_a_frame_that_is_not_understood_is_answered_with_an_error(still: DemoServer, text: str) -> None:
    with a_socket(still) as socket:
        socket.send(text)
        assert receive(socket)["msgType"] == "Error"


def test_a_wrong_token_opens_no_socket_and_subscribes_to_nothing(still: DemoServer) -> None:
    with pytest.raises(InvalidStatus), connect(address(still, "wrong")):
        pass
    with a_socket(still) as socket:
        socket.send(json.dumps({"msgType": "subscribe", "jobIds": [], "token": "wrong"}))
        assert receive(socket)["msgType"] == "Error"


def test_a_dropped_socket_can_be_opened_again(still: DemoServer) -> None:
    job = still.world.add_workflow_job("not-started")
    still.set_faults("ws-drop")
    with a_socket(still) as socket:
        subscribe(socket, still, job.job_id)
        with pytest.raises(ConnectionClosed):
            socket.recv(5.0)
    still.set_faults("")
    with a_socket(still) as socket:
        subscribe(socket, still, job.job_id)


@pytest.mark.parametrize("fault", ["hangup", "401"])
def test_faults_strike_the_handshake_too(still: DemoServer, fault: str) -> None:
    still.set_faults(fault)
    with pytest.raises((InvalidHandshake, OSError)), connect(address(still)):
        pass
    assert [entry["method"] for entry in still.requests] == ["WEBSOCKET"]


def test_a_server_with_open_sockets_stops_at_once(clock: ManualClock) -> None:
    server = DemoServer(seed=7, clock=clock)
    server.start()
    with connect(address(server)) as socket:
        socket.recv(5.0)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 8.0
        with pytest.raises(ConnectionClosed):
            socket.recv(5.0)
