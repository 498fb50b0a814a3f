"""argv → a command: every mistake is one sentence that names what is nearest."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from jobtui.cli.options import COMMANDS
from jobtui.cli.parse import parse
from jobtui.errors import UsageError
from jobtui.model import State
from tests.cli.conftest import Cli


def test_without_a_command_the_screen_is_meant() -> None:
    assert parse(["--source", "tiles"]).name == "screen"
    assert parse(["--source", "tiles"]).options.source == ["tiles"]


def test_global_options_stand_on_either_side_of_the_command() -> None:
    command = parse(["--config", "a.toml", "--source", "a", "--ascii", "ls", "--source=b", "--read-only"])
    assert command.name == "ls"
    assert (command.options.config, command.options.source) == ("a.toml", ["a", "b"])
    assert command.options.ascii
    assert command.options.read_only


def test_a_value_of_a_global_option_is_not_taken_for_the_command() -> None:
    assert parse(["--source", "ls", "show", "ls:1"]).name == "show"


def test_states_are_a_list_of_known_words() -> None:
    assert parse(["ls", "--state", "failed,HELD"]).options.state == {State.FAILED, State.HELD}


@pytest.mark.parametrize(
    ("words", "seconds"), [(["--wait", "t:1"], 30), (["--wait", "5", "t:1"], 5), (["t:1", "--wait"], 30)]
)
def test_wait_takes_seconds_or_nothing_and_never_the_ref(words: list[str], seconds: int) -> None:
    options = parse(["cancel", *words]).options
    assert (options.ref, options.wait) == ("t:1", timedelta(seconds=seconds))


def test_refs_and_options_may_be_mixed() -> None:
    options = parse(["watch", "a:1", "--timeout", "10m", "a:2", "-"]).options
    assert (options.refs, options.timeout) == (["a:1", "a:2", "-"], timedelta(minutes=10))


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("lss", "“lss” is not a command; did you mean “ls”?"),
        ("relaese x", "did you mean “release”?"),
        ("xyzzy", "“xyzzy” is not a command; see “jobtui --help”"),
        ("hold t:1 --untl 5", "jobtui hold has no option --untl; did you mean --until?"),
        ("ls --stat=failed", "did you mean --state?"),
        ("--red-only ls", "did you mean --read-only?"),
        ("show", "jobtui show: needs REF"),
        ("show a b", "takes no further “b”"),
        ("ls --state fialed", "“fialed” is not a state: queued, running"),
        ("ls --limit none", "“none” is not a number"),
        ("wait t:1 --timeout soon", "“soon” is not a duration"),
        ("logs t:1 --level loud", "“loud” is not a level"),
        ("cancel t:1 --wait abc", "--wait: “abc” is not a number of seconds"),
        ("cancel --wait abc t:1", "--wait: “abc” is not a number of seconds"),
        ("cancel t:1 more --wait 5", "takes no further “more”"),
        ("source tset", "“tset” is not one of: ls, test"),
        ("hold t:1 --until", "--until: expected one argument"),
    ],
)
def test_a_mistake_is_one_sentence_naming_what_is_near(argv: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(argv.split())
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(run: Cli, name: str) -> None:
    asked = run("--help") if name == "screen" else run(name, "--help")
    assert asked.code == 0
    assert "--config" in asked.out
    assert asked.err == ""


def test_the_overview_keeps_each_name_apart_from_what_it_does(run: Cli) -> None:
    rows = run("--help").out.partition("commands:\n")[2].partition("\n\n")[0].splitlines()
    parted = [re.split(" {2,}", row.strip()) for row in rows]
    assert parted == [[name, command.help] for name, command in COMMANDS.items() if name != "screen"]


def test_the_version_is_printed(run: Cli) -> None:
    ran = run("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("jobtui 0")


def test_an_unknown_command_ends_with_2_and_one_sentence(run: Cli) -> None:
    ran = run("cancle", "tiles:1")
    assert (ran.code, ran.out) == (2, "")
    assert ran.sentences == ["“cancle” is not a command; did you mean “cancel”?"]
