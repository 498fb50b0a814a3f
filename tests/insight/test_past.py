"""Moments gone by, as people type them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from jobtui.insight.past import parse_past

VIENNA = ZoneInfo("Europe/Vienna")
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=VIENNA)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("13:59", "2026-11-18T13:59:00"),
        ("14:00:00", "2026-11-18T14:00:00"),
        ("14:31", "2026-11-17T14:31:00"),
        ("today 09:05:07", "2026-11-18T09:05:07"),
        ("yesterday 14:31", "2026-11-17T14:31:00"),
        ("Mon 08:00", "2026-11-16T08:00:00"),
        ("wed 13:00", "2026-11-18T13:00:00"),
        ("Wednesday 15:00", "2026-11-11T15:00:00"),
        ("2h", "2026-11-18T12:00:00"),
        ("2026-11-18T13:31:05+01:00", "2026-11-18T13:31:05"),
        ("2026-11-18T12:31:05Z", "2026-11-18T13:31:05"),
        ("2026-11-18 13:31", "2026-11-18T13:31:00"),
    ],
)
def test_a_moment_is_the_last_such(typed: str, meant: str) -> None:
    assert parse_past(typed, NOW, VIENNA) == datetime.fromisoformat(meant).replace(tzinfo=VIENNA)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "12:99", "xx 08:00", "2026-13-01T00:00", "t 08:00"])
def test_what_is_no_moment_is_said_with_examples(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a moment gone by; write 14:31, yesterday"):
        parse_past(typed, NOW, VIENNA)


@pytest.mark.parametrize("typed", ["2026-11-19T08:00", "today 14:01"])
def test_what_is_still_to_come_is_no_moment_gone_by(typed: str) -> None:
    with pytest.raises(ValueError, match="is still to come"):
        parse_past(typed, NOW, VIENNA)
