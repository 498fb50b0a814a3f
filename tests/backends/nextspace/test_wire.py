"""Pending Action JSON to jobs."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.nextspace.messages import decode_messages
from jobtui.backends.nextspace.replies import decode_cancel, decode_version, explain
from jobtui.backends.nextspace.wire import NO_REASON, Page, decode_action, decode_page
from jobtui.errors import UnexpectedReply
from jobtui.model import Flag, Job, JobRef, Kind, Progress, State
from tests.backends.conftest import json_values, records

NOW = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
ROOT = "https://acme.example/api"
KEYS = (
    *("ID", "CreatedBy.Application", "CreatedByUser.ID", "Result", "Progress", "Description", "Status"),
    *("Created", "Updated", "Completed", "Created.Time", "lastUpdated", "Completed.Time"),
    *("Warnings", "Errors", "Error", "Warning", "Items", "ERROR"),
)
WORDS = ("IN_PROGRESS", "COMPLETE", "FAILED", "CANCELLED", '{"Errors":["x"]}', "[1,2]", '{"a":{"b":[{}]}}')
RUNNING = {
    "ID": 48213,
    "CreatedBy.Application": "NAVIGATOR",
    "CreatedByUser.ID": "u-7c1e",
    "Result": "",
    "Progress": 35,
    "Description": "CSV import: assets_2026.csv",
    "Status": "IN_PROGRESS",
    "Created": "2026-09-14T08:02:11.418Z",
    "Updated": "2026-09-14T08:03:40.002Z",
}


def job_of(record: dict[str, object], *, listed: bool = False) -> Job:
    """Decode a record, whole or as a row of a list."""
    if listed:
        [job] = decode_page("tiles", json.dumps({"Items": [record]}).encode(), as_of=NOW, root=ROOT).jobs
        return job
    return decode_action("tiles", json.dumps(record).encode(), as_of=NOW, root=ROOT).job


@pytest.mark.parametrize("listed", [True, False])
def test_a_container_of_its_own_is_told_from_a_thread(listed: bool) -> None:
    own = job_of({**RUNNING, "JobName": "bruce-job-48213"}, listed=listed)
    assert own.dispatch == "a container of its own, bruce-job-48213"
    assert job_of(RUNNING, listed=listed).dispatch == "a thread of the API"
    waiting = {"ID": 1, "Status": "IN_PROGRESS", "Progress": 0}
    assert job_of(waiting, listed=listed).dispatch is None, "it may still get a container"


def test_a_running_record_is_read_whole() -> None:
    assert job_of(RUNNING) == Job(
        ref=JobRef("tiles", "48213"),
        kind=Kind.NEXTSPACE,
        title="CSV import: assets_2026.csv",
        state=State.RUNNING,
        raw_state="IN_PROGRESS",
        ended=False,
        as_of=NOW,
        progress=Progress(0.35),
        created=datetime(2026, 9, 14, 8, 2, 11, 418000, UTC),
        updated=datetime(2026, 9, 14, 8, 3, 40, 2000, UTC),
        owner="u-7c1e",
        application="NAVIGATOR",
        dispatch="a thread of the API",
        url=f"{ROOT}/pendingAction/48213",
    )
    assert job_of(RUNNING, listed=True) == job_of(RUNNING)


def test_an_old_record_is_read_too() -> None:
    job = job_of(
        {
            "ID": 77,
            "Status": "COMPLETE",
            "Result": "done",
            "Created.Time": {"y": 2021, "m": 3, "d": 9, "hh": 14, "mm": 5, "ss": 30},
            "Completed.Time": {"y": 2021, "m": 3, "d": 9, "hh": 14, "mm": 11, "ss": 2},
            "lastUpdated": {"y": 2021, "m": 3, "d": 9, "hh": 14, "mm": 11, "ss": 2},
        }
    )
    assert job.created == datetime(2021, 3, 9, 14, 5, 30, tzinfo=UTC)
    assert job.ended_at == job.updated == datetime(2021, 3, 9, 14, 11, 2, tzinfo=UTC)
    assert (job.title, job.result) == ("Pending action 77", "done")


@pytest.mark.parametrize(
    ("changes", "state", "ended", "why"),
    [
        ({"Progress": 0, "Updated": None}, State.QUEUED, False, None),
        ({"Progress": None, "Updated": None}, State.QUEUED, False, None),
        ({"Progress": 0, "Updated": RUNNING["Created"]}, State.QUEUED, False, None),
        ({"Progress": 0}, State.RUNNING, False, None),
        ({"Progress": 1, "Updated": None}, State.RUNNING, False, None),
        ({"Status": "COMPLETE"}, State.SUCCEEDED, True, None),
        ({"Status": "COMPLETE", "Errors": ["row 3", "row 9"]}, State.PARTIAL, True, "row 3; row 9"),
        ({"Status": "COMPLETE", "Error": "row 3"}, State.PARTIAL, True, "row 3"),
        (
            {"Status": "COMPLETE", "Result": '{"Errors":["a","b","c","d","e"]}'},
            State.PARTIAL,
            True,
            "a; b; c; 2 more",
        ),
        ({"Status": "COMPLETE", "Result": {"Error": {"Message": "x"}}}, State.PARTIAL, True, "x"),
        ({"Status": "COMPLETE", "Errors": []}, State.SUCCEEDED, True, None),
        ({"Status": "FAILED", "Result": "no header row"}, State.FAILED, True, "no header row"),
        ({"Status": "FAILED", "Result": {"Output": "no header row"}}, State.FAILED, True, "no header row"),
        ({"Status": "FAILED", "Result": {"Output": "bad", "Exception": "E"}}, State.FAILED, True, "bad"),
        ({"Status": "FAILED", "Result": {"Code": 7}}, State.FAILED, True, '{"Code": 7}'),
        ({"Status": "FAILED", "Errors": ["quota"]}, State.FAILED, True, "quota"),
        ({"Status": "FAILED"}, State.FAILED, True, NO_REASON),
        ({"Status": "CANCELLED"}, State.CANCELLED, True, None),
        ({"Status": "PAUSED"}, State.UNKNOWN, True, "the server says “PAUSED”"),
        ({"Status": None}, State.UNKNOWN, False, "the server gives no status"),
    ],
)
def test_the_servers_word_becomes_state_ended_and_why(
    changes: dict[str, object], state: State, ended: bool, why: str | None
) -> None:
    job = job_of({**RUNNING, **changes})
    assert (job.state, job.ended, job.why) == (state, ended, why)
    assert job.raw_state == (changes.get("Status", "IN_PROGRESS") or "")


@pytest.mark.parametrize(
    ("changes", "brief", "why"),
    [
        ({}, False, None),
        ({"Status": "COMPLETE"}, False, None),
        ({"Status": "FAILED", "Result": "bad"}, True, "bad"),
        ({"Status": "FAILED"}, True, None),
    ],
)
def test_a_row_says_whether_more_can_be_read(
    changes: dict[str, object], brief: bool, why: str | None
) -> None:
    job = job_of({**RUNNING, **changes}, listed=True)
    assert (job.is_brief, job.why) == (brief, why)


def test_an_ended_row_without_its_result_is_brief() -> None:
    row = {key: value for key, value in RUNNING.items() if key != "Result"}
    assert job_of({**row, "Status": "COMPLETE"}, listed=True).flags == {Flag.BRIEF}
    assert job_of(row, listed=True).flags == frozenset()


def test_warnings_are_kept_and_errors_of_an_open_job_are_warnings() -> None:
    job = job_of(
        {**RUNNING, "Warning": "w1", "Warnings": ["w2"], "Errors": "e1", "Result": {"Warnings": ["w3"]}}
    )
    assert job.warnings == ("w1", "w2", "w3", "e1")
    assert job.state is State.RUNNING
    assert job_of({**RUNNING, "Warning": "w1", "Warnings": ["w1"], "ERROR": "w1"}).warnings == ("w1",)


def test_an_error_beside_an_end_says_that_not_all_was_done() -> None:
    job = job_of({**RUNNING, "Status": "COMPLETE", "ERROR": {"Type": "X", "Message": "half is missing"}})
    assert (job.state, job.why) == (State.PARTIAL, "half is missing")


@pytest.mark.parametrize("rows", [[{"ID": 3}], [{"ID": 3}, "odd"]])
def test_what_is_said_beside_a_list_is_kept_once(rows: list[object]) -> None:
    body = {"Items": rows, "Warning": "w1", "Warnings": ["w1", "w2"], "Error": "e1", "ERROR": "e1"}
    page = decode_page("tiles", json.dumps(body).encode(), as_of=NOW, root=ROOT)
    assert page.remarks == ("w1", "w2", "not all was answered: e1")
    clean = decode_page("tiles", b'{"Items": [{"ID": 3}], "Errors": []}', as_of=NOW, root=ROOT)
    assert clean.remarks == ()


@pytest.mark.parametrize(
    ("value", "fraction"),
    [(35, 0.35), ("35", 0.35), (140, 1.0), (-5, 0.0), (0, 0.0), (None, None), (True, None), ("half", None)],
)
def test_progress_is_a_percentage_or_unknown(value: object, fraction: float | None) -> None:
    progress = job_of({**RUNNING, "Progress": value}).progress
    assert (progress.fraction if progress else None) == fraction


def test_a_page_keeps_the_order_counts_all_rows_and_skips_what_is_no_job() -> None:
    rows = [{"ID": 3}, "odd", {"ID": None}, {"ID": 1}, {"ID": 3, "Status": "COMPLETE"}, 7]
    page = decode_page(
        "tiles", json.dumps({"Items": rows, "TotalCount": "40"}).encode(), as_of=NOW, root=ROOT
    )
    assert [job.ref.job_id for job in page.jobs] == ["3", "1"]
    assert (page.rows, page.total) == (6, 40)
    assert page.jobs[0].raw_state == "COMPLETE"


@pytest.mark.parametrize("body", [b"null", b"[]", b'{"Items": null}', b'{"Items": []}'])
def test_an_empty_list_comes_in_many_forms(body: bytes) -> None:
    page = decode_page("tiles", body, as_of=NOW, root=ROOT)
    assert (page.jobs, page.rows, page.total) == ((), 0, None)


def test_a_list_is_an_envelope_an_array_or_nothing() -> None:
    def page_of(value: object) -> Page:
        return decode_page("tiles", json.dumps(value).encode(), as_of=NOW, root=ROOT)

    page = page_of([RUNNING, {"ID": 7, "Status": "COMPLETE"}])
    assert [job.ref.job_id for job in page.jobs] == ["48213", "7"]
    assert page_of({"Items": [RUNNING, {"ID": 7, "Status": "COMPLETE"}]}) == page
    assert page_of(None) == page_of([]) == Page((), 0, None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{}", "without a list"),
        (b'"x"', "without a list"),
        (b'{"Items": 7}', "without a list"),
        (b'{"ERROR": {"Type": "X", "Message": "no\\u001b[2J way"}}', "without a list: no·.2J way"),
    ],
)
def test_what_is_no_list_is_unexpected_never_an_empty_one(body: bytes, text: str) -> None:
    with pytest.raises(UnexpectedReply, match=text):
        decode_page("tiles", body, as_of=NOW, root=ROOT)


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b"{}", b'{"Status":"COMPLETE"}', b'{"ERROR":"x"}', b'{"ID":[1]}']
)
def test_what_is_no_record_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedReply, match="without a job"):
        decode_action("tiles", body, as_of=NOW, root=ROOT)


def test_an_address_is_made_of_our_own_root_and_only_of_plain_ids() -> None:
    assert job_of({"ID": "../x"}).url is None


def test_one_number_too_large_costs_no_other_row() -> None:
    body = b'{"Items": [{"ID": 1, "Progress": 1e999}, {"ID": 2, "Progress": 5}]}'
    page = decode_page("tiles", body, as_of=NOW, root=ROOT)
    assert [(job.ref.job_id, job.progress) for job in page.jobs] == [("1", None), ("2", Progress(0.05))]


@given(records(KEYS, WORDS) | json_values)
def test_any_record_is_a_job_or_unexpected(value: object) -> None:
    body = json.dumps(value).encode()
    with suppress(UnexpectedReply):
        detail = decode_action("tiles", body, as_of=NOW, root=ROOT)
        assert detail.job.ref.job_id
        ids = [step.id for step in detail.all_steps()]
        assert len(ids) == len(set(ids))
        assert all(ids)


@given(st.lists(records(KEYS, WORDS), max_size=5), json_values)
def test_any_page_gives_each_id_once(rows: list[object], total: object) -> None:
    body = json.dumps({"Items": [RUNNING, *rows], "TotalCount": total}).encode()
    page = decode_page("tiles", body, as_of=NOW, root=ROOT)
    ids = [job.ref.job_id for job in page.jobs]
    assert 1 <= len(ids) == len(set(ids)) <= page.rows == len(rows) + 1


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_unexpected(body: bytes) -> None:
    with suppress(UnexpectedReply):
        decode_action("tiles", body, as_of=NOW, root=ROOT)
    with suppress(UnexpectedReply):
        decode_page("tiles", body, as_of=NOW, root=ROOT)
    with suppress(UnexpectedReply):
        decode_cancel("tiles", body)
    with suppress(UnexpectedReply):
        decode_version("tiles", body)
    explain(400, body)


@given(json_values)
def test_any_json_but_a_list_of_things_is_an_answer_to_a_cancel(value: object) -> None:
    body = json.dumps(value).encode()
    if isinstance(value, list) and value:
        with pytest.raises(UnexpectedReply):
            decode_cancel("tiles", body)
    else:
        answer = decode_cancel("tiles", body)
        for text in (answer.refusal, answer.remark):
            assert text is None or (text.isprintable() and text)
    explain(400, json.dumps(value).encode())


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"Items":' * 100_000, b'{"ID":1,"Result":' + b"[" * 100_000]
)
def test_depth_breaks_nothing(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_page("tiles", body, as_of=NOW, root=ROOT)
    with pytest.raises(UnexpectedReply):
        decode_action("tiles", body, as_of=NOW, root=ROOT)


@pytest.mark.parametrize(
    ("body", "refusal", "remark"),
    [
        (b"", None, None),
        (b"null", None, None),
        (b"{}", None, None),
        (b"[]", None, None),
        (b"OK", None, "OK"),
        (b'{"ID": 7, "Status": "IN_PROGRESS"}', None, None),
        (b'{"Warnings": ["late"]}', None, "late"),
        (b'{"ERROR": {"Type": "X", "Message": "too late"}, "Warning": "w"}', "too late", None),
        (b'{"Errors": ["a", "b"]}', "a; b", None),
        (b'{"Errors": []}', None, None),
    ],
)
def test_a_cancel_is_refused_only_by_an_error(body: bytes, refusal: str | None, remark: str | None) -> None:
    answer = decode_cancel("tiles", body)
    assert (answer.refusal, answer.remark) == (refusal, remark)


def test_an_answer_to_a_cancel_that_breaks_off_says_neither() -> None:
    with pytest.raises(UnexpectedReply):
        decode_cancel("tiles", b'{"ID": 7, "Sta')


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"ERROR": {"Type": "NOT_FOUND", "Message": "was not found"}}', "was not found"),
        (b'{"ERROR": {"Code": 7}}', '{"Code": 7}'),
        (b'{"ERROR": "Access denied"}', "Access denied"),
        (b'"just text"', "just text"),
        (b'{"other": 1}', None),
        (b"[1]", None),
        (b"<html>", None),
    ],
)
def test_a_reason_is_found_in_an_error_body(body: bytes, text: str | None) -> None:
    assert explain(400, body) == text


def test_a_version_has_two_spellings() -> None:
    assert decode_version("tiles", b'{"Bruce-API":"1.0.6646"}') == "1.0.6646"
    assert decode_version("tiles", b'{"Version":"2"}') == "2"
    assert decode_version("tiles", b"[]") is None


def test_a_long_list_is_decoded_quickly() -> None:
    rows = [{**RUNNING, "ID": number} for number in range(2_000)]
    page = decode_page("tiles", json.dumps({"Items": rows}).encode(), as_of=NOW + timedelta(0), root=ROOT)
    assert len(page.jobs) == 2_000


def test_a_list_in_which_no_row_is_a_job_is_no_empty_list() -> None:
    with pytest.raises(UnexpectedReply, match="no row is a job"):
        decode_page("tiles", b'[[], {"": [null, 0.5]}, "?"]', as_of=NOW, root="http://x")
    assert decode_page("tiles", b"[]", as_of=NOW, root="http://x").jobs == ()


def test_a_list_is_no_answer_to_a_cancel() -> None:
    with pytest.raises(UnexpectedReply):
        decode_cancel("tiles", b'[[],{"":[null,0.5]},"?"]')
    assert decode_cancel("tiles", b"null").refusal is None


def test_a_row_that_says_nothing_is_no_message() -> None:
    rows = decode_messages(JobRef("tiles", "7"), b'[[], {"": [null, 0.5]}, "?", {"Message": "begun"}]')
    assert [message.text for message in rows.messages] == ["begun"]
