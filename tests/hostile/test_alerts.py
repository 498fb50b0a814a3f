"""Every case in alerts: what rings, notifies and stands in the title is one harmless line, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.errors import UsageError
from jobtui.insight.rules import USUAL
from jobtui.model import Kind, State
from jobtui.ringing import WAYS, Ringing, title
from jobtui.tui.format.tripwires import wires_of
from tests.factory import a_job
from tests.hostile.alerting import PORTION, alerts_of
from tests.hostile.corpus import spoken_cases
from tests.hostile.gallery import NEXT
from tests.hostile.harmless import harm_in
from tests.hostile.person import Person, names_in
from tests.hostile.stream import pieces
from tests.hostile.terminal import Terminal, module

_EVENTS = 6
"""That are notified of, for each case."""


@pytest.mark.parametrize("way", WAYS)
def test_every_alert_reaches_the_terminal_as_one_harmless_notification(way: str, tmp_path: Path) -> None:
    codes = _EVENTS * (2 if way == "osc99" else 1)
    count = len(spoken_cases())
    with module("tests.hostile.alerting", way, home=tmp_path, columns=80, lines=6, alerts=True) as terminal:
        terminal.until("no control asked")
        person = Person(terminal)
        for done in range(PORTION, count + PORTION, PORTION):
            terminal.press(NEXT)
            _hear(terminal, min(done, count) * codes)
        terminal.until(r"\bc\d{3}\b")
        assert not (harms := person.harms()), "\n".join(harms)
        told = set(names_in(" ".join(terminal.told)))
        assert [case.name for case in spoken_cases() if case.name not in told] == []
        assert terminal.titles == [f"jobtui: {count} FAIL"]
        terminal.press(NEXT)
        assert terminal.ended() == 0


def _hear(terminal: Terminal, count: int) -> None:
    heard = terminal.holds(lambda: len(terminal.told) >= count, timeout_s=60.0)
    assert heard, f"{len(terminal.told)} of {count}: {terminal.harms[:3]}"


@pytest.mark.parametrize("way", WAYS)
def test_what_is_wrapped_for_tmux_is_the_same_code(way: str) -> None:
    for number, case in enumerate(spoken_cases()):
        for event in alerts_of(number, case.text):
            plain_code = Ringing(way).ring(USUAL, event.text)
            bell, *codes = pieces(plain_code)
            assert bell.data == "\a", case.name
            assert len(codes) == (2 if way == "osc99" else 1), case.name
            assert None not in [code.told() for code in codes], case.name
            assert [code.harm(alerts=True) for code in codes] == [None] * len(codes), case.name
            wrapped = Ringing(way, is_wrapped=True).notification(event.text)
            inner = wrapped.removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
            assert "\x1b" not in inner.replace("\x1b\x1b", ""), case.name
            assert inner.replace("\x1b\x1b", "\x1b") == plain_code[1:], case.name


def test_any_text_as_a_title_is_one_harmless_code() -> None:
    for case in spoken_cases():
        (piece,) = pieces(title(f"jobtui: {case.text}"))
        said = piece.data.removeprefix("\x1b]2;").removesuffix("\x1b\\")
        assert harm_in(said, allowed="") is None, case.name


def test_a_rule_on_any_job_or_step_is_said_harmlessly_or_refused_so() -> None:
    failed = []
    for case in spoken_cases():
        job = a_job(
            case.text or "x", kind=Kind.ARCGIS, title=case.text, why=case.text, state=State.FAILED, ended=True
        )
        for wire in wires_of(job.ref, job):
            typed = case.text if wire.asks else ""
            try:
                rule = wire.rule(typed)
            except UsageError as error:
                said = [wire.text, str(error)]
            else:
                said = [wire.text, rule.sentence, rule.occasion]
            harms = [harm for text in said if (harm := harm_in(text, allowed=""))]
            failed += [f"{case.name}: {wire.key}: {harm}" for harm in harms]
    assert not failed, "\n".join(failed)
