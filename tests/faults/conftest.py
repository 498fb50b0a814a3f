"""The command line in this process, against a demo of the module's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jobtui.cli.main import main
from jobtui.demo import DemoServer
from tests.cli.conftest import Ran

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
