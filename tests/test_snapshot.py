"""The picture of the last screen on the disk: where it is, whose it is, and when it is not good any more."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jobtui import paths, snapshot
from jobtui.screen_file import ScreenFile
from jobtui.snapshot_file import MOST_BYTES, OLDEST_S, Wanted, read, written

ROOT = Path(__file__).resolve().parents[1]
ROWS = b"\x1b[1;1Hone\x1b[2;1Htwo"
IDENTITY = b"as it was"
AT = 1_000_000


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("version = 1\n", "utf-8")
    return path


def _kept(path: Path, content: bytes = written(IDENTITY, ROWS, AT)) -> str:
    path.write_bytes(content)
    path.chmod(0o600)
    return str(path)


def test_it_is_beside_the_journal_whatever_configuration_it_is_of(config: Path) -> None:
    def is_beside(path: Path) -> bool:
        return Path(Wanted(str(path), ()).path) == paths.journal_file(path).with_suffix(".screen")

    assert is_beside(paths.default_config_file())
    assert is_beside(config)
    (config.parent / paths.LOCAL_STATE).mkdir()
    assert is_beside(config)
    assert Path(Wanted(str(config), ()).path).parent.name == paths.LOCAL_STATE


def test_without_a_word_of_the_environment_the_folders_are_those_of_the_journal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    usual = paths.default_config_file()
    assert Path(Wanted(str(usual), ()).path) == paths.journal_file(usual).with_suffix(".screen")
    asked = snapshot._asked([])
    assert asked is not None
    assert Path(asked[0]) == usual


def test_what_was_kept_is_read_again_and_nobody_else_can(config: Path) -> None:
    wanted = Wanted(str(config), ())
    ScreenFile(wanted).keep(120, 40, ROWS)
    path = Path(wanted.path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    found = read(wanted.path, wanted.identity(120, 40), path.stat().st_mtime + 1)
    assert found is not None
    assert found[1] == ROWS
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_it_is_not_shown_where_anything_is_not_as_it_was(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Wanted(str(config), ["--ascii"]).identity(120, 40)
    assert Wanted(str(config), ["--ascii"]).identity(120, 40) == before
    assert Wanted(str(config), ["--ascii"]).identity(80, 40) != before
    assert Wanted(str(config), ["--read-only"]).identity(120, 40) != before
    for name in ("TERM", "NO_COLOR", "SSH_TTY", "LANG"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "other")
            assert Wanted(str(config), ["--ascii"]).identity(120, 40) != before
    for path in (config, paths.keys_file(config), paths.layout_file(config)):
        before = Wanted(str(config), ["--ascii"]).identity(120, 40)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# changed\n", "utf-8")
        assert Wanted(str(config), ["--ascii"]).identity(120, 40) != before, path


@pytest.mark.parametrize("now", [AT - 1, AT + OLDEST_S + 1])
def test_one_of_another_day_or_of_the_future_is_not_shown(tmp_path: Path, now: int) -> None:
    path = _kept(tmp_path / "it.screen")
    assert read(path, IDENTITY, AT + 1) == (AT, ROWS)
    assert read(path, IDENTITY, now) is None
    assert read(path, b"another", AT + 1) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[:5],
        lambda whole: whole.replace(b"screen 1", b"screen 2"),
        lambda whole: whole.replace(b"two", b"\x1b]0"),
        lambda whole: b"\n" + whole,
    ],
)
def test_a_damaged_one_is_not_shown(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    assert read(_kept(tmp_path / "it", damage(written(IDENTITY, ROWS, AT))), IDENTITY, AT + 1) is None


def test_one_with_figures_that_are_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="int"):
        read(_kept(tmp_path / "it", b"jobtui-screen 1 x y z\n"), IDENTITY, AT + 1)


def test_what_is_not_ours_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "it.screen"
    _kept(path).encode()
    path.chmod(0o640)
    with pytest.raises(OSError, match="ours"):
        read(str(path), IDENTITY, AT + 1)
    path.chmod(0o600)
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(OSError, match="link"):
        read(str(tmp_path / "link"), IDENTITY, AT + 1)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(OSError, match="ours"):
        read(str(tmp_path / "pipe"), IDENTITY, AT + 1)
    with pytest.raises(OSError, match="ours"):
        read(_kept(tmp_path / "huge", b"x" * (MOST_BYTES + 1)), IDENTITY, AT + 1)


def test_what_cannot_be_kept_is_no_error(config: Path) -> None:
    wanted = Wanted(str(config), ())
    ScreenFile(wanted).keep(120, 40, b"x" * MOST_BYTES)
    assert not Path(wanted.path).exists()
    Path(wanted.path).parent.parent.mkdir(parents=True, exist_ok=True)
    Path(wanted.path).parent.write_text("no folder", "utf-8")
    ScreenFile(wanted).keep(120, 40, ROWS)
    assert not Path(wanted.path).exists()


@pytest.mark.parametrize(
    "argv",
    [["ls"], ["open", "desk:1"], ["demo"], ["--help"], ["--accessible"], ["--confg", "x"], ["--config"]],
)
def test_whoever_asks_for_something_else_is_shown_no_last_screen(argv: list[str]) -> None:
    assert snapshot._asked(argv) is None


def test_the_options_of_a_plain_screen_are_a_part_of_what_was_asked_for() -> None:
    argv = ["--config", "/a/b", "--source=desk", "--mouse", "off", "--read-only"]
    assert snapshot._asked(argv) == ("/a/b", ["--source=desk", "--mouse=off", "--read-only"])
    assert snapshot._asked(["--config=/a/b"]) == ("/a/b", [])


def test_next_to_nothing_is_loaded_before_it_is_shown() -> None:
    code = "import sys, jobtui.cli.main\nprint(*sorted(n for n in sys.modules if n.startswith('jobtui')))\n"
    code += "print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-ISc", f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    ours, everything = ran.stdout.splitlines()
    assert ours == "jobtui jobtui.cli jobtui.cli.main jobtui.collecting jobtui.snapshot jobtui.snapshot_file"
    assert {"typing", "re", "pathlib", "json", "argparse", "signal", "dataclasses", "enum"}.isdisjoint(
        everything.split()
    )
