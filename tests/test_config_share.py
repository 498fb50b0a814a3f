"""The [share] table: links, copies and the folder of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.config import load
from jobtui.config.explain import explain
from jobtui.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_without_a_table_links_are_where_they_are_known_and_files_are_here(tmp_path: Path) -> None:
    share = load(written(tmp_path, "version = 1\n")).share
    assert (share.links, share.copy, share.folder) == ("auto", "plain", None)


def test_a_folder_is_beside_the_configuration_unless_it_is_absolute_and_all_is_explained(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, '[share]\nlinks = "off"\ncopy = "tmux"\nfolder = "out"\n')
    config = load(path)
    assert (config.share.links, config.share.copy, config.share.folder) == ("off", "tmux", tmp_path / "out")
    told = {setting.key: (setting.value, setting.origin) for setting in explain(config)}
    assert told["share.links"] == ('"off"', "config.toml:2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[share]\nlink = "on"\n', r"config.toml:2: share.link: unknown key; did you mean “links”\?"),
        ('[share]\nlinks = "yes"\n', r"config.toml:2: share.links: unknown value “yes”"),
        ("[share]\nfolder = 3\n", r"config.toml:2: share.folder: must be a text in quotes"),
        ("share = 3\n", r"config.toml:1: share: must be a table"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(written(tmp_path, text))
