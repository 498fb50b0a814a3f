"""Reading JSON that promises little."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.lenient import (
    bounded,
    compact,
    json_of,
    number_of,
    text_of,
    texts_of,
    time_of,
    whole_of,
)
from jobtui.errors import UnexpectedReply
from tests.backends.conftest import json_values


@given(st.binary(max_size=400))
def test_any_bytes_are_a_value_or_an_unexpected_reply(body: bytes) -> None:
    with suppress(UnexpectedReply):
        json_of("tiles", body)


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"a":' * 200_000, b"", b"  ", b"{", b"nul", b"[" * 500 + b"1e999"]
)
def test_what_cannot_be_read_is_said_and_nothing_breaks(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        json_of("tiles", body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":"\\ud83d"}', {"a": "?"}),
        (b'["\xff"]', ["�"]),
        (b"[1e999, NaN, -Infinity]", ["1e999", "NaN", "-Infinity"]),
        (b"[" + b"1" * 5000 + b"]", ["1" * 5000]),
        (b"[1e3, 1e999]", [1000.0, "1e999"]),
    ],
)
def test_what_a_stricter_parser_refuses_is_still_read(body: bytes, value: object) -> None:
    assert json_of("tiles", body) == value
    json.dumps(value).encode()


@given(json_values)
def test_every_reader_takes_any_value(value: object) -> None:
    assert text_of(value) is None or text_of(value) != ""
    assert all(texts_of(value))
    assert (count := whole_of(value)) is None or count >= 0
    assert (number := number_of(value)) is None or number == number
    assert (moment := time_of(value)) is None or moment.tzinfo is UTC
    assert len(compact(value)) <= 2_001
    assert bounded(value) == value


def test_deep_nesting_is_cut_and_said() -> None:
    deep: object = "core"
    for level in range(200):
        deep = [deep] if level % 2 else {"k": deep}
    text = json.dumps(bounded(deep))
    assert "nested too deeply" in text
    assert "core" not in text
    assert texts_of(deep) != ()


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-07-27T03:08:08.206Z", datetime(2026, 7, 27, 3, 8, 8, 206000, UTC)),
        ("2026-07-27T03:08:08", datetime(2026, 7, 27, 3, 8, 8, tzinfo=UTC)),
        (" 2026-07-27T05:08:08+02:00 ", datetime(2026, 7, 27, 3, 8, 8, tzinfo=UTC)),
        (
            {"y": 2021, "m": 3, "d": 9, "hh": 14, "mm": 5, "ss": 30},
            datetime(2021, 3, 9, 14, 5, 30, tzinfo=UTC),
        ),
        ({"y": 2021, "m": 3, "d": 9.0}, datetime(2021, 3, 9, tzinfo=UTC)),
        ({"y": 2021, "m": 13, "d": 9}, None),
        ({"y": 2021, "m": 3}, None),
        ({"y": 1e300, "m": 3, "d": 9}, None),
        ({"y": True, "m": 3, "d": 9}, None),
        ("9999-12-31T23:59:59-12:00", None),
        ("yesterday", None),
        (1789372800, None),
        (None, None),
    ],
)
def test_times_are_iso_or_old_objects_and_else_unknown(value: object, moment: datetime | None) -> None:
    assert time_of(value) == moment


def test_texts_are_found_in_every_shape_they_come_in() -> None:
    assert texts_of(["a", {"Message": "b", "Type": "X"}, {"odd": 1}, "", None, [["c"]]]) == (
        "a",
        "b",
        '{"odd": 1}',
        "c",
    )
    assert texts_of({}) == ()
    assert texts_of(7) == ("7",)
    assert texts_of(False) == ()


def test_numbers_are_read_from_texts_and_never_from_truth() -> None:
    assert (whole_of("35"), whole_of(35.9), whole_of(-1), whole_of(True), whole_of("many")) == (
        35,
        35,
        None,
        None,
        None,
    )
    assert number_of(10**400) is None
