"""open: which moments it takes, and what it says of the others."""

from __future__ import annotations

import pytest

from jobtui.cli.parse import parse
from jobtui.demo.scenarios import SCENARIOS
from tests.cli.conftest import Cli


@pytest.mark.parametrize(("at", "said"), [("soonish", "is not a moment gone by"), ("2999-01-01", "to come")])
def test_a_moment_that_is_none_or_still_to_come_is_one_sentence(cli: Cli, at: str, said: str) -> None:
    ran = cli("open", "tiles:1004", "--at", at)
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert ran.sentences[0].startswith("--at: ")
    assert said in ran.sentences[0]


def test_every_story_of_the_demo_is_named_where_one_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["demo", "--help"])
    said = capsys.readouterr().out
    assert all(name in said for name in SCENARIOS)
