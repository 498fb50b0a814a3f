"""Search rows and job records, read from JSON that promises little."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from jobtui.backends.arcgis.fields import moment
from jobtui.backends.arcgis.properties import LONGEST, MOST
from jobtui.backends.arcgis.rows import SearchPage, decode_search
from jobtui.backends.arcgis.wire import decode_job
from jobtui.errors import UnexpectedReply
from jobtui.model import Flag, Progress, State
from tests.backends.arcgis.invented import NOW, REF, SOURCE, bare, record

ASKED = ("jobId", "jobName", "closed", "percentComplete", "startedDate", "endDate", "currentStep")


def page(*rows: object, fields: object = None, closed: bool = False, **more: object) -> SearchPage:
    body: dict[str, object] = {"results": list(rows), "start": 0, "nextStart": -1, **more}
    if fields is not None:
        body["fields"] = fields
    return decode_search(SOURCE, bare(body), ASKED, closed=closed, as_of=NOW)


def test_rows_are_read_by_the_order_of_the_fields_of_the_answer() -> None:
    fields = [{"name": name, "fieldType": "String"} for name in ("jobName", "job_Id", "jobStatus", "ownedBy")]
    (job,) = page(["Parcel split", "j-1", "In review", "lead"], fields=fields).jobs
    assert (job.ref.job_id, job.title, job.raw_state, job.owner) == (
        "j-1",
        "Parcel split",
        "In review",
        "lead",
    )
    assert job.flags == {Flag.BRIEF}


def test_rows_are_read_by_the_fields_asked_for_when_the_answer_does_not_repeat_them() -> None:
    (job,) = page(["j-1", "Parcel split", False, 40, "2026-09-11T08:12:45Z", None, "Check"]).jobs
    assert job.progress == Progress(0.4)
    assert job.started == datetime(2026, 9, 11, 8, 12, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "state", "ended"),
    [
        (["j", "J", False, 0, None, None, "Draw"], State.QUEUED, False),
        (["j", "J", False, 40, "2026-09-11T08:12:45Z", None, "Draw"], State.WAITING, False),
        (["j", "J", True, 100, 1, None, None], State.SUCCEEDED, True),
        (["j", "J", True, 40, 1, None, None], State.CANCELLED, True),
        (["j", "J", 1, 40, 1, None, None], State.CANCELLED, True),
        (["j", "J", False, 100, 1, "2026-09-11T08:12:45Z", None], State.SUCCEEDED, True),
        (["j", "J", False, 50, 1, "2026-09-11T08:12:45Z", "Draw"], State.WAITING, False),
        (["j"], State.QUEUED, False),
    ],
)
def test_a_row_tells_whether_the_job_has_ended(row: list[object], state: State, ended: bool) -> None:
    (job,) = page(row).jobs
    assert (job.state, job.ended) == (state, ended)


def test_the_question_itself_tells_what_the_row_leaves_out() -> None:
    (job,) = page(["j-1", "J"], fields=["jobId", "jobName"], closed=True).jobs
    assert job.ended
    (job,) = page(["j-1", "J"], fields=["jobId", "jobName"]).jobs
    assert (job.ended, job.state) == (False, State.WAITING)


def test_one_odd_row_or_cell_does_not_cost_the_page() -> None:
    found = page(["j-1"], "no row", [None], [{"id": 1}], [], [7, ["x"], "?", {}, "yesterday", -1e99, []])
    assert [(job.ref.job_id, job.title) for job in found.jobs] == [("j-1", "j-1"), ("7", "7")]
    assert found.rows == 6


@pytest.mark.parametrize(
    ("more", "following"),
    [
        ({"nextStart": -1}, None),
        ({"nextStart": 50}, 50),
        ({"nextStart": "50"}, 50),
        ({"nextStart": None}, None),
        ({"nextStart": 0}, None),
        ({"start": 100, "nextStart": 50}, None),
    ],
)
def test_paging_ends_and_never_goes_back(more: dict[str, Any], following: int | None) -> None:
    assert page(["j-1"], **more).next_start == following


def test_an_empty_page_ends_the_paging() -> None:
    assert page(nextStart=50).next_start is None


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"results": 1}', b'{"results": [["x"]], "fields": [{"name": "jobName"}]}']
)
def test_what_is_no_list_of_jobs_is_an_unexpected_reply(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_search(SOURCE, body, ASKED, closed=False, as_of=NOW)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'{"success": false}', b"\xff", b"[" * 100_000])
def test_what_is_no_job_is_an_unexpected_reply(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_job(REF, body)


def test_odd_fields_of_a_job_are_not_known_and_the_rest_counts() -> None:
    found = record(
        7,  # type: ignore[arg-type]
        {"stepName": "No id"},
        {"stepId": "a", "canSkip": "perhaps"},
        {"stepId": "a"},
        percentComplete="lots",
        jobName=None,
        startedDate={},
        closed="no idea",
        diagramVersion=None,
        holds=[1, {"holdId": "h-1"}, {"stepId": "a"}],  # type: ignore[list-item]
    )
    assert [(step.step_id, step.can_skip) for step in found.current] == [("a", None)]
    assert (found.name, found.percent, found.started, found.closed) == (REF.job_id, None, None, False)
    assert found.diagram == ("d-1", "")
    assert found.holds is not None
    assert [each.step_id for each in found.holds] == ["a"]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-09-11T08:12:45Z", datetime(2026, 9, 11, 8, 12, 45, tzinfo=UTC)),
        ("2026-09-11T08:12:45.123456789Z", datetime(2026, 9, 11, 8, 12, 45, 123456, tzinfo=UTC)),
        ("2026-09-11T10:12:45+02:00", datetime(2026, 9, 11, 8, 12, 45, tzinfo=UTC)),
        ("2026-09-11T08:12:45", datetime(2026, 9, 11, 8, 12, 45, tzinfo=UTC)),
        (1789114365000, datetime(2026, 9, 11, 8, 12, 45, tzinfo=UTC)),
        ("1789114365000", datetime(2026, 9, 11, 8, 12, 45, tzinfo=UTC)),
        (1789114365, datetime(2026, 9, 11, 8, 12, 45, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9998, 12, 31, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (True, None),
        (float("inf"), None),
        (10**300, None),
        (None, None),
        ({}, None),
    ],
)
def test_times_come_as_iso_or_as_milliseconds(written: object, at: datetime | None) -> None:
    assert moment(written) == at


def test_what_an_item_says_of_its_jobs_is_kept_by_name_whatever_it_is() -> None:
    own = [
        {"propertyName": "district", "value": "D3"},
        {"propertyName": "hectares", "value": 4.5},
        {"propertyName": "urgent", "value": False},
        {"propertyName": "empty", "value": None},
        {"propertyName": "odd", "value": {"deep": [1]}},
        {"value": "nameless"},
        "no property",
    ]
    found = record(
        priority="Top, most",
        dueDate="2026-09-18T16:00:00Z",
        startDate=1789027200000,
        description="",
        notes=None,
        parentJob="Zk19",
        extendedProperties=[{"tableName": "work", "properties": own}, {"properties": own[:1]}, None],
        relatedProperties=[{"tableName": "parcels", "properties": "none"}],
    )
    assert found.properties == (
        ("priority", "Top, most"),
        ("planned start", "2026-09-10 08:00 UTC"),
        ("due", "2026-09-18 16:00 UTC"),
        ("parent job", "Zk19"),
        ("work.district", "D3"),
        ("work.hectares", "4.5"),
        ("work.urgent", "false"),
        ("district", "D3"),
    )
    assert record(extendedProperties=7, priority=[]).properties == ()


def test_properties_are_bounded_in_number_and_length() -> None:
    many = [{"propertyName": f"p{n}", "value": "x" * 100_000} for n in range(5_000)]
    found = record(extendedProperties=[{"tableName": "work", "properties": many}]).properties
    assert len(found) == MOST
    assert all(len(value) == LONGEST + 1 for _, value in found)
