"""What leaves the screen: copies, files, addresses, the hand-off note; and what is said of each."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from jobtui.demo import DemoServer
from jobtui.model import JobRef
from jobtui.outlet import Outlet
from jobtui.tui.clipboard import MOST_BYTES, copyable, doubt_about, osc_52, wrapped_for_tmux
from jobtui.tui.screens.copying import CopyScreen
from jobtui.tui.widgets.line_view import TextLines
from tests.conftest import until
from tests.tui.conftest import Drive, Driven


def into(screen: Driven, folder: Path, **options: Any) -> None:
    """Have files go into a folder, and nothing be known of where the test runs."""
    screen.app.outlet = Outlet(folder / "out", environment={}, **options)


def files(folder: Path, pattern: str = "*") -> list[Path]:
    """The files written there."""
    return sorted((folder / "out").glob(pattern))


def copied(screen: Driven) -> str:
    """What was sent to the terminal last."""
    return screen.app.clipboard


async def said(screen: Driven, text: str) -> None:
    await until(lambda: text in screen.receipt, what=f"“{text}” in the receipt, not “{screen.receipt}”")


def a_running_job(demo: DemoServer) -> JobRef:
    return JobRef("tiles", str(demo.world.add_action(lasts=600.0, title="Publish tiles").action_id))


async def test_y_twice_in_one_burst_sends_the_ref_and_says_no_more_than_that(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    ref = a_running_job(demo)
    async with drive(ref) as screen:
        into(screen, tmp_path)
        await screen.pilot.press("y", "y")
        await said(screen, "sent to the terminal")
        assert copied(screen) == str(ref)
        assert "copied" not in screen.receipt
        assert len(screen.app.screen_stack) == 1
        assert not files(tmp_path)


async def test_y_and_enter_is_the_ref_too_and_escape_sends_nothing(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    ref = a_running_job(demo)
    async with drive(ref) as screen:
        into(screen, tmp_path)
        await screen.pilot.press("y", "escape")
        assert copied(screen) == ""
        await screen.pilot.press("y", "enter")
        await said(screen, "sent to the terminal")
        assert copied(screen) == str(ref)


async def test_what_is_copied_is_of_the_job_that_the_menu_was_opened_on(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    ref = a_running_job(demo)
    async with drive(ref) as screen:
        into(screen, tmp_path)
        await screen.pilot.press("y")
        await until(lambda: isinstance(screen.app.screen, CopyScreen), what="the menu")
        screen.main.jobs.go_to(screen.main.jobs.cursor + 1)
        await screen.pilot.press("l")
        await said(screen, "sent to the terminal")
        assert copied(screen).startswith(f"{ref}  Publish tiles: running")


async def test_a_permalink_opens_the_same_step_at_the_moment_that_is_read(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    job = demo.world.add_workflow_job("free-question")
    ref = JobRef("field", job.job_id)
    async with drive(ref) as screen:
        into(screen, tmp_path)
        await screen.pilot.press("2")
        await screen.pilot.press("y", "p")
        await said(screen, "sent to the terminal")
        step = screen.main.steps.step
        assert step is not None
        found = re.fullmatch(r"jobtui open '(.+)' --at (\S+)", copied(screen))
        assert found is not None, copied(screen)
        assert found[1] == f"{ref}#{step.id}"


async def test_what_is_copied_is_a_line_the_last_the_visible_or_all(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    ref = a_running_job(demo)
    async with drive(ref, size=(120, 30)) as screen:
        into(screen, tmp_path)
        log = screen.main.log_pane
        await until(lambda: len(log.shown_messages()) > 0, what="messages")
        first = log.shown_messages()[0]
        log.add([replace(first, id=f"x{n:03}", text=f"tile {n:03}") for n in range(100)])
        await screen.pilot.pause()
        told = {}
        for key in "mvM":
            await screen.pilot.press("y", key)
            await screen.pilot.pause(0.3)
            told[key] = copied(screen)
        shown = len(log.visible_messages())
        assert 0 < shown < 100
        assert [len(told[key].splitlines()) for key in "mv"] == [20, shown]
        assert told["M"].endswith(told["v"])
        assert len(told["M"].splitlines()) >= 101


async def test_a_view_can_be_written_as_a_command_line(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    async with drive(a_running_job(demo)) as screen:
        into(screen, tmp_path)
        screen.main.filter_jobs('state:running "Publish tiles"', problems=False)
        await screen.pilot.press("y", "s")
        await said(screen, "sent to the terminal")
        words = shlex.split(copied(screen))
        assert words == ["jobtui", "ls", '--search=state:running "Publish tiles"']


async def test_messages_are_copied_as_shown_and_too_many_go_into_a_private_file(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    ref = a_running_job(demo)
    async with drive(ref) as screen:
        into(screen, tmp_path)
        log = screen.main.log_pane
        await until(lambda: len(log.shown_messages()) > 0, what="messages")
        few = len(log.shown_messages())
        await screen.pilot.press("y", "M")
        await said(screen, "sent to the terminal")
        assert len(copied(screen).splitlines()) >= few
        assert not copied(screen).endswith("\n")
        long = [replace(log.shown_messages()[0], id=f"x{n}", text="word " * 200) for n in range(100)]
        log.add(long)
        before = copied(screen)
        await screen.pilot.press("y", "M")
        await said(screen, "written to")
        assert copied(screen) == before, "nothing was sent"
        assert f"more than the {MOST_BYTES // 1000} kB" in screen.receipt
        (file,) = files(tmp_path, "jobtui-all-messages-*.txt")
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(file.read_bytes()) > MOST_BYTES


async def test_f_in_the_menu_writes_a_file_by_choice(drive: Drive, demo: DemoServer, tmp_path: Path) -> None:
    ref = a_running_job(demo)
    async with drive(ref) as screen:
        into(screen, tmp_path)
        await screen.pilot.press("y", "f", "c")
        await said(screen, "written to")
        assert copied(screen) == ""
        (file,) = files(tmp_path)
        title, address, command = file.read_text().splitlines()
        assert title.startswith(f"{ref}  Publish tiles: running")
        assert address.startswith(demo.url)
        assert command.startswith(f"jobtui open {ref} --at ")


async def test_what_is_not_known_cannot_be_copied_and_that_is_said(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    async with drive(a_running_job(demo)) as screen:
        into(screen, tmp_path)
        await screen.pilot.press("y", "n")
        await said(screen, "no hand-off note: h writes one first")
        await screen.pilot.press("h")
        await said(screen, "the hand-off note; y n copies it")
        await screen.pilot.press("y", "n")
        await said(screen, "sent to the terminal: hand-off note")
        assert copied(screen).startswith("# Hand-off, ")


async def test_y_and_e_are_letters_while_a_filter_is_typed(drive: Drive, demo: DemoServer) -> None:
    async with drive(a_running_job(demo)) as screen:
        await screen.pilot.press("slash", *"yes")
        assert screen.main.search.value == "yes"
        assert len(screen.app.screen_stack) == 1


@pytest.mark.parametrize("key", ["t", "c", "j"])
async def test_the_list_is_exported_as_it_is_filtered_and_ordered(
    drive: Drive, demo: DemoServer, tmp_path: Path, key: str
) -> None:
    async with drive(a_running_job(demo)) as screen:
        into(screen, tmp_path)
        screen.main.filter_jobs("source:tiles", problems=False)
        refs = [str(ref) for ref in screen.main.view]
        assert refs
        assert all(ref.startswith("tiles:") for ref in refs)
        await screen.pilot.press("e", key)
        await said(screen, "written to")
        assert f"{len(refs)} jobs" in screen.receipt
        (file,) = files(tmp_path)
        assert str(file) in screen.receipt.replace(" ", "") or file.name in screen.receipt
        assert _refs_in(file) == refs


def _refs_in(file: Path) -> list[str]:
    text = file.read_bytes().decode()
    if file.suffix == ".json":
        return [job["ref"] for job in json.loads(text)]
    if file.suffix == ".csv":
        return [row["ref"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    return [line.split()[0] for line in text.splitlines()[1:]]


async def test_the_messages_and_the_steps_are_exported_where_they_have_the_focus(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    job = demo.world.add_workflow_job("failed")
    async with drive(JobRef("field", job.job_id)) as screen:
        into(screen, tmp_path)
        log = screen.main.log_pane
        await until(lambda: len(log.shown_messages()) > 3, what="messages")
        await screen.pilot.press("3", "e", "j")
        await said(screen, "messages")
        (file,) = files(tmp_path, "jobtui-messages-*.json")
        assert [m["id"] for m in json.loads(file.read_text())] == [m.id for m in log.shown_messages()]
        await screen.pilot.press("2", "e", "j")
        await said(screen, "steps")
        (file,) = files(tmp_path, "jobtui-job-*.json")
        document = json.loads(file.read_text())
        assert [step["id"] for step in document["steps"]] == [step.step_id for step in job.diagram.steps]
        assert set(document["controls"]) > {"hold", "run"}


async def test_a_picture_of_the_screen_is_of_the_screen_and_fetches_nothing(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    async with drive(a_running_job(demo)) as screen:
        into(screen, tmp_path)
        await screen.pilot.press("e", "s")
        await said(screen, "a picture of the screen")
        (file,) = files(tmp_path)
        svg = file.read_text()
        assert svg.startswith("<svg")
        assert "Publish" in svg
        assert "Export" not in re.sub(r"<[^>]*>", "", svg).replace("Export&#160;GeoJSON", ""), (
            "without the menu"
        )
        assert "url(" not in re.sub(r"url\(#[^)]*\)", "", svg)
        assert "://" not in svg.replace("http://www.w3.org/", "").replace("https://www.textualize.io", "")


async def test_a_file_that_cannot_be_written_is_said_and_nothing_else_happens(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    async with drive(a_running_job(demo)) as screen:
        into(screen, tmp_path / "file" / "folder")
        await screen.pilot.press("h")
        await said(screen, "not written: ")


async def test_o_shows_the_address_where_no_browser_would_be_seen(
    drive: Drive, demo: DemoServer, tmp_path: Path
) -> None:
    ref = a_running_job(demo)
    async with drive(ref) as screen:
        into(screen, tmp_path, links=True)
        await screen.pilot.press("o")
        await until(lambda: len(screen.app.screen_stack) == 2, what="the address")
        await screen.pilot.pause()
        text = screen.app.screen.query_one(TextLines)
        strips = [text.render_line(y) for y in range(text.size.height)]
        links = {
            segment.style.link
            for strip in strips
            for segment in strip
            if segment.style and segment.style.link
        }
        (address,) = links
        assert address.startswith(demo.url)
        assert address.replace(" ", "") in "".join(strip.text.strip() for strip in strips).replace(" ", "")


async def test_a_browser_is_asked_only_where_somebody_sits(
    drive: Drive, demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def browse(_: Outlet, address: str) -> bool:
        asked.append(address)
        return True

    monkeypatch.setattr(Outlet, "can_browse", True)
    monkeypatch.setattr(Outlet, "browse", browse)
    async with drive(a_running_job(demo)) as screen:
        await screen.pilot.press("o")
        await said(screen, "a browser was asked to open")
        assert len(asked) == 1
        assert asked[0].startswith(demo.url)


async def test_no_link_is_drawn_where_the_terminal_is_not_known_to_take_them(
    drive: Drive, demo: DemoServer
) -> None:
    for links in (False, True):
        async with drive(a_running_job(demo)) as screen:
            screen.app.outlet = Outlet(links=links, environment={})
            await screen.pilot.press("d")
            await until(lambda: len(screen.app.screen_stack) == 2, what="the details")
            await screen.pilot.pause()
            text = screen.app.screen.query_one(TextLines)
            strips = [text.render_line(y) for y in range(text.size.height)]
            found = [segment for strip in strips for segment in strip if segment.style and segment.style.link]
            assert bool(found) is links
            assert len({segment.style._link_id for segment in found if segment.style}) <= 1


def test_a_copied_text_is_harmless_lines_without_an_end_that_a_shell_would_act_on() -> None:
    assert copyable("a\x1b[2J\r\nb\u202e\n\n") == "a·[2J\nb"


def test_a_sequence_for_tmux_is_wrapped_with_its_escapes_doubled() -> None:
    assert osc_52("hé") == "\x1b]52;c;aMOp\a"
    assert wrapped_for_tmux(osc_52("hé")) == "\x1bPtmux;\x1b\x1b]52;c;aMOp\a\x1b\\"


def test_what_stands_between_us_and_the_clipboard_is_said() -> None:
    assert doubt_about({}, wraps=False) == ""
    assert "set-clipboard on" in doubt_about({"TMUX": "x"}, wraps=False)
    assert "allow-passthrough on" in doubt_about({"TMUX": "x"}, wraps=True)
    assert "does not" in doubt_about({"STY": "x"}, wraps=False)
