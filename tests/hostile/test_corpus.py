"""The corpus itself: large enough, each case named once and placed."""

from __future__ import annotations

from tests.hostile.corpus import all_cases


def test_every_case_has_a_name_of_its_own_and_a_place_on_the_wire() -> None:
    cases = all_cases()
    assert len(cases) >= 300
    assert len({case.name for case in cases}) == len(cases)
    assert all(case.where and (case.json or case.make_body) for case in cases)
