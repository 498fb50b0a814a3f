"""Every mistake in a configuration is named with its file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.config import NoConfig, load
from jobtui.errors import ConfigError
from jobtui.paths import default_config_file

DESK = """version = 1
[sources.desk]
kind = "zendesk"
url = "https://acme.zendesk.com"
email = "a@b.example"
token = { env = "X" }
"""
TILES = """version = 1
[sources.tiles]
kind = "nextspace"
url = "https://tiles.example"
token = { env = "X" }
"""
FIELD = """version = 1
[sources.field]
kind = "arcgis"
url = "https://field.example/org/item"
token = { env = "X" }
"""
# In each, the line added is the last.
ADDED = {DESK: 7, TILES: 6, FIELD: 6}


def write(folder: Path, text: str | bytes, mode: int = 0o600) -> Path:
    file = folder / "config.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return file


def refusal(file: Path) -> str:
    """The one error that stops the whole file, without the folder it is in."""
    with pytest.raises(ConfigError) as caught:
        load(file)
    return str(caught.value).removeprefix(f"{file.parent}/")


def wrong(file: Path) -> list[str]:
    """The errors of the broken sources, without the folder."""
    return [
        str(error).removeprefix(f"{file.parent}/") for entry in load(file).broken for error in entry.errors
    ]


# --- the whole file -----------------------------------------------------------------------------------------
def test_no_configuration_at_all_names_what_to_do() -> None:
    with pytest.raises(NoConfig) as caught:
        load(default_config_file())
    assert "jobtui demo" in str(caught.value)
    assert "jobtui config init" in str(caught.value)
    assert str(default_config_file()) in str(caught.value)


def test_a_named_file_that_is_missing_is_an_error_of_its_own(tmp_path: Path) -> None:
    text = refusal(tmp_path / "config.toml")
    assert text.startswith("config.toml: there is no such file")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config.toml")
    assert not isinstance(caught.value, NoConfig)


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    assert "cannot be read: Is a directory" in refusal(tmp_path)


def test_a_path_that_is_none_is_one_sentence() -> None:
    assert "not a path" in refusal(Path("\0"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version = 1\nname = \n", "config.toml:2: is not TOML: invalid value"),
        (
            "version = 1\n\n[sources\n",
            "config.toml:3: is not TOML: expected ']' at the end of a table declaration",
        ),
        ('a = """\nnever closed\n\n\n', "config.toml:2: is not TOML: unterminated string"),
        ("version = 1\nversion = 1\n", "config.toml:2: is not TOML: cannot overwrite a value"),
        (b"version = 1\n# caf\xe9\n", "config.toml:2: is not UTF-8 text"),
        ("a = " + "[" * 100_000, "config.toml: is not TOML: a number or a nesting in it has no end"),
        ("a = " + "9" * 5_000, "config.toml: is not TOML: a number or a nesting in it has no end"),
        ("#" * 1_100_000, "config.toml: is too long for a configuration"),
        ("theem = 'x'\n", "config.toml:1: theem: unknown key “theem”; did you mean “theme”?"),
        ("\n[source.desk]\n", "config.toml:2: source: unknown key “source”; did you mean “sources”?"),
        ("[desk]\nkind='x'\n", "config.toml:1: desk: unknown key “desk”; sources are written [sources.desk]"),
        ("\nversion = 2\n", "config.toml:2: version: is 2, and this jobtui reads up to 1; update jobtui"),
        ("version = true\n", "config.toml:1: version: must be 1"),
        ("version = '1'\n", "config.toml:1: version: must be 1"),
        ("theme = 3\n", "config.toml:1: theme: must be a text in quotes, not a number"),
        ("sources = 3\n", "config.toml:1: sources: must be tables: [sources.NAME]"),
    ],
)
def test_what_is_wrong_outside_the_sources_stops_the_file(
    tmp_path: Path, text: str | bytes, expected: str
) -> None:
    assert refusal(write(tmp_path, text)).startswith(expected)


def test_nesting_is_read_or_refused_at_every_depth(tmp_path: Path) -> None:
    for depth in range(300, 520, 7):
        file = write(tmp_path, f"{FIELD}theme = {'[' * depth}{']' * depth}\n")
        try:
            assert len(load(file).broken) == 1
        except ConfigError as error:
            assert "a nesting in it has no end" in str(error)  # noqa: PT017 - either way will do


def test_a_mark_of_byte_order_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    text = DESK.replace("\n", "\r\n") + "emial = 3\r\n"
    file = write(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert wrong(file) == ["config.toml:7: sources.desk: unknown key “emial”; did you mean “email”?"]


# --- one source ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("base", "line", "expected"),
    [
        (DESK, "emial = 'x'", "sources.desk: unknown key “emial”; did you mean “email”?"),
        (DESK, "Production = true", "sources.desk: unknown key “Production”; did you mean “production”?"),
        (DESK, "portal = 'x'", "sources.desk: “portal” is not a key of zendesk; did you mean “poll”?"),
        (DESK, "'\\e[31m' = 1", "sources.desk: unknown key “\\e[31m”; valid are kind, url"),
        (DESK, "production = 1", "sources.desk.production: must be true or false, not a number"),
        (DESK, "read_only = 'yes'", "sources.desk.read_only: must be true or false, not a text"),
        (DESK, "auth = 'oath'", "sources.desk.auth: unknown value “oath”; did you mean “oauth”?"),
        (DESK, "poll = '5 parsecs'", "sources.desk.poll: “5 parsecs” is not a duration"),
        (DESK, "poll = true", "sources.desk.poll: must be a duration such as “10s” or a number of seconds"),
        (DESK, "poll = 0", "sources.desk.poll: must be more than no time"),
        (DESK, "poll = -1.5", "sources.desk.poll: must be more than no time"),
        (DESK, "history = 'nan'", "sources.desk.history: “nan” is not a duration"),
        (DESK, "history = inf", "sources.desk.history: must be a finite number"),
        (DESK, "timeout = nan", "sources.desk.timeout: must be a finite number"),
        (DESK, f"timeout = 1{'0' * 400}", "sources.desk.timeout: must be a finite number"),
        (DESK, "timeout = 1e300", "sources.desk.timeout: must be more than no time and at most ten years"),
        (
            DESK,
            "budget = '60/min'",
            "sources.desk.budget: must be a number of requests per minute, not a text",
        ),
        (DESK, "budget = 0", "sources.desk.budget: must be more than 0 requests per minute"),
        (DESK, "limit = 2.5", "sources.desk.limit: must be a whole number, not a number"),
        (DESK, "limit = 100_001", "sources.desk.limit: must be from 1 to 100000"),
        (DESK, "limit = false", "sources.desk.limit: must be a whole number, not true or false"),
        (DESK, "theme = 1979-05-27", "sources.desk.theme: must be a text in quotes, not a date or time"),
        (DESK, "theme = ' '", "sources.desk.theme: must not be empty"),
        (DESK, 'theme = "a\\u001b"', "sources.desk.theme: must not have line breaks or control characters"),
        (DESK, "ca = 'none.pem'", "sources.desk.ca: there is no file "),
        (DESK, "client_cert = []", "sources.desk.client_cert: must be a text in quotes, not a list"),
        (DESK, "proxy = 'squid:3128'", "sources.desk.proxy: is not an address"),
        (DESK, "proxy = 'http://me:pw@squid'", "sources.desk.proxy: must not carry a user or password"),
        (TILES, "account = 3", "sources.tiles.account: must be a text in quotes, not a number"),
        (
            TILES,
            "account = 'acme.nextspace.host'",
            "sources.tiles.account: “acme.nextspace.host” is no account: an id or a subdomain has letters",
        ),
        (TILES, f"account = '{'a' * 64}'", "sources.tiles.account: “aaaaaaaaa"),
        (
            TILES,
            "header = 'x-session'",
            "sources.tiles.header: unknown value “x-session”; did you mean “x-sessionid”?",
        ),
        (TILES, "login = { env = 'A' }", "sources.tiles: needs password beside login"),
        (TILES, "guardian = 'http://g.example'", "sources.tiles.guardian: http would show the token"),
        (FIELD, "push = 'yes'", "sources.field.push: must be true or false, not a text"),
        (FIELD, "header = 'bearer'", "sources.field.header: unknown value “bearer”"),
        (FIELD, "portal = 'portal.example'", "sources.field.portal: is not an address"),
        (FIELD, "password = { env = 'A' }", "sources.field: needs login beside password"),
        (FIELD, "password = 3", "sources.field.password: must be a table such as { env"),
        (FIELD, "login = {}", "sources.field.login: must have exactly one of env, file, command, keyring"),
        (FIELD, "login = { evn = 'A' }", "sources.field.login: unknown key “evn”; did you mean “env”?"),
        (FIELD, "login = { env = 'A', file = 'b' }", "sources.field.login: must have exactly one of"),
        (FIELD, "login = { env = 3 }", "sources.field.login: env must be a text in quotes, not a number"),
        (
            FIELD,
            'login = { command = "it\'s" }',
            "sources.field.login: command has a quote that is never closed",
        ),
        (FIELD, "login = { command = ' ' }", "sources.field.login: command must not be empty"),
        (FIELD, "login = { command = [] }", "sources.field.login: command must not be empty"),
        (FIELD, "login = ''", "sources.field.login: must not be empty"),
    ],
)
def test_a_mistake_in_a_source_names_its_line_and_key(
    tmp_path: Path, base: str, line: str, expected: str
) -> None:
    found = wrong(write(tmp_path, f"{base}{line}\n"))
    number = 2 if ": needs" in expected else ADDED[base]
    assert any(error.startswith(f"config.toml:{number}: {expected}") for error in found), found


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://acme.zendesk.com", "http would show the token to everyone on the way"),
        ("http://127.0.0.1.example", "http would show the token"),
        ("http://localhost.example", "http would show the token"),
        ("https://me:pw@acme.zendesk.com", "must not carry a user or password"),
        ("https://hunter2@acme.zendesk.com", "must not carry a user or password"),
        ("ftp://acme.zendesk.com", "is not an address"),
        ("acme.zendesk.com", "is not an address"),
        ("https://", "is not an address"),
        ("https://acme.zendesk.com:http", "is not an address"),
        ("https://acme.zendesk.com:99999", "is not an address"),
        ("https://[::1", "is not an address"),
        ("https://acme zendesk.com", "is not an address"),
        ("https://acme.zendesk.com/?a=1", "must end before"),
        ("https://acme.zendesk.com/#top", "must end before"),
        ("", "must not be empty"),
    ],
)
def test_an_address_that_will_not_do_says_why_and_is_not_repeated(
    tmp_path: Path, url: str, expected: str
) -> None:
    (error,) = wrong(write(tmp_path, DESK.replace("https://acme.zendesk.com", url)))
    assert error.startswith(f"config.toml:4: sources.desk.url: {expected}")
    assert "hunter2" not in error
    assert "pw@" not in error


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[sources.a]\nurl = 'https://x'\n", ["1: sources.a: needs a kind: nextspace, zendesk, arcgis"]),
        (
            "[sources.a]\nkind = 'zendesc'\n",
            ["2: sources.a.kind: unknown value “zendesc”; did you mean “zendesk”?"],
        ),
        ("[sources.a]\nkind = 'nextspace'\n", ["1: sources.a: needs url, or account to look the address up"]),
        ("[sources.a]\nkind = 'arcgis'\n", ["1: sources.a: needs url"]),
        (
            "[sources.a]\nkind = 'zendesk'\n",
            [
                "1: sources.a: needs url",
                "1: sources.a: needs email, as it signs in by token",
                "1: sources.a: needs token",
            ],
        ),
        (
            "[sources.a]\nkind = 'zendesk'\nurl = 'https://x'\nauth = 'password'\nemail = 'a@b'\n",
            ["1: sources.a: needs password"],
        ),
        ("[sources.a]\nkind = 'zendesk'\nurl = 'https://x'\nauth = 'oauth'\n", ["1: sources.a: needs token"]),
        ("[sources]\n\na = 3\n", ["3: sources.a: must be a table with kind and url"]),
        ("[[sources.a]]\nkind = 'arcgis'\n", ["1: sources.a: must be a table with kind and url"]),
        (
            "[sources.a]\nkind = 'arcgis'\nurl = 'https://x'\n[sources.a.token]\nenv = 'X'\nevn = 'X'\n",
            ["6: sources.a.token: unknown key “evn”; did you mean “env”?"],
        ),
        (
            "sources = { a = { kind = 'arcgis', url = 'https://x', poll = 'soon' } }\n",
            ["1: sources.a.poll: “soon” is not a duration; write 90s, 10m, 8h or 2d"],
        ),
        (
            "sources.a.kind = 'arcgis'\nsources.a.url = 'https://x'\nsources.a.\"pol\" = 1\n",
            ["3: sources.a: unknown key “pol”; did you mean “poll”?"],
        ),
        ("[sources.eu.desk]\nkind = 'arcgis'\n", ["1: sources.eu: needs a kind: nextspace, zendesk, arcgis"]),
        ("[sources.'eu/desk']\n", ['1: sources."eu/desk": a source\'s name has only letters']),
        ("[sources.'büro']\n", ['1: sources."büro": a source\'s name has only letters']),
        ('[sources.""]\n', ['1: sources."": a source\'s name has only letters']),
        ('[sources."a\\u001b[31m\\u202e"]\n', ['1: sources."a·[31m": a source\'s name has only letters']),
    ],
)
def test_a_source_that_lacks_something_says_what(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = wrong(write(tmp_path, text))
    assert all(
        error.startswith(f"config.toml:{start}") for error, start in zip(found, expected, strict=False)
    ), found
    assert len(found) >= len(expected)


def test_all_mistakes_of_a_source_are_named_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = wrong(write(tmp_path, DESK + "poll = 'x'\nlimit = 0\nproduction = 'no'\n"))
    assert [error.split(": ")[1] for error in found] == [
        "sources.desk.poll",
        "sources.desk.limit",
        "sources.desk.production",
    ]


def test_a_misspelt_key_is_one_mistake_and_not_also_a_missing_one(tmp_path: Path) -> None:
    found = wrong(write(tmp_path, DESK.replace("email =", "emial =")))
    assert found == ["config.toml:5: sources.desk: unknown key “emial”; did you mean “email”?"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_literal_secret_needs_a_file_that_nobody_else_can_read(tmp_path: Path, mode: int) -> None:
    file = write(tmp_path, DESK.replace('{ env = "X" }', '"hunter2-secret"'), mode)
    (error,) = wrong(file)
    assert error.startswith(
        "config.toml:6: sources.desk.token: a secret may stand in the file itself only when"
    )
    assert f"chmod 600 {file}" in error
    assert "hunter2" not in error


def test_a_command_in_a_file_that_anyone_can_change_is_not_run(tmp_path: Path) -> None:
    (error,) = wrong(write(tmp_path, DESK.replace("env =", "command ="), 0o666))
    assert error.startswith(
        "config.toml:6: sources.desk.token: command would be run, and anyone can change this file"
    )


def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    text = DESK.replace('{ env = "X" }', '["hunter2-secret"]') + 'poll = ["hunter2-secret"]\n'
    assert "hunter2" not in "".join(wrong(write(tmp_path, text)))


def test_a_file_that_anyone_can_change_does_not_say_where_a_secret_goes(tmp_path: Path) -> None:
    (error,) = wrong(write(tmp_path, DESK, 0o666))
    assert "would go where anyone may send it who changes this file; run: chmod o-w" in error
