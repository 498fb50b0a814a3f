"""What goes into the journal comes out the same."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.errors import JournalError
from jobtui.journal import codec, rows
from jobtui.model import (
    Control,
    ControlRequest,
    Effect,
    Hold,
    Job,
    JobMessage,
    JobRef,
    Outcome,
    Parameters,
    Step,
    StepRef,
)
from tests.journal.samples import NOW, REF, job, request

_texts = st.text(st.characters(codec="utf-8"), max_size=8)
_times = st.datetimes(timezones=st.just(UTC))
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: _texts,
    datetime: _times,
    object: _json,
    int: st.integers(-(2**63), 2**64),
    float: st.floats(0, 1),
}


def _any(hint: Any, depth: int = 3) -> st.SearchStrategy[Any]:
    """Any value of a type of the model; trees at most as deep as asked."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if dataclasses.is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)):
        return _noun(hint, depth)
    inner = get_args(hint)
    if get_origin(hint) is tuple and inner[-1] is not Ellipsis:
        return st.tuples(*(_any(part, depth) for part in inner))
    if get_origin(hint) is tuple:
        return st.lists(_any(inner[0], depth - 1), max_size=3 if depth > 0 else 0).map(tuple)
    if get_origin(hint) is frozenset:
        return st.frozensets(_any(inner[0]))
    if inner:
        return st.one_of(*(_any(part, depth) for part in inner))
    return st.from_type(hint)


def _noun(noun: Any, depth: int = 3) -> st.SearchStrategy[Any]:
    hints = get_type_hints(noun)
    fields = {
        name: _any(hint, depth) if depth > 0 or name != "children" else st.just(())
        for name, hint in hints.items()
    }
    return st.builds(noun, **fields)


@given(_noun(Job))
def test_every_job_comes_back_as_it_was(written: Job) -> None:
    read = codec.decode_job(codec.encode(written))
    assert read == written
    assert read.as_of == written.as_of


@given(st.lists(_noun(Step, 2), max_size=3))
def test_every_tree_of_steps_comes_back_as_it_was(written: list[Step]) -> None:
    assert codec.decode_steps(codec.encode(tuple(written))) == tuple(written)


@given(_noun(JobMessage))
def test_every_message_comes_back_as_it_was(written: JobMessage) -> None:
    assert codec.decode_message(codec.encode(written)) == written


@given(_noun(ControlRequest))
def test_every_request_comes_back_as_it_was(written: ControlRequest) -> None:
    assert codec.decode_request(codec.encode(written)) == written


@given(_noun(Outcome))
def test_every_outcome_comes_back_as_it_was(written: Outcome) -> None:
    assert codec.decode_outcome(codec.encode(written)) == written


@given(_noun(Effect))
def test_every_effect_comes_back_as_it_was(written: Effect) -> None:
    assert codec.decode_effect(codec.encode(written)) == written


@given(_times)
def test_every_time_comes_back_to_the_microsecond(written: datetime) -> None:
    assert codec.from_stamp(codec.to_stamp(written)) == written


@pytest.mark.parametrize("target", [REF, StepRef(REF, "4"), None])
def test_a_target_comes_back_as_the_kind_that_it_was(target: JobRef | StepRef | None) -> None:
    asked = ControlRequest(Control.HOLD, REF, NOW, Parameters(("1",), NOW, target))
    assert codec.decode_request(codec.encode(asked)).parameters.after == target


@given(st.binary(max_size=40) | _json.map(msgspec.json.encode))
def test_what_is_no_noun_is_an_error_of_the_journal(body: bytes) -> None:
    for decode in (codec.decode_request, codec.decode_outcome, codec.decode_effect, codec.decode_job):
        with pytest.raises(JournalError):
            decode(body)


def test_half_a_character_costs_itself_and_not_the_job() -> None:
    written = dataclasses.replace(job(), title="a\ud800b", result={"k\udfff": ["x"]})
    read = codec.decode_job(codec.encode(written))
    assert read == dataclasses.replace(written, title="a?b", result={"k?": ["x"]})


def test_a_result_that_is_nested_without_end_is_refused() -> None:
    nested: object = []
    for _ in range(200_000):
        nested = [nested]
    with pytest.raises(JournalError):
        codec.encode(dataclasses.replace(job(), result=nested))
    # Taken apart from outside in: Python's own clearing up would go as deep as the nesting.
    while isinstance(nested, list) and nested:
        nested = nested.pop()


def test_a_row_from_before_a_field_was_there_is_read_with_its_default() -> None:
    whole = msgspec.json.decode(codec.encode(job()))
    kept = {key: whole[key] for key in ("ref", "kind", "title", "state", "raw_state", "ended", "as_of")}
    assert codec.decode_job(msgspec.json.encode(kept)) == job()
    asked = msgspec.json.decode(codec.encode(request()))
    del asked["marks"], asked["parameters"]
    assert codec.decode_request(msgspec.json.encode(asked)).parameters == Parameters()


@pytest.mark.parametrize(
    ("row", "noun"),
    [
        (rows.JobRow, Job),
        (rows.StepRow, Step),
        (rows.HoldRow, Hold),
        (rows.ParametersRow, Parameters),
        (rows.RequestRow, ControlRequest),
        (rows.OutcomeRow, Outcome),
    ],
)
def test_a_twin_has_the_fields_of_its_noun(row: type[msgspec.Struct], noun: type) -> None:
    assert row.__struct_fields__ == tuple(get_type_hints(noun))
