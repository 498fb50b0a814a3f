"""Refs and their text form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.errors import RefError
from jobtui.model import JobRef, StepRef, parse_ref
from jobtui.text import plain

_SOURCES = st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True)
_IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(_SOURCES, _IDS, st.none() | _IDS)
def test_a_ref_survives_being_written_and_read(source: str, job_id: str, step_id: str | None) -> None:
    ref = JobRef(source, job_id) if step_id is None else StepRef(JobRef(source, job_id), step_id)
    text = str(ref)
    assert parse_ref(text) == ref
    assert text.isprintable()
    assert " " not in text


def test_ordinary_ids_stay_readable() -> None:
    assert str(StepRef(JobRef("field", "Qm7xT0/aW=="), "s-3")) == "field:Qm7xT0/aW==#s-3"


@pytest.mark.parametrize("source", ["https", "tiles"])
@pytest.mark.parametrize(
    ("job_id", "written"),
    [
        ("//acme.example/7", "%2F/acme.example/7"),
        ("///", "%2F//"),
        ("a://b", "a%3A//b"),
        ("a:%2F/b", "a:%252F/b"),
        ("://://", "%3A//%3A//"),
    ],
)
def test_an_id_is_not_written_as_an_address(source: str, job_id: str, written: str) -> None:
    ref = StepRef(JobRef(source, job_id), "s://1")
    assert str(ref) == f"{source}:{written}#s%3A//1"
    assert parse_ref(str(ref)) == ref


@pytest.mark.parametrize("text", ["", "field", "field:", ":7", "field:7#", "http://x/7"])
def test_what_names_no_job_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(RefError) as caught:
        parse_ref(text)
    assert "\n" not in str(caught.value)


@given(_SOURCES, _IDS)
def test_a_ref_is_shown_as_it_is_so_that_it_can_be_copied_from_the_screen(source: str, job_id: str) -> None:
    text = str(JobRef(source, job_id))
    assert plain(text) == text


def test_half_a_character_from_a_command_line_is_no_crash() -> None:
    assert str(JobRef("tiles", "a\udc80")) == "tiles:a%3F"
