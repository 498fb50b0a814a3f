"""The demo with canaries for its secrets, and the command line that is watched for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobtui.backends.http import Http
from jobtui.cli.main import main
from jobtui.demo import DemoServer, faults
from tests.canary.scene import Scene, prepare
from tests.canary.wire import Wire
from tests.cli.conftest import Cli, Ran, run

__all__ = ["run"]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with pytest.MonkeyPatch.context() as patch, DemoServer(seed=7) as server:
        prepare(server, patch)
        yield server


@pytest.fixture
def scene(
    demo: DemoServer, tmp_path: Path, private_home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """Let the canaries loose; what was pretended of the demo ends with the test."""
    with Wire() as wire:
        scene = Scene(demo, wire, tmp_path, private_home)
        scene.build()
        for name, value in scene.environment.items():
            monkeypatch.setenv(name, value)
        demo.set_faults("")
        yield scene
        demo.set_faults("")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the demo's slow answers come at once: what is in them is what counts here."""
    monkeypatch.setattr(faults, "SLOW_S", 0.01)


@pytest.fixture
def watched(scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command line in this process, and fail on a canary in what it prints."""

    async def at_once(_seconds: float) -> None:
        return

    defaults: dict[str, Any] = Http.__init__.__kwdefaults__ or {}
    monkeypatch.setitem(defaults, "sleep", at_once)

    def run(*argv: str) -> Ran:
        capsys.readouterr()
        code = main(["--config", str(scene.config), *argv])
        ran = Ran(code, *capsys.readouterr())
        leaks = scene.flock.sightings(f"jobtui {' '.join(argv)}", (ran.out + ran.err).encode())
        assert not leaks, "\n".join(map(str, leaks))
        return ran

    return run
