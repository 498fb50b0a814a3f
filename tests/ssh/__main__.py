"""`python -m tests.ssh`: prints a table of what was seen; 1 when something was not as described."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from jobtui.demo import DemoServer
from tests.ssh.far import Far
from tests.ssh.line import Line, sshd
from tests.ssh.pane import Pane
from tests.ssh.scenes import Check, of_alerts, of_colours, of_drops, of_screen

_NEEDED = {"tmux": "tmux", "ssh": "openssh-client", "ssh-keygen": "openssh-client"}


def main() -> int:
    """Look at everything, or say in one sentence what is missing."""
    missing = {package for program, package in _NEEDED.items() if shutil.which(program) is None}
    missing |= set() if sshd() else {"openssh-server"}
    if missing:
        sys.stdout.write(f"nothing was looked at: install {', '.join(sorted(missing))}\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="jobtui-ssh-") as name:
        return 1 if _look(Path(name)) else 0


def _look(folder: Path) -> int:
    home = folder / "home"
    home.mkdir()
    with DemoServer(seed=13, speed=60) as world, Line(folder) as line, Pane(folder) as pane:
        far = Far(line, pane, home)
        wrong = _print(of_screen(far))
        wrong += _print(of_colours(far))
        wrong += _print(of_alerts(far, world, folder))
        return wrong + _print(of_drops(far, world, folder))


def _print(checks: Iterable[Check]) -> int:
    wrong = 0
    for check in checks:
        try:
            word, said = "ok", check.look()
        except (AssertionError, ValueError, OSError) as error:
            word, said, wrong = "WRONG", str(error) or "not as described", wrong + 1
        sys.stdout.write(f"{word:<6} {check.name:<26} {said}\n")
        sys.stdout.flush()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
