"""What a configuration gives."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from jobtui.config import TEMPLATE, ConfiguredSource, explain, load, write_initial
from jobtui.demo import DemoServer
from jobtui.errors import ConfigError, UsageError
from jobtui.model import Kind, Secret, Source

WHOLE = """\
version = 1
theme = "harbour"

[sources.prod-tiles]
kind = "nextspace"
account = "acme"
guardian = "https://guardian.example/"
login = { env = "A" }
password = { file = "secret.txt" }
code = { keyring = "tiles" }
header = "x-sessionid"
production = true

[sources.desk]
kind = "zendesk"
url = "https://acme.zendesk.com/"
email = "oncall@acme.example"
token = { command = ["op", "read", "op://a b/c"] }
poll = "10s"
budget = 200
history = "7d"
limit = 100_000
timeout = 2.5

[sources."eu.field_1"]
kind = "arcgis"
url = "https://workflow.example.com/org/item"
user = "dortiz"
query = "closed=0 AND priority='High'"
push = false
read_only = true
theme = "night"
ca = "ca.pem"
proxy = "http://squid.example:3128"
token = "literal-secret"
"""


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").touch()
    file = tmp_path / "config.toml"
    file.touch(mode=0o600)
    file.write_text(WHOLE)
    return file


def one(tmp_path: Path, text: str) -> ConfiguredSource:
    file = tmp_path / "config.toml"
    file.write_text(text)
    config = load(file)
    assert config.broken == ()
    return config.good[0]


def test_every_key_reaches_its_place(whole: Path) -> None:
    config = load(whole)
    assert (config.version, config.theme, config.broken, config.warnings) == (1, "harbour", (), ())
    tiles, desk, field = config.good
    assert tiles.source == Source("prod-tiles", Kind.NEXTSPACE, production=True)
    assert tiles.url == ""
    assert tiles.options == {
        "account": "acme",
        "guardian": "https://guardian.example",
        "header": "x-sessionid",
    }
    assert tiles.secrets["password"].where == str(whole.parent / "secret.txt")
    assert desk.source == Source(
        "desk", Kind.ZENDESK, poll_s=10, budget=200, history_s=604_800, limit=100_000
    )
    assert desk.url == "https://acme.zendesk.com"
    assert desk.secrets["token"].where == "op read 'op://a b/c'"
    assert desk.timeout_s == 2.5
    assert field.source == Source("eu.field_1", Kind.ARCGIS, read_only=True, budget=180)
    assert field.options == {"user": "dortiz", "query": "closed=0 AND priority='High'", "push": "false"}
    assert (field.theme, field.ca, field.proxy) == (
        "night",
        whole.parent / "ca.pem",
        "http://squid.example:3128",
    )


def test_an_access_token_may_sign_in_as_a_password_without_a_name(tmp_path: Path) -> None:
    text = "version = 1\n[sources.tiles]\nkind = 'nextspace'\naccount = 'acme'\npassword = { env = 'A' }\n"
    assert set(one(tmp_path, text).secrets) == {"password"}


async def test_a_connection_fetches_its_secrets_when_asked(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = load(whole).connection("prod-tiles")
    monkeypatch.setenv("A", "dana")
    assert await connection.secrets["login"]() == Secret("dana")
    assert await load(whole).connection("eu.field_1").secrets["token"]() == Secret("literal-secret")


async def test_the_demos_own_configuration_loads_whole(tmp_path: Path, demo: DemoServer) -> None:
    config = load(demo.write_config(tmp_path / "demo.toml"))
    assert [(entry.name, entry.source.kind) for entry in config.good] == [
        ("tiles", Kind.NEXTSPACE),
        ("desk", Kind.ZENDESK),
        ("field", Kind.ARCGIS),
    ]
    token = await config.connection("desk").secrets["token"]()
    assert token.reveal() == demo.sources["zendesk"]["token"]


def test_a_broken_source_does_not_stop_the_others(whole: Path) -> None:
    whole.write_text(WHOLE.replace('email = "oncall', 'emial = "oncall'))
    config = load(whole)
    assert [entry.name for entry in config.good] == ["prod-tiles", "eu.field_1"]
    assert [entry.name for entry in config.broken] == ["desk"]
    assert [entry.name for entry in config.sources] == ["prod-tiles", "desk", "eu.field_1"]
    with pytest.raises(ConfigError, match=r"config.toml:17: sources.desk: unknown key “emial”"):
        config.connection("desk")


def test_an_unknown_source_is_answered_with_the_nearest(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no source “dsk”; did you mean “desk”\?"):
        load(whole).source("dsk")
    with pytest.raises(UsageError, match="configured are prod-tiles, desk"):
        load(whole).source("zzzzzzzz")
    empty = tmp_path / "empty.toml"
    empty.touch()
    with pytest.raises(UsageError, match="has no sources"):
        load(empty).source("desk")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8080",
        "http://127.8.9.1/x",
        "http://[::1]:99",
        "http://demo.localhost",
        "https://far.example",
    ],
)
def test_http_is_for_this_machine(tmp_path: Path, url: str) -> None:
    assert one(tmp_path, f"[sources.a]\nkind = 'arcgis'\nurl = '{url}'\n").url == url


def test_http_elsewhere_is_for_those_who_ask_for_it(tmp_path: Path) -> None:
    text = "[sources.a]\nkind = 'arcgis'\nurl = 'http://far.example/'\ninsecure = true\n"
    assert one(tmp_path, text).url == "http://far.example"


def test_only_nextspace_addresses_keep_a_query(tmp_path: Path) -> None:
    text = "[sources.a]\nkind = 'nextspace'\nurl = 'https://far.example/api/?account=acme'\n"
    assert one(tmp_path, text).url == "https://far.example/api/?account=acme"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5", 5),
        ("0.25", 0.25),
        ("'5s'", 5),
        ("'10m'", 600),
        ("'24h'", 86_400),
        ("'7d'", 604_800),
        ("'1h30m'", 5_400),
    ],
)
def test_durations_are_numbers_of_seconds_or_words(tmp_path: Path, written: str, expected: float) -> None:
    text = f"[sources.a]\nkind = 'arcgis'\nurl = 'https://far.example'\npoll = {written}\n"
    assert one(tmp_path, text).source.poll_s == expected


def test_two_sources_of_one_address_are_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    table = "[sources.{0}]\nkind = 'arcgis'\nurl = 'https://far.example'\n"
    file.write_text(table.format("a") + table.format("b"))
    config = load(file)
    assert config.warnings == ("sources a and b are the same address, asked twice",)
    assert len(config.good) == 2


def test_explaining_says_where_each_value_comes_from_and_masks_secrets(whole: Path) -> None:
    settings = {setting.key: (setting.value, setting.origin) for setting in explain(load(whole))}
    assert settings["version"] == ("1", "config.toml:1")
    assert settings["theme"] == ('"harbour"', "config.toml:2")
    assert settings["sources.desk.poll"] == ('"10s"', "config.toml:19")
    assert settings["sources.desk.history"] == ('"7d"', "config.toml:21")
    assert settings["sources.desk.production"] == ("false", "default")
    assert settings['sources."eu.field_1".token'] == ("••••", "config.toml:35")
    assert settings["sources.prod-tiles.login"] == ('•••• { env = "A" }', "config.toml:8")
    assert settings['sources."eu.field_1".push'] == ("false", "config.toml:30")
    assert "literal-secret" not in str(settings)


def test_explaining_gives_json_values_beside_the_text_of_the_file(whole: Path) -> None:
    data = {setting.key: setting.data for setting in explain(load(whole))}
    assert data["version"] == 1
    assert data["sources.desk.poll"] == "10s"
    assert data["sources.desk.budget"] == 200
    assert data["sources.desk.limit"] == 100_000
    assert data["sources.desk.production"] is False
    assert data['sources."eu.field_1".push'] is False
    assert data['sources."eu.field_1".token'] == "••••"
    assert data["sources.prod-tiles.login"] == {"env": "A"}


def test_what_is_unset_is_null_to_scripts_and_a_dash_to_people(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("version = 1\n")
    (_, theme, *_rest) = explain(load(file))
    assert (theme.key, theme.data, theme.value) == ("theme", None, "—")


def test_no_secret_is_in_the_repr_of_a_configuration(whole: Path) -> None:
    assert "literal-secret" not in repr(load(whole))
    assert "literal-secret" not in repr(load(whole).connection("eu.field_1"))


def test_init_writes_a_private_file_that_loads(tmp_path: Path) -> None:
    file = tmp_path / "new" / "jobtui" / "config.toml"
    write_initial(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert load(file).sources == ()


def test_init_never_writes_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("mine")
    with pytest.raises(ConfigError, match="is there already"):
        write_initial(file)
    assert file.read_text() == "mine"


def test_init_says_why_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written: Not a directory"):
        write_initial(tmp_path / "file" / "config.toml")


def test_the_examples_that_init_writes_are_right(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
        for line in TEMPLATE.splitlines()
    ]
    file.write_text("\n".join(line for line in lines if not line.startswith("  ")))
    config = load(file)
    assert config.broken == ()
    assert [entry.source.kind for entry in config.good] == [Kind.NEXTSPACE, Kind.ZENDESK, Kind.ARCGIS]
