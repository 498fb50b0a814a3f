"""What every test shares: a demo server over real sockets, and a home that is nobody's."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobtui.demo import DemoServer

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Begun in the background by a shell: what the tests start, and interrupt, would ignore it, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_HIDDEN = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "JOBTUI_CONFIG",
    "NO_COLOR",
    "FORCE_COLOR",
    "SSH_CONNECTION",
    "SSH_TTY",
    # Given to the workers of a run that was started at a terminal: the size of that one.
    "COLUMNS",
    "LINES",
)


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home, and none of the machine's proxies or settings."""
    home = tmp_path_factory.mktemp("home")
    for name in _HIDDEN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(home / name.lower()))
    return home


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A demo server of the module's own, seed 7, at the pace of the real clock."""
    with DemoServer(seed=7) as server:
        yield server


async def until(condition: Callable[[], object], *, timeout_s: float = 10.0, what: str = "") -> None:
    """Wait for a condition to hold; fail with its name when it never does."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"never came true: {what or condition}")
        await asyncio.sleep(0.01)
