"""Every control from the command line: verdicts, exit codes, and who says no first."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import ROOT, Cli, Ran
from tests.cli.test_links import DOWN
from tests.cli.test_read import a_ref, jobs

OUTCOME_FIELDS = {"ref", "control", "verdict", "sent", "at", "reason", "steps"}
AUDIT_FIELDS = {
    "at", "who", "ref", "control", "parameters", "reason", "verdict", "confirmed_at", "sent",
    "detail",
}  # fmt: skip


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    """A demo for each test: it is steered here."""
    with DemoServer(seed=11) as server:
        yield server


@pytest.fixture
def mine(cli: Cli) -> str:
    """A job whose current step is ours and may be acted on."""
    for job in jobs(cli, "--source", "field", "--state", "waiting"):
        if "waits for dortiz" in (job["why"] or ""):
            shown = cli("show", job["ref"], "--json").json
            current = [step for step in shown["steps"] if step["current"]]
            if current and current[0]["controls"]["hold"] is None:
                return str(job["ref"])
    pytest.fail("the demo promises a step of ours")


def asked(demo: DemoServer) -> list[dict[str, Any]]:
    """Give every request that the server got to change something."""
    return [
        one
        for one in demo.requests
        if one["method"] == "DELETE" or (one["method"] == "POST" and one["path"].endswith("/action"))
    ]


def test_a_step_is_held_refused_released_run_and_all_is_in_the_audit(
    cli: Cli, demo: DemoServer, mine: str
) -> None:
    held = cli("hold", mine, "--until", "+2h", "--yes", "--wait", "--reason", "storm", "--json")
    assert (held.code, held.err) == (0, "")
    assert set(held.json) >= OUTCOME_FIELDS
    assert (held.json["verdict"], held.json["sent"]) == ("confirmed", True)
    shown = cli("show", mine, "--json").json
    assert shown["state"] == "held"
    (hold,) = [h for step in shown["steps"] for h in step["holds"] if h["active"]]
    assert hold["by"] == "dortiz"
    assert hold["until"] is not None

    before = len(asked(demo))
    run = cli("run", mine, "--yes", "--json")
    assert (run.code, run.json["verdict"], run.json["sent"]) == (6, "refused", False)
    assert "held by dortiz" in run.json["reason"]
    assert len(asked(demo)) == before

    assert cli("release", mine, "--yes", "--wait", "--json").json["verdict"] == "confirmed"
    assert cli("run", mine, "--yes", "--wait", "--json").json["verdict"] == "confirmed"

    entries = cli("audit", "--json").json
    assert all(set(entry) >= AUDIT_FIELDS for entry in entries)
    assert [(e["control"], e["verdict"]) for e in reversed(entries)] == [
        ("hold", "confirmed"),
        ("run", "refused"),
        ("release", "confirmed"),
        ("run", "confirmed"),
    ]
    assert entries[-1]["reason"] == "storm"
    assert entries[-1]["parameters"]["until"] == hold["until"]
    assert entries[-1]["confirmed_at"] is not None
    lines = cli("audit").out.splitlines()
    assert all(e["control"] in line for e, line in zip(entries, lines, strict=True))
    assert "“storm”" in lines[-1]


def test_a_hold_after_another_job_names_it_and_is_released_by_name(cli: Cli, mine: str) -> None:
    other = next(job["ref"] for job in jobs(cli, "--source", "field") if job["ref"] != mine)
    held = cli("hold", mine, "--after", other, "--yes", "--wait", "--json")
    assert (held.code, held.json["verdict"]) == (0, "confirmed")
    holds = [h for step in cli("show", mine, "--json").json["steps"] for h in step["holds"] if h["active"]]
    assert [hold["after"] for hold in holds] == [other]
    released = cli("release", mine, "--after", other, "--yes", "--wait", "--json")
    assert (released.code, released.json["verdict"]) == (0, "confirmed")


def test_a_control_whose_outcome_cannot_be_printed_says_how_it_stands(config: Path, mine: str) -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "jobtui", "--config", str(config), "hold", mine, "--yes", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert ran.returncode == 2
    (said,) = ran.stderr.splitlines()
    assert f"hold {mine} accepted" in said


def test_a_cancel_is_accepted_first_and_confirmed_by_a_later_read(run: Cli, tmp_path: Path) -> None:
    with DemoServer(seed=11, speed=10) as quick:
        config = str(quick.write_config(tmp_path / "quick.toml"))

        def cli(*argv: str) -> Ran:
            return run("--config", config, *argv)

        verdicts = []
        # About one in six ignores a cancel, and says so; of several, some obey.
        for job in jobs(cli, "--source", "tiles", "--state", "running")[:4]:
            ran = cli("cancel", job["ref"], "--yes", "--wait", "3", "--json")
            verdicts.append((ran.code, ran.json["verdict"]))
            deletes = [one for one in asked(quick) if one["path"].endswith(f"/{job['id']}")]
            assert len(deletes) == 1
            if ran.json["verdict"] == "confirmed":
                assert cli("show", job["ref"], "--json").json["state"] == "cancelled"
                break
    assert verdicts[-1] == (0, "confirmed")


def test_dry_run_says_what_would_be_sent_and_sends_nothing(cli: Cli, demo: DemoServer, mine: str) -> None:
    before = len(asked(demo))
    ran = cli("hold", mine, "--until", "tomorrow 08:00", "--dry-run", "--json")
    assert ran.code == 0
    assert (ran.json["dry_run"], ran.json["verdict"], ran.json["sent"]) == (True, None, False)
    assert ran.json["parameters"]["steps"]
    assert "holds step" in ran.json["consequence"]
    assert "would be sent" in cli("hold", mine, "--dry-run").out
    refused = cli("release", mine, "--dry-run")
    assert refused.code == 6
    assert "would be refused: nothing is held" in refused.out
    assert cli("cancel", "tiles:99999999", "--dry-run").code == 5
    assert cli("--read-only", "hold", mine, "--dry-run").code == 6
    assert len(asked(demo)) == before
    assert cli("audit", "--json").json == []


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        # usage and unknown source come before everything
        (["--read-only", "cancel", "tils:1"], 2, "did you mean “tiles”?"),
        (["--read-only", "hold", "field:1", "--until", "yesterday"], 2, "--until: “yesterday” is not a time"),
        (["--read-only", "hold", "field:1", "--after", "tiles:1"], 2, "of another source"),
        (["--read-only", "set-current", "field:1"], 2, "exactly one step, not 0"),
        (["set-current", "field:1#a", "--step", "b", "--yes"], 2, "exactly one step, not 2"),
        # then read-only, before the kind
        (["--read-only", "cancel", "desk:1"], 6, "read-only"),
        # then the kind, before --yes
        (["cancel", "desk:1"], 6, "zendesk jobs have no cancel"),
        (["hold", "tiles:1"], 6, "nextspace jobs have no hold"),
        # then --yes, before the job is read
        (["cancel", "tiles:99999999"], 6, "needs --yes"),
        # then the unreadable job
        (["cancel", "tiles:99999999", "--yes"], 5, "99999999"),
    ],
)
def test_reasons_are_tried_in_the_documented_order(
    cli: Cli, demo: DemoServer, argv: list[str], code: int, said: str
) -> None:
    before = len(asked(demo))
    ran = cli(*argv)
    assert ran.code == code
    assert said in ran.out + ran.err
    assert len(asked(demo)) == before
    if code == 2:
        assert (ran.out, len(ran.sentences)) == ("", 1)
    else:
        assert ", not sent: " in ran.out
        assert "refused" in cli("audit").out


def test_what_was_not_sent_is_said_to_be_so_once(run: Cli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"version = 1{DOWN}")

    def unsent(*argv: str) -> Ran:
        return run("--config", str(config), *argv)

    ran = unsent("cancel", "down:1", "--yes")
    assert (ran.code, ran.out[: ran.out.index(" to ")]) == (
        3,
        "cancel down:1 refused, not sent: cannot connect",
    )
    assert unsent("cancel", "down:1", "--yes", "--json").json["reason"].startswith("cannot connect")
    assert "refused: cannot connect" in unsent("cancel", "down:1", "--dry-run").out
    (line, _) = unsent("audit").out.splitlines()
    assert line.endswith("refused here, not sent  — cannot connect to 127.0.0.1:9: connection refused")
    assert "→ refused, not sent: cannot connect" in unsent("handoff").out


def test_what_has_ended_is_refused_by_its_state(cli: Cli) -> None:
    ran = cli("cancel", a_ref(cli, "tiles", "succeeded"), "--yes", "--json")
    assert (ran.code, ran.json["verdict"], ran.json["sent"]) == (6, "refused", False)


def test_without_yes_and_without_a_terminal_nothing_is_sent(cli: Cli, demo: DemoServer) -> None:
    before = len(asked(demo))
    ran = cli("cancel", a_ref(cli, "tiles", "running"), "--json")
    assert (ran.code, ran.json["verdict"], ran.json["sent"]) == (6, "refused", False)
    assert "--yes" in ran.json["reason"]
    assert len(asked(demo)) == before


@pytest.mark.parametrize(
    ("fault", "code", "verdict", "sent"),
    [("401", 4, "refused", False), ("500", 3, "refused", False), ("hangup", 3, "refused", False)],
)
def test_an_unreadable_job_is_not_acted_on(
    cli: Cli, no_faults: DemoServer, fault: str, code: int, verdict: str, sent: bool
) -> None:
    ref = a_ref(cli, "tiles", "running")
    no_faults.set_faults(fault)
    ran = cli("cancel", ref, "--yes", "--json")
    assert (ran.code, ran.json["verdict"], ran.json["sent"]) == (code, verdict, sent)
    assert ran.json["reason"]


@pytest.mark.parametrize(
    ("fault", "code", "verdict", "sent"),
    [
        ("401", 4, "refused", True),
        ("409", 6, "refused", True),
        ("500", 7, "unknown", True),
        ("html", 7, "unknown", True),
        ("hangup", 7, "unknown", True),
    ],
)
def test_an_unreadable_job_does_not_block_a_control_that_names_its_step(
    cli: Cli, no_faults: DemoServer, mine: str, fault: str, code: int, verdict: str, sent: bool
) -> None:
    step = next(s["id"] for s in cli("show", mine, "--json").json["steps"] if s["current"])
    no_faults.set_faults(fault)
    ran = cli("refresh", mine, "--step", step, "--yes", "--json")
    assert (ran.code, ran.json["verdict"], ran.json["sent"]) == (code, verdict, sent)
    assert "could not be checked first" in ran.json["reason"]
    assert ran.json["ref"] == mine


def test_a_source_that_is_down_refuses_before_sending(cli: Cli, tmp_path: Path, run: Cli) -> None:
    del cli
    config = tmp_path / "down.toml"
    config.write_text(
        'version = 1\n[sources.tiles]\nkind = "nextspace"\nurl = "http://127.0.0.1:9"\ntoken = "x"\n'
    )
    config.chmod(0o600)
    ran = run("--config", str(config), "cancel", "tiles:1", "--yes", "--json")
    assert (ran.code, ran.json["verdict"], ran.json["sent"]) == (3, "refused", False)
    assert "127.0.0.1:9" in ran.json["reason"]


@pytest.mark.parametrize(("typed", "code", "sent"), [("n", 6, False), ("", 6, False), ("y", 0, True)])
def test_at_a_terminal_it_asks_and_only_a_typed_yes_sends(
    cli: Cli, config: Path, typed: str, code: int, sent: bool
) -> None:
    ref = a_ref(cli, "tiles", "running")
    keyboard, terminal = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "jobtui", "--config", str(config), "cancel", ref, "--json"],
        stdin=terminal,
        stderr=terminal,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    # Typed before there is a question: no answer to it.
    os.write(keyboard, b"y\n")
    seen = b""
    try:
        while b"[y/N]" not in seen:
            seen += os.read(keyboard, 1024)
        os.write(keyboard, typed.encode() + b"\n")
        out, _ = running.communicate(timeout=20)
    finally:
        running.kill()
        running.wait()
        os.close(terminal)
        os.close(keyboard)
    ran = Ran(running.returncode, out, "")
    assert ref in seen.decode()
    assert (ran.code, ran.json["sent"]) == (code, sent)
