"""Which jobs a JSON document names: answers of all three APIs, as they are and as they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.naming import Named, error_in, names_in
from jobtui.model import Kind
from tests.backends.conftest import json_values, records

STATUS = {"id": "4be0", "status": "queued", "url": "https://acme.zendesk.com/api/v2/job_statuses/4be0.json"}
ACTION = {"ID": 48213, "Status": "IN_PROGRESS", "Progress": 35}


def ids(value: object) -> list[str]:
    return [name.text for name in names_in(value)]


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ({"job_status": STATUS}, Kind.ZENDESK, ["4be0"]),
        ({"job_status": {"id": "9c"}, "ticket": {"id": 7}}, Kind.ZENDESK, ["9c"]),
        (STATUS, Kind.ZENDESK, ["4be0"]),
        ({"job_statuses": [{"id": "a", "status": "completed"}, {"id": "b"}, 7]}, Kind.ZENDESK, ["a", "b"]),
        ([{"job_status": STATUS}, {"job_status": {"id": "b"}}], Kind.ZENDESK, ["4be0", "b"]),
        ({"error": "TooManyJobs", "current_job_ids": ["a", "a", None, "b"]}, Kind.ZENDESK, ["a", "b"]),
        ({"PendingActionID": 48213, "RanAsThread": True}, Kind.NEXTSPACE, ["48213"]),
        ({"ID": 5, "PendingActionID": 6}, Kind.NEXTSPACE, ["5"]),
        ({"ID": "an-entity", "PendingActionID": 6}, Kind.NEXTSPACE, ["6"]),
        ({"ID": 0, "PendingActionID": 6}, Kind.NEXTSPACE, ["6"]),
        (ACTION, Kind.NEXTSPACE, ["48213"]),
        ({"Items": [ACTION, {"ID": 7}]}, Kind.NEXTSPACE, ["48213", "7"]),
        ({"Items": [{"ID": 990412, "PendingAction.ID": 48213}]}, Kind.NEXTSPACE, ["48213"]),
        ({"jobIds": ["Qm7x", "Zk19"]}, Kind.ARCGIS, ["Qm7x", "Zk19"]),
        ({"jobId": "Qm7x", "holds": [{"jobId": "Qm7x", "dependentJobId": "Zk19"}]}, Kind.ARCGIS, ["Qm7x"]),
        ({"msgType": "StepStarted", "message": {"jobId": "Qm7x", "stepIds": ["s"]}}, Kind.ARCGIS, ["Qm7x"]),
        ({"jobHistory": [{"jobId": "Qm7x"}, {"jobId": "Qm7x"}]}, Kind.ARCGIS, ["Qm7x"]),
        (
            {"fields": [{"name": "jobName"}, {"name": "jobId"}], "results": [["a", "Qm7x"], ["b"], 7]},
            Kind.ARCGIS,
            ["Qm7x"],
        ),
        ({"ref": "desk:4be0", "state": "running"}, None, ["desk:4be0"]),
        (["desk:4be0", 7], None, ["desk:4be0", "7"]),
        ({"status": ["working"], "url": [["/job_statuses/"]], "ID": 7}, Kind.NEXTSPACE, ["7"]),
    ],
)
def test_each_answer_names_its_jobs(value: object, kind: Kind | None, expected: list[str]) -> None:
    assert ids(value) == expected
    assert {name.kind for name in names_in(value)} == {kind}


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "desk:4be0",
        {},
        {"ID": "s-5f0b2c", "User": {"ID": "u-7c1e"}},
        {"ID": 7, "User.ID": "u-7c1e"},
        {"ID": 12, "Subdomain": "acme"},
        {"ID": 0},
        {"ID": True},
        {"id": 7, "name": "On call"},
        {"user": {"id": 8801}},
        {"success": False, "stepResponses": [{"stepId": "s-3", "status": "Held"}]},
        {"fields": ["jobName"], "results": [["a"]]},
        {"error": "RecordNotFound", "description": "Not found"},
    ],
)
def test_what_is_no_job_names_none(value: object) -> None:
    assert names_in(value) == ()


def test_the_address_that_an_answer_gives_stays_with_its_job() -> None:
    assert names_in({"job_status": STATUS}) == (Named(Kind.ZENDESK, "4be0", str(STATUS["url"])),)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"ERROR": {"Type": "NOT_FOUND", "Message": "it is gone"}}, "it is gone"),
        ({"ERROR": "Access denied"}, "Access denied"),
        ({"error": "TooManyJobs", "description": "The queue is full"}, "TooManyJobs: The queue is full"),
        ({"error": {"title": "Forbidden", "message": "not for you"}}, "not for you"),
        ({"errors": [{"code": "X", "detail": "page[after] is wrong"}]}, "page[after] is wrong"),
        ({"error": {"code": 498, "message": "\x1b[31mno longer"}}, "·[31mno longer"),
        ({"ID": 7, "Errors": []}, None),
        ([], None),
    ],
)
def test_an_error_says_its_reason_in_any_spelling(value: object, said: str | None) -> None:
    assert error_in(value) == said


_KEYS = (
    "job_status",
    "job_statuses",
    "current_job_ids",
    "ID",
    "Items",
    "jobIds",
    "jobId",
    "message",
    "fields",
    "ref",
)


@given(json_values | records(_KEYS, ["7", "\ud800"]) | st.just({"Items": [{"ID": "7"}]}))
def test_any_value_names_jobs_that_can_be_written(value: object) -> None:
    for name in names_in(value):
        assert name.text.encode("utf-8")
    error_in(value)


def test_a_ref_of_half_a_character_can_be_written() -> None:
    assert ids({"ref": "field:\ud800Q"}) == ["field:?Q"]


def test_what_is_nested_without_end_is_left() -> None:
    deep: object = {"jobId": "a"}
    for _ in range(500):
        deep = [deep]
    assert names_in(deep) == ()
