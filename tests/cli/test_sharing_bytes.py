"""What reaches the terminal and the disk when something is shared: bytes at a real pty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from jobtui.demo import arcgis_flow as flow
from jobtui.model import parse_ref
from tests.cli.emulated import Emulated

_TITLE = "Import \x1b]52;c;ZXZpbA==\x07\x1b[2Jof\u202e tiles"
_HARMLESS = "Import ·]52;c;ZXZpbA==··[2Jof tiles"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to start in."""
    made = tmp_path / "here"
    made.mkdir()
    return made


@pytest.fixture
def quiet() -> Iterator[DemoServer]:
    """A demo in which nothing happens but what the test lets happen."""
    with DemoServer(seed=7, scenario="quiet") as demo:
        yield demo


def _config(demo: DemoServer, folder: Path, share: str = "") -> Path:
    path = demo.write_config(folder.parent / "config.toml")
    path.write_text(path.read_text() + share)
    return path


def _with_a_running_job(demo: DemoServer, title: str = "Publish tiles west") -> str:
    return f"tiles:{demo.world.add_action(lasts=900.0, title=title).action_id}"


def test_one_copy_reaches_the_terminal_raw_and_only_that_is_said(quiet: DemoServer, folder: Path) -> None:
    ref = _with_a_running_job(quiet)
    with Emulated("--config", str(_config(quiet, folder)), "open", ref, folder=folder) as terminal:
        terminal.until("Steps")
        terminal.until("Publish tiles west  ")
        terminal.press("y")
        terminal.press("y")
        terminal.until("sent to the terminal")
        assert terminal.copies() == [ref]
        assert "copied" not in terminal.text
        assert b"\x1bPtmux;" not in terminal.seen


def test_a_copied_title_can_do_nothing_to_whoever_pastes_it(quiet: DemoServer, folder: Path) -> None:
    ref = _with_a_running_job(quiet, _TITLE)
    with Emulated("--config", str(_config(quiet, folder)), "open", ref, folder=folder) as terminal:
        terminal.until("of tiles")
        terminal.press("y")
        terminal.until("Copy")
        terminal.press("l")
        terminal.until("sent to the terminal")
        (copied,) = terminal.copies()
        assert copied.startswith(f"{ref}  {_HARMLESS}: ")
        assert copied.isprintable()
        assert "evil" not in copied


@pytest.mark.parametrize("choice", list("yilmvMapsc"))
def test_whatever_is_copied_is_harmless_lines(quiet: DemoServer, folder: Path, choice: str) -> None:
    ref = _with_a_running_job(quiet, _TITLE)
    with Emulated("--config", str(_config(quiet, folder)), "open", ref, folder=folder) as terminal:
        terminal.until("starting to process")
        terminal.press("y")
        terminal.until("Copy")
        terminal.press(choice)
        terminal.until("sent to the terminal")
        (copied,) = terminal.copies()
        assert all(line.isprintable() for line in copied.split("\n"))
        assert copied == copied.strip("\n")


def test_for_tmux_a_copy_is_wrapped_only_where_the_configuration_says_so(
    quiet: DemoServer, folder: Path
) -> None:
    ref = _with_a_running_job(quiet)
    config = _config(quiet, folder, '\n[share]\ncopy = "tmux"\n')
    with Emulated("--config", str(config), "open", ref, folder=folder, TMUX="/t,1,0") as terminal:
        terminal.until("Publish tiles west  ")
        terminal.press("y")
        terminal.press("y")
        terminal.until("allow-passthrough on")
        assert re.search(rb"\x1bPtmux;\x1b\x1b\]52;c;[A-Za-z0-9+/=]+\x07\x1b\\", terminal.seen)


@pytest.mark.parametrize(
    ("share", "term", "linked"),
    [
        ("", "xterm-kitty", True),
        ('links = "off"', "foot", False),
        ("", "xterm-256color", False),
        ('links = "on"', "xterm-256color", True),
    ],
)
def test_links_have_an_id_lead_to_the_source_and_are_ended(
    quiet: DemoServer, folder: Path, share: str, term: str, linked: bool
) -> None:
    ref = _with_a_running_job(quiet, _TITLE)
    config = _config(quiet, folder, f"\n[share]\n{share}\n")
    with Emulated("--config", str(config), "open", ref, folder=folder, TERM=term) as terminal:
        terminal.until("of tiles")
        terminal.press("d")
        terminal.until("address")
        terminal.rest(0.3)
        links = terminal.links()
        begun = [(parameters, address) for parameters, address in links if address]
        assert bool(begun) is linked
        assert len(links) == 2 * len(begun), "each is ended"
        assert all(address.startswith(quiet.url) for _, address in begun)
        assert all(re.fullmatch(r"id=[0-9a-f]{12}", parameters) for parameters, _ in begun)
        assert len(set(begun)) <= 1


def test_files_are_private_and_where_it_was_started(quiet: DemoServer, folder: Path) -> None:
    ref = _with_a_running_job(quiet)
    with Emulated("--config", str(_config(quiet, folder)), "open", ref, folder=folder) as terminal:
        terminal.until("Publish tiles west  ")
        for key, suffix in (("j", ".json"), ("c", ".csv"), ("t", ".txt"), ("s", ".svg")):
            terminal.press("e")
            terminal.until("Export")
            terminal.press(key)
            terminal.until_true(partial(_is_written, terminal, suffix), suffix)
        terminal.press("h")
        terminal.until("hand-off note")
        files = list(folder.iterdir())
        assert sorted(file.suffix for file in files) == [".csv", ".json", ".md", ".svg", ".txt"]
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        (listed,) = folder.glob("*.json")
        assert ref in [job["ref"] for job in json.loads(listed.read_text())]


def test_a_folder_of_the_configuration_is_where_files_go(quiet: DemoServer, folder: Path) -> None:
    config = _config(quiet, folder, '\n[share]\nfolder = "exports"\n')
    with Emulated("--config", str(config), folder=folder) as terminal:
        terminal.until("1 Jobs")
        terminal.press("h")
        terminal.until("written to")
        assert not list(folder.iterdir())
        assert len(list((folder.parent / "exports").iterdir())) == 1


def test_a_permalink_opens_its_step_and_the_messages_of_its_moment(quiet: DemoServer, folder: Path) -> None:
    job = quiet.world.add_workflow_job("done")
    for number in range(40):
        flow.remark(quiet.world.item, job, f"remark {number:02}", "lead").at = -3_000.0 + 60.0 * number
    config, ref = _config(quiet, folder), f"field:{job.job_id}#s-2"
    at = quiet.world.calendar.moment(job.comments[10].at).astimezone().isoformat(timespec="milliseconds")
    with Emulated("--config", str(config), "open", ref, "--at", at, folder=folder, lines=40) as terminal:
        terminal.until("remark 10")
        terminal.until("PAUSED")
        terminal.rest(1.0)
        lines = [line for line in terminal.text.splitlines() if "remark" in line]
        assert "remark 10" in lines[0]
        terminal.until_true(lambda: re.search(r"> .*Check topology", terminal.text), "the cursor on its step")
        terminal.press("y")
        terminal.until("Copy")
        terminal.press("p")
        terminal.until("sent to the terminal")
        (copied,) = terminal.copies()
        found = re.fullmatch(r"jobtui open '(.+)' --at (\S+)", copied)
        assert found is not None, copied
        assert parse_ref(found[1]) == parse_ref(ref)
        assert abs((datetime.fromisoformat(found[2]) - datetime.fromisoformat(at)).total_seconds()) < 1.0


def _is_written(terminal: Emulated, suffix: str) -> bool:
    return f"{suffix}:" in terminal.flat.replace(" ", "")
