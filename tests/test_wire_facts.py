"""The table of what can be seen on the wire is true: the tests it names are there, little is left unmet."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.wire_facts.table import FACTS

ROOT = Path(__file__).resolve().parents[1]
UNMET = 2
"""How many facts no test meets. It may only go down."""


@cache
def names_in(file: str) -> frozenset[str]:
    """Give the tests of a file that pytest would collect; none where there is no such file."""
    path = ROOT / file
    if not path.is_file() or not path.name.startswith("test_"):
        return frozenset()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    body = ast.parse(path.read_text("utf-8")).body
    return frozenset(
        node.name for node in body if isinstance(node, functions) and node.name.startswith("test_")
    )


def is_there(node: str) -> bool:
    """Say whether a pytest node is a test that runs."""
    file, _, name = node.partition("::")
    return name in names_in(file)


def test_the_test_of_every_fact_is_there() -> None:
    assert [(fact.id, fact.test) for fact in FACTS if fact.test and not is_there(fact.test)] == []
    assert not is_there("tests/test_wire_facts.py::test_that_nobody_wrote")


def test_a_fact_is_met_or_says_why_not() -> None:
    assert [fact.id for fact in FACTS if (fact.test is None) is (fact.reason is None)] == []


def test_no_id_and_no_text_stands_twice() -> None:
    assert len(FACTS) > 250
    assert len({fact.id for fact in FACTS}) == len(FACTS)
    assert len({fact.text for fact in FACTS}) == len(FACTS)


def test_the_number_of_facts_that_nothing_meets_only_goes_down() -> None:
    unmet = [fact.id for fact in FACTS if fact.test is None]
    assert len(unmet) == UNMET, f"take the new number over when it is smaller: {unmet}"
