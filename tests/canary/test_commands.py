"""Every command, with a secret of every kind: seen in the request headers to its own origin, nowhere else."""

from __future__ import annotations

import json

import pytest

from jobtui.cli.options import COMMANDS
from tests.canary.canaries import core_of
from tests.canary.scene import DERIVED, SOURCE_OF_KIND, WAYS, Scene, secret, write_private
from tests.cli.conftest import Cli

OF_ALL = (
    ["ls"],
    ["ls", "--json"],
    ["ls", "--problems", "--search", "e"],
    ["source", "ls"],
    ["source", "ls", "--json"],
    ["source", "test"],
    ["source", "test", "--json"],
    ["config", "path", "--json"],
    ["config", "check"],
    ["config", "check", "--json"],
    ["config", "show"],
    ["config", "show", "--json"],
    ["config", "init"],
    ["theme", "ls"],
    ["audit", "--json"],
    ["audit"],
    ["handoff"],
    ["journal", "info"],
    ["journal", "export"],
    ["doctor"],
    ["completion", "bash"],
)
OF_A_JOB = (
    ["show"],
    ["show", "--json"],
    ["logs"],
    ["logs", "--json", "--level", "debug"],
    ["wait", "--timeout", "0.2s"],
    ["watch", "--timeout", "0.2s", "--json"],
    ["open"],
    ["add"],
    ["forget"],
)
CONTROLS = ("cancel", "hold", "release", "finish", "run", "stop", "set-current", "refresh")
ALONE = ("screen", "demo", "reset-terminal")
"""Run as processes, in tests of their own."""


def a_ref(watched: Cli, source: str) -> str:
    """Find a job of a source that has not ended."""
    listed = watched("ls", "--json", "--source", source).json
    return str(next(job["ref"] for job in listed if not job["ended"]))


def test_no_command_is_left_out() -> None:
    tried = {argv[0] for argv in (*OF_ALL, *OF_A_JOB)} | {*CONTROLS, *ALONE}
    assert set(COMMANDS) == tried


def test_commands_about_everything(watched: Cli, scene: Scene) -> None:
    for argv in OF_ALL:
        assert watched(*argv).code != 70
    every = {*WAYS, *DERIVED}
    assert scene.seen_on_the_wire() == every
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []


@pytest.mark.parametrize("kind", sorted(SOURCE_OF_KIND))
def test_commands_about_a_job(watched: Cli, scene: Scene, kind: str) -> None:
    for place, source in enumerate(SOURCE_OF_KIND[kind]):
        ref = a_ref(watched, source)
        # What differs between the sources of a kind is how they sign in: controls go round.
        mine = CONTROLS[place :: len(SOURCE_OF_KIND[kind])]
        for argv in (*OF_A_JOB, *([control, "--yes", "--reason", "tried"] for control in mine)):
            assert watched(argv[0], ref, *argv[1:]).code != 70
        assert watched("cancel", ref, "--dry-run").code != 70
        assert watched("cancel", ref, "--yes", "--json", "--wait", "0.2s").code != 70
        assert source in {each["ref"].partition(":")[0] for each in watched("audit", "--json").json}
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []


_SECRET = json.dumps(secret("bearer"))
_BARE = core_of("bearer")
_TILES = '[sources.tiles]\nkind = "nextspace"\nurl = "http://127.0.0.1:9"\n'


@pytest.mark.parametrize(
    "wrong",
    [
        f"{_TILES}token = {_SECRET} {_SECRET}",
        f"{_TILES}token = {_BARE}",
        f"{_TILES}tokn = {_SECRET}",
        f"{_TILES}token = {{ env = {_SECRET}, file = {_SECRET} }}",
        f"{_TILES}token = [{_SECRET}]",
        f"{_TILES}poll = {_SECRET}",
        f"{_TILES}production = {_SECRET}",
        f"{_TILES}budget = {_SECRET}",
        f"{_TILES}token = {_SECRET}\ntoken = {_SECRET}",
        f"{_TILES}token = 'a\nb{_BARE}'",
        f"{_TILES}token = {json.dumps(_BARE + chr(9))}",
        f"{_TILES}proxy = 'http://me:{_BARE}@proxy.example:3128'",
        f"[sources.tiles]\nkind = 'nextspace'\nurl = 'https://me:{_BARE}@a.example'",
        f"version = {_SECRET}",
    ],
)
def test_a_mistake_in_the_configuration_shows_no_secret(watched: Cli, scene: Scene, wrong: str) -> None:
    write_private(scene.config, wrong + "\n")
    for argv in (["config", "check"], ["config", "check", "--json"], ["ls"], ["source", "ls", "--json"]):
        assert watched(*argv).code in (0, 2)
    assert watched("config", "check").code == 2
    assert scene.leaks_in_files() == []


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o606])
def test_a_literal_secret_that_others_can_read_is_refused(watched: Cli, scene: Scene, mode: int) -> None:
    write_private(scene.config, f"{_TILES}token = {_SECRET}\n")
    assert watched("config", "check").code == 0
    scene.config.chmod(mode)
    ran = watched("config", "check")
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert "chmod 600" in ran.err


def test_a_secret_is_not_sent_in_clear_to_another_machine(watched: Cli, scene: Scene) -> None:
    given = f"[sources.tiles]\nkind = 'nextspace'\nurl = 'http://tiles.example'\ntoken = {_SECRET}\n"
    write_private(scene.config, given)
    for argv in (["config", "check"], ["ls", "--source", "tiles"], ["show", "tiles:1"]):
        ran = watched(*argv)
        assert (ran.code, len(ran.sentences)) == (2, 1)
        assert "http would show the token to everyone on the way" in ran.err
        assert "insecure = true" in ran.err
    write_private(scene.config, given + "insecure = true\n")
    assert watched("config", "check").code == 0


@pytest.mark.parametrize("command", ["show", "add", "logs", "cancel", "wait"])
def test_a_token_in_a_pasted_address_goes_no_further(watched: Cli, scene: Scene, command: str) -> None:
    job = a_ref(watched, "query").partition(":")[2]
    root = f"{scene.origin('query').url}/{scene.demo.sources['arcgis']['org']}"
    item = scene.demo.sources["arcgis"]["item"]
    for address in (
        f"{root}/{item}/jobs/{job}?token={core_of('esri')}",
        f"{root}/{item}/nothing?token={core_of('esri')}",
        f"https://me:{core_of('esri')}@elsewhere.example/x?token={core_of('esri')}",
    ):
        more = {"cancel": ["--dry-run"], "wait": ["--timeout", "0.1s"]}.get(command, [])
        assert watched(command, address, *more).code != 70
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []
