"""Whatever goes wrong at the server or in the configuration is one clear sentence and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import Cli


@pytest.fixture
def impatient(no_faults: DemoServer, tmp_path: Path) -> Path:
    """The demo's configuration with a time-out shorter than a slow answer."""
    path = no_faults.write_config(tmp_path / "impatient.toml")
    path.write_text(path.read_text().replace("\ntoken =", '\ntimeout = "1s"\ntoken ='))
    return path


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("401", 4, "desk"),
        ("429", 3, "429"),
        ("500", 3, "500"),
        ("html", 3, "HTML"),
        ("hangup", 3, "connection"),
        ("slow", 3, "within 1 s"),
        ("truncated", 3, ""),
        ("403", 4, "403"),
    ],
)
@pytest.mark.parametrize(
    "command", [["show", "desk:V3-1"], ["source", "test", "desk"], ["ls", "--source", "desk"]]
)
def test_a_faulty_server_is_one_sentence(
    run: Cli, no_faults: DemoServer, impatient: Path, command: list[str], fault: str, code: int, said: str
) -> None:
    no_faults.set_faults(fault)
    ran = run("--config", str(impatient), *command)
    assert ran.code == code
    sentence = ran.out + ran.err
    assert len(sentence.splitlines()) == 1
    assert said.lower() in sentence.lower()
    assert "desk" in sentence
    assert no_faults.sources["zendesk"]["token"] not in sentence
    assert "Traceback" not in sentence


def test_a_server_that_is_down_is_one_sentence(run: Cli, tmp_path: Path) -> None:
    config = tmp_path / "down.toml"
    _write(config, '[sources.tiles]\nkind = "nextspace"\nurl = "http://127.0.0.1:9"\ntoken = "x"\n')
    for command in (
        ["ls"],
        ["show", "tiles:1"],
        ["logs", "tiles:1"],
        ["source", "test"],
        ["wait", "tiles:1"],
    ):
        ran = run("--config", str(config), *command)
        assert ran.code == 3
        assert len((ran.out + ran.err).splitlines()) == 1
        assert "127.0.0.1:9" in ran.out + ran.err


def test_a_token_that_is_not_there_is_a_matter_of_sign_in(run: Cli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    _write(
        config,
        '[sources.tiles]\nkind = "nextspace"\nurl = "http://127.0.0.1:9"\ntoken = { env = "NOT_SET" }\n',
    )
    for command in (["ls"], ["show", "tiles:1"], ["source", "test"], ["cancel", "tiles:1", "--yes"]):
        ran = run("--config", str(config), *command)
        assert (command, ran.code) == (command, 4)
        assert "NOT_SET" in ran.out + ran.err


def test_without_a_configuration_two_ways_on_are_named(run: Cli) -> None:
    for command in ([], ["ls"], ["show", "tiles:1"], ["cancel", "tiles:1"], ["source", "ls"], ["audit"]):
        ran = run(*command)
        assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
        assert "jobtui demo" in ran.err
        assert "jobtui config init" in ran.err


def test_a_configuration_that_is_not_toml_names_file_and_line(run: Cli, tmp_path: Path) -> None:
    config = tmp_path / "broken.toml"
    _write(config, "[sources.x\n")
    ran = run("--config", str(config), "ls")
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert "broken.toml" in ran.err
    assert ":2" in ran.err or "line 2" in ran.err


@pytest.fixture
def half_broken(demo: DemoServer, tmp_path: Path) -> Path:
    """The demo's configuration, with a source of which a key is misspelt."""
    path = demo.write_config(tmp_path / "half.toml")
    path.write_text(path.read_text() + '\n[sources.bad]\nkind = "zendesk"\nurll = "https://x.example"\n')
    return path


def test_a_broken_source_names_the_nearest_key_and_stops_no_other(run: Cli, half_broken: Path) -> None:
    ran = run("--config", str(half_broken), "ls", "--json")
    assert ran.code == 0
    assert {job["source"] for job in ran.json} == {"tiles", "desk", "field"}
    assert len(ran.sentences) == 1
    assert "half.toml" in ran.err
    assert "url" in ran.err

    listed = run("--config", str(half_broken), "source", "ls", "--json").json
    assert [entry["source"] for entry in listed] == ["tiles", "desk", "field", "bad"]
    assert [entry["error"] is None for entry in listed] == [True, True, True, False]

    asked = run("--config", str(half_broken), "show", "bad:1")
    assert (asked.code, asked.out) == (2, "")
    assert "urll" in asked.err
    assert run("--config", str(half_broken), "--source", "bad", "ls").code == 2
    checked = run("--config", str(half_broken), "config", "check")
    assert checked.code == 2
    assert "urll" in checked.err


def test_hostile_text_of_a_server_reaches_no_terminal(
    run: Cli, no_faults: DemoServer, impatient: Path
) -> None:
    no_faults.set_faults("hostile")
    config = str(impatient)
    seen = run("--config", config, "ls").out
    refs = [job["ref"] for job in run("--config", config, "ls", "--json", "--source", "tiles").json][:2]
    for ref in refs:
        seen += run("--config", config, "show", ref).out + run("--config", config, "logs", ref).out
        seen += run("--config", config, "logs", ref, "--json").out
    assert seen.replace("\n", "").isprintable()


def _write(path: Path, text: str) -> None:
    path.write_text("version = 1\n" + text)
    path.chmod(0o600)
