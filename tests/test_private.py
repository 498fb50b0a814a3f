"""Folders and files for the user alone: whatever the umask, whoever was there first."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobtui.private import claim_folder, make_private_folder, open_private, refuse_foreign_file


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Each of the ways that a shell may be set, the silly ones included."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be somebody else than whom all files here belong to."""
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_what_is_made_is_private_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    claim_folder(folder)
    open_private(folder / "file").close()
    assert [mode(path) for path in (folder.parent, folder, folder / "file")] == [0o700, 0o700, 0o600]


def test_a_folder_of_ours_is_closed_to_others_and_what_is_above_it_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "ours"
    folder.mkdir(parents=True)
    folder.chmod(0o775)
    folder.parent.chmod(0o755)
    claim_folder(folder)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o755)


def test_a_folder_for_a_file_that_the_user_names_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path)
    assert mode(tmp_path) == 0o755


@pytest.mark.usefixtures("stranger")
def test_what_is_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("theirs")
    file.chmod(0o644)
    tmp_path.chmod(0o755)
    attempts: list[Callable[[], object]] = [
        lambda: claim_folder(tmp_path),
        lambda: open_private(file),
        lambda: open_private(file, append=True),
        lambda: refuse_foreign_file(file),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionError, match="belongs to somebody else"):
            attempt()
    assert (file.read_text(), mode(file), mode(tmp_path)) == ("theirs", 0o644, 0o755)


def test_a_link_to_a_folder_of_ours_is_followed_and_a_strangers_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir(mode=0o755)
    link.symlink_to(real)
    claim_folder(link)
    assert mode(real) == 0o700
    found = link.lstat()
    theirs = os.stat_result([*found[:4], os.getuid() + 1, *found[5:10]])
    monkeypatch.setattr(Path, "lstat", lambda _self: theirs)
    with pytest.raises(PermissionError):
        claim_folder(link)


def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("kept")
    link.symlink_to(target)
    for append in (False, True):
        with pytest.raises(OSError, match="symbolic"):
            open_private(link, append=append)
    assert target.read_text() == "kept"


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"No such device|not a regular file"):
        open_private(tmp_path / "pipe")


def test_a_file_that_others_could_read_is_closed_to_them_and_begun_anew_or_gone_on_with(
    tmp_path: Path,
) -> None:
    file = tmp_path / "file"
    file.write_text("before")
    file.chmod(0o666)
    with open_private(file, append=True) as opened:
        opened.write(b" and after")
    assert (file.read_text(), mode(file)) == ("before and after", 0o600)
    with open_private(file) as opened:
        opened.write(b"new")
    assert file.read_text() == "new"
