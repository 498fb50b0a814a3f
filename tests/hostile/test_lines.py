"""Every text as rows of the tree, lines of the log and of the details: harmless, and no wider than told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rich.cells import cell_len

from jobtui.model import Hold, JobDetail, Kind, State, Step, StepRef
from jobtui.tui.format.details import detail_lines
from jobtui.tui.format.messages import message_lines
from jobtui.tui.format.spans import Line, text_of
from jobtui.tui.format.steps import TreeView, tree_rows
from tests.factory import NOW, a_job
from tests.hostile.corpus import text_cases
from tests.hostile.harmless import harm_in
from tests.tui.conftest import a_message

_LEAST = 45
"""Cells that a row of the tree takes at least, for the name of its step."""


def _detail(text: str, kind: Kind) -> JobDetail:
    fields = dict.fromkeys(("title", "owner", "raw_state", "why", "application"), text)
    job = a_job(kind=kind, warnings=(text,), **fields)
    hold = Hold("h", "s-1", by=text, after=StepRef(job.ref, text or "x"))
    told: dict[str, Any] = dict.fromkeys(("raw_state", "type", "assigned_to", "message"), text)
    child = Step("s-2", text, State.FAILED, holds=(hold,), **told)
    parent = Step("s-1", text, State.WAITING, current=True, children=(child,), holds=(hold,), **told)
    return JobDetail(job, (parent,))


def _lines(text: str, width: int) -> Iterator[Line]:
    for kind in Kind:
        yield from (row.line for row in tree_rows(_detail(text, kind).steps, kind, TreeView(width, NOW)))
    yield from message_lines(a_message(1, text), NOW, width, stamps=True, wrapped=True)
    detail = _detail(text, Kind.ARCGIS)
    yield from detail_lines(detail.job, detail, (), NOW, width)


@pytest.mark.parametrize("width", [_LEAST, 118])
def test_every_text_is_drawn_harmlessly_and_within_its_width(width: int) -> None:
    failed = []
    for case in text_cases():
        for text in map(text_of, _lines(case.text, width)):
            harm = harm_in(text, allowed="")
            if harm or cell_len(text) > width:
                failed.append(f"{case.name}: {harm or f'{cell_len(text)} cells'}: {text[:100]!a}")
                break
    assert not failed, "\n".join(failed)
