"""source, config, theme, add and forget."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.backends.arcgis.test_push import Nobody
from tests.cli.conftest import Cli, Ran
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
    assert tested["field"]["jobs"] > 3
    assert tested["desk"]["jobs"] is None, "nobody counts these"
    assert [tested[name]["push"] for name in ("tiles", "desk", "field")] == [None, None, True]
    assert tested["desk"]["controls"] == []
    assert 0 <= tested["desk"]["answer_s"] < 10
    out = cli("source", "test", "field").out
    assert out.startswith("field  arcgis  ok, answered in")
    assert f"  {tested['field']['jobs']} jobs  " in out


def test_source_test_says_how_many_jobs_a_limit_leaves_out(run: Cli, config: Path) -> None:
    limited = config.with_name("limited.toml")
    limited.write_text(config.read_text().replace('kind = "arcgis"', 'kind = "arcgis"\nlimit = 3'))
    limited.chmod(0o600)
    (tested,) = run("--config", str(limited), "source", "test", "field", "--json").json
    assert tested["limit"] == 3
    out = run("--config", str(limited), "source", "test", "field").out
    assert f"  lists 3 of {tested['jobs']} jobs  push  " in out


def test_source_test_says_why_a_source_will_not_speak_by_itself(
    cli: Cli, demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo._services._notifications, "_service", Nobody())
    (tested,) = cli("source", "test", "field", "--json").json
    assert (tested["ok"], tested["push"]) == (True, False)
    assert "refused the sign-in to its notifications" in tested["push_error"]
    assert f"polled: {tested['push_error']}" in cli("source", "test", "field").out


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
    for argv in (["ls"], ["watch", "--rule", "fails"]):
        nothing = run(*argv)
        assert (nothing.code, nothing.out, len(nothing.sentences)) == (2, "", 1)
        assert "“jobtui config init”" in nothing.err
        assert "“jobtui demo”" in nothing.err
    assert ", on no source. " in run("handoff").out


def test_config_show_masks_secrets_and_says_where_values_come_from(cli: Cli, demo: DemoServer) -> None:
    ran = cli("config", "show")
    for source in demo.sources.values():
        assert source["token"] not in ran.out
    assert "sources.desk.email" in ran.out
    assert "# config.toml:" in ran.out
    assert "# default" in ran.out
    shown = cli("config", "show", "--json").json
    assert {"key", "value", "origin"} == set(shown[0])
    values = {setting["key"]: setting["value"] for setting in shown}
    assert (values["version"], values["sources.desk.read_only"]) == (1, False)
    assert values["sources.desk.kind"] == "zendesk"


def _checks(run: Cli, folder: Path, text: str) -> tuple[Path, Ran]:
    file = folder / "config.toml"
    file.write_text(text)
    file.chmod(0o600)
    return file, run("--config", str(file), "config", "check")


def test_every_error_is_printed_in_the_order_of_the_file_whatever_the_command(
    run: Cli, tmp_path: Path
) -> None:
    text = """version = 9
theem = "x"
theme = 3
[desk]
kind = "zendesk"
[sources.tiles]
kind = "nextspace"
poll = true
"""
    file, ran = _checks(run, tmp_path, text)
    assert (ran.code, ran.out) == (2, "")
    places = [line.removeprefix(f"{file}:").split(": ")[0:2] for line in ran.sentences]
    assert places == [
        ["1", "version"],
        ["2", "theem"],
        ["3", "theme"],
        ["4", "desk"],
        ["6", "sources.tiles"],
        ["8", "sources.tiles.poll"],
    ]
    for command in ([], ["ls"], ["handoff"]):
        assert run("--config", str(file), *command).sentences == ran.sentences
    document = run("--config", str(file), "config", "check", "--json").json
    assert (document["ok"], document["errors"]) == (False, ran.sentences)


def test_config_check_complains_of_themes_that_are_not_there(
    run: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """version = 1
theme = "harbor"
[sources.tiles]
kind = "nextspace"
url = "https://tiles.example"
token = { env = "X" }
theme = "mine"
"""
    monkeypatch.setenv("X", "a token")
    file, ran = _checks(run, tmp_path, text)
    assert ran.code == 2
    assert ran.sentences[0] == f"{file}:2: theme: there is no theme “harbor”; did you mean “harbour”?"
    assert ran.sentences[1].startswith(f"{file}:7: sources.tiles.theme: there is no theme “mine”")
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").write_text('like = "harbour"\n')
    file, ran = _checks(run, tmp_path, text.replace("harbor", "harbour"))
    assert (ran.code, ran.err) == (0, "")


def test_config_check_warns_of_a_source_that_signs_in_by_nothing(run: Cli, tmp_path: Path) -> None:
    text = 'version = 1\n[sources.tiles]\nkind = "nextspace"\nurl = "https://tiles.example"\n'
    _, ran = _checks(run, tmp_path, text)
    assert ran.code == 0
    assert ran.sentences == [
        "warning: source tiles has no token and no login; it is asked without signing in"
    ]


def test_config_check_looks_into_the_users_own_themes(run: Cli, tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").write_text('like = "harbour"\n[looks]\nfaild = "#fff"\n')
    _, ran = _checks(run, tmp_path, "version = 1\n")
    assert (ran.code, ran.sentences) == (2, ["mine.toml: looks.faild: unknown key; did you mean “failed”?"])


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
