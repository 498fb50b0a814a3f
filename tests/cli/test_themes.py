"""theme ls and preview."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.insight.looks import WORDS
from tests.cli.conftest import Cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the user's themes beside a configuration that need not be there."""
    found = tmp_path / "themes"
    found.mkdir()
    return found


def test_themes_are_listed_with_what_they_are(run: Cli) -> None:
    ran = run("theme", "ls")
    assert ran.code == 0
    assert {"harbour", "paper", "plain", "terminal"} <= {line.split()[0] for line in ran.out.splitlines()}
    assert "harbour" in run("theme", "ls", "--json").json


def test_a_preview_has_the_word_of_every_state(run: Cli) -> None:
    ran = run("theme", "preview", "harbour")
    assert ran.code == 0
    assert all(word in ran.out for word in WORDS.values())
    assert "\x1b" not in ran.out, "no colours where nobody can see them"
    everything = run("theme", "preview").out
    assert "terminal" in everything
    assert "paper" in everything


def test_a_preview_in_colour_has_those_of_the_theme(run: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[38;2;255;138;112;48;2;14;21;29m" in run("theme", "preview", "harbour").out
    assert "\x1b[91m" in run("theme", "preview", "terminal").out
    assert "\x1b[7m" in run("theme", "preview", "plain").out
    assert "\x1b" not in run("--no-color", "theme", "preview", "harbour").out


def test_the_users_own_are_listed_and_what_is_wrong_is_said(run: Cli, folder: Path) -> None:
    (folder / "mine.toml").write_text('like = "harbour"\nabout = "at night"\n', "utf-8")
    (folder / "bad.toml").write_text('like = "harbour"\n[looks]\nfaild = "#fff"\n', "utf-8")
    config = str(folder.parent / "config.toml")
    ran = run("--config", config, "theme", "ls")
    assert ran.code == 2
    assert "at night (yours)" in ran.out
    assert ran.sentences == ["bad.toml: looks.faild: unknown key; did you mean “failed”?"]
    assert run("--config", config, "theme", "preview", "bad").sentences == ran.sentences


def test_a_preview_says_what_is_hard_to_read(run: Cli, folder: Path) -> None:
    (folder / "mine.toml").write_text('like = "harbour"\n[looks]\nfailed = "#222222"\n', "utf-8")
    ran = run("--config", str(folder.parent / "config.toml"), "theme", "preview", "mine")
    assert ran.code == 0
    assert "theme mine: failed is hard to read on background" in ran.err


def test_an_unknown_theme_names_the_nearest(run: Cli) -> None:
    ran = run("theme", "preview", "harbor")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean “harbour”?" in ran.err
