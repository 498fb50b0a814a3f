"""Faults as a client meets them, over real sockets."""

import json
import time

import httpx
import pytest

from jobtui.demo import DemoServer
from jobtui.demo.faults import FAULTS, RETRY_AFTER_S, SLOW_S, parse

from .conftest import Doors


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("401", 401),
        ("403", 403),
        ("404", 404),
        ("409", 409),
        ("429", 429),
        ("500", 500),
        ("502", 502),
        ("503", 503),
    ],
)
def test_a_bare_status_strikes_every_request_of_every_service(shared: Doors, fault: str, status: int) -> None:
    shared.server.set_faults(fault)
    for ask, path in (
        (shared.nextspace, "pendingActions"),
        (shared.zendesk, "job_statuses"),
        (shared.arcgis, "settings"),
    ):
        assert [ask("GET", path).status_code for _ in range(3)] == [status] * 3
    shared.server.set_faults("")
    assert shared.zendesk("GET", "job_statuses").status_code == 200


def test_429_says_when_to_come_back_in_plain_text(shared: Doors) -> None:
    shared.server.set_faults("429")
    response = shared.zendesk("GET", "job_statuses")
    assert response.headers["retry-after"] == str(RETRY_AFTER_S)
    assert response.headers["content-type"].startswith("text/html")


def test_a_share_strikes_about_that_many_and_the_same_ones_again(web: httpx.Client) -> None:
    struck = []
    for _ in range(2):
        with DemoServer(seed=3, faults="429:0.2") as server:
            doors = Doors(server, web)
            struck.append([doors.nextspace("GET", "version").status_code for _ in range(150)])
    assert struck[0] == struck[1]
    assert 0.1 < struck[0].count(429) / 150 < 0.3


def test_a_fault_can_be_kept_to_one_service(shared: Doors) -> None:
    shared.server.set_faults("zendesk/500")
    assert shared.zendesk("GET", "job_statuses").status_code == 500
    assert shared.nextspace("GET", "pendingActions").status_code == 200


def test_a_hangup_before_leaves_the_world_alone_and_one_after_does_not(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("free-question")
    for fault, expected in (("hangup", "idle"), ("hangup-after", "asking")):
        doors.server.set_faults(fault)
        with pytest.raises(httpx.RemoteProtocolError):
            doors.act(job.job_id, "Run", "s-1")
        assert job.current["s-1"].phase == expected
        assert doors.server.requests[-1]["status"] is None


def test_slow_takes_its_time_and_then_answers(shared: Doors) -> None:
    shared.server.set_faults("slow")
    began = time.monotonic()
    assert shared.nextspace("GET", "version").status_code == 200
    assert time.monotonic() - began >= SLOW_S
    shared.server.set_faults("slow,500")
    assert shared.nextspace("GET", "version").status_code == 500


def test_html_nonsense_and_truncation(shared: Doors) -> None:
    shared.server.set_faults("html")
    page = shared.zendesk("GET", "job_statuses")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    shared.server.set_faults("nonsense")
    assert isinstance(shared.zendesk("GET", "job_statuses").json(), list)
    shared.server.set_faults("truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        shared.zendesk("GET", "job_statuses")


def test_hostile_text_and_skewed_clocks(shared: Doors) -> None:
    shared.server.set_faults("hostile")
    rows = shared.nextspace("GET", "pendingActions").json()["Items"]
    assert all("\x1b[31m" in row["Description"] and "\u202e" in row["Description"] for row in rows)
    shared.server.set_faults("skew")
    rows = shared.nextspace("GET", "pendingActions").json()["Items"]
    assert all(row["Created"].startswith("3") for row in rows)


def test_an_expired_token_is_told_in_each_services_way(shared: Doors) -> None:
    shared.server.set_faults("token-expiry")
    assert shared.zendesk("GET", "job_statuses").status_code == 401
    response = shared.arcgis("GET", "settings")
    assert (response.status_code, response.json()["error"]["code"]) == (200, 498)


def test_the_routes_for_tests_are_exempt_and_change_the_faults(shared: Doors) -> None:
    shared.server.set_faults("hangup")
    url, web = f"{shared.server.url}/_demo", shared.web
    assert web.get(f"{url}/health").json()["faults"] == "hangup"
    assert web.post(f"{url}/faults", json={"faults": "429:0.2"}).json() == {"faults": "429:0.2"}
    wrong = web.post(f"{url}/faults", json={"faults": "hangupp"})
    assert wrong.status_code == 400
    assert "the nearest is 'hangup'" in wrong.json()["error"]
    assert web.get(f"{url}/health").json()["faults"] == "429:0.2", "a list that can't be read changes nothing"
    assert web.post(f"{url}/faults", json={}).json() == {"faults": ""}


def test_the_log_keeps_bodies_and_names_of_headers_but_no_credential(shared: Doors) -> None:
    shared.server.set_faults("")
    token = shared.server.sources["arcgis"]["token"]
    job = shared.server.world.add_workflow_job("not-started")
    shared.arcgis("POST", f"jobs/{job.job_id}/comments", params={"token": token}, json={"comment": "seen"})
    entries = shared.web.get(f"{shared.server.url}/_demo/requests").json()
    assert entries == shared.server.requests
    last = entries[-1]
    assert (last["source"], last["method"], last["status"]) == ("arcgis", "POST", 200)
    assert last["body"] == {"comment": "seen"}
    assert "x-esri-authorization" in last["headers"]
    assert token not in json.dumps(entries)


def test_the_clock_is_moved_from_outside(shared: Doors) -> None:
    url = f"{shared.server.url}/_demo"
    before = shared.web.get(f"{url}/health").json()["now"]
    assert shared.web.post(f"{url}/advance", json={"seconds": 90}).json()["now"] == pytest.approx(before + 90)
    assert shared.web.post(f"{url}/advance", json={"seconds": "soon"}).status_code == 400


@pytest.mark.parametrize("text", ["428", "429:2", "429:x", "429:-1", "zendsk/429", "zendesk/"])
def test_a_fault_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"nearest|not a number"):
        parse(text)


def test_the_promised_faults_are_there() -> None:
    assert {"slow", "401", "429", "500", "hangup", "html"} <= set(FAULTS)
    assert parse("") == []
