"""Lessons of terminals: what is copied, how much room there is, who cannot see, and how one is left."""

from __future__ import annotations

import re
import signal
from itertools import pairwise
from pathlib import Path

import pytest

from jobtui.display import wants_lines
from jobtui.model import State
from jobtui.outlet import Outlet
from jobtui.ringing import Ringing
from jobtui.tui.clipboard import MOST_BYTES
from tests.cli.conftest import Cli
from tests.cli.test_display import Drawn
from tests.cli.test_read import a_ref
from tests.cli.test_screen import Terminal
from tests.conftest import until
from tests.factory import a_job
from tests.lessons.person import bar, listed, opened, rows
from tests.lessons.service import Service, failed, running
from tests.tui.staged import Stage, staged

_SGR = re.compile(rb"\x1b\[([0-9;]*)m")


async def test_15_what_is_copied_is_said_to_be_sent_and_too_much_goes_into_a_file(tmp_path: Path) -> None:
    """It said "copied", and over ssh the clipboard was empty."""
    server = Service()
    server.has(a_job())
    server.say("one line")
    async with staged(tmp_path, server) as stage:
        await listed(stage, 1)
        await into(stage, tmp_path)
        await stage.pilot.press("y", "y")
        await until(lambda: "sent to the terminal" in stage.receipt, what=stage.receipt)
        assert "copied" not in stage.receipt
        assert stage.app.clipboard == "tiles:1"
        server.say(*["word " * 400] * (MOST_BYTES // 2_000 + 1))
        await until(lambda: len(stage.main.log_pane.shown_messages()) > 1, what="too much to copy")
        await stage.pilot.press("y", "M")
        await until(lambda: "written to" in stage.receipt, what=stage.receipt)
        (file,) = (tmp_path / "out").iterdir()
        assert len(file.read_bytes()) > MOST_BYTES
        assert stage.app.clipboard == "tiles:1", "nothing was sent that would have been cut"


async def test_16_messages_are_copied_by_the_line_the_last_the_visible_or_all(tmp_path: Path) -> None:
    """Logs could be looked at but not taken along."""
    server = Service()
    server.has(a_job())
    server.say(*(f"tile {number}" for number in range(90)))
    async with staged(tmp_path, server, size=(120, 30)) as stage:
        await listed(stage, 1)
        await into(stage, tmp_path)
        await until(lambda: stage.main.log_pane.line_count() == 90, what="the messages")
        taken = {}
        for key in "clmvM":
            stage.app.copy_to_clipboard("")
            await stage.pilot.press("y", key)
            await until(lambda: stage.app.clipboard, what=f"something at {key}")
            taken[key] = stage.app.clipboard.splitlines()
        assert taken["l"][0].startswith("tiles:1")
        assert len(taken["m"]) == 20
        assert taken["v"] == taken["M"][-len(taken["v"]) :]
        assert len(taken["M"]) == 90


async def into(stage: Stage, folder: Path) -> None:
    stage.app.outlet = Outlet(folder / "out", environment={})


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
async def test_21_two_lines_of_header_no_logo_and_hints_that_never_all_go(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """A logo and a header ate the screen, and the keys were what had to go."""
    server = Service()
    running(server, 40)
    server.has(failed("bad"))
    async with staged(tmp_path, server, size=size) as stage:
        await listed(stage, 41)
        top = stage.main.query_one("#body").region.y
        assert top <= 2
        assert "tiles" in stage.header[0]
        assert len(rows(stage)) >= {15: 8, 24: 8, 40: 20}[size[1]]
        hints = bar(stage, "keys").split("\n")[0]
        assert "? help" in hints
        assert "q quit" in hints
        wider = [len(hints)]
        for width in (50, 40):
            await stage.pilot.resize_terminal(width, size[1])
            await until(lambda: len(bar(stage, "keys").split("\n")[0]) <= width, what="fewer")  # noqa: B023
            hints = bar(stage, "keys").split("\n")[0]
            assert "? help" in hints
            wider.append(len(hints))
        assert all(one >= other for one, other in pairwise(wider))


@pytest.mark.parametrize(
    ("state", "code"), [("succeeded", 0), ("failed", 1), ("partial", 1), ("cancelled", 1)]
)
def test_22_the_exit_code_of_wait_is_the_result(cli: Cli, state: str, code: int) -> None:
    """It waited, and said 0 though the jobs had failed."""
    ran = cli("wait", a_ref(cli, "tiles", state))
    assert (ran.code, ran.out) == (code, "")


def test_11_a_watch_stops_at_the_first_failure_where_that_is_wanted(cli: Cli) -> None:
    """One had failed, and the watch went on for as long as the others took."""
    failed_, open_ = a_ref(cli, "tiles", "failed"), a_ref(cli, "field", "held")
    ran = cli("watch", open_, failed_, "--fail-fast", "--timeout", "60s")
    assert ran.code == 1
    assert ran.sentences[0].startswith("stopped at the first bad end; ")


async def test_22_an_end_is_told_to_whoever_asked_for_it(tmp_path: Path) -> None:
    """Nobody was told, and so somebody sat there to look."""
    server = Service()
    server.has(a_job(title="Publish tiles"))
    async with staged(tmp_path, server) as stage:
        await listed(stage, 1)
        await opened(stage, "T")
        await stage.pilot.press("e", "escape")
        (rule,) = stage.app.monitor.alarms.rules
        rung = Ringing("osc9").ring(rule.do, "x")
        assert rung.startswith("\a")
        assert "\x1b]9;" in rung
        server.has(a_job(title="Publish tiles", state=State.FAILED, raw_state="FAILED", ended=True))
        await until(lambda: "tiles:1 “Publish tiles” failed" in stage.receipt, what=stage.receipt)


def test_23_without_colour_everything_is_said_in_words_and_signs(
    config: Path, terminals: list[Terminal]
) -> None:
    """NO_COLOR gave black on black, and the row one was on could not be told from the others."""
    terminal = Drawn("--config", str(config), environment={"NO_COLOR": "1", "COLORTERM": "truecolor"})
    terminals.append(terminal)
    for word in ("FAIL", "PART", "need you"):
        terminal.shows(word)
    terminal.press("j")
    terminal.until_true(lambda: any(line.startswith("> ") for line in terminal.lines), 20)
    codes = {int(one) for run_ in _SGR.findall(terminal.seen) for one in run_.split(b";") if one}
    assert codes, "bold and reverse are left"
    assert not {code for code in codes if 30 <= code <= 38 or 40 <= code <= 48 or code >= 90}


def test_23_accessible_is_lines_that_ask_and_answer(config: Path, terminals: list[Terminal]) -> None:
    """Full screens that are drawn again and again cannot be listened to."""
    assert wants_lines({"ACCESSIBLE": "1"})
    assert not wants_lines({"ACCESSIBLE": ""})
    terminals.append(Terminal("--config", str(config), ACCESSIBLE="1"))
    terminals[0].until("need you. ")
    terminals[0].until("What next?", 30)
    terminals[0].press("0\n")
    assert terminals[0].ended(20) == 0
    assert b"\x1b" not in terminals[0].seen


def test_24_a_line_that_drops_leaves_the_terminal_as_it_was_and_q_is_a_way_out(
    config: Path, terminals: list[Terminal]
) -> None:
    """The line dropped, and the shell was full of the codes of a mouse."""
    far = {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22", "SSH_TTY": "/dev/pts/9"}
    terminals += [Terminal("--config", str(config), **far) for _ in range(2)]
    for terminal in terminals:
        terminal.until("need you", 30)
        assert not any(b"\x1b[?%dh" % mode in terminal.seen for mode in (1000, 1002, 1003, 1006))
    terminals[0].running.send_signal(signal.SIGHUP)
    terminals[1].press("q")
    for terminal in terminals:
        assert terminal.ended(20) == 0
        assert b"\x1b[?1049l" in terminal.seen
        assert b"\x1b[?25h" in terminal.seen
