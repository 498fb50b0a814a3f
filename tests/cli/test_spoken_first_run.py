"""The first run as numbered questions: a source is proven and kept, or nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui import paths
from jobtui.demo import DemoServer
from tests.cli.conftest import Cli
from tests.cli.talk import Talk, begin


@pytest.fixture
def talks() -> Iterator[list[Talk]]:
    opened: list[Talk] = []
    yield opened
    for terminal in opened:
        terminal.close()


def _until_the_proof(talk: Talk, address: str, token: str) -> None:
    talk.hears("Where do your jobs run?")
    talk.hears("Number?")
    talk.answers("1")
    talk.hears("Its address, as ")
    talk.answers(address)
    talk.hears("Your name for it; Enter for tiles:")
    talk.answers("")
    talk.hears("Where does its token come from?")
    talk.hears("Number?")
    talk.answers("1")
    talk.hears("What you type is not shown:")
    talk.pause(0.2)
    talk.answers(token)
    talk.hears("Is it production?")
    talk.hears("Number?")
    talk.answers("1")


def test_a_source_is_proven_and_kept_and_the_dialogue_begins(
    demo: DemoServer, talks: list[Talk], run: Cli
) -> None:
    source = demo.sources["nextspace"]
    talk = begin(talks, None, "--accessible")
    _until_the_proof(talk, source["base_url"], source["token"])
    talk.hears("tiles answers")
    talk.hears("1, keep it, and begin.")
    talk.hears("Number?")
    talk.answers("1")
    talk.hears("Wrote ")
    talk.hears("tiles is live, ")
    talk.hears("What next?")
    talk.answers("0")
    assert talk.ended(10) == 0
    assert source["token"].encode() not in talk.seen, "what is typed as a token is not shown"
    assert run("config", "check", "--json").json["sources"] == ["tiles"]


def test_what_cannot_be_proven_is_changed_or_left_and_nothing_is_kept(talks: list[Talk], run: Cli) -> None:
    talk = begin(talks, None, ACCESSIBLE="1")
    _until_the_proof(talk, "http://127.0.0.1:9", "tok-3c9e")
    talk.hears("Not proven: ")
    talk.hears("1, keep it all the same: the server may only be away.")
    talk.hears("2, change something.")
    talk.hears("Number?")
    talk.answers("2")
    talk.hears("Enter for http://127.0.0.1:9:")
    talk.answers("0")
    talk.hears("Where do your jobs run?")
    talk.hears("Number?")
    talk.answers("7")
    talk.hears("A number from 0 to 4 is needed.")
    talk.answers("0")
    assert talk.ended(10) == 0
    assert b"nothing was set up" in talk.seen
    assert not Path(run("config", "path", "--json").json["path"]).exists()
    assert not list(paths.config_file(None).parent.glob("tokens/*"))


def test_what_cannot_be_written_is_not_offered_to_be_kept(talks: list[Talk]) -> None:
    talk = begin(talks, None, "--accessible")
    _until_the_proof(talk, "htp:/bad", "tok-3c9e")
    talk.hears("Not proven: ")
    talk.hears("1, change something.")
    talk.hears("0, back, and keep nothing.")
    assert b"away" not in talk.seen
    talk.hears("Number?")
    talk.answers("0")
    talk.hears("Where do your jobs run?")
    talk.hears("Number?")
    talk.answers("0")
    assert talk.ended(10) == 0


def test_it_opens_the_demo_as_spoken_lines(talks: list[Talk]) -> None:
    talk = begin(talks, None, "--accessible")
    talk.hears("4, the demo")
    talk.hears("Number?")
    talk.answers("4")
    talk.hears("need you. ")
    talk.hears("What next?")
    talk.answers("0")
    assert talk.ended(15) == 0
