"""watch and wait: until all have ended, or the time is up."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from jobtui.cli.watch import first_read_s, looks_changed
from jobtui.demo import DemoServer
from jobtui.model import Flag, Progress
from jobtui.monitor.cadence import SAVED
from tests.cli.conftest import Cli, finished, process
from tests.cli.test_read import JOB_FIELDS, a_ref, jobs
from tests.factory import NOW, a_job


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A quick world, so that jobs end while we look."""
    with DemoServer(seed=7, speed=60) as server:
        yield server


def test_watch_prints_a_line_per_change_until_the_job_has_ended(cli: Cli) -> None:
    ref = a_ref(cli, "tiles", "running")
    ran = cli("watch", ref, "--json", "--timeout", "60s")
    documents = [json.loads(line) for line in ran.out.splitlines()]
    assert all(set(document) >= JOB_FIELDS for document in documents)
    assert {document["ref"] for document in documents} == {ref}
    assert documents[-1]["ended"]
    assert all(not document["ended"] for document in documents[:-1])
    assert ran.code == (0 if documents[-1]["state"] == "succeeded" else 1)


@pytest.mark.parametrize(
    ("state", "code"), [("succeeded", 0), ("partial", 1), ("failed", 1), ("cancelled", 1)]
)
def test_wait_is_silent_and_its_code_is_the_result(cli: Cli, state: str, code: int) -> None:
    ran = cli("wait", a_ref(cli, "tiles", state))
    assert (ran.code, ran.out, ran.err) == (code, "", "")


def test_one_bad_end_among_several_is_a_bad_end(cli: Cli) -> None:
    good, bad = a_ref(cli, "tiles", "succeeded"), a_ref(cli, "desk", "partial")
    assert cli("wait", good, bad).code == 1
    ran = cli("watch", good, bad)
    assert len(ran.out.splitlines()) == 2


def test_fail_fast_stops_at_the_first_bad_end_and_at_no_good_one(cli: Cli) -> None:
    good, bad = a_ref(cli, "tiles", "succeeded"), a_ref(cli, "desk", "partial")
    held = next(j["ref"] for j in jobs(cli, "--state", "held") if "since" in (j["why"] or ""))
    assert cli("wait", "--fail-fast", held, bad, good, "--timeout", "60s").code == 1
    ran = cli("watch", "--fail-fast", held, bad, good, "--timeout", "60s")
    assert ran.code == 1
    assert ran.sentences[0].startswith("stopped at the first bad end; ")
    assert cli("wait", "--fail-fast", held, good, "--timeout", "1s").code == 124


def test_refs_are_read_from_stdin(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = a_ref(cli, "tiles", "succeeded")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ref}\n\n{ref}\n"))
    ran = cli("watch", "-", "--json")
    assert (ran.code, len(ran.out.splitlines())) == (0, 1)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert cli("wait", "-").code == 2


def test_time_that_is_up_is_124(cli: Cli) -> None:
    # What is held by hand does not end by itself.
    held = next(j["ref"] for j in jobs(cli, "--state", "held") if "since" in (j["why"] or ""))
    ran = cli("wait", held, "--timeout", "1s")
    assert (ran.code, ran.out, ran.err) == (124, "", "")
    watched = cli("watch", held, "--timeout", "1s")
    assert watched.code == 124
    assert watched.sentences == ["time is up; 1 of 1 had not ended"]


def test_a_job_that_is_not_there_is_said_at_once(cli: Cli) -> None:
    ran = cli("wait", "tiles:99999999", a_ref(cli, "tiles", "succeeded"))
    assert (ran.code, ran.out, len(ran.sentences)) == (5, "", 1)


@pytest.mark.parametrize("ref", ["tiles:99999999", "field:nowhere"])
def test_only_zendesk_ids_may_come_late(cli: Cli, ref: str) -> None:
    ran = cli("watch", ref, "--timeout", "20s")
    assert (ran.code, ran.out, len(ran.sentences)) == (5, "", 1)


def test_a_zendesk_id_that_is_not_visible_yet_is_queued(cli: Cli) -> None:
    ran = cli("watch", "desk:V3-new", "--json", "--timeout", "1s")
    (document,) = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, document["state"], document["ended"]) == (124, "queued", False)
    assert document["why"] == "not visible on the server yet"
    assert cli("wait", "desk:V3-newer", "--timeout", "1s").code == 124


def test_a_zendesk_id_that_never_became_visible_is_no_such_job(
    cli: Cli, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobtui.monitor.gone.NOT_VISIBLE_YET", timedelta(seconds=0.5))
    text = config.read_text().replace("[sources.desk]", '[sources.desk]\npoll = "0.3s"\nbudget = 600')
    config.write_text(text)
    ran = cli("watch", "desk:V3-newest", "--timeout", "20s")
    assert (ran.code, len(ran.out.splitlines())) == (5, 1)
    assert ran.sentences == ["desk:V3-newest: the server does not know this id"]


def test_a_step_stands_for_its_job_and_that_is_said(cli: Cli) -> None:
    ref = a_ref(cli, "field", "succeeded")
    ran = cli("wait", f"{ref}#s-1")
    assert (ran.code, ran.sentences) == (0, [f"{ref}#s-1 is a step; this is about its job {ref}"])


@pytest.mark.parametrize("budget", [0.5, 1, 60, 700])
def test_the_first_readings_of_many_jobs_go_at_the_pace_of_the_budget(
    budget: float,
) -> None:
    begins = [first_read_s(place, budget) for place in range(2_000)]
    assert begins == sorted(begins)
    assert begins[0] == 0
    assert begins.count(0) >= min(2_000, budget * SAVED), "a start is quick"
    for minute in (0, 30, 60, 120):
        assert sum(1 for at in begins if minute <= at < minute + 60) <= budget + 1


def test_an_interrupted_watch_is_130(cli: Cli, config: Path) -> None:
    held = next(j["ref"] for j in jobs(cli, "--state", "held") if "since" in (j["why"] or ""))
    running = process("--config", str(config), "watch", held)
    assert running.stdout is not None
    assert held in running.stdout.readline()
    running.send_signal(signal.SIGINT)
    began = time.monotonic()
    ran = finished(running)
    assert (ran.code, ran.err) == (130, "")
    assert time.monotonic() - began < 20


def test_a_change_is_what_a_person_would_see() -> None:
    job = a_job()
    assert looks_changed(None, job)
    assert not looks_changed(job, a_job(as_of=NOW.replace(year=2027), flags=frozenset({Flag.STALE})))
    assert looks_changed(job, a_job(progress=Progress(0.5)))
    assert looks_changed(job, a_job(flags=frozenset({Flag.CANCELLING})))


def test_a_source_that_stumbles_is_said_once_and_asked_again(
    cli: Cli, config: Path, no_faults: DemoServer
) -> None:
    held = next(j["ref"] for j in jobs(cli, "--state", "held") if "since" in (j["why"] or ""))
    running = process("--config", str(_polled_quickly(config)), "watch", held)
    assert running.stdout is not None
    assert running.stderr is not None
    assert held in running.stdout.readline()
    no_faults.set_faults("500")
    said = running.stderr.readline()
    assert said.startswith(f"{held}: ")
    assert "asking again" in said
    asked = len(no_faults.requests)
    while len(no_faults.requests) < asked + 2:
        assert running.poll() is None
        os.sched_yield()
    running.send_signal(signal.SIGINT)
    assert finished(running).err == ""


def _polled_quickly(config: Path) -> Path:
    text = config.read_text().replace("[sources.field]", '[sources.field]\npoll = "1s"\nbudget = 600')
    config.write_text(text)
    return config
