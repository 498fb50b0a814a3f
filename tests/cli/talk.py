"""A dialogue at a terminal: what is asked, and what is answered to it."""

from __future__ import annotations

import time
from pathlib import Path

from tests.cli.test_screen import Terminal


class Talk(Terminal):
    """Somebody who hears lines and answers them."""

    heard = 0

    def hears(self, text: str, timeout_s: float = 25.0) -> str:
        """Wait until a text has been said since the last one; gives all that was said up to it."""
        deadline = time.monotonic() + timeout_s
        while (at := self.seen.find(text.encode(), self.heard)) < 0:
            assert time.monotonic() < deadline, f"never heard {text!r} in {self.seen[self.heard :]!r}"
            assert self.running.poll() is None or text.encode() in self.seen[self.heard :], (
                f"ended before {text!r}: {self.seen[self.heard :]!r}"
            )
            self.pause(0.02)
        said = self.seen[self.heard : at].decode("utf-8", "replace")
        self.heard = at + len(text)
        return said

    def answers(self, text: str) -> None:
        self.pause(0.02)
        self.press(f"{text}\n")

    def number_of(self, choice: str) -> str:
        """Wait for a choice to be offered; gives its number."""
        return self.hears(f", {choice}").split()[-1]


def begin(talks: list[Talk], config: Path | None, *argv: str, **environment: str) -> Talk:
    """Begin a dialogue that ends with the test."""
    given = () if config is None else ("--config", str(config))
    talks.append(Talk(*given, *argv, **environment))
    return talks[-1]
