"""Several jobs by question and answer: marks, groups, mutes, files, rules; as on the screen."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobtui import paths
from jobtui.journal.journal import Journal
from tests.cli.conftest import Cli
from tests.cli.talk import Talk, begin


@pytest.fixture
def talks() -> Iterator[list[Talk]]:
    opened: list[Talk] = []
    yield opened
    for terminal in opened:
        terminal.close()


def _to_list(talk: Talk, find: str) -> str:
    """Ask for a list; gives what was read out of it."""
    talk.hears("What next?")
    talk.answers("3")
    talk.hears("Find:")
    talk.answers(find)
    return talk.hears("Number of a job?")


def _can_hold(cli: Cli) -> list[str]:
    jobs = cli("ls", "--source", "field", "--state", "waiting", "--json").json
    shown = [cli("show", job["ref"], "--json").json for job in jobs]
    return [job["ref"] for job in shown if job["controls"]["hold"] is None]


def test_a_control_of_several_marked_jobs_takes_their_count_and_is_summed_up(
    cli: Cli, config: Path, talks: list[Talk]
) -> None:
    refs = _can_hold(cli)[:2]
    assert len(refs) == 2
    talk = begin(talks, config, "--accessible")
    # One by one here; by their numbers in a list below.
    for ref in refs:
        _to_list(talk, ref.partition(":")[2])
        talk.answers("1")
        talk.answers(talk.number_of("mark it."))
        talk.hears("marked now.")
        talk.answers("0")
        talk.hears("Number of a job?")
        talk.answers("0")
    talk.hears("8, marked jobs, 2.")
    talk.answers("8")
    number = talk.number_of("hold, 2 of 2 can take it.")
    talk.answers(number)
    talk.hears("Until:")
    talk.answers("+2h")
    asked = talk.hears("To hold 2 jobs, type 2 (how many they are), then Enter. Anything else is no:")
    assert "Hold 2 jobs?" in asked
    assert all(f"To hold: {ref}#" in asked for ref in refs)
    talk.answers("y")
    talk.hears("Nothing was sent.")
    talk.answers(number)
    talk.hears("Until:")
    talk.answers("0")
    talk.hears("Nothing was sent.")
    assert cli("audit", "--json").json == []
    talk.answers(number)
    talk.hears("Until:")
    talk.answers("+2h")
    talk.hears("Anything else is no:")
    talk.answers("2")
    said = talk.hears("2 accepted (2 confirmed)")
    assert said.count("accepted then") == 0, "one sentence for all, not one for each"
    assert {entry["ref"].partition("#")[0] for entry in cli("audit", "--json").json} == set(refs)


def test_what_is_typed_while_several_are_sent_stops_the_rest(
    cli: Cli, config: Path, talks: list[Talk]
) -> None:
    talk = begin(talks, config, "--accessible")
    _to_list(talk, "source:tiles state:running,queued")
    talk.answers("a")
    talk.hears("What next?")
    talk.answers("2")
    talk.hears("marked now.")
    talk.answers(talk.number_of("act on what is marked"))
    talk.hears("Marked: ")
    number = talk.number_of("cancel, ")
    count = talk.hears(" can take it.").split()[0]
    talk.hears("What next?")
    talk.answers(number)
    talk.hears("Why?")
    talk.answers("a test")
    talk.hears("Anything else is no:")
    talk.press(f"{count}\n\n")
    talk.hears("No more are sent; the one under way is followed to its end.")
    talk.hears("not sent")
    talk.hears("marked.")
    entries = cli("audit", "--json").json
    assert len([entry for entry in entries if entry["sent"] and entry["control"] == "cancel"]) < int(count)


def test_jobs_that_failed_alike_are_one_group_which_can_be_muted_and_stays_so(
    cli: Cli, config: Path, talks: list[Talk]
) -> None:
    talk = begin(talks, config, "--accessible")
    needy = int(talk.hears(" jobs need you.").split()[-1])
    talk.hears("What next?")
    talk.answers("7")
    talk.hears("Number?")
    talk.answers("1")
    group = talk.hears("Number of a group?")
    assert "; because: " in group
    talk.answers("1")
    count = int(talk.hears(" jobs: ").split()[-1])
    assert count > 1
    talk.hears("Number of a job?")
    talk.answers("a")
    talk.answers(talk.number_of("mute those that need you"))
    talk.hears(f"{count} jobs are muted, each until it changes.")
    for question in ("What next?", "Number of a job?", "Number of a group?"):
        talk.hears(question)
        talk.answers("0")
    talk.hears("What next?")
    talk.answers("0")
    assert talk.ended(10) == 0
    again = begin(talks, config, "--accessible")
    # The service goes on meanwhile: another job or two may need somebody by now.
    assert int(again.hears(" jobs need you.").split()[-1]) < needy


def test_what_is_passed_on_is_read_out_or_written_for_nobody_else(
    cli: Cli, config: Path, talks: list[Talk], tmp_path: Path
) -> None:
    folder = tmp_path / "given"
    config.write_text(f'{config.read_text()}\n[share]\nfolder = "{folder}"\n')
    (job, *_) = cli("ls", "--source", "tiles", "--state", "failed", "--json").json
    talk = begin(talks, config, "--accessible", "open", job["ref"])
    talk.answers(talk.number_of("pass it on"))
    number = talk.number_of(f"ref: {job['ref']}")
    link = talk.number_of("permalink: jobtui open ")
    talk.hears("What next?")
    talk.answers(number)
    talk.hears("Number?")
    talk.answers("1")
    assert job["ref"] in talk.hears("What next?").splitlines()
    talk.answers(link)
    talk.hears("Number?")
    talk.answers("2")
    talk.hears("Written for you alone to ")
    talk.hears("What next?")
    talk.answers("0")
    talk.hears("What next?")
    talk.answers("0")
    talk.hears("11, the hand-off note.")
    talk.hears("What next?")
    talk.answers("11")
    talk.hears("Number?")
    talk.answers("2")
    talk.hears("the hand-off note.")
    _to_list(talk, "source:desk state:failed")
    talk.answers("a")
    talk.answers(talk.number_of("write them to a file."))
    talk.hears("Number?")
    talk.answers("3")
    talk.hears("Written for you alone to ")
    talk.hears("What next?")
    (permalink,) = folder.glob("jobtui-permalink-*.txt")
    (note,) = folder.glob("jobtui-handoff-*.md")
    (listed,) = folder.glob("jobtui-jobs-*.json")
    assert permalink.read_text().startswith(f"jobtui open {job['ref']} --at ")
    assert "# Hand-off" in note.read_text()
    assert {one["state"] for one in json.loads(listed.read_text())} == {"failed"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_rule_that_is_armed_rings_and_is_said_and_is_taken_back_at_its_number(
    cli: Cli, config: Path, talks: list[Talk]
) -> None:
    ref = _can_hold(cli)[0]
    talk = begin(talks, config, "--accessible", "open", ref)
    hold = talk.number_of("hold.")
    talk.answers(talk.number_of("tell me when"))
    own = talk.number_of("arm: another rule")
    talk.hears("What next?")
    talk.answers("1")
    talk.hears("Armed: ")
    talk.hears("1, armed, take back: when it ends.")
    talk.answers("1")
    talk.hears("Taken back: ")
    talk.hears("1, arm: when it ends.")
    talk.answers(own)
    talk.hears("0 goes back:")
    talk.answers("state:held source:field -> bell")
    talk.hears("Armed: ")
    talk.hears("What next?")
    talk.answers("0")
    talk.hears("What next?")
    assert b"\x07" not in talk.seen
    talk.answers(hold)
    talk.hears("Until:")
    talk.answers("")
    talk.hears("anything else is no:")
    talk.answers("y")
    talk.hears(f"Alert: {ref} ")
    assert b"\x07" in talk.seen, "the bell"


def test_it_begins_with_what_happened_while_nobody_looked(cli: Cli, config: Path, talks: list[Talk]) -> None:
    cli("ls")
    journal = Journal(paths.journal_file(config))
    journal.looks.note_screen(datetime.now(UTC) - timedelta(hours=3))
    journal.close()
    talk = begin(talks, config, "--accessible")
    talk.hears("While you were away, since ")
    assert " failed" in talk.hears("jobtui, as spoken lines.")
    talk.hears("What next?")
    talk.answers("10")
    assert ", failed; because: " in talk.hears("Number of a job?")
    talk.answers("1")
    talk.hears("1, details.")


def test_who_looks_for_the_first_time_is_not_told_that_nothing_happened(
    config: Path, talks: list[Talk]
) -> None:
    talk = begin(talks, config, "--accessible")
    talk.hears("What next?")
    talk.answers("10")
    assert "No earlier look at these jobs is on record" in talk.hears("What next?")


def test_every_question_is_left_with_0(cli: Cli, config: Path, talks: list[Talk]) -> None:
    ends = {"1": "Number of a job?", "2": "Number of a job?", "3": "Find:", "4": "Number of a job?"}
    ends |= {"7": "Number?", "9": "What next?", "11": "Number?"}
    talk = begin(talks, config, "--accessible")
    talk.hears("What next?")
    for number in range(1, 12):
        talk.answers(str(number))
        if question := ends.get(str(number)):
            talk.hears(question)
            talk.answers("0")
        talk.hears("What next?")
    talk.answers("0")
    assert talk.ended(10) == 0
