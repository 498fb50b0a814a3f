"""The Pending Actions service over real HTTP."""

import json
import re

import httpx
import pytest

from jobtui.demo import DemoServer, ManualClock

from .conftest import Doors

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_the_list_is_newest_first_and_comes_in_pages(doors: Doors) -> None:
    rows = doors.nextspace("GET", "pendingActions", params={"Amount": 1000}).json()["Items"]
    assert [row["Created"] for row in rows] == sorted((row["Created"] for row in rows), reverse=True)
    second = doors.nextspace("GET", "pendingActions", params={"StartIndex": 5, "Amount": 5}).json()
    assert second == {"Items": rows[5:10]}
    some = doors.nextspace("GET", "pendingActions", params={"Status": "FAILED"}).json()["Items"]
    assert some == [row for row in rows if row["Status"] == "FAILED"]
    assert all(STAMP.fullmatch(row["Created"]) for row in rows)


def test_a_waiting_action_shows_no_sign_of_life_until_it_starts(doors: Doors, clock: ManualClock) -> None:
    action = doors.server.world.add_action(starts_in=50.0, lasts=100.0)
    path = f"pendingAction/{action.action_id}"
    row = doors.nextspace("GET", path).json()
    assert (row["Status"], row["Progress"], "Updated" in row) == ("IN_PROGRESS", 0, False)
    assert doors.nextspace("GET", f"{path}/progressMessages").json() == {"Items": []}
    clock.move(60.0)
    row = doors.nextspace("GET", path).json()
    assert row["Progress"] > 0
    assert (
        "starting to process"
        in doors.nextspace("GET", f"{path}/progressMessages").json()["Items"][0]["Message"]
    )
    clock.move(100.0)
    row = doors.nextspace("GET", path).json()
    assert (row["Status"], row["Progress"]) == ("COMPLETE", 100)
    assert STAMP.fullmatch(row["Completed"])


def test_a_result_is_a_string_or_parsed_when_asked(doors: Doors) -> None:
    doors.server.world.advance(4 * 3600.0)
    rows = doors.nextspace("GET", "pendingActions", params={"Amount": 1000}).json()["Items"]
    assert all(isinstance(row["Result"], str) for row in rows)
    for row in rows:
        parsed = doors.nextspace("GET", f"pendingAction/{row['ID']}", params={"Result": "JSON"}).json()[
            "Result"
        ]
        try:
            expected = json.loads(row["Result"])
        except ValueError:
            expected = {"Output": row["Result"]} if row["Result"] else {}
        assert parsed == expected


def test_messages_are_paged_in_either_order(doors: Doors) -> None:
    row = doors.nextspace("GET", "pendingActions", params={"Status": "FAILED"}).json()["Items"][0]
    path = f"pendingAction/{row['ID']}/progressMessages"
    upward = doors.nextspace("GET", path, params={"Amount": 500, "Order": "ASC"}).json()["Items"]
    downward = doors.nextspace("GET", path, params={"Amount": 500, "Order": "DESC"}).json()["Items"]
    assert upward == downward[::-1]
    assert upward[-1]["Message.Type"] == "ERROR"
    assert len({message["ID"] for message in upward}) == len(upward)
    newest = doors.nextspace("GET", path, params={"StartIndex": 1, "Amount": 2, "Order": "DESC"}).json()[
        "Items"
    ]
    assert newest == downward[1:3]


def test_a_cancel_is_advice_and_an_ended_action_says_that_it_ended(doors: Doors, clock: ManualClock) -> None:
    world = doors.server.world
    action = next(each for each in (world.add_action() for _ in range(2)) if each.obeys_cancel)
    path = f"pendingAction/{action.action_id}"
    answer = doors.nextspace("DELETE", path)
    assert (answer.status_code, answer.json()["Status"]) == (200, "IN_PROGRESS")
    clock.move(10.0)
    assert doors.nextspace("GET", path).json()["Status"] == "CANCELLED"
    again = doors.nextspace("DELETE", path)
    assert again.status_code == 400
    assert "already ended" in again.json()["ERROR"]["Message"]


@pytest.mark.parametrize("path", ["pendingAction/999999999", "v3/pendingAction/1", "nothing"])
def test_what_is_not_there_is_an_error_of_its_own_shape(shared: Doors, path: str) -> None:
    response = shared.nextspace("GET", path)
    assert response.status_code == 404
    assert response.json()["ERROR"]["Message"]


@pytest.mark.parametrize(
    "path", ["pendingActions?Amount=x", "pendingActions?StartIndex=-1", "pendingActions?Amount=-4"]
)
def test_bad_numbers_are_a_bad_request(shared: Doors, path: str) -> None:
    assert shared.nextspace("GET", path).status_code == 400


def test_signing_in_by_the_guardian(still: DemoServer, web: httpx.Client) -> None:
    base, token = still.sources["nextspace"]["base_url"], still.sources["nextspace"]["token"]
    session = web.post(f"{base}/v3/login", json={"Username": "dortiz", "Password": "demo"}).json()
    assert session["User"]["ID"] == session["User.ID"]
    account = web.get(f"{base}/account/demo", headers={"authorization": f"Bearer {session['ID']}"}).json()
    assert account["URL"]["Base"] == base
    with_session = {"x-sessionid": session["ID"]}
    assert web.get(f"{base}/pendingActions", headers=with_session).status_code == 200
    assert web.get(f"{base}/v3/session", headers=with_session).json()["ID"] == session["ID"]
    assert web.post(f"{base}/v3/logout", json={}, headers=with_session).json() == {}
    assert web.get(f"{base}/pendingActions", headers=with_session).status_code == 401
    assert web.get(f"{base}/v3/session", headers=with_session).json()["User.ID"] == "anonymous"
    assert web.post(f"{base}/v3/login", json={"Username": "", "Password": token}).status_code == 200
    wrong = web.post(f"{base}/v3/login", json={"Username": "dortiz", "Password": "guess"})
    assert wrong.status_code == 401
    assert wrong.json()["ERROR"]["Message"]


def test_job_routes_need_a_token_and_the_version_does_not(still: DemoServer, web: httpx.Client) -> None:
    base = still.sources["nextspace"]["base_url"]
    for method, path in (
        ("GET", "pendingActions"),
        ("GET", "pendingAction/1"),
        ("DELETE", "pendingAction/1"),
    ):
        response = web.request(method, f"{base}/{path}", headers={"authorization": "Bearer wrong"})
        assert response.status_code == 401
        assert response.json()["ERROR"]["Type"] == "UNAUTHORIZED"
    assert web.get(f"{base}/version").json()["Bruce-API"]
