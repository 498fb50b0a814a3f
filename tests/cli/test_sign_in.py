"""Signing in by name from a configuration file: accounts that are looked up, portals, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import Cli

Written = Callable[..., str]


@pytest.fixture
def written(demo: DemoServer, tmp_path: Path) -> Written:
    """Write a configuration of sources that sign in by name; gives its path."""

    def write(**changed: str) -> str:
        at = demo.sources
        field = "/".join((at["arcgis"]["base_url"], at["arcgis"]["org"], at["arcgis"]["item"]))
        tiles = {"account": "demo", "guardian": at["nextspace"]["base_url"], "login": "dortiz"}
        tables = {
            "tiles": {"kind": "nextspace", **tiles, "password": "demo"},
            "desk": {"kind": "zendesk", "url": demo.url, "email": at["zendesk"]["email"], "auth": "password"}
            | {"password": "demo"},
            "field": {"kind": "arcgis", "url": field, "portal": demo.url, "user": "dortiz"}
            | {"login": "dortiz", "password": "demo"},
        }
        lines = ["version = 1"]
        for name, table in tables.items():
            values = {**table, **{key: word for key, word in changed.items() if key in table}}
            lines += [f"[sources.{name}]", *(f"{key} = {json.dumps(word)}" for key, word in values.items())]
        path = tmp_path / "config.toml"
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o600)
        return str(path)

    return write


def test_three_sources_are_signed_in_to_by_name(run: Cli, written: Written, demo: DemoServer) -> None:
    config = written()
    tested = {each["source"]: each for each in run("--config", config, "source", "test", "--json").json}
    assert {name: each["user"] for name, each in tested.items()} == {
        "tiles": "Dana Ortiz",
        "desk": "On call",
        "field": "dortiz",
    }
    base = demo.sources["nextspace"]["base_url"]
    assert tested["tiles"]["url"] == base
    assert f"at {base}" in run("--config", config, "source", "test", "tiles").out
    listed = run("--config", config, "ls", "--json").json
    assert {job["source"] for job in listed} == {"tiles", "desk", "field"}
    tiles = next(job for job in listed if job["source"] == "tiles")
    assert tiles["url"].startswith(base)
    assert run("--config", config, "show", tiles["ref"], "--json").json["dispatch"]


def test_a_control_is_sent_with_a_session(run: Cli, written: Written) -> None:
    config = written()
    listed = run("--config", config, "ls", "--json", "--source", "tiles").json
    running = next(job for job in listed if job["state"] == "running")
    asked = run("--config", config, "cancel", running["ref"], "--yes", "--json")
    assert (asked.code, asked.json["verdict"]) == (0, "accepted")


def test_a_server_that_wants_a_token_of_its_own_is_steered_by_name_and_knows_whose_steps_are_ours(
    run: Cli, written: Written, demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo._services._manager.portal, "wants_server_tokens", True)
    config = written(user="")
    path = Path(config)
    path.write_text(path.read_text().replace('user = ""\n', ""))
    (tested,) = run("--config", config, "source", "test", "field", "--json").json
    assert (tested["ok"], tested["user"], tested["push"]) == (True, "dortiz", True)
    own, other = (demo.world.add_workflow_job(each).job_id for each in ("not-started", "other-user"))
    asked = run("--config", config, "hold", f"field:{own}", "--yes", "--json")
    assert (asked.code, asked.json["verdict"]) == (0, "accepted")
    tried = run("--config", config, "run", f"field:{other}", "--dry-run")
    assert "is assigned to rpatel" in tried.out


@pytest.mark.parametrize("name", ["tiles", "desk", "field"])
def test_a_wrong_password_is_one_sentence_that_does_not_show_it(
    run: Cli, written: Written, name: str
) -> None:
    config = written(password="hidden-word")
    for command in (["source", "test", name], ["ls", "--source", name], ["show", f"{name}:1"]):
        ran = run("--config", config, *command)
        assert (command, ran.code) == (command, 4)
        assert len((ran.out + ran.err).splitlines()) == 1
        assert "sign-in refused" in ran.out + ran.err
        assert "hidden-word" not in ran.out + ran.err


def test_an_account_that_is_not_ours_is_a_matter_of_sign_in_and_nothing_is_sent(
    run: Cli, written: Written
) -> None:
    config = written(account="acme")
    assert run("--config", config, "ls", "--source", "tiles").code == 4
    refused = run("--config", config, "cancel", "tiles:1", "--yes", "--json")
    assert (refused.code, refused.json["sent"]) == (4, False)


def test_a_pasted_address_is_looked_up_when_no_source_is_known_to_be_there(
    run: Cli, written: Written, demo: DemoServer
) -> None:
    config = written()
    listed = run("--config", config, "--source", "tiles", "ls", "--json").json
    shown = run("--config", config, "show", listed[0]["url"], "--json")
    assert (shown.code, shown.json["ref"]) == (0, listed[0]["ref"])
    assert run("--config", config, "add", listed[0]["url"]).out.startswith(f"watching {listed[0]['ref']}")
    demo.set_faults("nextspace/500")
    strange = run("--config", config, "show", "http://elsewhere.example/1")
    demo.set_faults("")
    assert strange.code == 2
    assert "is not an address of a job of any configured source; where tiles is could not be" in strange.err


def test_sessions_that_a_command_began_are_ended_with_it(
    run: Cli, written: Written, demo: DemoServer
) -> None:
    before = len(demo.requests)
    assert run("--config", written(), "--source", "tiles", "ls").code == 0
    paths = [entry["path"].removeprefix("/nextspace") for entry in demo.requests[before:]]
    assert (paths.count("/v3/login"), paths[-1]) == (1, "/v3/logout")
