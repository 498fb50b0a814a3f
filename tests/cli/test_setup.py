"""source, config, theme, add and forget."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import Cli
from tests.cli.test_read import a_ref, jobs


def test_source_ls_needs_no_network(run: Cli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'version = 1\n[sources.prod]\nkind = "nextspace"\nurl = "https://nowhere.example"\n'
        'token = { env = "X" }\nproduction = true\nread_only = true\n'
    )
    (listed,) = run("--config", str(config), "source", "ls", "--json").json
    assert listed == {
        "source": "prod",
        "kind": "nextspace",
        "url": "https://nowhere.example",
        "production": True,
        "read_only": True,
        "error": None,
    }
    assert "production read-only" in run("--config", str(config), "source", "ls").out
    assert run("--config", str(config), "source", "ls", "prd").code == 2


def test_source_test_says_who_we_are_and_what_we_may_do(cli: Cli) -> None:
    tested = {one["source"]: one for one in cli("source", "test", "--json").json}
    assert [tested[name]["ok"] for name in ("tiles", "desk", "field")] == [True, True, True]
    assert tested["field"]["user"] == "dortiz"
    assert "hold" in tested["field"]["controls"]
    assert tested["desk"]["controls"] == []
    assert 0 <= tested["desk"]["answer_s"] < 10
    assert cli("source", "test", "field").out.startswith("field  arcgis  ok, answered in")


def test_one_source_that_refuses_us_decides_the_code_of_the_test(cli: Cli, no_faults: DemoServer) -> None:
    no_faults.set_faults("zendesk/401")
    ran = cli("source", "test", "--json")
    assert ran.code == 4
    assert [one["ok"] for one in ran.json] == [True, False, True]
    no_faults.set_faults("zendesk/500")
    assert cli("source", "test").code == 3


def test_config_path_names_every_place(cli: Cli, config: Path, run: Cli, private_home: Path) -> None:
    assert cli("config", "path").out == f"{config}\n"
    places = cli("config", "path", "--json").json
    assert (places["path"], places["exists"]) == (str(config), True)
    assert str(private_home) in places["journal"]
    assert str(private_home) in run("config", "path").out


def test_config_init_writes_a_private_file_once_and_check_likes_it(run: Cli) -> None:
    made = run("config", "init")
    path = Path(run("config", "path").out.strip())
    assert made.code == 0
    assert str(path) in made.out
    assert path.stat().st_mode & 0o077 == 0
    assert run("config", "check").code == 0
    assert run("config", "check", "--json").json == {"ok": True, "sources": [], "errors": [], "warnings": []}
    again = run("config", "init")
    assert (again.code, again.out, len(again.sentences)) == (2, "", 1)
    nothing = run("ls")
    assert (nothing.code, len(nothing.sentences)) == (2, 1)


def test_config_show_masks_secrets_and_says_where_values_come_from(cli: Cli, demo: DemoServer) -> None:
    ran = cli("config", "show")
    for source in demo.sources.values():
        assert source["token"] not in ran.out
    assert "sources.desk.email" in ran.out
    assert "# config.toml:" in ran.out
    assert "# default" in ran.out
    shown = cli("config", "show", "--json").json
    assert {"key", "value", "origin"} == set(shown[0])


def test_themes_are_listed(run: Cli) -> None:
    assert {"harbour", "paper", "plain"} <= set(run("theme", "ls").out.split())
    assert "harbour" in run("theme", "ls", "--json").json


@pytest.mark.parametrize("ref", ["desk:V3-not-in-any-list", "tiles:424242", "field:nowhere"])
def test_an_unreadable_id_is_kept_and_listed_until_it_is_forgotten(cli: Cli, ref: str) -> None:
    added = cli("add", ref)
    assert (added.code, added.out, len(added.sentences)) == (0, "", 1)
    assert f"{ref} is kept, but could not be read" in added.err
    assert ref in {job["ref"] for job in jobs(cli)}
    assert cli("forget", ref).code == 0
    assert cli("forget", ref).code == 2


def test_add_takes_an_address_and_says_what_it_found(cli: Cli) -> None:
    job = jobs(cli, "--source", "field")[0]
    ran = cli("add", job["url"])
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"watching {job['ref']}")


def test_add_keeps_an_id_while_the_server_is_down(cli: Cli, no_faults: DemoServer) -> None:
    ref = a_ref(cli, "tiles", "running")
    no_faults.set_faults("500")
    ran = cli("add", ref)
    assert (ran.code, ran.out) == (0, "")
    assert "is kept, but could not be read" in ran.err


@pytest.mark.parametrize(
    "argv", [["add", "nowhere:1"], ["forget", "nowhere:1"], ["add", "http://x.example/1"]]
)
def test_what_no_source_can_mean_is_not_kept(cli: Cli, argv: list[str]) -> None:
    ran = cli(*argv)
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
