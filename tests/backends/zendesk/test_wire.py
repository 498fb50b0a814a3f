"""Zendesk job status JSON to jobs."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.zendesk.complaints import explain
from jobtui.backends.zendesk.wire import NO_REASON, decode_list, decode_person, decode_status
from jobtui.errors import UnexpectedReply
from jobtui.model import Flag, Job, JobDetail, JobMessage, JobRef, Kind, Level, Progress, State
from tests.backends.conftest import json_values, records

NOW = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
ROOT = "https://acme.example/api/v2"
KEYS = ("id", "job_type", "url", "status", "progress", "total", "message", "results")
WORDS = ("queued", "working", "completed", "failed", "killed", "Completed at 2026-09-14 08:05:02 +0000")
ELEMENT_KEYS = ("id", "index", "success", "error", "errors", "details", "status", "title", "action", "email")
GOOD = {
    "id": 91204,
    "action": "update",
    "status": "Updated",
    "success": True,
    "title": "Laser jams",
    "errors": "",
}
BAD = {"index": 1, "id": 91205, "success": False, "error": "TicketUpdateFailed", "details": "Status: closed"}


def detail_of(record: dict[str, object], *, wrapped: bool = True) -> JobDetail:
    """Decode one job status."""
    body = json.dumps({"job_status": record} if wrapped else record).encode()
    return decode_status("desk", body, as_of=NOW, root=ROOT).detail


def row_of(record: dict[str, object]) -> Job:
    """Decode one row of a list."""
    [job] = decode_list("desk", json.dumps({"job_statuses": [record]}).encode(), as_of=NOW, root=ROOT).jobs
    return job


def test_a_working_job_is_read_wrapped_or_bare() -> None:
    record: dict[str, object] = {
        "id": "4be0",
        "job_type": "BulkTicketUpdate",
        "status": "working",
        "total": 40,
        "progress": 12,
    }
    detail = detail_of(record)
    assert detail == detail_of(record, wrapped=False)
    job = detail.job
    assert (job.ref, job.kind, job.title) == (JobRef("desk", "4be0"), Kind.ZENDESK, "BulkTicketUpdate")
    assert (job.state, job.raw_state, job.ended) == (State.RUNNING, "working", False)
    assert job.progress == Progress(0.3, 12, 40)
    assert job.url == f"{ROOT}/job_statuses/4be0"
    assert (job.created, job.ended_at, job.items_failed, job.result) == (None, None, None, None)


@pytest.mark.parametrize(
    ("changes", "state", "ended", "why"),
    [
        ({"status": "queued"}, State.QUEUED, False, None),
        ({"status": "working"}, State.RUNNING, False, None),
        ({"status": "completed"}, State.SUCCEEDED, True, None),
        ({"status": "completed", "results": [GOOD]}, State.SUCCEEDED, True, None),
        ({"status": "completed", "results": {"success": True}}, State.SUCCEEDED, True, None),
        (
            {"status": "completed", "total": 100, "results": [GOOD, BAD, BAD, {**BAD, "details": "x"}]},
            State.PARTIAL,
            True,
            "3 of 100 items failed: TicketUpdateFailed: Status: closed",
        ),
        (
            {"status": "completed", "results": [BAD, BAD]},
            State.FAILED,
            True,
            "2 of 2 items failed: TicketUpdateFailed: Status: closed",
        ),
        (
            {"status": "completed", "results": {"success": False}},
            State.FAILED,
            True,
            "1 of 1 items failed: no reason given",
        ),
        (
            {"status": "failed", "results": [GOOD, BAD]},
            State.FAILED,
            True,
            "TicketUpdateFailed: Status: closed",
        ),
        (
            {"status": "failed", "results": [GOOD], "message": "Failed at dawn"},
            State.FAILED,
            True,
            "Failed at dawn",
        ),
        ({"status": "failed", "results": {"success": False}}, State.FAILED, True, NO_REASON),
        ({"status": "failed"}, State.FAILED, True, NO_REASON),
        ({"status": "killed", "results": [BAD]}, State.FAILED, True, "killed by the server"),
        ({"status": "aborted"}, State.UNKNOWN, False, "the server says “aborted”"),
        ({"status": None}, State.UNKNOWN, False, "the server gives no status"),
    ],
)
def test_the_servers_word_becomes_state_ended_and_why(
    changes: dict[str, object], state: State, ended: bool, why: str | None
) -> None:
    job = detail_of({"id": "4be0", **changes}).job
    assert (job.state, job.ended, job.why) == (state, ended, why)
    assert job.raw_state == (changes["status"] or "")


@pytest.mark.parametrize(
    ("progress", "total", "expected"),
    [
        (None, None, None),
        (3, None, Progress(None, 3, None)),
        (None, 9, Progress(None, None, 9)),
        (0, 0, Progress(None, 0, 0)),
        (5, 4, Progress(1.0, 5, 4)),
        ("2", "4", Progress(0.5, 2, 4)),
        (-1, 4, Progress(None, None, 4)),
        (True, "x", None),
    ],
)
def test_progress_counts_and_is_a_share_only_of_a_known_total(
    progress: object, total: object, expected: Progress | None
) -> None:
    assert (
        detail_of({"id": "a", "status": "working", "progress": progress, "total": total}).job.progress
        == expected
    )


def test_each_element_of_the_results_is_a_step() -> None:
    detail = detail_of({"id": "4be0", "status": "completed", "results": [GOOD, BAD]})
    assert [
        (step.id, step.title, step.state, step.raw_state, step.type, step.message) for step in detail.steps
    ] == [
        ("0", "#91204 Laser jams", State.SUCCEEDED, "Updated", "update", "Updated"),
        ("1", "#91205", State.FAILED, "TicketUpdateFailed", None, "TicketUpdateFailed: Status: closed"),
    ]
    assert detail.job.items_failed == 1
    assert detail.job.result == [GOOD, BAD]


@pytest.mark.parametrize("results", [[GOOD], [GOOD, BAD, GOOD]])
def test_the_total_and_the_number_of_results_may_differ(results: list[object]) -> None:
    detail = detail_of({"id": "4be0", "status": "completed", "progress": 2, "total": 2, "results": results})
    assert detail.job.progress == Progress(1.0, 2, 2)
    assert len(detail.steps) == len(results)
    assert detail.job.state is (State.SUCCEEDED if results == [GOOD] else State.PARTIAL)


def test_elements_stand_in_the_order_of_the_request() -> None:
    rows = [{"index": 2, "id": 9}, {"index": 0, "id": 7}, {"index": 0, "id": 8}]
    steps = detail_of({"id": "a", "status": "completed", "results": rows}).steps
    assert [(step.id, step.title) for step in steps] == [("0", "#7"), ("0-2", "#8"), ("2", "#9")]


def test_an_element_without_an_id_is_named_by_its_place() -> None:
    rows = [{"index": 4, "error": "TicketCreateFailed"}, {"email": "dana@acme.example", "other": [1]}, "odd"]
    steps = detail_of({"id": "a", "status": "failed", "results": rows}).steps
    assert [(step.id, step.title, step.message) for step in steps] == [
        ("4", "item 5", "TicketCreateFailed"),
        ("1", "item 2 dana@acme.example", '{"other": [1]}'),
    ]


@pytest.mark.parametrize(
    ("element", "failed"),
    [
        ({"success": False}, True),
        ({"error": "X"}, True),
        ({"errors": "old text"}, True),
        ({"errors": ""}, False),
        ({"errors": []}, False),
        ({"error": None}, False),
        ({"success": True, "errors": ["x"]}, True),
        ({}, False),
    ],
)
def test_an_element_failed_when_it_says_so(element: dict[str, object], failed: bool) -> None:
    assert detail_of({"id": "a", "status": "completed", "results": [element]}).job.items_failed == int(failed)


@pytest.mark.parametrize("results", [None, {}, "text", 7])
def test_results_that_say_nothing_leave_the_failures_unknown(results: object) -> None:
    detail = detail_of({"id": "a", "status": "completed", "results": results})
    assert (detail.job.items_failed, detail.steps) == (None, ())


@pytest.mark.parametrize(
    ("record", "brief"),
    [
        ({"status": "completed"}, True),
        ({"status": "failed", "results": None}, True),
        ({"status": "completed", "results": []}, False),
        ({"status": "working"}, True),
        ({"status": "working", "progress": 0}, False),
        ({"status": "queued"}, False),
    ],
)
def test_a_row_says_whether_more_can_be_read(record: dict[str, object], brief: bool) -> None:
    assert (row_of({"id": "a", **record}).flags == {Flag.BRIEF}) is brief
    assert not detail_of({"id": "a", **record}).job.is_brief


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Completed at 2018-03-08 06:07:49 +0000", datetime(2018, 3, 8, 6, 7, 49, tzinfo=UTC)),
        ("Completed at Fri Apr 13 02:51:53 +0000 2012", datetime(2012, 4, 13, 2, 51, 53, tzinfo=UTC)),
        ("Failed at 2016-01-15T10:39:18Z", datetime(2016, 1, 15, 10, 39, 18, tzinfo=UTC)),
        ("Failed at 2016-01-15 10:39:18", datetime(2016, 1, 15, 10, 39, 18, tzinfo=UTC)),
        ("Completed at 2018-03-08 08:07:49 +02:00", datetime(2018, 3, 8, 6, 7, 49, tzinfo=UTC)),
        ("Completed at 2018-13-48 06:07:49 +0000", None),
        ("Completed at Fri Xyz 13 02:51:53 +0000 2012", None),
        ("Completed at last", None),
    ],
)
def test_the_message_tells_when_it_ended_if_it_can_be_read(text: str, at: datetime | None) -> None:
    told = decode_status(
        "desk", json.dumps({"id": "a", "status": "completed", "message": text}).encode(), as_of=NOW, root=ROOT
    )
    assert told.detail.job.ended_at == at
    assert told.message is not None
    assert (told.message.at, told.message.text) == (at, text)


@pytest.mark.parametrize(
    ("record", "level"),
    [
        ({"status": "completed"}, Level.INFO),
        ({"status": "completed", "results": [GOOD, BAD]}, Level.WARNING),
        ({"status": "failed"}, Level.ERROR),
        ({"status": "killed"}, Level.ERROR),
        ({"status": "working"}, Level.INFO),
    ],
)
def test_a_job_has_one_message_whose_id_lasts_as_long_as_its_text(
    record: dict[str, object], level: Level
) -> None:
    def told(text: object) -> JobMessage | None:
        body = json.dumps({"id": "a", "message": text, **record}).encode()
        return decode_status("desk", body, as_of=NOW, root=ROOT).message

    message = told("working on it")
    assert message is not None
    assert message.level is level
    assert told("working on it") == message
    assert told("another text") != message
    assert told(None) is told("") is told(" ") is None


# --- lists ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "shape",
    [
        {
            "job_statuses": [
                {"id": "a"},
                {"id": 7},
                "odd",
                {"status": "queued"},
                {"id": "a", "status": "working"},
            ]
        },
        [{"id": "a", "status": "working"}, {"id": "7"}],
    ],
)
def test_a_list_skips_what_is_no_job_and_gives_each_id_once(shape: object) -> None:
    page = decode_list("desk", json.dumps(shape).encode(), as_of=NOW, root=ROOT)
    assert [(job.ref.job_id, job.raw_state) for job in page.jobs] == [
        ("a", "working"),
        ("7", ""),
    ]
    assert page.after is None


def test_a_single_wrapped_job_is_a_list_of_one() -> None:
    page = decode_list("desk", b'{"job_status": {"id": "a", "status": "queued"}}', as_of=NOW, root=ROOT)
    assert [job.ref.job_id for job in page.jobs] == ["a"]


@pytest.mark.parametrize("body", [b'{"job_statuses": null}', b'{"job_statuses": []}', b"[]"])
def test_an_empty_list_comes_in_many_forms(body: bytes) -> None:
    assert decode_list("desk", body, as_of=NOW, root=ROOT).jobs == ()


@pytest.mark.parametrize(
    "body", [b"{}", b"null", b"7", b'{"job_statuses": {"id": "a"}}', b'{"job_status": 1}']
)
def test_what_is_no_list_is_unexpected_never_an_empty_one(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_list("desk", body, as_of=NOW, root=ROOT)


@pytest.mark.parametrize(
    ("extra", "after"),
    [
        ({"meta": {"has_more": True, "after_cursor": "abc="}}, "abc="),
        ({"meta": {"has_more": False, "after_cursor": "abc="}}, None),
        ({"meta": {"has_more": True}}, None),
        ({"links": {"next": "https://evil.example/x?page[after]=a%3Db&page[size]=1"}}, "a=b"),
        ({"links": {"next": "https://evil.example/x?page%5Bafter%5D=q"}}, "q"),
        ({"links": {"next": "https://[bad"}}, None),
        ({"links": {"next": "https://evil.example/x"}}, None),
        ({"links": {"next": None}, "meta": None}, None),
        ({"meta": "odd", "links": [1]}, None),
        ({}, None),
    ],
)
def test_only_a_cursor_is_taken_from_the_paging_blocks(extra: dict[str, object], after: str | None) -> None:
    body = json.dumps({"job_statuses": [{"id": "a"}], **extra}).encode()
    assert decode_list("desk", body, as_of=NOW, root=ROOT).after == after


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b"{}", b'{"job_status": {}}', b'{"job_status": {"id": [1]}}']
)
def test_what_is_no_job_status_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_status("desk", body, as_of=NOW, root=ROOT)


def test_an_address_is_made_of_our_own_root_and_only_of_plain_ids() -> None:
    assert detail_of({"id": "../../users", "url": "https://evil.example"}).job.url is None


@given(records(KEYS, WORDS), st.lists(records(ELEMENT_KEYS, ("X", "boom")), max_size=4))
def test_any_record_is_a_job_or_unexpected(record: dict[str, object], results: list[object]) -> None:
    for value in (record, {**record, "id": "a", "results": results}):
        body = json.dumps(value).encode()
        with suppress(UnexpectedReply):
            told = decode_status("desk", body, as_of=NOW, root=ROOT)
            ids = [step.id for step in told.detail.steps]
            assert len(ids) == len(set(ids))
            assert all(ids)


@given(st.lists(records(KEYS, WORDS), max_size=4), json_values, json_values)
def test_any_list_gives_each_id_once(rows: list[object], meta: object, links: object) -> None:
    rows = [{"id": "9c21", "status": "working"}, *rows]
    body = json.dumps({"job_statuses": rows, "meta": meta, "links": links}).encode()
    ids = [job.ref for job in decode_list("desk", body, as_of=NOW, root=ROOT).jobs]
    assert 1 <= len(ids) == len(set(ids)) <= len(rows)


@given(st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_unexpected(body: bytes) -> None:
    with suppress(UnexpectedReply):
        decode_status("desk", body, as_of=NOW, root=ROOT)
    with suppress(UnexpectedReply):
        decode_list("desk", body, as_of=NOW, root=ROOT)
    with suppress(UnexpectedReply):
        decode_person("desk", body)
    explain(400, body)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"job_status":' * 100_000])
def test_depth_breaks_nothing(body: bytes) -> None:
    for decode in (decode_status, decode_list):
        with pytest.raises(UnexpectedReply):
            decode("desk", body, as_of=NOW, root=ROOT)


# --- people and complaints --------------------------------------------------------------------------------
def test_who_we_are_is_read_and_an_anonymous_answer_recognised() -> None:
    person = decode_person("desk", b'{"user": {"id": 7, "name": "On call", "role": "agent"}}')
    assert (person.name, person.role, person.is_anonymous) == ("On call", "agent", False)
    assert decode_person("desk", b'{"user": {"id": null, "name": "Anonymous user"}}').is_anonymous
    assert decode_person("desk", b'{"user": {"email": "a@acme.example"}}').name == "a@acme.example"
    with pytest.raises(UnexpectedReply):
        decode_person("desk", b'{"user": 7}')


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"error": "RecordNotFound", "description": "Not found"}, "RecordNotFound: Not found"),
        ({"error": {"title": "Forbidden", "message": "may not read"}}, "may not read"),
        ({"error": {"title": "Forbidden"}}, "Forbidden"),
        ({"errors": [{"code": "X", "title": "Invalid", "detail": "no cursor"}]}, "no cursor"),
        (
            {
                "error": "RecordInvalid",
                "description": "Record validation errors",
                "details": {"name": [{"description": "is blank"}], "base": [{"description": "closed"}]},
            },
            "RecordInvalid: Record validation errors (name: is blank; closed)",
        ),
        ({"details": "only this"}, "only this"),
        ({"error": "Couldn't authenticate you"}, "Couldn't authenticate you"),
        ({"errors": []}, None),
        ({}, None),
        ([], None),
        ("text", "text"),
    ],
)
def test_a_reason_is_found_in_each_shape_of_error(body: object, text: str | None) -> None:
    assert explain(400, json.dumps(body).encode()) == text


def test_an_error_page_gives_no_reason() -> None:
    assert explain(503, b"<html>") is None


def test_a_list_in_which_no_row_is_a_job_is_no_empty_list() -> None:
    with pytest.raises(UnexpectedReply, match="no row is a job"):
        decode_list("desk", b'[[], {"": [null, 0.5]}, "?"]', as_of=NOW, root="http://x")
    assert decode_list("desk", b"[]", as_of=NOW, root="http://x").jobs == ()
