"""Moments and durations as people type them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.insight.past import parse_past
from jobtui.insight.when import parse_duration, parse_since, parse_when

NOW = datetime(2026, 11, 21, 20, 15, tzinfo=UTC)  # a Saturday


def parse_since_now(text: str) -> datetime:
    return parse_since(text, NOW)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+2h", datetime(2026, 11, 21, 22, 15, tzinfo=UTC)),
        ("in 90m", datetime(2026, 11, 21, 21, 45, tzinfo=UTC)),
        ("1h30m", datetime(2026, 11, 21, 21, 45, tzinfo=UTC)),
        ("21:00", datetime(2026, 11, 21, 21, 0, tzinfo=UTC)),
        ("8:00", datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        ("tomorrow 08:00", datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        ("today  23:59:30", datetime(2026, 11, 21, 23, 59, 30, tzinfo=UTC)),
        ("Mon 08:00", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("saturday 08:00", datetime(2026, 11, 28, 8, 0, tzinfo=UTC)),
        ("Sat 21:00", datetime(2026, 11, 21, 21, 0, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12-01 09:30", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        ("2026-12-01T09:30+02:00", datetime(2026, 12, 1, 7, 30, tzinfo=UTC)),
        ("2026-12-01T09:30Z", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_to_come_is_read_as_typed(text: str, meant: datetime) -> None:
    assert parse_when(text, NOW, UTC) == meant


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "12:61", "noday 08:00", "t 08:00", "+", "+2", "+2y", "Mon", "2026-13-01", "08"],
)
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time; write 18:00"):
        parse_when(text, NOW, UTC)


@pytest.mark.parametrize("text", ["2026-11-21T20:15Z", "2020-01-01", "+0s", "today 08:00"])
def test_a_time_that_has_passed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="has passed"):
        parse_when(text, NOW, UTC)


def test_a_clock_time_is_of_the_readers_zone() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert parse_when("08:00", NOW, east) == datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def test_tomorrow_morning_stays_tomorrow_morning_when_summer_time_ends() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)
    assert parse_when("tomorrow 08:00", evening, berlin).astimezone(berlin).hour == 8


def test_without_a_zone_the_machines_own_is_meant() -> None:
    meant = parse_when("08:00", NOW)
    assert meant.astimezone().strftime("%H:%M") == "08:00"
    assert NOW < meant <= NOW + timedelta(days=1, hours=1)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10m", 600), ("90", 90), ("0.5h", 1800), ("1h 30m", 5400), ("2D", 172_800), ("1w", 604_800), ("0", 0)],
)
def test_a_duration_is_read_as_typed(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "m", "-5m", "10 minutes", "nan", "inf", "1e9"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


def test_a_duration_beyond_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than ten years"):
        parse_duration("9" * 30 + "d")


def test_since_reads_a_span_before_now_or_a_moment() -> None:
    assert parse_since("8h", NOW) == NOW - timedelta(hours=8)
    assert parse_since("2026-11-20T10:00Z", NOW) == datetime(2026, 11, 20, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="not a time span"):
        parse_since("yesterday-ish", NOW)


@pytest.mark.parametrize("now", [NOW, NOW + timedelta(days=900)])
def test_what_is_proposed_instead_could_be_meant(now: datetime) -> None:
    """A date that is proposed has gone by where that is wanted, and is to come where that is."""
    for read in (parse_since, parse_past):
        with pytest.raises(ValueError, match=" or ") as caught:
            read("yesterday-ish", now, UTC)
        assert read(str(caught.value).rpartition(" or ")[2], now, UTC) < now
    with pytest.raises(ValueError, match=" or ") as caught:
        parse_when("tomorrow-ish", now, UTC)
    assert parse_when(str(caught.value).rpartition(" or ")[2], now, UTC) > now


@pytest.mark.parametrize("read", [lambda text: parse_when(text, NOW, UTC), parse_duration, parse_since_now])
def test_what_cannot_be_read_is_quoted_without_control_codes_and_cut(read: Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match="is not a ") as caught:
        read("\x1b]0;gone\x07\x9b2J" + "so on " * 1_000)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@given(st.text(max_size=30))
def test_any_text_is_a_later_moment_or_a_value_error(text: str) -> None:
    try:
        moment = parse_when(text, NOW, UTC)
    except ValueError:
        return
    assert moment > NOW
