"""The questions Workflow Manager answers, and how it says that it does not."""

from collections.abc import Callable, Mapping
from datetime import datetime

import httpx
import pytest

from jobtui.demo import DemoServer
from jobtui.demo.arcgis_columns import COLUMNS

from .conftest import Doors


def found(doors: Doors, q: str, **more: object) -> list[list[object]]:
    response = doors.arcgis("POST", "jobs/search", json={"q": q, "num": 1000, **more})
    assert response.status_code == 200, response.text
    rows: list[list[object]] = response.json()["results"]
    return rows


def test_a_search_without_fields_gives_the_documented_ones_and_the_id(shared: Doors) -> None:
    answer = shared.arcgis("POST", "jobs/search", json={"q": "closed=0"}).json()
    assert [field["name"] for field in answer["fields"]] == [
        "jobId",
        "jobName",
        "priority",
        "dueDate",
        "currentStep",
    ]
    assert all(len(row) == 5 for row in answer["results"])
    assert answer["num"] == len(answer["results"])


def test_pages_follow_each_other_and_end_with_minus_one(shared: Doors) -> None:
    whole, start, pages = found(shared, "1=1", fields=["jobId"]), 0, 0
    seen: list[list[object]] = []
    while start != -1:
        body = {"q": "1=1", "fields": ["jobId"], "start": start, "num": 7}
        answer = shared.arcgis("POST", "jobs/search", json=body).json()
        seen, start, pages = seen + answer["results"], answer["nextStart"], pages + 1
    assert seen == whole
    assert pages == -(-len(whole) // 7)


def test_the_server_gives_fifty_rows_unless_told_otherwise(web: httpx.Client) -> None:
    with DemoServer(seed=7, jobs=600) as server:
        answer = Doors(server, web).arcgis("POST", "jobs/search", json={"q": "1=1"}).json()
        assert (answer["num"], answer["nextStart"]) == (50, 50)


def test_queries_are_understood(shared: Doors) -> None:
    everything = {row[0]: row[1] for row in found(shared, "1=1", fields=["jobId", "closed"])}
    closed = {job_id for job_id, is_closed in everything.items() if is_closed}
    assert {row[0] for row in found(shared, "closed=1", fields=["jobId"])} == closed
    assert {row[0] for row in found(shared, "NOT closed=true", fields=["jobId"])} == set(everything) - closed
    one = next(iter(closed))
    assert found(shared, f"jobId = '{one}'", fields=["jobId"]) == [[one]]
    assert found(shared, f"closed=0 AND jobId='{one}'") == []
    assert (
        len(found(shared, f"closed=0 OR jobId IN ('{one}', 'nobody')")) == len(everything) - len(closed) + 1
    )
    names = [str(row[0]).lower() for row in found(shared, "jobName LIKE '%PARCEL%'", fields=["jobName"])]
    assert names
    assert all("parcel" in name for name in names)
    ended = found(shared, "endDate > timestamp '2001-01-01 00:00:00' AND (closed=1)", fields=["endDate"])
    assert ended
    assert found(shared, "endDate < '2001-01-01T00:00:00Z'") == []
    assert len(found(shared, "endDate IS NULL")) + len(found(shared, "endDate IS NOT NULL")) == len(
        everything
    )


def test_rows_are_sorted_as_asked(shared: Doors) -> None:
    for order, is_down in (("Asc", False), ("Desc", True)):
        sorting = [{"field": "jobName", "sortOrder": order}]
        names = [str(row[0]) for row in found(shared, "1=1", fields=["jobName"], sortFields=sorting)]
        assert names == sorted(names, reverse=is_down)


def test_a_simple_search_looks_in_every_field(shared: Doors) -> None:
    answer = shared.arcgis("POST", "jobs/search", json={"search": "dortiz", "fields": ["assignedTo"]}).json()
    assert answer["results"]
    assert all(row == ["dortiz"] for row in answer["results"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"q": "closed"},
        {"q": "nofield=1"},
        {"q": "closed=0 AND"},
        {"q": "(closed=0"},
        {"q": "jobName LIKE"},
        {"q": "jobName = bare"},
        {"q": "closed=0 closed=1"},
        {"q": "closed ~ 1"},
        {"q": "1=1", "fields": ["nofield"]},
        {"q": "1=1", "sortFields": [{"field": "nofield"}]},
        {"q": "1=1", "num": "many"},
    ],
)
def test_a_query_that_is_not_understood_is_a_bad_request(shared: Doors, body: Mapping[str, object]) -> None:
    response = shared.arcgis("POST", "jobs/search", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


CELLS: dict[str, Callable[[object], bool]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: type(value) is int,
    "Double": lambda value: type(value) in (int, float),
    "Boolean": lambda value: type(value) is bool,
    "DateTime": _is_moment,
}


def test_every_column_has_a_type_of_the_wire_and_cells_of_that_type(shared: Doors) -> None:
    body = {"q": "1=1", "fields": list(COLUMNS), "num": 1000}
    answer = shared.arcgis("POST", "jobs/search", json=body).json()
    assert [field["name"] for field in answer["fields"]] == list(COLUMNS)
    told = [
        (field["name"], value)
        for row in answer["results"]
        for field, value in zip(answer["fields"], row, strict=True)
        if value is not None and not CELLS[field["fieldType"]](value)
    ]
    assert told == []
    assert len(answer["results"]) > 10


def test_statistics_count_what_a_search_finds(shared: Doors) -> None:
    answer = shared.arcgis("POST", "jobs/statistics", json={"q": "closed=0", "groupBy": "priority"}).json()
    assert (
        answer["total"]
        == len(found(shared, "closed=0"))
        == sum(row["count"] for row in answer["groupedValues"])
    )


def test_a_job_brings_holds_and_extended_properties_only_when_asked(shared: Doors) -> None:
    job = shared.server.world.add_workflow_job("held-before")
    whole = shared.arcgis("GET", f"jobs/{job.job_id}").json()
    assert {"holds", "extendedProperties"} <= set(whole)
    brief = shared.arcgis("GET", f"jobs/{job.job_id}?extProps=false&holds=false&f=json").json()
    assert not {"holds", "extendedProperties", "relatedProperties"} & set(brief)
    assert type(whole["hasLocation"]) is int


def test_diagrams_branch_join_and_go_round(shared: Doors) -> None:
    listed = shared.arcgis("GET", "diagrams").json()["diagrams"]
    whole = [shared.arcgis("GET", f"diagrams/{row['diagramId']}").json() for row in listed]
    steps = [step for diagram in whole for step in diagram["steps"]]
    assert {step["action"]["actionType"] for step in steps} >= {"Manual", "Question", "OpenApp", "GPService"}
    assert {step["canSkip"] for step in steps} == {step["proceedNext"] for step in steps} == {True, False}
    for diagram in whole:
        ids = {step["id"] for step in diagram["steps"]}
        assert diagram["initialStepId"] in ids
        assert {path["nextStep"] for step in diagram["steps"] for path in step["paths"]} <= ids
    back = [
        (step["id"], path["nextStep"])
        for step in steps
        for path in step["paths"]
        if path["nextStep"] < step["id"]
    ]
    assert back, "one goes round"
    job = shared.server.world.add_workflow_job("parallel")
    mine = shared.arcgis("GET", f"jobs/{job.job_id}/diagram").json()
    assert {path["assignedTo"] for step in mine["steps"] for path in step["paths"]} >= {
        "dortiz",
        "editors",
        None,
    }


def test_comments_are_read_and_written(shared: Doors) -> None:
    job = shared.server.world.add_workflow_job("not-started")
    made = shared.arcgis("POST", f"jobs/{job.job_id}/comments", json={"comment": "Called the owner"}).json()
    rows = shared.arcgis("GET", f"jobs/{job.job_id}/comments").json()["jobComments"]
    assert [(row["commentId"], row["comment"], row["lastModifiedBy"]) for row in rows] == [
        (made["commentId"], "Called the owner", "dortiz")
    ]


def test_jobs_are_created_assigned_updated_closed_reopened_and_deleted(shared: Doors) -> None:
    order = {"jobName": "Ours", "numberOfJobs": 2}
    one, two = shared.arcgis("POST", "jobTemplates/t-9/job", json=order).json()["jobIds"]
    group = {"assignedType": "Group", "assignedTo": "surveyors"}
    assert shared.arcgis("POST", f"jobs/{one}/s-1", json=group).json() == {"success": True}
    assert shared.act(one, "Run") == [("s-1", "AssignedToDifferentUser")]
    assert shared.arcgis("POST", f"jobs/{one}/s-2", json=group).status_code == 400
    assert shared.arcgis("POST", f"jobs/{one}/update", json={"priority": "High"}).json() == {"success": True}
    for kind, is_closed in (("Close", True), ("Reopen", False)):
        managed = shared.arcgis("POST", "jobs/manage", json={"jobIds": [one, two], "type": kind}).json()
        assert managed == {"success": True}
        job = shared.arcgis("GET", f"jobs/{one}").json()
        assert (job["closed"], job["priority"], job["jobName"]) == (is_closed, "High", "Ours")
    assert shared.arcgis("POST", "jobs/manage", json={"jobIds": [two], "type": "Delete"}).json() == {
        "success": True
    }
    assert shared.arcgis("GET", f"jobs/{two}").status_code == 404
    assert shared.arcgis("POST", "jobs/manage", json={"jobIds": [two], "type": "Close"}).json() == {
        "success": False
    }
    assert shared.arcgis("POST", "jobTemplates/t-0/job", json={}).status_code == 404


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("searches", "searches"),
        ("diagrams", "diagrams"),
        ("jobTemplates", "jobTemplates"),
        ("community/users", "users"),
        ("community/groups", "groups"),
        ("settings", "currentUser"),
    ],
)
def test_the_catalog_answers(shared: Doors, path: str, key: str) -> None:
    assert shared.arcgis("GET", path).json()[key]


def test_attachments_are_empty_and_unknown_things_are_not_found(shared: Doors) -> None:
    job = shared.server.world.add_workflow_job("done")
    assert shared.arcgis("GET", f"jobs/{job.job_id}/attachments").json() == {"attachments": []}
    for path in ("jobs/nobody", "jobs/nobody/history", "nothing/here", "diagrams/d-0"):
        response = shared.arcgis("GET", path)
        assert response.status_code == 404
        assert response.json()["error"]["message"]


def test_a_token_travels_three_ways_and_is_needed(shared: Doors, web: httpx.Client) -> None:
    source = shared.server.sources["arcgis"]
    url, token = f"{source['base_url']}/{source['org']}/{source['item']}/settings", source["token"]
    assert web.get(url, headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert web.get(url, params={"token": token}).status_code == 200
    missing, wrong = web.get(url), web.get(url, params={"token": "wrong"})
    assert (missing.status_code, missing.json()["error"]["code"]) == (401, 499)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, 498)


def test_the_health_of_the_server_is_told_to_anybody(shared: Doors, web: httpx.Client) -> None:
    for path in ("workflow/checkStatus", "healthCheck"):
        assert web.get(f"{shared.server.url}/{path}").json() == {"success": True}
