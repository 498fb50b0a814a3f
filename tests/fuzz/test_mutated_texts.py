"""Thousands of bent texts through all that reads what people type, paste and configure."""

from __future__ import annotations

import pytest

from tests.fuzz.mutating import Mutator
from tests.fuzz.running import run
from tests.fuzz.shares import SHARES, TEXTS
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TEXTS)
def test_a_bent_text_is_read_or_refused_by_name(target: str) -> None:
    report = run(target, TARGETS[target], Mutator(target, seed=0).inputs(SHARES[target]))
    print(report)  # noqa: T201
    assert report.findings == {}
    assert report.inputs == SHARES[target]
