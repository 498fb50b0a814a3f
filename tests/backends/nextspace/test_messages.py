"""Progress messages: two envelopes, one order, and reading on without losing any."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.nextspace.messages import decode_messages, last_error, level_of
from jobtui.errors import UnexpectedReply
from jobtui.model import JobRef, Level
from tests.backends.conftest import json_values, records

REF = JobRef("tiles", "48213")
KEYS = (
    "ID",
    "Created",
    "Created.Time",
    "Message.Type",
    "Message",
    "CreatedBy.Application",
    "PendingAction.ID",
)


def row(number: int, at: str = "2026-09-14T08:02:48.013Z", kind: str = "INFO") -> dict[str, object]:
    return {
        "PendingAction.ID": 48213,
        "ID": number,
        "CreatedBy.Application": "CSV_IMPORT",
        "Created": at,
        "Message.Type": kind,
        "Message": f"line {number}",
    }


def body(rows: list[dict[str, object]]) -> bytes:
    return json.dumps({"Items": rows}).encode()


def test_both_envelopes_give_the_same_messages_oldest_first_each_once() -> None:
    rows = [row(10), row(9), row(11, "2026-09-14T08:00:00Z", "ERROR"), row(10)]
    page = decode_messages(REF, body(rows))
    assert [message.id for message in page.messages] == ["11", "9", "10"]
    assert page.ids == ("10", "9", "11", "10")
    assert decode_messages(REF, json.dumps(rows).encode()) == page
    first = page.messages[0]
    assert (first.level, first.raw_level, first.text, first.sender) == (
        Level.ERROR,
        "ERROR",
        "line 11",
        "CSV_IMPORT",
    )


def test_what_is_said_beside_messages_is_one_of_them_and_always_the_same() -> None:
    said = {"Warning": "slow log", "Warnings": ["slow log", "w2"], "Errors": ["a page is lost"], "ERROR": []}
    page = decode_messages(REF, json.dumps({"Items": [row(1)], **said}).encode())
    said_of = {message.text: (message.level, message.at is None) for message in page.messages}
    assert said_of == {
        "slow log": (Level.WARNING, True),
        "w2": (Level.WARNING, True),
        "not all was answered: a page is lost": (Level.WARNING, True),
        "line 1": (Level.INFO, False),
    }
    assert page.ids == ("1",), "paging counts the rows that came"
    again = decode_messages(REF, json.dumps({"Items": [row(2)], **said}).encode())
    assert {message.id for message in page.messages} - {"1"} == {message.id for message in again.messages} - {
        "2"
    }
    assert last_error(page.messages) is None, "it is no word of the job's"


@pytest.mark.parametrize("raw", [b"null", b"[]", b'{"Items": null}', b"{}"])
def test_no_messages_come_in_many_forms(raw: bytes) -> None:
    assert decode_messages(REF, raw).messages == ()


@pytest.mark.parametrize("raw", [b"7", b'"x"', b'{"Items": 7}', b'{"ERROR": "x"}'])
def test_what_is_no_list_of_messages_is_unexpected(raw: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_messages(REF, raw)


def test_an_old_time_is_read_and_a_missing_id_is_made_the_same_each_time() -> None:
    old: dict[str, object] = {"Message": "x", "Created.Time": {"y": 2021, "m": 3, "d": 9}}
    [message] = decode_messages(REF, body([old])).messages
    assert message.at is not None
    assert message.at.year == 2021
    [again] = decode_messages(REF, body([dict(old)])).messages
    assert again.id == message.id
    [other] = decode_messages(REF, body([{**old, "Message": "y"}])).messages
    assert other.id != message.id


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("STATUS", Level.INFO),
        ("INFO", Level.INFO),
        ("info", Level.INFO),
        ("WARNING", Level.WARNING),
        ("ERROR", Level.ERROR),
        ("DEBUG_SQL", Level.DEBUG),
        ("Trace", Level.DEBUG),
        ("VERBOSE", Level.DEBUG),
        ("HEARTBEAT", Level.INFO),
        ("", Level.INFO),
    ],
)
def test_every_word_has_a_level(word: str, level: Level) -> None:
    assert level_of(word) is level


def test_the_last_error_is_the_newest() -> None:
    page = decode_messages(REF, body([row(1, kind="ERROR"), row(2, kind="ERROR"), row(3)]))
    assert last_error(page.messages) == "line 2"
    assert last_error(page.messages[2:]) is None


@pytest.mark.parametrize(
    ("rows", "lean"),
    [
        ([], 0),
        ([row(1)], 0),
        ([row(1), row(2)], 1),
        ([row(2), row(1)], -1),
        ([row(1, "2026-09-14T08:00:05Z"), row(2, "2026-09-14T08:00:03Z")], 0),
        ([row(3, "2026-09-14T08:00:05Z"), row(2, "2026-09-14T08:00:03Z"), row(1)], -1),
        ([row(1, "2026-09-14T08:00:05Z"), row(2, "2026-09-14T08:00:03Z"), row(3), row(4), row(5)], 1),
    ],
)
def test_the_servers_own_order_is_told_where_it_can_be(rows: list[dict[str, object]], lean: int) -> None:
    assert decode_messages(REF, body(rows)).lean == lean


@given(st.lists(records(KEYS, ("ERROR", "INFO")), max_size=5) | json_values)
def test_any_rows_are_messages_with_ids_in_order(value: object) -> None:
    with suppress(UnexpectedReply):
        page = decode_messages(REF, json.dumps(value).encode())
        ids = [message.id for message in page.messages]
        assert len(ids) == len(set(ids))
        times = [message.at for message in page.messages if message.at is not None]
        assert times == sorted(times)


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_unexpected(raw: bytes) -> None:
    with suppress(UnexpectedReply):
        decode_messages(REF, raw)
