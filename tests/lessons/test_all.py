"""Every complaint has its lesson here."""

from __future__ import annotations

import re
from pathlib import Path

COMPLAINTS = 25


def test_every_complaint_has_a_test_that_is_named_for_its_lesson() -> None:
    tests = [
        name
        for file in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"def test_(\d\d_\w+)\(", file.read_text())
    ]
    assert {int(name[:2]) for name in tests} == set(range(1, COMPLAINTS + 1))
    assert all(len(name.split("_")) > 5 for name in tests), "a lesson is a sentence"
