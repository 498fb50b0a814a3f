"""The demo as a process: its one line, its file, its end."""

import json
import signal
import socket
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

COMMAND = [sys.executable, "-m", "jobtui.demo"]
Process = subprocess.Popen[str]


@contextmanager
def a_process(*arguments: str) -> Iterator[tuple[Process, dict[str, Any]]]:
    """Run a demo process; gives it and what its line says. It is ended in the end, and tidies up."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        yield process, json.loads(line)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def refused(*arguments: str) -> str:
    """Run a demo that does not start; gives what it says."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=20.0, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def ended(process: Process) -> tuple[int, str, str, float]:
    """Wait for the end; gives the exit code, what was still written, and how long it took."""
    began = time.monotonic()
    out, err = process.communicate(timeout=10.0)
    return process.returncode, out, err, time.monotonic() - began


def test_the_line_leads_to_a_private_configuration_with_three_sources() -> None:
    with a_process("--seed", "7") as (process, line):
        config = Path(line["config"])
        assert stat.S_IMODE(config.stat().st_mode) == 0o600
        assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700
        written = tomllib.loads(config.read_text())
        sources = line["sources"]
        field = sources["arcgis"]
        assert written == {
            "version": 1,
            "sources": {
                "tiles": {
                    "kind": "nextspace",
                    "url": sources["nextspace"]["base_url"],
                    "token": sources["nextspace"]["token"],
                },
                "desk": {
                    "kind": "zendesk",
                    "url": line["url"],
                    "email": sources["zendesk"]["email"],
                    "token": sources["zendesk"]["token"],
                },
                "field": {
                    "kind": "arcgis",
                    "url": f"{line['url']}/{field['org']}/{field['item']}",
                    "user": field["user"],
                    "token": field["token"],
                },
            },
        }
        process.send_signal(signal.SIGTERM)
        code, out, err, _ = ended(process)
        assert (code, out, err) == (0, "", "")
        assert not config.parent.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_a_second_though_sockets_are_open_and_requests_wait(
    web: httpx.Client, number: signal.Signals
) -> None:
    with a_process() as (process, line):
        field = line["sources"]["arcgis"]
        url = f"{line['url'].replace('http', 'ws')}/{field['org']}/{field['item']}/notificationWs"
        with (
            connect(f"{url}?token={field['token']}") as listener,
            socket.create_connection(("127.0.0.1", int(line["url"].rpartition(":")[2]))) as waiting,
        ):
            listener.recv(5.0)
            web.post(f"{line['url']}/_demo/faults", json={"faults": "slow"})
            waiting.sendall(b"GET /nextspace/version HTTP/1.1\r\nHost: x\r\n\r\n")
            while not web.get(f"{line['url']}/_demo/requests").json()[1:]:
                pass
            process.send_signal(number)
            code, out, err, seconds = ended(process)
    assert (code, out, err) == (0, "", "")
    assert seconds < 1.0


def test_it_ends_with_its_standard_input_when_asked_to() -> None:
    with a_process("--stop-with-stdin") as (process, _):
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        assert ended(process)[:3] == (0, "", "")


def test_it_outlives_its_standard_input_otherwise_and_ends_on_time() -> None:
    with a_process("--for", "1.2") as (process, line):
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        assert httpx.get(f"{line['url']}/_demo/health").json()["ok"]
        code, _, _, seconds = ended(process)
        assert code == 0
        assert seconds > 0.3


def test_same_seed_and_speed_same_world_in_two_processes(web: httpx.Client) -> None:
    seen = []
    for _ in range(2):
        with a_process("--seed", "7", "--speed", "20") as (_, line):
            seen.append(what_is_seen(web, line))
    assert seen[0] == seen[1]


def what_is_seen(web: httpx.Client, line: dict[str, Any]) -> list[Any]:
    """Move to a fixed world second, then write down ids, titles and states."""
    url, sources = line["url"], line["sources"]
    now = web.get(f"{url}/_demo/health").json()["now"]
    web.post(f"{url}/_demo/advance", json={"seconds": 3600.0 - now})
    bearer = {"authorization": f"Bearer {sources['nextspace']['token']}"}
    actions = web.get(f"{sources['nextspace']['base_url']}/pendingActions?Amount=500", headers=bearer).json()
    auth = (f"{sources['zendesk']['email']}/token", sources["zendesk"]["token"])
    batches = web.get(f"{url}/api/v2/job_statuses", auth=auth).json()
    field = sources["arcgis"]
    search = {
        "q": "1=1",
        "num": 500,
        "fields": ["jobId", "jobName", "jobStatus", "currentStep", "percentComplete"],
    }
    search_url = f"{url}/{field['org']}/{field['item']}/jobs/search?token={field['token']}"
    jobs = web.post(search_url, json=search).json()
    return [
        sorted((row["ID"], row["Description"]) for row in actions["Items"]),
        sorted((row["id"], row["job_type"]) for row in batches["job_statuses"]),
        [row["status"] for row in batches["job_statuses"]].count("killed"),
        sorted(row[:2] for row in jobs["results"]),
    ]


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refused("--port", str(taken.getsockname()[1]))
    assert said.count("\n") == 1
    assert "Address already in use" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scenario", "incidnt"), "the nearest is 'incident'"),
        (("--faults", "429:0.2,hangupp"), "the nearest is 'hangup'"),
        (("--faults", "429:2"), "not a number from 0 to 1"),
        (("--speed", "0"), "not above zero"),
        (("--speed", "nan"), "not a number"),
        (("--jobs", "-1"), "not a count"),
        (("--port", "70000"), "not a port"),
        (("--for", "x"), "not a number"),
        (("--nothing",), "unrecognized"),
    ],
)
def test_a_bad_option_is_a_sentence_and_a_two(arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(*arguments)


def test_a_given_port_is_used(web: httpx.Client) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with a_process("--port", str(port), "--scenario", "empty", "--jobs", "900") as (_, line):
        assert line["url"] == f"http://127.0.0.1:{port}"
        jobs = web.get(f"{line['url']}/_demo/health").json()["jobs"]
        assert set(jobs.values()) == {0}
