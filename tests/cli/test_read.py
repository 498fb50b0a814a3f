"""ls, show, logs and audit against the demo over real sockets."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import ROOT, Cli, Ran, finished, process

JOB_FIELDS = {
    "ref", "source", "kind", "id", "title", "state", "raw_state", "ended", "flags", "why", "progress",
    "created", "started", "updated", "ended_at", "owner", "application", "url", "as_of", "items_failed",
    "result",
}  # fmt: skip
STEP_FIELDS = {
    "id", "title", "type", "state", "raw_state", "current", "assigned_to", "can_skip", "holds", "controls",
    "children",
}  # fmt: skip
MESSAGE_FIELDS = {"ref", "id", "at", "level", "raw_level", "text", "step", "from"}


def jobs(cli: Cli, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cli("ls", "--json", *options).json
    return found


def a_ref(cli: Cli, source: str, state: str) -> str:
    return str(jobs(cli, "--source", source, "--state", state)[0]["ref"])


def test_ls_gives_one_array_of_whole_job_documents_of_all_kinds(cli: Cli) -> None:
    ran = cli("ls", "--json")
    assert (ran.code, ran.err) == (0, "")
    found = ran.json
    assert {job["kind"] for job in found} == {"nextspace", "zendesk", "arcgis"}
    for job in found:
        assert set(job) >= JOB_FIELDS
        assert job["ref"] == f"{job['source']}:{job['id']}"
        for key in ("created", "started", "updated", "ended_at", "as_of"):
            assert job[key] is None or datetime.fromisoformat(job[key]).tzinfo is not None


def test_ls_puts_what_needs_a_person_first(cli: Cli) -> None:
    states = [job["state"] for job in jobs(cli)]
    assert states[0] == "failed"
    assert states.index("partial") < states.index("running") < states.index("succeeded")
    problems = jobs(cli, "--problems")
    assert {job["state"] for job in problems if "stalled" not in job["flags"]} <= {"failed", "partial"}
    stalled = [job for job in problems if "stalled" in job["flags"]]
    assert [(job["state"], job["source"]) for job in stalled] == [("running", "tiles")]
    assert stalled[0]["why"].startswith("nothing new for ")
    assert stalled[0]["unchanged_since"] == stalled[0]["updated"]


def test_ls_filters_by_source_state_text_and_number(cli: Cli) -> None:
    held = jobs(cli, "--source", "field", "--state", "held,waiting")
    assert {job["source"] for job in held} == {"field"}
    assert {job["state"] for job in held} <= {"held", "waiting"}
    title = held[0]["title"]
    assert held[0]["ref"] in {job["ref"] for job in jobs(cli, "--search", title.upper())}
    assert len(jobs(cli, "--limit", "3")) == 3
    assert jobs(cli, "--search", "no job is called this") == []


def test_plain_ls_is_a_table_of_one_line_a_job(cli: Cli) -> None:
    ran = cli("ls", "--source", "tiles")
    assert ran.out.splitlines()[0].split() == ["STATE", "REF", "DONE", "CHANGED", "TITLE", "WHY"]
    assert len(ran.out.splitlines()) == len(jobs(cli, "--source", "tiles")) + 1
    assert "\x1b" not in ran.out


def test_ascii_output_has_nothing_else(cli: Cli) -> None:
    assert cli("--ascii", "ls").out.isascii()


def test_a_source_that_is_silent_does_not_hide_the_others(cli: Cli, no_faults: DemoServer) -> None:
    no_faults.set_faults("zendesk/500")
    ran = cli("ls", "--json")
    assert ran.code == 0
    assert {job["source"] for job in ran.json} >= {"tiles", "field"}
    assert [line.split()[0] for line in ran.sentences] == ["desk"]


def test_ls_still_knows_what_it_was_told_when_nobody_answers(cli: Cli, no_faults: DemoServer) -> None:
    before = {job["ref"] for job in jobs(cli)}
    no_faults.set_faults("500")
    ran = cli("ls", "--json")
    assert ran.code == 0
    assert {job["ref"] for job in ran.json} >= before
    assert all("stale" in job["flags"] for job in ran.json)
    assert len(ran.sentences) == 3
    assert all("jobs are as of" in line for line in ran.sentences)


def test_show_gives_the_steps_their_holds_and_what_can_be_done(cli: Cli) -> None:
    ref = a_ref(cli, "field", "held")
    job = cli("show", ref, "--json").json
    assert set(job) >= JOB_FIELDS | {"controls", "steps"}
    assert set(job["controls"]) == {
        "cancel", "hold", "release", "finish", "run", "stop", "set-current", "refresh",
    }  # fmt: skip
    assert all(set(step) >= STEP_FIELDS for step in job["steps"])
    current = [step for step in job["steps"] if step["current"]]
    assert [hold["active"] for step in current for hold in step["holds"]]
    assert current[0]["controls"]["release"] is None
    assert "held" in current[0]["controls"]["run"]


def test_show_of_a_kind_without_controls_has_none(cli: Cli) -> None:
    job = cli("show", a_ref(cli, "desk", "partial"), "--json").json
    assert job["controls"] == {}
    assert "failed" in {step["state"] for step in job["steps"]}
    assert job["items_failed"] >= 1
    assert job["why"].startswith(f"{job['items_failed']} of ")


def test_plain_show_says_why_and_what_can_be_done(cli: Cli) -> None:
    ref = a_ref(cli, "field", "held")
    out = cli("show", ref).out
    assert "held by" in out
    properties = cli("show", ref, "--json").json["properties"]
    assert f"  priority: {properties['priority']}" in out.splitlines()
    assert f"  work.district: {properties['work.district']}" in out.splitlines()
    assert "can: " in out
    assert "run: no, " in out


def test_show_takes_a_pasted_address_and_a_bare_id(cli: Cli) -> None:
    (job, *_) = jobs(cli, "--source", "field")
    assert cli("show", job["url"], "--json").json["ref"] == job["ref"]
    assert cli("show", job["id"], "--json").json["ref"] == job["ref"]


@pytest.mark.parametrize(
    ("ref", "code", "said"),
    [
        ("tiles:99999999", 5, "99999999"),
        ("field:0000", 5, "not found"),
        ("tils:1", 2, "did you mean “tiles”?"),
        ("http://elsewhere.example/1", 2, "not an address"),
        ("no-such-id", 2, "SOURCE:"),
        ("tiles:", 2, "not a ref"),
    ],
)
def test_a_job_that_nobody_knows_is_one_sentence(cli: Cli, ref: str, code: int, said: str) -> None:
    ran = cli("show", ref, "--json")
    assert (ran.code, ran.out) == (code, "")
    assert len(ran.sentences) == 1
    assert said in ran.err


def test_a_step_that_is_not_there_is_no_such_job(cli: Cli) -> None:
    ref = a_ref(cli, "field", "held")
    ran = cli("show", f"{ref}#nope")
    assert (ran.code, ran.out) == (5, "")
    assert ran.sentences == [f"{ref} has no step nope"]


@pytest.mark.parametrize("options", [[], ["--json"], ["--follow"]])
def test_the_logs_of_a_step_that_is_not_there_are_no_such_job(cli: Cli, options: list[str]) -> None:
    ref = a_ref(cli, "field", "held")
    ran = cli("logs", f"{ref}#nope", *options)
    assert (ran.code, ran.out) == (5, "")
    assert ran.sentences == [f"{ref} has no step nope"]


def test_the_logs_of_a_step_without_messages_are_empty_and_good(cli: Cli) -> None:
    job = cli("show", a_ref(cli, "field", "held"), "--json").json
    speaking = {message["step"] for message in cli("logs", job["ref"], "--json").json}
    silent = next(step["id"] for step in job["steps"] if step["id"] not in speaking)
    ran = cli("logs", f"{job['ref']}#{silent}", "--json")
    assert (ran.code, ran.json, ran.err) == (0, [], "")


def test_an_id_that_no_server_ever_knew_was_never_known(cli: Cli) -> None:
    cli("add", "tiles:424243")
    ran = cli("show", "tiles:424243")
    assert ran.code == 5
    assert ran.sentences == ["tiles:424243: the server does not know this id"]
    assert "forgotten by" not in ran.out
    cli("forget", "tiles:424243")


def test_no_match_is_said_and_is_no_error(cli: Cli) -> None:
    known = len(jobs(cli))
    ran = cli("ls", "--search", "no job is called this", "--state", "held,failed")
    assert (ran.code, ran.out) == (0, "")
    said = f"no job matches --state failed,held --search “no job is called this”; {known} jobs are known"
    assert ran.sentences == [said]
    assert cli("ls", "--search", "no job is called this", "--json").out == "[]\n"


def test_search_reads_the_language_of_the_filter(cli: Cli) -> None:
    found = jobs(cli, "--search", "kind:zendesk,next !state:running age<300d")
    assert {job["kind"] for job in found} == {"zendesk", "nextspace"}
    assert not [job for job in found if job["state"] == "running"]


def test_owner_me_asks_the_sources_who_that_is(cli: Cli) -> None:
    users = {one["source"]: one["user"] for one in cli("source", "test", "--json").json}
    assert all(users.values())
    found = jobs(cli, "--search", "owner:me")
    mine = {job["ref"] for job in found}
    assert mine >= {job["ref"] for job in jobs(cli) if job["owner"] == users[job["source"]]}
    # One person goes by one name on the jobs of a source, be it a login where the greeting has a full name.
    assert len({(job["source"], job["owner"]) for job in found}) == len({job["source"] for job in found}) >= 1
    assert {job["ref"] for job in jobs(cli, "--search", "!owner:me")}.isdisjoint(mine)
    assert jobs(cli, "--search", "!owner:me")


def test_a_search_that_cannot_be_read_asks_no_server(cli: Cli) -> None:
    ran = cli("ls", "--search", "harbour age>x")
    assert ran.code == 2
    assert "--search: “x” is no age; write age>90s, 10m, 8h or 2d" in ran.err


def test_logs_are_oldest_first_and_hide_debug_only_from_people(cli: Cli) -> None:
    ref = a_ref(cli, "tiles", "succeeded")
    messages = cli("logs", ref, "--json").json
    assert all(set(message) >= MESSAGE_FIELDS for message in messages)
    times = [message["at"] for message in messages]
    assert times == sorted(times)
    assert "debug" in {message["level"] for message in messages}
    assert "debug" not in cli("logs", ref).out
    assert "debug" in cli("logs", ref, "--level", "debug").out
    errors = cli("logs", ref, "--json", "--level", "error").json
    assert {message["level"] for message in errors} <= {"error"}


def test_following_an_ended_job_prints_each_message_once_and_ends(cli: Cli) -> None:
    ref = a_ref(cli, "tiles", "succeeded")
    ran = cli("logs", ref, "--follow", "--json")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert len(lines) == len(cli("logs", ref, "--json").json) == len(set(lines))


def test_the_audit_is_an_array_even_when_nothing_was_asked(cli: Cli) -> None:
    ran = cli("audit", "--json")
    assert (ran.code, ran.json, ran.err) == (0, [], "")
    assert cli("audit", "--since", "soon").code == 2
    said = cli("audit")
    assert (said.code, said.out, said.sentences) == (0, "", ["no control was asked for here"])
    said = cli("audit", "--source", "tiles", "--since", "2d")
    assert (said.out, said.sentences) == ("", ["no control of tiles was asked for here since 2d"])


def test_a_reader_that_leaves_early_is_no_error(config: Path) -> None:
    running = process("--config", str(config), "logs", "tiles:1004", "--follow")
    assert running.stdout is not None
    running.stdout.close()
    running.stdout = None
    ran: Ran = finished(running)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("argv", [["ls", "--json"], ["ls"], ["config", "path"]])
def test_a_full_disk_is_one_sentence_and_no_crash(config: Path, argv: list[str]) -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "jobtui", "--config", str(config), *argv],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert ran.returncode == 2
    assert ran.stderr.splitlines() == ["cannot write to standard output: No space left on device"]


def test_a_narrow_terminal_encoding_is_no_error(config: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "jobtui", "--config", str(config), "ls", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "HOME": str(config.parent)},
        cwd=ROOT,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.isascii()
