"""A tmux of our own with one pane, in which somebody works at a shell."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.ssh.waiting import until

PROMPT = "near$ "
_STAMP = Path(__file__).with_name("stamp.py")
_SETTINGS = """\
set -g default-terminal tmux-256color
set -s set-clipboard on
set -g monitor-bell on
set -g bell-action any
set -g status off
set -g focus-events on
"""


class Pane:
    """What a person types into it, and sees in it."""

    def __init__(self, folder: Path, columns: int = 120, lines: int = 40) -> None:
        self._folder = folder
        self._size = (columns, lines)
        self._begun = 0
        self._times = 0

    def __enter__(self) -> Self:
        (self._folder / "tmux.conf").write_text(_SETTINGS)
        shell = f"env -u TMUX -u TMUX_PANE PS1='{PROMPT}' sh -i"
        width, height = map(str, self._size)
        self._tmux(
            "-f", str(self._folder / "tmux.conf"), "new-session", "-d", "-x", width, "-y", height, shell
        )
        # A window more, and that in front: only where nobody looks does tmux keep that a bell rang.
        self._tmux("new-window", "-d", "sleep 3600")
        python = sys.executable
        self._tmux("pipe-pane", "-t", ":0", f"{python} {_STAMP} {self._raw} {self._stamps}")
        until(lambda: PROMPT.strip() in self.text, what="a prompt")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._tmux("kill-server")

    # --- what is seen -----------------------------------------------------------------------------------
    @property
    def lines(self) -> list[str]:
        """What stands in the pane."""
        return self._tmux("capture-pane", "-p", "-t", ":0").splitlines()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def received(self) -> bytes:
        """Every byte that came since ``mark``."""
        return self._raw.read_bytes()[self._begun :] if self._raw.exists() else b""

    def mark(self) -> None:
        """Count what is received from now on."""
        self._begun = self._raw.stat().st_size if self._raw.exists() else 0
        self._times = len(self._all_times())

    def frames(self, within_s: float = 0.05) -> list[float]:
        """When something came since ``mark``; what came within so long of its beginning counts once."""
        begun: list[float] = []
        for at in self._all_times()[self._times :]:
            if not begun or at - begun[-1] > within_s:
                begun.append(at)
        return begun

    def says(self, name: str) -> str:
        """Ask tmux for what it knows of the pane."""
        return self._tmux("display-message", "-p", "-t", ":0", f"#{{{name}}}").strip()

    def buffer(self) -> str:
        """What was copied last."""
        return self._tmux("show-buffer") if self._tmux("list-buffers").strip() else ""

    def shows(self, text: str, timeout_s: float = 40.0) -> float:
        """Wait until a text stands in the pane."""
        try:
            return until(lambda: text in self.text, what=f"“{text}”", timeout_s=timeout_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; the pane shows\n{self.text}") from None

    # --- what is done -----------------------------------------------------------------------------------
    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        for key in keys:
            self._tmux("send-keys", "-t", ":0", key)
            # An Escape with a key on its heels is another key, to every program.
            time.sleep(0.5 if key == "Escape" else 0.05)

    def enter(self, command: str) -> None:
        """Type a command line, and Enter."""
        self._tmux("send-keys", "-t", ":0", "-l", command)
        self.press("Enter")

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-t", ":0", "-x", str(columns), "-y", str(lines))

    def look(self, window: int) -> None:
        """Turn to a window."""
        self._tmux("select-window", "-t", f":{window}")

    @property
    def _raw(self) -> Path:
        return self._folder / "received"

    @property
    def _stamps(self) -> Path:
        return self._folder / "times"

    def _all_times(self) -> list[float]:
        if not self._stamps.exists():
            return []
        return [float(line.split()[0]) for line in self._stamps.read_text().splitlines() if " " in line]

    def _tmux(self, *words: str) -> str:
        command = ["tmux", "-S", str(self._folder / "tmux.sock"), *words]
        ran = subprocess.run(command, capture_output=True, timeout=20, check=False)
        return ran.stdout.decode("utf-8", "replace")
