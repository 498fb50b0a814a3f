"""What leaves the screen: private files that never overwrite, links only where they are known to work."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from jobtui.outlet import Outlet, takes_links


def test_a_file_is_new_private_and_never_written_over(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        outlet = Outlet(tmp_path / "out")
        paths = [outlet.save("jobs", ".csv", f"text {number}") for number in range(3)]
    finally:
        os.umask(before)
    assert len(set(paths)) == 3
    assert [path.read_text() for path in paths] == ["text 0", "text 1", "text 2"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_a_file_is_named_by_its_whole_path_wherever_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for outlet, folder in ((Outlet(), tmp_path), (Outlet(Path("out")), tmp_path / "out")):
        path = outlet.save("jobs", ".txt", "mine")
        assert path.is_absolute()
        assert path.parent == folder
        assert outlet.place_text == str(folder)


def test_nothing_of_the_environment_is_in_its_repr() -> None:
    assert "hunter2" not in repr(Outlet(environment={"PASSWORD": "hunter2"}))


def test_a_link_that_waits_under_the_name_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = Outlet(tmp_path)
    first = outlet.save("jobs", ".txt", "mine")
    prey = tmp_path / "prey"
    prey.write_text("precious")
    first.unlink()
    first.symlink_to(prey)
    for _ in range(3):
        outlet.save("jobs", ".txt", "mine")
    assert prey.read_text() == "precious"


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        Outlet(tmp_path / "file").save("jobs", ".txt", "")


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "alacritty"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4402"}, False),
        ({"TERM": "tmux-256color", "TMUX": "socket,1,0", "VTE_VERSION": "7600"}, False),
        ({"TERM": "screen", "STY": "1.x", "TERM_PROGRAM": "WezTerm"}, False),
        ({}, False),
    ],
)
def test_links_are_only_where_the_terminal_is_known_to_take_them(
    environment: dict[str, str], known: bool
) -> None:
    assert takes_links(environment) is known


@pytest.mark.parametrize(
    ("environment", "can"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "1 2 3 4"}, False),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, False),
    ],
)
def test_no_browser_is_opened_on_a_machine_that_nobody_sits_at(
    environment: dict[str, str], can: bool
) -> None:
    assert Outlet(environment=environment).can_browse is can


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks where Linux shows it")
def test_a_browser_gets_the_address_and_not_our_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(
        "#!/bin/sh\n"
        "in=$(readlink /proc/$$/fd/0) out=$(readlink /proc/$$/fd/1) err=$(readlink /proc/$$/fd/2)\n"
        f'printf "%s\\n" "$in" "$out" "$err" "$1" > {seen}\n'
    )
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(browser))
    assert Outlet().browse("http://127.0.0.1/jobs/1?a=b&c=d")
    assert seen.read_text().splitlines() == ["/dev/null"] * 3 + ["http://127.0.0.1/jobs/1?a=b&c=d"]
