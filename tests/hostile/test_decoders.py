"""Every case through every decoder: a noun whose every text is harmless in a document, or one named error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from jobtui.backends.zendesk.items import MOST_STEPS
from jobtui.backends.zendesk.wire import decode_status
from jobtui.model import State
from tests.fuzz.decoders import KINDS, NOW, one_kind
from tests.hostile.corpus import Case, body_cases, id_cases, text_cases, value_cases
from tests.hostile.wire import Path, documents, fields, filled, is_id, is_text, name_of

_BIG = 20_000
_SLOWEST_S = 20.0
"""For one case through all decoders of a kind, on a machine that does other things too."""
Wanted = Callable[[str, Path], bool]
Filled = tuple[str, bytes]
"""A document as it is, and the same with a case in it."""


@cache
def _run(kind: str, document: str) -> Callable[[bytes], object]:
    """Give the decoders that a document is for."""
    return one_kind(kind, taking=document.encode() if document else None)


def _failed(cases: Sequence[Case], bodies: Callable[[Case], Iterator[Filled]], kind: str) -> list[str]:
    """Run cases through a kind's decoders; give the names of those that broke a promise, with how."""
    failed: list[str] = []
    for case in cases:
        began = time.monotonic()
        try:
            for document, body in bodies(case):
                _run(kind, document)(body)
        except Exception as error:  # noqa: BLE001 - whatever it is, it has a case to be named with
            failed.append(f"{case.name}: {type(error).__name__}: {str(error)[:200]}")
        if (took := time.monotonic() - began) > _SLOWEST_S:
            failed.append(f"{case.name}: {took:.1f} s")
    return failed


def _together(kind: str, literal: str, wanted: Wanted) -> Iterator[Filled]:
    """Give every document of a kind with the case in all the wanted fields at once; long ones in fewer."""
    is_big = len(literal) >= _BIG
    for document in documents(kind)[: 2 if is_big else None]:
        ways = tuple(way for way in fields(document) if wanted(document, way))
        yield document, filled(document, ways[:3] if is_big else ways, literal)


def _each(kind: str, literal: str) -> Iterator[Filled]:
    """Give for every field of a kind a document with the case in it alone."""
    places = {name_of(way): (document, way) for document in documents(kind) for way in fields(document)}
    for document, way in places.values():
        if not is_id(way):
            yield document, filled(document, (way,), literal)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_in_every_text_field_gives_a_noun_or_one_named_error(kind: str) -> None:
    def bodies(case: Case) -> Iterator[Filled]:
        return _together(kind, case.json, lambda document, way: is_text(document, way) and not is_id(way))

    assert _failed(text_cases(), bodies, kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_any_value_in_any_field_gives_a_noun_or_one_named_error(kind: str) -> None:
    assert _failed(value_cases(), lambda case: _each(kind, case.json), kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_of_any_kind_gives_a_noun_or_one_named_error(kind: str) -> None:
    def bodies(case: Case) -> Iterator[Filled]:
        return _together(kind, case.json, lambda _, way: is_id(way))

    assert _failed(id_cases(), bodies, kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_any_bytes_gives_a_noun_or_one_named_error(kind: str) -> None:
    def bodies(case: Case) -> Iterator[Filled]:
        assert case.make_body is not None
        yield "", case.make_body()

    assert _failed(body_cases(), bodies, kind) == []


def test_a_million_items_of_a_batch_are_counted_and_not_all_made_into_steps() -> None:
    items = b"[" + b"{}," * 999_998 + b'{"success":false,"error":"\\u001b[2J"},{}]'
    body = b'{"job_status":{"id":"1","status":"completed","results":' + items + b"}}"
    detail = decode_status("desk", body, as_of=NOW, root="https://acme.example").detail
    assert detail.job.items_failed == 1
    assert len(detail.steps) == MOST_STEPS
    assert detail.steps[0].state is State.FAILED
