"""The clipboard of whoever sits at the terminal: what is sent there, and no promise that it arrived."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from textual.app import App

from jobtui.text import plain_lines

MOST_BYTES = 74_000
"""Bytes of a text: in base64 that is what terminals take at most."""
_MOST_LINES = 20_000
_LONGEST = 100_000


def copyable(text: str) -> str:
    """Give what may be copied of a text: harmless lines, the last without an end that a shell acts on."""
    return "\n".join(plain_lines(text, limit=_LONGEST, most=_MOST_LINES)).rstrip("\n")


class Clipboard:
    """Sends texts to the terminal (OSC 52); the terminal says nothing of what becomes of them."""

    def __init__(self, app: App[object], *, wraps: bool = False) -> None:
        """``wraps``: for a tmux that passes on only what is wrapped for it."""
        self._app = app
        self._wraps = wraps

    def takes(self, text: str) -> bool:
        """Whether a text is small enough for a terminal to take."""
        return len(copyable(text).encode("utf-8", "replace")) <= MOST_BYTES

    def send(self, text: str) -> None:
        """Send a text to the terminal."""
        text = copyable(text)
        if not self._wraps:
            self._app.copy_to_clipboard(text)
            return
        driver = self._app._driver  # Textual has no other way to write what is not drawn
        if driver is not None:
            driver.write(wrapped_for_tmux(osc_52(text)))


def osc_52(text: str) -> str:
    """Write what a terminal takes for a text to be copied."""
    return f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode()}\a"


def wrapped_for_tmux(sequence: str) -> str:
    """Wrap a sequence so that tmux, where it is allowed to, passes it on as it is."""
    return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"


def doubt_about(environment: Mapping[str, str], *, wraps: bool) -> str:
    """Say what stands between us and the clipboard; empty when nothing is known to."""
    if environment.get("TMUX"):
        needed = "allow-passthrough on" if wraps else "set-clipboard on"
        return f"; tmux passes it on with {needed}"
    return "; screen does not pass it on" if environment.get("STY") else ""
