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
_DRAWING = re.compile(r"\x1b\[(?:[0-9;]*m|[0-9]+(?:;[0-9]+)?H|H|[0-9]*C|2J)")
"""Colours, absolute places, a way to the right, and a clear screen at the start."""
_OURS = "1000|1002|1003|1004|1006|1015|1016|25|1049|2004|2026|2048|7"
_MODE = re.compile(rf"\x1b\[\?(?:{_OURS})[hl]|\x1b\[\?(?:2026|2048)\$p")
_KEYS = re.compile(r"\x1b\[>[0-9]+u|\x1b\[<u")
_POINTER = re.compile(r"\x1b\]22;default\x07")
_COPIED = re.compile(r"52;c;([A-Za-z0-9+/=]*)")
_TOLD = re.compile(
    r"9;jobtui: (?P<osc9>.*)|777;notify;jobtui;(?P<osc777>[^;]*)"
    r"|99;i=jobtui:d=0;(?P<head>jobtui)|99;i=jobtui:p=body;(?P<osc99>.*)"
)
_TITLE = re.compile(r"2;(jobtui: [ -~]*)")
_ALERTS = ("\a", "\x1b[22;2t", "\x1b[23;2t")
"""The bell; have the terminal remember its title, and show that again."""


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
    def is_colour(self) -> bool:
        """Whether it changes how is drawn, and neither what nor where."""
        return self.data.endswith("m") and _DRAWING.fullmatch(self.data) is not None

    @property
    def is_mode(self) -> bool:
        """Say whether it switches something of the terminal."""
        return any(known.fullmatch(self.data) for known in (_MODE, _KEYS, _POINTER))

    def harm(self, *, alerts: bool = False) -> str | None:
        """Say what is wrong with it; None when nothing is. With ``alerts`` they may be told, and a title."""
        if self.kind == "text":
            return harm_in(self.data, allowed="")
        if self.is_drawing or self.is_mode or (alerts and self.data in _ALERTS):
            return None
        if self.kind == "osc":
            return self._harm_of_words(alerts)
        return f"a {self.kind} that a screen has no use for: {self.data!a}"

    def copied(self) -> str | None:
        """Give what it sends to the clipboard; None when it is no such thing."""
        found = _COPIED.fullmatch(self._said)
        return None if found is None else base64.b64decode(found.group(1)).decode("utf-8")

    def told(self) -> str | None:
        """Give what it has the terminal notify of; None when it is no notification."""
        found = _TOLD.fullmatch(self._said)
        return None if found is None else next(text for text in found.groups() if text is not None)

    def title(self) -> str | None:
        """Give the title that it sets; None when it sets none."""
        found = _TITLE.fullmatch(self._said)
        return None if found is None else found.group(1)

    @property
    def _said(self) -> str:
        return self.data.removeprefix("\x1b]").removesuffix("\x07").removesuffix("\x1b\\")

    def _harm_of_words(self, alerts: bool) -> str | None:
        copied, told = self.copied(), self.told() or self.title()
        if copied is not None:
            harm = harm_in(copied)
            return None if harm is None else f"copied, beginning with {copied[:60]!a}: {harm}"
        if told is None or not alerts:
            return f"an OSC that nobody asked for: {self.data[:80]!a}"
        harm = harm_in(told, allowed="")
        return None if harm is None else f"told: {harm}"


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
