"""The Zendesk service over real HTTP."""

import httpx
import pytest

from jobtui.demo import DemoServer, ManualClock

from .conftest import Doors


@pytest.mark.parametrize("tail", ["", ".json"])
def test_every_path_works_with_and_without_json(shared: Doors, tail: str) -> None:
    rows = shared.zendesk("GET", f"job_statuses{tail}").json()["job_statuses"]
    one, two = rows[0], rows[-1]
    assert shared.zendesk("GET", f"job_statuses/{one['id']}{tail}").json() == {"job_status": one}
    for comma in (",", "%2C"):
        ids = f"{one['id']}{comma}unknown{comma}{two['id']}{comma}{one['id']}"
        many = shared.zendesk("GET", f"job_statuses/show_many{tail}?ids={ids}").json()["job_statuses"]
        assert many == [one, two]
    assert shared.zendesk("GET", f"users/me{tail}").json()["user"]["email"]


def test_rows_are_complete_and_in_the_order_of_their_end(shared: Doors) -> None:
    rows = shared.zendesk("GET", "job_statuses").json()["job_statuses"]
    keys = {"id", "job_type", "url", "total", "progress", "status", "message", "results"}
    assert all(set(row) == keys for row in rows)
    assert all(row["url"] == f"{shared.server.url}/api/v2/job_statuses/{row['id']}.json" for row in rows)
    has_ended = [row["status"] not in ("queued", "working") for row in rows]
    assert has_ended == sorted(has_ended), "the unfinished come first"
    ends = [row["message"].split(" at ")[1] for row in rows if row["message"]]
    assert ends == sorted(ends, reverse=True)


def test_cursor_pages_meet_end_to_end_and_go_back(shared: Doors) -> None:
    whole = shared.zendesk("GET", "job_statuses").json()["job_statuses"]
    page = shared.zendesk("GET", "job_statuses.json", params={"page[size]": 9}).json()
    seen = page["job_statuses"]
    while page["meta"]["has_more"]:
        path = page["links"]["next"].removeprefix(f"{shared.server.url}/api/v2/")
        page = shared.zendesk("GET", path).json()
        seen += page["job_statuses"]
    assert seen == whole
    back = shared.zendesk(
        "GET", "job_statuses", params={"page[before]": page["meta"]["before_cursor"], "page[size]": 9}
    )
    assert back.json()["job_statuses"] == whole[: len(whole) - len(page["job_statuses"])][-9:]


@pytest.mark.parametrize(
    "query", ["page[size]=0", "page[size]=101", "page[size]=x", "page[after]=invented", "page[after]="]
)
def test_bad_paging_is_a_bad_request(shared: Doors, query: str) -> None:
    response = shared.zendesk("GET", f"job_statuses?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "InvalidPaginationParameter"


def test_show_many_takes_a_hundred_ids(shared: Doors) -> None:
    for count, status in ((1, 200), (100, 200), (101, 400), (0, 400)):
        ids = ",".join(f"x{number}" for number in range(count))
        assert shared.zendesk("GET", f"job_statuses/show_many?ids={ids}").status_code == status


def test_results_have_the_shape_of_their_kind(doors: Doors, clock: ManualClock) -> None:
    world = doors.server.world
    made = {
        "create": world.add_batch("create", 4),
        "update": world.add_batch("update", 4, failed_items=2),
        "delete": world.add_batch("delete", 4),
        "upsert": world.add_batch("upsert", 4),
        "failed": world.add_batch("create", 2, failed_items=2, outcome="failed"),
        "killed": world.add_batch("update", 4, outcome="killed"),
    }
    waiting = doors.zendesk("GET", f"job_statuses/{made['update'].batch_id}").json()["job_status"]
    assert (waiting["status"], waiting["total"], waiting["results"]) == ("queued", None, None)
    clock.move(5.0)
    working = doors.zendesk("GET", f"job_statuses/{made['update'].batch_id}").json()["job_status"]
    assert (working["status"], working["total"], working["results"]) == ("working", 4, None)
    clock.move(300.0)
    rows = {
        name: doors.zendesk("GET", f"job_statuses/{batch.batch_id}").json()["job_status"]
        for name, batch in made.items()
    }
    assert {frozenset(each) for each in rows["create"]["results"]} == {
        frozenset({"index", "id", "account_id"})
    }
    assert sum(each["success"] is False for each in rows["update"]["results"]) == 2
    assert (rows["delete"]["results"], rows["delete"]["total"]) == ({"success": True}, None)
    assert all(each["email"] for each in rows["upsert"]["results"])
    assert rows["failed"]["status"] == "failed"
    assert all(each["error"] for each in rows["failed"]["results"])
    assert (rows["killed"]["status"], rows["killed"]["results"]) == ("killed", None)
    assert rows["killed"]["message"].startswith("Killed at 20")


def test_bulk_calls_start_jobs_until_the_queue_is_full(doors: Doors, clock: ManualClock) -> None:
    starts = [
        doors.zendesk("POST", "tickets/create_many.json", json={"tickets": [{}, {}]}),
        doors.zendesk("PUT", "tickets/update_many.json?ids=1,2", json={"ticket": {"status": "solved"}}),
        doors.zendesk("PUT", "tickets/update_many", json={"tickets": [{"id": 1}]}),
        doors.zendesk("DELETE", "tickets/destroy_many.json?ids=1,2,3"),
    ]
    ids = [response.json()["job_status"]["id"] for response in starts]
    clock.move(60.0)
    many = doors.zendesk("GET", f"job_statuses/show_many?ids={','.join(ids)}").json()["job_statuses"]
    assert [row["status"] for row in many] == ["completed"] * 4
    assert doors.zendesk("DELETE", "tickets/destroy_many?ids=").status_code == 400
    full = next(
        answer
        for answer in (doors.zendesk("DELETE", "tickets/destroy_many?ids=1") for _ in range(31))
        if answer.status_code != 200
    )
    assert (full.status_code, full.json()["error"]) == (429, "TooManyJobs")
    assert len(full.json()["current_job_ids"]) == 30
    assert full.headers["retry-after"]


def test_every_answer_tells_the_budget(shared: Doors) -> None:
    for path in ("job_statuses", "job_statuses/nobody", "nothing/here"):
        headers = shared.zendesk("GET", path).headers
        assert int(headers["x-rate-limit"]) > int(headers["x-rate-limit-remaining"])
        assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= set(headers)
        assert "retry-after" not in headers, "a published client takes any answer with it for a refusal"


def test_what_is_not_there_says_so(shared: Doors) -> None:
    missing = shared.zendesk("GET", "job_statuses/nobody.json")
    assert (missing.status_code, missing.json()["error"]) == (404, "RecordNotFound")


def test_a_credential_travels_three_ways_and_is_needed(still: DemoServer, web: httpx.Client) -> None:
    source = still.sources["zendesk"]
    url, email, token = f"{source['base_url']}/api/v2/users/me.json", source["email"], source["token"]
    assert web.get(url, auth=(f"{email}/token", token)).status_code == 200
    assert web.get(url, auth=(email, "demo")).status_code == 200
    assert web.get(url, headers={"authorization": f"Bearer {token}"}).status_code == 200
    for wrong in (
        {},
        {"authorization": "Bearer no"},
        {"authorization": "Basic !"},
        {"authorization": "Basic bm8="},
    ):
        response = web.get(url, headers=wrong)
        assert (response.status_code, response.json()) == (401, {"error": "Couldn't authenticate you"})
