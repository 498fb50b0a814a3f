"""T: rules armed on what is selected, told once on the receipt line and to the terminal. By real keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.app import App

from jobtui.insight.alert import Alert, Firing, HeldBack
from jobtui.insight.rule_reading import parse_rule
from jobtui.model import JobRef, Kind, State, StepRef
from jobtui.monitor.armed import Armed, Origin
from jobtui.monitor.events import AlertTrouble, Change, JobsChanged
from jobtui.ringing import Ringing
from jobtui.tui.alerts import Alerts, title_text
from jobtui.tui.format.spans import text_of
from jobtui.tui.format.tripwires import armed_lines, wires_of
from jobtui.tui.screens.tripwires import TripwiresScreen
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.staged import Server, Stage, staged

REF = JobRef("tiles", "1")


def dialog(stage: Stage) -> list[str]:
    """What the dialog says, line by line."""
    screen = stage.app.screen
    assert isinstance(screen, TripwiresScreen)
    choices = screen.query_one(ChoiceList)
    rows = [text_of(choices.line(row)).rstrip() for row in range(choices.line_count())]
    return [*rows, *(text_of(line) for line in screen.query_one("#answer", LineBar).lines)]


def receipt(stage: Stage) -> str:
    return " ".join(text_of(line) for line in stage.main.receipt.lines)


def rules(stage: Stage) -> list[str]:
    return list(map(str, stage.main.monitor.alarms.rules))


async def open_dialog(stage: Stage) -> None:
    await until(lambda: stage.main.target is not None and stage.main.is_current, what="a job")
    await stage.pilot.pause(0.2)
    await stage.pilot.press("T")
    await until(lambda: isinstance(stage.app.screen, TripwiresScreen), what="the dialog")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
async def test_a_job_armed_to_tell_its_end_tells_it_once_on_the_receipt_line(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    server = Server("tiles")
    server.has(a_job("1", title="Publish tiles", as_of=datetime.now(UTC)))
    async with staged(tmp_path, server, size=size) as stage:
        await open_dialog(stage)
        await stage.pilot.press("e")
        assert "armed: tiles:1 ends: ring the bell, notify" in " ".join(dialog(stage))
        assert any(line.startswith("e  when it ends") and line.endswith("armed") for line in dialog(stage))
        await stage.pilot.press("escape")
        now = datetime.now(UTC)
        server.has(a_job("1", title="Publish tiles", state=State.SUCCEEDED, ended=True, as_of=now))
        await until(lambda: "tiles:1 “Publish tiles” ended well" in receipt(stage), what="the alert")
        assert rules(stage) == []


async def test_the_same_key_takes_a_rule_back_and_minus_any_that_is_armed(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("1", as_of=datetime.now(UTC)))
    async with staged(tmp_path, server, size=(80, 24)) as stage:
        stage.main.monitor.alarms.arm(parse_rule("fails", name="all"), Origin.CONFIG)
        await open_dialog(stage)
        await stage.pilot.press("f")
        assert rules(stage) == ["fails -> bell,notify", "job:tiles:1 fails -> bell,notify"]
        await stage.pilot.press("f")
        assert "taken back: tiles:1 fails" in " ".join(dialog(stage))
        assert "all: any job fails: ring the bell, notify  (configuration)" in dialog(stage)
        await stage.pilot.press("G", "minus")
        assert rules(stage) == []
        assert "nothing is armed" in dialog(stage)


async def test_what_is_so_already_is_not_armed(tmp_path: Path) -> None:
    server = Server("tiles")
    now = datetime.now(UTC)
    server.has(a_job("1", state=State.FAILED, ended=True, ended_at=now, as_of=now, why="disk full"))
    async with staged(tmp_path, server, size=(80, 24)) as stage:
        await open_dialog(stage)
        await stage.pilot.press("f")
        assert "that is so already" in dialog(stage)
        assert rules(stage) == []
        await stage.pilot.press("c")
        assert rules(stage) == ['cause:"disk full" -> bell,notify']


async def test_a_pattern_or_a_rule_is_typed_and_what_is_wrong_with_it_is_said(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("1", as_of=datetime.now(UTC)))
    async with staged(tmp_path, server, size=(80, 24)) as stage:
        await open_dialog(stage)
        await stage.pilot.press("m", "left_parenthesis", "a", "enter")
        assert "never closed" in " ".join(dialog(stage))
        await stage.pilot.press("right_parenthesis", "enter")
        await stage.pilot.press("r", *"ends", "enter")
        assert [rule.occasion for rule in stage.main.monitor.alarms.rules] == [
            "tiles:1 says “(a)”",
            "any job ends",
        ]
        await stage.pilot.press("o", "2", "h", "escape", "escape")
        assert not isinstance(stage.app.screen, TripwiresScreen)
        assert len(rules(stage)) == 2


async def test_the_letter_is_a_letter_while_a_filter_is_typed(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("1", title="Tiles", as_of=datetime.now(UTC)))
    async with staged(tmp_path, server, size=(80, 24)) as stage:
        await until(lambda: stage.main.target is not None, what="a job")
        await stage.pilot.press("slash", "T", "i")
        assert stage.main.search.value == "Ti"
        assert stage.app.screen is stage.main


async def test_rules_of_the_screen_are_kept_for_the_next_start(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("1", as_of=datetime.now(UTC)))
    kept = tmp_path / "kept.json"
    async with staged(tmp_path, server, size=(80, 24)) as stage:
        alarms = stage.main.monitor.alarms
        alarms.keep = lambda rules: kept.write_text(json.dumps(list(map(str, rules))))
        await open_dialog(stage)
        await stage.pilot.press("s")
        await until(lambda: kept.exists() and "stalls" in kept.read_text(), what="the file")


async def test_a_file_that_takes_nothing_is_said(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("1", as_of=datetime.now(UTC)))

    def refuse(_: object) -> None:
        raise OSError(28, "No space left on device")

    async with staged(tmp_path, server, size=(80, 24)) as stage:
        stage.main.monitor.alarms.keep = refuse
        await open_dialog(stage)
        await stage.pilot.press("s", "escape")
        await until(lambda: "not kept for the next start: No space left" in receipt(stage))


def test_a_step_and_a_batch_offer_what_can_be_told_of_them() -> None:
    job = a_job("Z1", source="field", kind=Kind.ARCGIS)
    texts = [wire.text for wire in wires_of(StepRef(job.ref, "s 1"), job)]
    assert texts[:3] == ["when this step ends", "when this step fails", "when this step waits for a person"]
    assert wires_of(StepRef(job.ref, 's"1'), job)[0].rule().step == 's"1'
    batch = a_job("9", source="desk", kind=Kind.ZENDESK)
    assert not any("message" in wire.text for wire in wires_of(batch.ref, batch))
    assert [wire.key for wire in wires_of(None, None)] == ["r"]


def test_what_is_armed_is_drawn_in_plain_sentences() -> None:
    armed = [Armed(parse_rule("fails source:prod -> bell"), NOW, Origin.CONFIG)]
    assert [text_of(line) for line in armed_lines(armed, 80)] == [
        "any job of “source:prod” fails: ring the bell  (configuration)"
    ]
    assert text_of(armed_lines([], 80)[0]) == "no rule is armed; T arms one"


class Written:
    """A terminal that keeps what is written to it."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Nothing waits."""


def _alerts(ringing: Ringing) -> tuple[Alerts, Written, list[str]]:
    written, said = Written(), list[str]()
    app: Any = SimpleNamespace(_driver=written, is_headless=False)
    alerts = Alerts(cast(App[None], app), lambda: ringing, lambda text, _: said.append(text), lambda: NOW)
    return alerts, written, said


def test_an_alert_rings_and_notifies_as_its_rule_says_and_is_said() -> None:
    alerts, written, said = _alerts(Ringing("osc777"))
    rule = parse_rule("fails -> bell,notify")
    job = a_job("1", state=State.FAILED, ended=True, why="x\x1b]0;owned\a")
    firing = Firing(rule, job, NOW, "fails")
    alerts.take(Alert(rule, NOW, (firing,), ("bell", "notify")))
    assert written.text.startswith("\a\x1b]777;notify;jobtui;tiles:1 “job 1” failed: x")
    assert written.text.count("\x1b") == 2
    assert said[0].startswith("14:00:00 tiles:1 “job 1” failed: x")
    alerts.take(Alert(rule, NOW, (firing,), (), is_quiet=True))
    assert said[1].endswith("(quiet hours: no sound)")
    alerts.take(HeldBack(NOW, (REF,), 1, NOW, ("bell",)))
    assert written.text.count("\a") == 2
    alerts.take(AlertTrouble("the command pager failed"))
    assert said[-1] == "the command pager failed"


def test_the_title_says_the_worst_states_and_is_given_back() -> None:
    alerts, written, _ = _alerts(Ringing(has_title=True))
    job = a_job("1", state=State.FAILED, ended=True)
    alerts.take(JobsChanged("tiles", (Change(job.ref, None, job),)))
    alerts.show_title()
    alerts.show_title()
    assert written.text == "\x1b[22;2t\x1b]2;jobtui: 1 FAIL\x1b\\"
    alerts.give_back()
    alerts.give_back()
    assert written.text.endswith("\\\x1b[23;2t")
    assert title_text({"succeeded": 3}) == "jobtui: nothing needs you"
