"""Where files live."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui import paths


def test_the_default_configuration_is_in_the_users_folder(private_home: Path) -> None:
    assert paths.config_file() == private_home / "xdg_config_home" / "jobtui" / "config.toml"
    assert paths.config_origin() == "the default place"


def test_the_variable_names_another_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBTUI_CONFIG", "~/elsewhere.toml")
    assert paths.config_file() == Path("~/elsewhere.toml").expanduser()
    assert paths.config_origin() == "JOBTUI_CONFIG"


def test_the_option_beats_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBTUI_CONFIG", "/one.toml")
    assert paths.config_file("/two.toml") == Path("/two.toml")
    assert paths.config_origin("/two.toml") == "--config"


def test_an_empty_variable_names_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBTUI_CONFIG", "")
    assert paths.config_file() == paths.default_config_file()


def test_keys_and_themes_are_beside_the_configuration() -> None:
    assert paths.keys_file(Path("/etc/jobs/config.toml")) == Path("/etc/jobs/keys.toml")
    assert paths.themes_folder(Path("/etc/jobs/config.toml")) == Path("/etc/jobs/themes")


def test_the_users_own_journal_goes_with_the_users_own_configuration(private_home: Path) -> None:
    state = private_home / "xdg_state_home" / "jobtui"
    assert paths.journal_file(paths.config_file()) == state / "journal.db"
    assert paths.log_folder() == state / "logs"


def test_a_link_to_the_users_own_configuration_is_the_users_own(tmp_path: Path) -> None:
    own = paths.default_config_file()
    own.parent.mkdir(parents=True)
    own.touch()
    link = tmp_path / "link.toml"
    link.symlink_to(own)
    assert paths.is_default(link)
    assert paths.journal_file(link) == paths.journal_file(own)


def test_every_other_configuration_has_a_journal_of_its_own(tmp_path: Path) -> None:
    one, two = paths.journal_file(tmp_path / "one.toml"), paths.journal_file(tmp_path / "two.toml")
    assert one != two
    assert one.parent == two.parent == paths.state_folder() / "journals"
    assert one == paths.journal_file(tmp_path / "sub" / ".." / "one.toml")


def test_a_state_folder_beside_a_configuration_keeps_its_journal(tmp_path: Path) -> None:
    (tmp_path / "jobtui-state").mkdir()
    assert paths.journal_file(tmp_path / "config.toml") == tmp_path / "jobtui-state" / "journal.db"


def test_a_link_in_place_of_the_state_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "jobtui-state").symlink_to("/")
    assert paths.journal_file(tmp_path / "config.toml").parent == paths.state_folder() / "journals"


def test_asking_for_paths_makes_nothing(private_home: Path) -> None:
    paths.journal_file(paths.config_file())
    paths.journal_file(private_home / "other.toml")
    paths.log_folder()
    assert list(private_home.iterdir()) == []
