"""Every text through what is copied and exported: only harmless lines come, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
import shlex

import pytest

from jobtui.model import JobMessage, JobRef, Level, State, Step, StepRef, parse_ref
from jobtui.tui.clipboard import copyable
from jobtui.tui.copies import LookedAt, copies_of
from jobtui.tui.exports import export_of_jobs, export_of_messages
from tests.factory import NOW, a_job
from tests.hostile.corpus import Case, text_cases
from tests.hostile.harmless import harm_in, strings_in

_LONG = 1_000
"""Characters of an id from which a command may be too long for a line."""
CASES = [pytest.param(case, id=case.name) for case in text_cases()]


def _looked_at(text: str, *, at_step: bool) -> LookedAt:
    job = a_job(
        title=text,
        state=State.FAILED,
        raw_state=text,
        why=text,
        owner=text,
        url="https://acme.example/jobs/1",
    )
    message = JobMessage(job.ref, "1", NOW, Level.ERROR, text, text)
    step = Step(id=text or "s", title=text, state=State.FAILED, message=text)
    target = StepRef(job.ref, step.id) if at_step else job.ref
    shown = [message] * 3
    return LookedAt(job, target, step if at_step else None, shown, shown, "jobtui ls", NOW)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("at_step", [False, True])
def test_every_choice_of_the_copy_menu_is_harmless(case: Case, at_step: bool) -> None:
    seen = _looked_at(case.text, at_step=at_step)
    for copy in copies_of(seen, NOW, handoff=case.text):
        assert harm_in(copy.shown, allowed="") is None, copy.name
        if copy.text is None:
            assert copy.name in ("ref", "permalink"), copy.name
            assert len(case.text) > _LONG
            continue
        text = copyable(copy.text())
        assert harm_in(text) is None, copy.name
        assert not text.endswith("\n")
        if copy.name == "permalink":
            words = shlex.split(text)
            assert (words[:2], words[3]) == (["jobtui", "open"], "--at")
            assert parse_ref(words[2]) == seen.target or "surrogate" in case.name


@pytest.mark.parametrize("case", CASES)
def test_every_export_is_harmless_and_no_cell_is_a_formula(case: Case) -> None:
    seen = _looked_at(case.text, at_step=False)
    for export in (export_of_jobs([seen.job], NOW), export_of_messages(seen.messages)):
        assert harm_in(export.write("text")) is None
        assert all(harm_in(text) is None for text in strings_in(json.loads(export.write("json"))))
        written = export.write("csv")
        assert harm_in(written, allowed="\r\n") is None
        rows = list(csv.reader(io.StringIO(written, newline="")))
        assert len({len(row) for row in rows}) == 1
        assert not any(cell.strip().startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_an_id_that_is_anything_is_copied_as_a_ref_that_leads_back() -> None:
    for text in ("$(reboot)", "a b", "\u202e", "'; x", "#", "\x1b[2J"):
        ref = JobRef("tiles", text)
        seen = _looked_at("x", at_step=False)
        found = {c.name: c for c in copies_of(LookedAt(seen.job, ref, None, [], [], "", NOW), NOW)}
        permalink = found["permalink"].text
        assert permalink is not None
        assert parse_ref(shlex.split(copyable(permalink()))[2]) == ref
