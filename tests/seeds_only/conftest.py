"""The server of the oldest texts, a configuration for it, and a command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Ran, run
from tests.seeds_only.server import World, serving, write_config

__all__ = ["run"]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def config(world: World, tmp_path: Path) -> Iterator[Path]:
    """The configuration of the server, which runs as long as the test."""
    with serving(world) as url:
        yield write_config(tmp_path / "config.toml", url)


@pytest.fixture
def cli(run: Cli, config: Path) -> Cli:
    """Run a command line against the server."""

    def run_(*argv: str) -> Ran:
        return run("--config", str(config), *argv)

    return run_
