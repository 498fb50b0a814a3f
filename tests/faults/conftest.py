"""The command line in this process, against a demo of the module's own."""

from __future__ import annotations

from tests.cli.conftest import Cli, cli, config, run

__all__ = ["Cli", "cli", "config", "run"]
