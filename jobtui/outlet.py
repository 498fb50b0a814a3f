"""Where something from the screen may go: a new private file, or a browser on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jobtui.private import make_private_folder

_BROWSE = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_MOST_OF_A_NAME = 1_000
"""Files of one name and second; nobody exports more."""
_LINKING = ("VTE_VERSION", "KITTY_WINDOW_ID", "WEZTERM_PANE", "WT_SESSION", "KONSOLE_VERSION")
_LINKING_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "rio", "Hyper", "mintty"})
_LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_OLD_VTE = 5_000
"""Before this, VTE printed a link's address as text."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """How this run shares what is on its screen."""

    folder: Path | None = None
    """Where files are written; None for the folder the program was started in."""
    links: bool = False
    """The terminal is known to take links (OSC 8)."""
    wraps: bool = False
    """What is copied goes through tmux in a wrapping of its own."""
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    """What a browser is started with; whatever is in it may be a secret."""

    def save(self, stem: str, suffix: str, text: str) -> Path:
        """Write a new file for the user alone, never over another; gives its full path. Raises OSError."""
        folder = self._place()
        make_private_folder(folder)
        now = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}"
        for number in range(1, _MOST_OF_A_NAME):
            again = "" if number == 1 else f"-{number}"
            path = folder / f"{stem}-{now}{again}{suffix}"
            try:
                # Exclusive: neither a file nor a link of that name is there, or it is not opened.
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(text.encode("utf-8", "replace"))
            return path
        raise FileExistsError(f"{folder} has too many files of that name")

    @property
    def place_text(self) -> str:
        """Name in full the folder that files go into, or why there is none."""
        try:
            return str(self._place())
        except OSError as error:
            return f"no folder: {error.strerror or error}"

    def _place(self) -> Path:
        return Path.cwd() if self.folder is None else self.folder.expanduser().absolute()

    @property
    def can_browse(self) -> bool:
        """Whether a browser opened from here would be before the person who sits at the terminal."""
        is_far = any(self.environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
        has_screen = sys.platform == "darwin" or any(
            self.environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
        )
        return has_screen and not is_far

    def browse(self, address: str) -> bool:
        """Open a harmless address in a browser, waiting for no more than its start; False when none does."""
        # Isolated: no file of the folder it is started in stands in for a module.
        command = [sys.executable, "-I", "-c", _BROWSE, address]
        try:
            # In a process of its own, without our terminal: some browsers would write on the screen.
            done = subprocess.run(  # noqa: S603 - our own interpreter; the address was proved harmless
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=dict(self.environment),
                timeout=10.0,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


def takes_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is known to take links; of one behind tmux or screen that is not known."""
    if environment.get("TMUX") or environment.get("STY"):
        return False
    if environment.get("TERM_PROGRAM") in _LINKING_PROGRAMS:
        return True
    if environment.get("TERM", "").startswith(_LINKING_TERMS):
        return True
    vte = environment.get("VTE_VERSION", "")
    return any(
        environment.get(name) and not (name == "VTE_VERSION" and vte.isdigit() and int(vte) < _OLD_VTE)
        for name in _LINKING
    )
