"""jobtui demo: three services in a process of their own that ends when we do, and a story that repeats."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli, finished, process


def _ready(running: subprocess.Popen[str]) -> dict[str, Any]:
    assert running.stdout is not None
    document: dict[str, Any] = json.loads(running.stdout.readline())
    return document


def _is_served(url: str) -> bool:
    try:
        # Any answer will do, a refusal too.
        with urllib.request.urlopen(f"{url}/api/v2/users/me.json", timeout=2):  # noqa: S310 - our own http
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


def _eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_prints_its_line_and_serves_until_it_is_stopped(run: Cli, number: signal.Signals) -> None:
    running = process("demo", "--serve")
    ready = _ready(running)
    assert set(ready) == {"url", "config", "sources"}
    assert set(ready["sources"]) == {"nextspace", "zendesk", "arcgis"}
    assert Path(ready["config"]).stat().st_mode & 0o077 == 0
    listed = run("--config", ready["config"], "source", "test", "--json")
    assert (listed.code, [source["ok"] for source in listed.json]) == (0, [True, True, True])
    running.send_signal(number)
    ran = finished(running)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert not _is_served(ready["url"])
    assert not Path(ready["config"]).exists()


def test_the_services_end_with_us_even_when_we_are_killed() -> None:
    running = process("demo", "--serve")
    ready = _ready(running)
    running.kill()
    finished(running)
    assert _eventually(lambda: not _is_served(ready["url"]))
    assert _eventually(lambda: not Path(ready["config"]).exists())


def test_serve_for_a_while_ends_by_itself() -> None:
    running = process("demo", "--serve", "--for", "0.3")
    ready = _ready(running)
    assert finished(running).code == 0
    assert not _is_served(ready["url"])


@pytest.mark.parametrize("serve", [[], ["--serve"]])
def test_for_no_time_is_over_at_once(serve: list[str]) -> None:
    ran = finished(process("demo", *serve, "--for", "0"))
    assert (ran.code, ran.err) == (0, "")


def test_without_a_terminal_the_demo_prints_the_watch_as_plain_lines() -> None:
    began = time.monotonic()
    ran = finished(process("demo", "--for", "2", "--speed", "20"))
    assert (ran.code, ran.err) == (0, "")
    assert time.monotonic() - began < 10
    lines = ran.out.splitlines()
    assert "\x1b" not in ran.out
    for source in ("tiles", "desk", "field"):
        assert any(f"  {source}:" in line for line in lines)
        assert any(f"  {source}  live" in line for line in lines)
    assert any("failed" in line for line in lines)


def test_what_the_demo_does_not_understand_is_a_matter_of_usage(run: Cli) -> None:
    for argv, said in (
        (["--speed", "quick"], "--speed"),
        (["--port", "x"], "--port"),
        (["--faults", "gremlins"], "gremlins"),
        (["--scenario", "nowhere"], "nowhere"),
    ):
        ran = run("demo", *argv, "--for", "1")
        assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
        assert said in ran.err


def test_a_port_that_is_taken_is_one_sentence(run: Cli) -> None:
    first = process("demo", "--serve")
    port = _ready(first)["url"].rpartition(":")[2]
    ran = run("demo", "--port", port, "--for", "1")
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert port in ran.err
    first.terminate()
    finished(first)


def test_a_demo_that_does_not_start_is_said_and_is_no_traceback(
    run: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no such module' >&2\nexit 1\n")
    python.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(python))
    ran = run("demo", "--for", "1")
    assert (ran.code, ran.sentences) == (70, ["the demo did not start: no such module"])
    python.write_text("#!/bin/sh\necho hello\n")
    ran = run("demo", "--for", "1")
    assert (ran.code, len(ran.sentences)) == (70, 1)


def test_the_same_seed_and_speed_tell_the_same_story() -> None:
    stories = []
    for _ in range(2):
        running = process("demo", "--serve", "--seed", "7", "--speed", "20")
        config = _ready(running)["config"]
        listed = finished(process("--config", config, "ls", "--json"))
        # What has just been made or moved depends on the moment of asking; what had ended does not.
        ended = [job for job in json.loads(listed.out) if job["ended"]]
        stories.append({(job["ref"], job["title"], job["state"], job["items_failed"]) for job in ended})
        running.terminate()
        finished(running)
    first, second = stories
    assert len(first & second) >= 30
    assert {ref for ref, *_ in first} & {ref for ref, *_ in second} == {ref for ref, *_ in first & second}


def test_a_demo_leaves_no_process_behind(run: Cli) -> None:
    before = _children()
    assert run("demo", "--for", "0.5").code == 0
    assert _children() <= before


def _children() -> set[str]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    return {pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()}
