"""The command line, run for real: in this process where that is quick, as a process where it matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobtui.cli.main import main
from jobtui.demo import DemoServer

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What one command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentences(self) -> list[str]:
        """The lines said to the person."""
        return self.err.splitlines()


Cli = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command line in this process."""

    def run_(*argv: str) -> Ran:
        capsys.readouterr()
        code = main(argv)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run_


@pytest.fixture
def config(demo: DemoServer, tmp_path: Path) -> Path:
    """The configuration of the demo."""
    return demo.write_config(tmp_path / "config.toml")


@pytest.fixture
def cli(run: Cli, config: Path) -> Cli:
    """Run a command line against the demo."""
    return lambda *argv: run("--config", str(config), *argv)


@pytest.fixture
def no_faults(demo: DemoServer) -> Iterator[DemoServer]:
    """The demo, free of faults again after the test."""
    yield demo
    demo.set_faults("")


def process(*argv: str, **options: Any) -> subprocess.Popen[str]:
    """Start a command line as a process of its own, with a home of its own, without a terminal."""
    return subprocess.Popen(
        [sys.executable, "-m", "jobtui", *argv],
        cwd=ROOT,
        env=dict(os.environ),
        stdin=options.pop("stdin", subprocess.DEVNULL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finished(running: subprocess.Popen[str], timeout_s: float = 20.0) -> Ran:
    """Wait for a process to end."""
    out, err = running.communicate(timeout=timeout_s)
    return Ran(running.returncode, out, err)
