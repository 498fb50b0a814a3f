"""The generated Python client for Zendesk, unmodified, against the demo; where its registry is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobtui.demo import DemoServer

CLIENT = "python-zendesk==0.3.1"
RUNNER = Path(__file__).parent / "python_zendesk.py"
_AROUND = dict(os.environ)
"""The machine's own settings, among them its registry, from before a test has hidden them."""
_INSTALL_S, _CALL_S = 60.0, 30.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client in it, apart from our own environment; skips where it cannot be had."""
    made = tmp_path_factory.mktemp("python-zendesk")
    quiet = ["-q", "--disable-pip-version-check", "--retries", "0", "--timeout", "10", "--no-compile"]
    pip = [sys.executable, "-m", "pip", "install", *quiet, "--target", str(made), CLIENT]
    try:
        ran = subprocess.run(
            pip, env=_AROUND, capture_output=True, text=True, timeout=_INSTALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{CLIENT} could not be installed within {_INSTALL_S:g} s")
    if ran.returncode != 0:
        pytest.skip(f"{CLIENT} could not be installed: {ran.stderr.strip()[-200:]}")
    return made


def test_it_pages_by_cursor_shows_asks_for_many_and_knows_a_404(folder: Path, demo: DemoServer) -> None:
    source = demo.sources["zendesk"]
    env = {name: value for name, value in _AROUND.items() if not name.lower().endswith("_proxy")}
    env |= {"ENDPOINT": source["base_url"], "EMAIL": source["email"], "TOKEN": source["token"]}
    words = [sys.executable, "-I", str(RUNNER), str(folder), "10"]
    ran = subprocess.run(words, env=env, capture_output=True, text=True, timeout=_CALL_S, check=False)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    ids = [each for page in said["pages"] for each in page]
    assert len(said["pages"]) >= 2
    assert len(ids) == len(set(ids)) >= 10
    assert said["shown"] == ids[0]
    assert set(said["many"]) == {ids[0], ids[-1]}
    assert said["missing"] == 404
