"""A source that is typed in: written whole and privately, its token out of reach, or nothing at all."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from jobtui import adding
from jobtui.adding import NewSource, greeting
from jobtui.backends.base import Identity
from jobtui.config import load, write_initial
from jobtui.demo import DemoServer
from jobtui.errors import ConfigError, SignInRefused, Unreachable
from jobtui.model import Kind, Secret
from jobtui.tui.drafts import Draft, TokenWay

TOKEN = "tok-3c9e"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the keyring of the machine, if it has one."""
    monkeypatch.setattr(adding, "_has_keyring", lambda: False)


def a_draft(**fields: object) -> Draft:
    given: dict[str, object] = {
        "kind": Kind.ZENDESK,
        "name": "desk",
        "address": "https://acme.zendesk.com",
        "user": "me@acme.example",
        "token": Secret(TOKEN),
    }
    return Draft(**(given | fields))  # type: ignore[arg-type]


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_a_first_source_makes_a_private_configuration(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    said = await NewSource(path).write(a_draft())
    assert said == f"wrote {path}; the token is in tokens/desk"
    (entry,) = load(path).good
    assert (entry.name, entry.url, entry.options["email"]) == (
        "desk",
        "https://acme.zendesk.com",
        "me@acme.example",
    )
    assert TOKEN not in _text(path)
    assert [_mode(path), _mode(path.parent), _mode(path.parent / "tokens" / "desk")] == [0o600, 0o700, 0o600]


async def test_what_stood_in_the_file_stays_word_for_word(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    write_initial(path)
    before = _text(path)
    await NewSource(path).write(a_draft(name="a.b", production=True))
    assert _text(path).startswith(before.rstrip())
    assert load(path).good[0].source.production
    await NewSource(path).write(a_draft(name="second", way=TokenWay.ENV, where="X", token=None))
    assert [entry.name for entry in load(path).good] == ["a.b", "second"]


async def test_a_name_that_is_taken_keeps_the_token_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    await NewSource(path).write(a_draft())
    with pytest.raises(ConfigError, match="has a source “desk” already"):
        await NewSource(path).write(a_draft(token=Secret("another")))
    assert _text(tmp_path / "tokens" / "desk").strip() == TOKEN


async def test_a_name_that_is_taken_is_refused_before_the_server_is_asked(
    demo: DemoServer, tmp_path: Path
) -> None:
    given, setup = demo.sources["zendesk"], NewSource(tmp_path / "config.toml")
    draft = a_draft(address=given["base_url"], user=given["email"], token=Secret(given["token"]))
    await setup.prove(draft)
    await setup.write(draft)
    asked = len(demo.requests)
    with pytest.raises(ConfigError, match="has a source “desk” already"):
        await setup.prove(draft)
    assert len(demo.requests) == asked


async def test_a_broken_configuration_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("sources = [\n")
    with pytest.raises(ConfigError, match="is not TOML"):
        await NewSource(path).write(a_draft())
    assert _text(path) == "sources = [\n"
    assert not _is_there(tmp_path / "tokens")


def _is_there(path: Path) -> bool:
    return path.exists()


async def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    write_initial(real)
    path = tmp_path / "config.toml"
    path.symlink_to(real)
    await NewSource(path).write(a_draft())
    assert path.is_symlink()
    assert "sources.desk" in _text(real)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "no spaces"}, "a source's name has only letters"),
        ({"address": "acme"}, "is not an address"),
        ({"address": "http://far.example"}, "http would show the token"),
        ({"user": ""}, "needs email"),
        ({"token": None}, "a token is needed"),
        ({"token": Secret("two\nlines")}, "a token is needed"),
        ({"way": TokenWay.ENV, "where": ""}, "must not be empty"),
        ({"way": TokenWay.COMMAND, "where": "say 'it"}, "quote that is never closed"),
        ({"address": 'x"\n[sources.evil]\nkind = "nextspace'}, "must not have line breaks"),
    ],
)
async def test_what_cannot_be_is_one_sentence_and_nothing_is_kept(
    tmp_path: Path, fields: dict[str, object], said: str
) -> None:
    path = tmp_path / "config.toml"
    for deed in (NewSource(path).prove, NewSource(path).write):
        with pytest.raises(ConfigError, match=said) as caught:
            await deed(a_draft(**fields))
        assert "\n" not in str(caught.value)
        assert TOKEN not in str(caught.value)
    assert not _is_there(path)
    assert not _is_there(tmp_path / "tokens")


async def test_an_account_is_no_address(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    await NewSource(path).write(a_draft(kind=Kind.NEXTSPACE, name="tiles", address="acme", user=""))
    assert load(path).good[0].options["account"] == "acme"


async def test_a_proof_asks_the_server_and_keeps_nothing(demo: DemoServer, tmp_path: Path) -> None:
    given = demo.sources["zendesk"]
    path = tmp_path / "config.toml"
    draft = a_draft(address=given["base_url"], user=given["email"], token=Secret(given["token"]))
    assert (await NewSource(path).prove(draft)).startswith("Hello, ")
    with pytest.raises(SignInRefused):
        await NewSource(path).prove(a_draft(address=given["base_url"], user=given["email"]))
    with pytest.raises(Unreachable):
        await NewSource(path).prove(a_draft(address="http://127.0.0.1:1"))
    assert not _is_there(path)


def test_a_greeting_says_only_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[sources.x]\nkind = "nextspace"\nurl = "https://x.example"\n')
    entry = load(path).good[0]
    assert (
        greeting(entry, Identity("Mara", "may hold", total=3))
        == "Hello, Mara. x answers, with 3 jobs to watch; may hold."
    )
    assert "does not say" in greeting(entry, Identity(None))


class _Broken(Exception):
    pass


def _keyring(kept: dict[tuple[str, str], str], *, works: bool) -> types.ModuleType:
    def set_password(service: str, entry: str, secret: str) -> None:
        if not works:
            raise _Broken
        kept[service, entry] = secret

    made = types.ModuleType("keyring")
    made.set_password = set_password  # type: ignore[attr-defined]
    made.errors = types.SimpleNamespace(KeyringError=_Broken)  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("works", [True, False])
async def test_a_keyring_that_works_keeps_the_token_else_a_file_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    kept: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(adding, "_has_keyring", lambda: True)
    monkeypatch.setitem(sys.modules, "keyring", _keyring(kept, works=works))
    path = tmp_path / "config.toml"
    await NewSource(path).write(a_draft())
    assert kept == ({("jobtui", "zendesk-desk"): TOKEN} if works else {})
    assert ("keyring" in _text(path)) is works
    assert _is_there(tmp_path / "tokens" / "desk") is not works
