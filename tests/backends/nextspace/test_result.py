"""Results: the same value whichever way it was asked for, and its parts as steps."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from jobtui.backends.nextspace.result import parsed_result, result_steps, result_text
from jobtui.model import JobDetail, State
from tests.backends.conftest import json_values


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ('{"FileName":"a.geojson"}', {"FileName": "a.geojson"}),
        ({"FileName": "a.geojson"}, {"FileName": "a.geojson"}),
        ("Source file has no header row", "Source file has no header row"),
        ({"Output": "Source file has no header row"}, "Source file has no header row"),
        ({"Output": "Imported", "Count": 2}, {"Output": "Imported", "Count": 2}),
        ("[1, 2]", [1, 2]),
        ('"quoted"', "quoted"),
        ("42", "42"),
        (42, 42),
        ("{not json", "{not json"),
        ("", None),
        ("  ", None),
        ({}, None),
        ("{}", None),
        (None, None),
    ],
)
def test_a_result_is_a_value_in_whatever_form_it_comes(value: object, result: object) -> None:
    assert parsed_result(value) == result


@given(json_values)
def test_asking_for_json_changes_nothing_of_an_object(value: object) -> None:
    if isinstance(value, dict):
        assert parsed_result(json.dumps(value)) == parsed_result(value)


def test_each_entry_is_a_step_and_nested_ones_are_children() -> None:
    result = {"Output": "done", "Counts": {"Created": 410, "a/b~c": None}, "Levels": [0, {"z": []}], "": True}
    steps = result_steps(result, State.SUCCEEDED)
    assert [(step.id, step.title, step.message) for step in steps] == [
        ("Output", "Output", "done"),
        ("Counts", "Counts", None),
        ("Levels", "Levels", None),
        ("~", "", "true"),
    ]
    assert [(step.id, step.message) for step in steps[1].children] == [
        ("Counts/Created", "410"),
        ("Counts/a~1b~0c", "null"),
    ]
    [zero, one] = steps[2].children
    assert (zero.id, zero.title, one.children[0].id, one.children[0].message) == (
        "Levels/0",
        "item 1",
        "Levels/1/z",
        "[]",
    )
    assert {step.state for step in steps} == {State.SUCCEEDED}


@pytest.mark.parametrize("result", ["text", 7, None])
def test_a_result_without_parts_has_no_steps(result: object) -> None:
    assert result_steps(result, State.FAILED) == ()


def test_large_and_deep_results_have_a_bounded_tree() -> None:
    deep: object = 1
    for _ in range(20):
        deep = {"k": deep}
    assert result_steps(deep, State.SUCCEEDED)[0].id == "k"
    many = result_steps({"rows": [{"a": 1, "b": 2}] * 5_000, "after": 1}, State.SUCCEEDED)
    assert len(many[0].children) < 500
    assert many[0].id == "rows"


@given(json_values)
def test_step_ids_are_unique_and_never_empty(value: object) -> None:
    from tests.backends.nextspace.test_rules import job

    ids = [step.id for step in JobDetail(job(), result_steps(value, State.FAILED)).all_steps()]
    assert all(ids)
    assert len(ids) == len(set(ids))


@given(json_values)
def test_the_text_of_a_result_is_short(value: object) -> None:
    text = result_text(value)
    assert text is None or text
