"""What is looked at: each check gives what it saw, and fails with what it saw instead."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobtui.demo import DemoServer
from tests.ssh.far import ROOT, Far
from tests.ssh.waiting import until

ALERTS = """
[alerts]
notify = "osc9"
title = true
[[rules]]
when = "ends"
"""
MOST_FRAMES = 10
_SGR = re.compile(rb"\x1b\[([0-9;]*)m")
_MOUSE = tuple(b"\x1b[?%dh" % mode for mode in (9, 1000, 1002, 1003, 1005, 1006, 1015, 1016))


@dataclass(frozen=True)
class Check:
    """One line of the table: what is looked at, and how."""

    name: str
    look: Callable[[], str]


def of_colours(far: Far) -> Iterator[Check]:
    """The demo as it is, then with a terminal that says it has all colours, then with NO_COLOR."""

    def shown(expected: str, **environment: str) -> str:
        far.begin("demo", "--seed", "7", **environment)
        far.pane.shows("need you")
        far.pane.shows("LIVE")
        seen = "+".join(sorted(_colours(far.pane.received))) or "none"
        far.pane.press("Q")
        until(far.is_over, what="the end at Q")
        assert seen == expected, f"colours: {seen}, not {expected}"
        return f"colours: {seen}"

    yield Check("256 colours by TERM alone", lambda: shown("256"))
    yield Check("true colour by COLORTERM", lambda: shown("true", COLORTERM="truecolor"))
    yield Check("NO_COLOR", lambda: shown("none", COLORTERM="truecolor", NO_COLOR="1"))
    yield Check("an empty NO_COLOR means nothing", lambda: shown("256", NO_COLOR=""))


def _colours(received: bytes) -> set[str]:
    found = set()
    for codes in _SGR.findall(received):
        parts = [int(one) for one in codes.split(b";") if one]
        for place, part in enumerate(parts):
            if part in (38, 48):
                found.add("true" if parts[place + 1 : place + 2] == [2] else "256")
                break
            if 30 <= part <= 37 or 40 <= part <= 47 or part >= 90:
                found.add("16")
    return found


def of_screen(far: Far) -> Iterator[Check]:
    """``jobtui demo`` at 120x40: mouse, frames, another size, copies, and the way out."""
    pane = far.pane

    def begins() -> str:
        far.begin("demo", "--seed", "7")
        took = pane.shows("need you")
        pane.shows("LIVE")
        assert pane.says("alternate_on") == "1"
        return f"{took:.1f} s from Enter to the jobs"

    def mouse() -> str:
        assert not any(code in pane.received for code in _MOUSE)
        assert pane.says("mouse_any_flag") == "0"
        pane.press("7")
        pane.shows("over SSH")
        pane.shows("mouse off")
        pane.press("Escape")
        return "never switched on; pane 7 says so"

    def frames() -> str:
        pane.press("1")
        time.sleep(1.0)
        pane.mark()
        began = time.monotonic()
        while time.monotonic() - began < 4.0:
            pane.press("j", "k", "j")
        seconds = time.monotonic() - began
        drawn = len(pane.frames())
        assert 8 < drawn <= MOST_FRAMES * (seconds + 0.5), f"{drawn} in {seconds:.1f} s"
        return f"{drawn} in {seconds:.1f} s while j and k are held down"

    def resize() -> str:
        pane.press("g", "j", "j", "j", "j")
        time.sleep(0.5)
        before = _cursor(pane.lines)
        for columns, lines in ((80, 24), (60, 15), (50, 12), (200, 60), (120, 40)):
            pane.resize(columns, lines)
            until(lambda: _cursor(pane.lines)[:12] == before[:12], what=f"the cursor at {columns}x{lines}")
            until(lambda: ("2 Steps" in pane.text) is (columns >= 100), what="its panes")  # noqa: B023
            assert max(map(len, pane.lines)) <= columns
        return "120x40, 80x24, 60x15, 50x12, 200x60 and back: panes follow, the cursor keeps its job"

    def copy() -> str:
        pane.press("y", "y")
        pane.shows("sent to the terminal")
        until(lambda: ":" in pane.buffer(), what="a ref in the buffer of tmux")
        assert pane.buffer() in pane.text
        return f"tmux has “{pane.buffer()}”; the receipt says sent to the terminal"

    def leaves() -> str:
        pane.press("q")
        took = until(far.is_over, what="the end")
        until(lambda: not far.running, what="nothing left running")
        _as_before(far)
        return f"in {took:.1f} s; the terminal as it was, the demo's services gone"

    yield Check("the demo at 120x40", begins)
    yield Check("mouse", mouse)
    yield Check("frames", frames)
    yield Check("resize", resize)
    yield Check("copy (OSC 52)", copy)
    yield Check("q", leaves)


def _cursor(lines: list[str]) -> str:
    return next((line[2:].strip() for line in lines if line.startswith("> ")), "")


def _as_before(far: Far, *, but_the_screen: bool = False) -> None:
    assert far.pane.says("mouse_any_flag") == "0", "mouse codes are left"
    assert far.pane.says("cursor_flag") == "1" or but_the_screen, "the cursor is hidden"
    assert far.pane.says("alternate_on") == "0" or but_the_screen, "the other screen is left"


def of_alerts(far: Far, world: DemoServer, folder: Path) -> Iterator[Check]:
    """A rule armed on the end of every job, in a quick world."""
    pane = far.pane

    def begins() -> str:
        config = world.write_config(folder / "config.toml")
        config.write_text(config.read_text() + ALERTS)
        far.begin("--config", str(config))
        pane.shows("need you")
        pane.look(1)
        return "a rule on the end of any job"

    def bell() -> str:
        until(lambda: pane.says("window_bell_flag") == "1", what="the flag of tmux", timeout_s=90)
        assert b"\a" in pane.received
        return "rings; tmux marks the window that nobody looks at"

    def notification() -> str:
        until(lambda: b"\x1b]9;jobtui: " in pane.received, what="OSC 9")
        found = re.search(rb"\x1b\]9;(jobtui: [^\a]*)\a", pane.received)
        assert found is not None
        return f"OSC 9: {found[1].decode()}"

    def title() -> str:
        until(lambda: pane.says("pane_title").startswith("jobtui: "), what="the title")
        return f"tmux has “{pane.says('pane_title')}”"

    yield Check("alerts begin", begins)
    yield Check("bell", bell)
    yield Check("notification", notification)
    yield Check("title", title)


def of_drops(far: Far, world: DemoServer, folder: Path) -> Iterator[Check]:
    """The line ends in three ways; each time the far end is gone soon, and what it knew is kept."""
    config = str(folder / "config.toml")

    def again() -> str:
        far.begin("--config", config)
        took = far.pane.shows("need you")
        return f"jobs after {took:.1f} s"

    def ends(how: Callable[[], None]) -> str:
        how()
        took = until(lambda: not far.running, what="nothing of it left running")
        until(far.is_over, what="the prompt")
        sound, jobs = far.journal()
        assert sound == "ok", sound
        assert jobs > 20
        return f"gone in {took:.1f} s, nothing left running; journal {sound}, {jobs} jobs"

    def hung_up() -> str:
        said = ends(lambda: far.line.hang_up(far.program))
        _as_before(far)
        return f"{said}; terminal as it was"

    def cut() -> str:
        said = ends(far.line.cut)
        _as_before(far, but_the_screen=True)
        return f"{said}; no mouse codes; {_screen_left(far)}"

    def reset() -> str:
        assert far.pane.says("alternate_on") == "1"
        far.pane.enter(f"PYTHONPATH={ROOT} {sys.executable} -m jobtui reset-terminal")
        until(lambda: far.pane.says("alternate_on") == "0", what="the first screen")
        _as_before(far)
        return "the near terminal as it was"

    def dead() -> str:
        said = ends(far.line.go_dead)
        far.line.cut()
        return f"{said}, most of it the patience of sshd"

    def remembers() -> str:
        world.set_faults("500")
        far.begin("--config", config)
        far.pane.shows("OFFLINE")
        rows = sum(" stale" in line for line in far.pane.lines)
        assert rows > 10, far.pane.text
        far.pane.press("q")
        until(far.is_over, what="the end")
        world.set_faults("")
        _as_before(far)
        return f"{rows} last known jobs, said to be stale, while every server fails; q leaves all well"

    yield Check("hung up at the far end", hung_up)
    yield Check("again", again)
    yield Check("line cut", cut)
    yield Check("jobtui reset-terminal", reset)
    yield Check("and again", again)
    yield Check("line gone dead", dead)
    yield Check("reconnect", remembers)


def _screen_left(far: Far) -> str:
    """Say whether the near terminal still shows the other screen; nobody was there to take it back."""
    return "the other screen is left" if far.pane.says("alternate_on") == "1" else "terminal as it was"
