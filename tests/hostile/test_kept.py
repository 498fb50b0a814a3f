"""Every case through what is kept and told of it later: log, crash report, audit, hand-off, export."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobtui import paths
from jobtui.cli import crash
from jobtui.journal.journal import Journal
from jobtui.model import (
    Control,
    ControlRequest,
    Hold,
    JobDetail,
    JobMessage,
    Level,
    Outcome,
    State,
    Step,
    Verdict,
)
from tests.cli.conftest import Cli, run
from tests.factory import a_job
from tests.hostile.corpus import spoken_cases, wire_cases
from tests.hostile.harmless import harm_in, strings_in
from tests.hostile.person import names_in
from tests.hostile.server import World, serving, tag, write_config

__all__ = ["run"]
_NAMES = ("tiles", "desk", "field")


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """A configuration of servers that answer with what is no text."""
    texts = [case.text for case in spoken_cases()]
    with serving(World(texts, answers=wire_cases())) as url:
        yield write_config(tmp_path / "config.toml", url)


@pytest.fixture
def cli(run: Cli, config: Path) -> Cli:
    return lambda *argv: run("--config", str(config), *argv)


def _harms(texts: Sequence[str]) -> list[str]:
    found = [(text, harm) for text in texts if (harm := harm_in(text))]
    return [f"{names_in(text[:5_000])}: {harm}" for text, harm in found]


def _untold(text: str) -> list[str]:
    return [case.name for number, case in enumerate(spoken_cases()) if tag(number) not in text]


def test_a_text_that_is_logged_is_one_harmless_line(monkeypatch: pytest.MonkeyPatch) -> None:
    # What pytest captures of a log is the raw text, and half a character cannot be told to other processes.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log_file = crash.keep_log()
    try:
        for number, case in enumerate(spoken_cases()):
            logging.getLogger("jobtui.somewhere").warning("%s %s", tag(number), case.text)
    finally:
        crash.drop_log(log_file)
    logged = [path.read_bytes().decode() for path in paths.log_folder().glob("jobtui*.log")]
    lines = "".join(logged).rstrip("\n").split("\n")
    assert _harms(lines) == []
    assert _untold("".join(logged)) == []
    begun = [line for line in lines if "WARNING jobtui.somewhere: c" not in line]
    assert begun == [], "a text of many lines would pass for what others logged"


def test_a_crash_report_holds_none_of_a_text() -> None:
    for number, case in enumerate(spoken_cases()):
        report = crash.write_report(ValueError(f"{tag(number)} {case.text}"), "ls")
        assert report is not None
        text = report.read_bytes().decode()
        assert harm_in(text) is None, case.name
        assert tag(number) not in text.replace(str(report), ""), case.name


def test_what_the_journal_tells_of_every_text_is_harmless(cli: Cli, config: Path) -> None:
    _fill_journal(config)
    for argv in (("audit",), ("handoff",), ("journal", "info"), ("doctor",)):
        ran = cli(*argv)
        assert _harms([*ran.out.split("\n"), *ran.err.split("\n")]) == [], argv
        if argv[0] in ("audit", "handoff"):
            assert _untold(ran.out) == [], argv
    for argv in (("audit", "--json"), ("doctor", "--json")):
        ran = cli(*argv)
        assert _harms([ran.out, *strings_in(json.loads(ran.out))]) == [], argv
    lines = cli("journal", "export").out.splitlines()
    documents = [json.loads(line) for line in lines]
    assert _harms([*lines, *strings_in(documents)]) == []
    for kind in ("job", "message", "audit"):
        told = [json.dumps(document) for document in documents if document["document"] == kind]
        assert _untold(" ".join(told)) == [], kind


def _fill_journal(config: Path) -> None:
    """Write a control, a held job, a step and a message for every case."""
    now = datetime.now(UTC)
    spoken = [f"{tag(number)} {case.text}" for number, case in enumerate(spoken_cases())]
    fields = ("title", "why", "owner", "raw_state")
    jobs = [
        a_job(str(number), source="field", state=State.HELD, as_of=now, **dict.fromkeys(fields, text))
        for number, text in enumerate(spoken)
    ]
    holds = [Hold(f"h{number}", text[:200], by=text, since=now) for number, text in enumerate(spoken)]
    steps = [
        Step(text[:200], text, State.HELD, current=True, holds=(hold,), message=text)
        for text, hold in zip(spoken, holds, strict=True)
    ]
    with Journal(paths.journal_file(config)) as journal:
        journal.save_jobs(jobs)
        journal.save_detail(JobDetail(replace(jobs[0], holds=tuple(holds)), tuple(steps)))
        journal.save_messages(
            JobMessage(job.ref, "m", now, Level.INFO, "INFO", text)
            for job, text in zip(jobs, spoken, strict=True)
        )
        for job, text in zip(jobs, spoken, strict=True):
            request = ControlRequest(Control.CANCEL, job.ref, now, reason=text)
            journal.refused(Outcome(request, Verdict.REFUSED, True, now, reason=text), "tester")


def test_every_value_and_body_read_is_shown_or_refused_harmlessly(cli: Cli) -> None:
    first = len(spoken_cases())
    failed: list[str] = []
    for number, case in enumerate(wire_cases(), first):
        ran = cli("show", f"{_NAMES[number % 3]}:{1_000 + number}")
        harms = _harms([*ran.out.split("\n"), *ran.err.split("\n")])
        if ran.code not in (0, 3, 5) or harms:
            failed.append(f"{case.name}: {ran.code} {ran.err[:200]!a} {harms[:1]}")
    assert not failed, "\n".join(failed)


def test_keys_of_a_configuration_are_named_harmlessly(cli: Cli, config: Path) -> None:
    spoken = [f"{tag(n)} {case.text[:200]}" for n, case in enumerate(spoken_cases())]
    # Half a character cannot stand in a file.
    keys = [json.dumps(text.encode("utf-8", "ignore").decode()) for text in spoken]
    lines = "\n".join(f"{key} = 1".replace("\x7f", "\\u007f") for key in keys if "\\ud" not in key)
    config.write_text(f"{config.read_text('utf-8')}\n{lines}\n", "utf-8")
    for argv in (("doctor",), ("doctor", "--json"), ("config", "check"), ("config", "show")):
        ran = cli(*argv)
        assert _harms([*ran.out.split("\n"), *ran.err.split("\n")]) == [], argv
    assert "c001" in cli("doctor").out
