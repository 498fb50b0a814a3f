"""What a program writes to its terminal, piece by piece, and which pieces may be there."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.hostile.harmless import harm_in

_PIECE = re.compile(
    r"(?P<osc>\x1b\](?P<said>[^\x07\x1b]*)(?:\x07|\x1b\\))"
    r"|(?P<string>\x1b[PX^_][^\x1b]*\x1b\\)"
    r"|(?P<csi>\x1b\[[0-?]*[ -/]*[@-~])"
    r"|(?P<escape>\x1b(?![\[\]PX^_])[ -/]*[0-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)",
    re.DOTALL,
)
_DRAWING = re.compile(r"\x1b\[(?:[0-9;]*m|[0-9]+;[0-9]+H|H|2J)")
"""Colours, absolute places, and a clear screen at the start."""
_OURS = "1000|1002|1003|1004|1006|1015|1016|25|1049|2004|2026|2048|7"
_MODE = re.compile(rf"\x1b\[\?(?:{_OURS})[hl]|\x1b\[\?(?:2026|2048)\$p")
_KEYS = re.compile(r"\x1b\[>[0-9]+u|\x1b\[<u")
_POINTER = re.compile(r"\x1b\]22;default\x07")
_COPIED = re.compile(r"52;c;([A-Za-z0-9+/=]*)")


@dataclass(frozen=True)
class Piece:
    """One thing that a terminal does."""

    kind: str
    data: str

    @property
    def is_drawing(self) -> bool:
        """Say whether it only draws."""
        return self.kind == "text" or self.data in "\r\n" or _DRAWING.fullmatch(self.data) is not None

    @property
    def is_mode(self) -> bool:
        """Say whether it switches something of the terminal."""
        return any(known.fullmatch(self.data) for known in (_MODE, _KEYS, _POINTER))

    def harm(self) -> str | None:
        """Say what is wrong with it; None when nothing is."""
        if self.kind == "text":
            return harm_in(self.data, allowed="")
        if self.is_drawing or self.is_mode:
            return None
        if self.kind == "osc":
            return self._harm_of_copy()
        return f"a {self.kind} that a screen has no use for: {self.data!a}"

    def copied(self) -> str | None:
        """Give what it sends to the clipboard; None when it is no such thing."""
        found = _COPIED.fullmatch(self.data.removeprefix("\x1b]").removesuffix("\x07").removesuffix("\x1b\\"))
        return None if found is None else base64.b64decode(found.group(1)).decode("utf-8", "replace")

    def _harm_of_copy(self) -> str | None:
        copied = self.copied()
        if copied is None:
            return f"an OSC that is no copy: {self.data[:80]!a}"
        harm = harm_in(copied, allowed="")
        return None if harm is None else f"copied, beginning with {copied[:60]!a}: {harm}"


def pieces(text: str) -> Iterator[Piece]:
    """Take a stream apart; what is left over is a piece of kind ``rest``."""
    end = 0
    for found in _PIECE.finditer(text):
        if found.start() != end:
            yield Piece("rest", text[end : found.start()])
        end = found.end()
        kind = found.lastgroup if found.lastgroup != "said" else "osc"
        yield Piece(kind or "rest", found.group())
    if end < len(text):
        yield Piece("rest", text[end:])
