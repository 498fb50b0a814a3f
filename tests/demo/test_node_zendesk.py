"""The JavaScript client for Zendesk, unmodified, against the demo; where node and its registry are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobtui.demo import DemoServer

CLIENT = "node-zendesk@6.0.1"
RUNNER = Path(__file__).parent / "node_zendesk" / "run.cjs"
_AROUND = dict(os.environ)
"""The machine's own settings, among them its registry, from before a test has hidden them."""
_INSTALL_S, _CALL_S = 60.0, 30.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client in it; skips where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("needs node and npm, which are not on this machine")
    made = tmp_path_factory.mktemp("node-zendesk")
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--fetch-retries=0"]
    try:
        ran = subprocess.run(
            [npm, "install", "--prefix", str(made), *quiet, CLIENT],
            env=_AROUND,
            capture_output=True,
            text=True,
            timeout=_INSTALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{CLIENT} could not be installed within {_INSTALL_S:g} s")
    if ran.returncode != 0:
        pytest.skip(f"{CLIENT} could not be installed: {ran.stderr.strip()[-200:]}")
    return made


class Client:
    """One call of the client's, in a process of its own."""

    def __init__(self, folder: Path, demo: DemoServer) -> None:
        source = demo.sources["zendesk"]
        hidden = {name for name in _AROUND if name.lower().endswith("_proxy")}
        self._env = {name: value for name, value in _AROUND.items() if name not in hidden}
        self._env |= {"CLIENT_FOLDER": str(folder), "ENDPOINT": f"{source['base_url']}/api/v2"}
        self._env |= {"EMAIL": source["email"], "TOKEN": source["token"]}

    def start(self, method: str, *args: object) -> subprocess.Popen[str]:
        """Begin a call."""
        words = ["node", str(RUNNER), method, *map(json.dumps, args)]
        pipe = subprocess.PIPE
        return subprocess.Popen(words, env=self._env, stdout=pipe, stderr=pipe, text=True)

    def call(self, method: str, *args: object) -> Any:
        """Make a call and give what it gave."""
        return result_of(self.start(method, *args))


def result_of(running: subprocess.Popen[str]) -> Any:
    """Wait for a call to end."""
    with running:
        out, err = running.communicate(timeout=_CALL_S)
    assert running.returncode == 0, err
    return json.loads(out)


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A demo whose batches do not take long."""
    with DemoServer(seed=7, speed=10) as server:
        yield server


@pytest.fixture
def client(folder: Path, demo: DemoServer) -> Client:
    demo.set_faults("")
    return Client(folder, demo)


def test_it_lists_shows_and_asks_for_many(client: Client, demo: DemoServer) -> None:
    rows = client.call("list")["result"]["job_statuses"]
    assert len(rows) >= 10
    first, last = rows[0]["id"], rows[-1]["id"]
    assert client.call("show", first)["result"]["job_status"]["id"] == first
    many = client.call("showMany", [first, last])["result"]["job_statuses"]
    assert {row["id"] for row in many} == {first, last}
    paths = [entry["path"] for entry in demo.requests]
    assert {path.partition("?")[0].removesuffix(".json") for path in paths} == {
        "/api/v2/job_statuses",
        f"/api/v2/job_statuses/{first}",
        "/api/v2/job_statuses/show_many",
    }


def test_it_watches_a_job_to_its_end(client: Client, demo: DemoServer) -> None:
    batch = demo.world.add_batch(size=3, failed_items=1)
    watching = client.start("watch", batch.batch_id, 50, 5)
    ended = result_of(watching)
    assert ended["id"] == batch.batch_id
    assert ended["status"] == "completed"
    assert len(ended["results"]) == 3


def test_it_understands_our_errors(client: Client, demo: DemoServer) -> None:
    assert client.call("show", "nobody")["statusCode"] == 404
    demo.set_faults("zendesk/401")
    assert client.call("list")["statusCode"] == 401
