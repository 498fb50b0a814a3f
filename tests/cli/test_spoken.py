"""The app as spoken lines, at a terminal, with scripted answers: the same facts, the same controls."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.talk import Talk, begin


@pytest.fixture
def talks() -> Iterator[list[Talk]]:
    opened: list[Talk] = []
    yield opened
    for terminal in opened:
        terminal.close()


def test_it_begins_with_how_things_stand_and_leaves_at_0(config: Path, talks: list[Talk]) -> None:
    talk = begin(talks, config, ACCESSIBLE="1")
    for source in ("tiles", "desk", "field"):
        talk.hears(f"{source} is live, ")
    talk.hears("need you. ")
    talk.hears("1, jobs that need you.")
    talk.hears("What next?")
    talk.answers("5")
    talk.hears("requests in the last minute")
    talk.hears("What next?")
    talk.answers("0")
    assert talk.ended() == 0
    assert b"\x1b" not in talk.seen, "no second screen, no colour, nothing but lines"


def test_a_list_is_numbered_and_a_number_opens_its_job(cli: Cli, config: Path, talks: list[Talk]) -> None:
    talk = begin(talks, config, "--accessible")
    talk.hears("What next?")
    talk.answers("3")
    talk.hears("Find:")
    talk.answers("source:tiles state:failed")
    talk.hears("1. ")
    said = talk.hears("Number of a job")
    assert "tiles:" in said
    assert "has failed; because: " in said
    talk.answers("1")
    talk.hears("1, details.")
    talk.hears("What next?")
    talk.answers("1")
    talk.hears("  state ")
    talk.hears("What next?")
    talk.answers("2")
    talk.hears("ERROR" if "ERROR" in said else ":")
    talk.press("\x04")
    assert talk.ended(10) == 0


def test_a_control_is_asked_for_by_number_sent_after_a_yes_and_followed(
    cli: Cli, config: Path, talks: list[Talk]
) -> None:
    shown = cli("ls", "--source", "field", "--state", "waiting", "--json").json
    ref = next(
        job["ref"] for job in shown if cli("show", job["ref"], "--json").json["controls"]["hold"] is None
    )
    talk = begin(talks, config, "--accessible", "open", ref)
    number = talk.hears(", hold.").split()[-1]
    talk.hears("What next?")
    talk.answers(number)
    talk.hears("Until:")
    talk.answers("soon")
    talk.hears("“soon” is not a time")
    talk.hears("Until:")
    talk.answers("+2h")
    talk.hears("Send it? Type y and Enter; anything else is no:")
    talk.answers("n")
    talk.hears("Nothing was sent.")
    assert cli("show", ref, "--json").json["state"] == "waiting"
    talk.hears("What next?")
    talk.answers(number)
    talk.hears("Until:")
    talk.answers("+2h")
    talk.hears("anything else is no:")
    talk.answers("y")
    talk.hears("What next?")
    talk.answers("0")
    talk.hears("confirmed: step")
    talk.answers("6")
    talk.hears(f"hold {ref}")
    (held,) = [step for step in cli("show", ref, "--json").json["steps"] if step["current"]]
    assert [hold["by"] for hold in held["holds"] if hold["active"]]
    entries = cli("audit", "--json").json
    assert (entries[-1]["control"], entries[-1]["ref"].partition("#")[0]) == ("hold", ref)


def test_in_production_the_end_of_the_id_is_typed(cli: Cli, config: Path, talks: list[Talk]) -> None:
    config.write_text(
        config.read_text().replace('kind = "nextspace"', 'kind = "nextspace"\nproduction = true')
    )
    (job, *_) = cli("ls", "--source", "tiles", "--state", "running", "--json").json
    talk = begin(talks, config, "--accessible", "open", job["ref"])
    number = talk.hears(", cancel.").split()[-1]
    talk.hears("What next?")
    talk.answers(number)
    talk.hears("tiles is production.")
    talk.hears("Why? Your own words")
    talk.answers("a test")
    talk.hears("(the end of the job’s id), then Enter. Anything else is no:")
    talk.answers("y")
    talk.hears("Nothing was sent.")


def test_read_only_says_so_in_the_place_of_controls(cli: Cli, config: Path, talks: list[Talk]) -> None:
    (job, *_) = cli("ls", "--source", "tiles", "--state", "running", "--json").json
    talk = begin(talks, config, "--accessible", "--read-only", "open", job["ref"])
    talk.hears("cancel: not now, jobtui was started read-only.")


def test_an_interrupt_leaves_at_once(config: Path, talks: list[Talk]) -> None:
    talk = begin(talks, config, "--accessible")
    talk.hears("What next?")
    talk.running.send_signal(signal.SIGINT)
    assert talk.ended() == 130
