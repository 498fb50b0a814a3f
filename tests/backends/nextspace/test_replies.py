"""What a good status hides: an ERROR is an error of the right sort, whatever its shape."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.nextspace.replies import explain, status_of
from tests.backends.conftest import json_values


def body(error: object, **more: object) -> bytes:
    return json.dumps({"ERROR": error, **more}).encode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"Type": "UNAUTHORIZED", "Message": "x"}, 401),
        ({"Code": "SESSION_EXPIRED", "Message": "x"}, 401),
        ({"Type": "ACCESS_DENIED"}, 403),
        ("Access denied", 403),
        ({"Type": "NOT_FOUND", "Message": "Pending action 9 was not found"}, 404),
        ("Pending action 9 was not found", 404),
        ({"Type": "TOO_MANY_REQUESTS"}, 429),
        ({"Type": "INTERNAL_ERROR"}, 500),
        ({"Type": "INVALID_CRITERIA", "Message": "Permission model is odd"}, 400),
        ({"Code": 403, "Message": "x"}, 403),
        ({"Code": 7}, 400),
        ("something else", 400),
    ],
)
def test_an_error_in_a_good_answer_is_what_it_says(error: object, status: int) -> None:
    assert status_of(200, body(error)) == status
    assert status_of(502, body(error)) == 502, "a bad status is believed as it is"


@pytest.mark.parametrize(
    "raw",
    [
        body("x", ID=7, Status="COMPLETE"),
        body("x", Items=[]),
        body(None),
        body(""),
        body({}),
        b'["ERROR"]',
        b'{"ERROR": ',
        b'{"Message": "ERROR"}',
        b"",
    ],
)
def test_what_is_still_an_answer_stays_one(raw: bytes) -> None:
    assert status_of(200, raw) == 200


def test_the_reason_is_read_from_every_shape() -> None:
    assert explain(400, body({"Type": "T", "Message": "bad criteria"})) == "bad criteria"
    assert explain(400, body("no")) == "no"
    assert explain(400, b'{"Errors": ["a", "b"]}') == "a; b"
    assert explain(400, b"<html>") is None


@given(st.binary(max_size=60) | json_values.map(body))
def test_any_bytes_have_a_status(raw: bytes) -> None:
    assert 200 <= status_of(200, raw) < 600
    explain(400, raw)
