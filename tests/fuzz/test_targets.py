"""The fuzz targets themselves: they know every decoder, take what they begin with, and can tell a bug."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jobtui.backends
from tests.fuzz.corpus import dictionary, seeds
from tests.fuzz.decoders import KINDS, decoders
from tests.fuzz.targets import TARGETS

BACKENDS = Path(jobtui.backends.__file__).parent
HOSTILE = [
    b"",
    b"\x00",
    b"[" * 5_000,
    b'{"a":' * 5_000,
    b"1" * 5_000,
    b'{"ID": 1e999, "id": 1e999, "jobId": 1e999}',
    b'"\\ud800"',
    b"\xff\xfe{}",
    b"<html>",
    b'{"ID": 1, "id": 1, "jobId": 1, "Status": "FAILED", "status": "\\u202e\\u0000"}',
]


def test_no_decoder_of_the_three_kinds_is_forgotten() -> None:
    written = {
        f"jobtui.backends.{path.parent.name}.{path.stem}.{node.name}"
        for kind in KINDS
        for path in (BACKENDS / kind).glob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("decode_")
    }
    assert {name for kind in KINDS for name, _ in decoders(kind)} == written
    assert len(written) >= 12


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_keeps_its_promises_for_what_it_begins_with_and_for_hostile_bytes(target: str) -> None:
    begin = seeds(target)
    assert begin
    for data in (*begin, *HOSTILE):
        TARGETS[target](data)
        TARGETS[target](data[: len(data) // 2])


@pytest.mark.parametrize("target", TARGETS)
@given(data=st.binary(max_size=300))
@settings(max_examples=30, deadline=None)
def test_a_target_keeps_its_promises_for_any_bytes(target: str, data: bytes) -> None:
    TARGETS[target](data)


def test_the_dictionary_has_the_words_of_the_wire() -> None:
    assert '"\\"CreatedBy.Application\\""' in dictionary("nextspace").splitlines()
    assert dictionary("text") == ""
