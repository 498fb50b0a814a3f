"""Where words go: data on stdout, talk on stderr, both without a way to do harm."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from jobtui import snapshot
from jobtui.errors import JobtuiError
from jobtui.text import plain

_ASCII = str.maketrans(
    {
        "…": "...",
        "—": "-",
        "–": "-",
        "·": "?",
        "“": '"',
        "”": '"',
        "→": "->",
        "×": "x",
        "└": "`",
        "├": "|",
        "─": "-",
        "│": "|",
    }
)
_LONG = 1_000_000
COLOURS = {
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
    "dim": "2",
}


class CannotWrite(JobtuiError):
    """Standard output takes no more: the disk is full, or it is closed."""


@dataclass(frozen=True, slots=True)
class Output:
    """How this run prints."""

    as_json: bool = False
    colour: bool = False
    ascii_only: bool = False

    def line(self, text: str) -> None:
        """Print one line of data."""
        self._write(sys.stdout, text)

    def lines(self, texts: Sequence[str]) -> None:
        """Print lines of data."""
        for text in texts:
            self.line(text)

    def document(self, document: Mapping[str, object] | Sequence[object]) -> None:
        """Print one JSON document: on one line, unless a person is reading and it is the only one."""
        self._write(sys.stdout, _dumps(document, indent=2 if sys.stdout.isatty() else None), is_json=True)

    def stream(self, document: Mapping[str, object]) -> None:
        """Print one JSON document of several, on a line of its own."""
        self._write(sys.stdout, _dumps(document, indent=None), is_json=True)

    def say(self, text: str) -> None:
        """Tell the person something that is not data."""
        self._write(sys.stderr, plain(text, limit=_LONG))

    def paint(self, text: str, colour: str | None) -> str:
        """Colour a text, where colours are wanted; ``text`` must be harmless already."""
        if not self.colour or colour is None:
            return text
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"

    def _write(self, stream: TextIO, text: str, *, is_json: bool = False) -> None:
        snapshot.give_back()  # the last screen is not what this is to be read on
        if self.ascii_only and not is_json:
            text = text.translate(_ASCII).encode("ascii", "replace").decode("ascii")
        try:
            stream.write(text + "\n")
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            if stream is sys.stdout:
                reason = error.strerror or "failed"
                raise CannotWrite(f"cannot write to standard output: {reason}") from error
            abandon(stream)  # the terminal has gone, and with it whoever would have read it


def abandon(stream: TextIO) -> None:
    """Let what could not be written go nowhere: Python would try again at its end, and fail with 120."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, stream.fileno())
    os.close(devnull)


def output_for(*, as_json: bool, no_color: bool, ascii_only: bool) -> Output:
    """Decide how to print from the options, the environment and what stdout is."""
    refuse_no_character(sys.stdout)
    refuse_no_character(sys.stderr)
    # no-color.org: present and not empty.
    unwanted = no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    forced = bool(os.environ.get("FORCE_COLOR"))
    return Output(
        as_json=as_json,
        colour=not unwanted and (forced or sys.stdout.isatty()),
        ascii_only=ascii_only,
    )


def width() -> int | None:
    """Give the columns of the terminal that stdout is; None where lines may be as long as they like."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def refuse_no_character(stream: TextIO) -> None:
    """Let a stream of a narrow encoding replace what it cannot write, instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def _dumps(document: object, indent: int | None) -> str:
    narrow = (sys.stdout.encoding or "").lower().replace("-", "") not in ("utf8", "utf8sig")
    return json.dumps(document, ensure_ascii=narrow, indent=indent, allow_nan=False)
