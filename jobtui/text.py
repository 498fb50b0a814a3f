"""The one door for text from a server, before it is drawn, logged, copied, exported or printed.

Nothing that passes can move a cursor, colour a screen, reorder a line or grow without bound.
"""

from __future__ import annotations

import unicodedata

MAX_LINE = 4_096
"""Characters kept of one line; the rest is counted, not shown."""

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MAX_COMBINING = 4


def plain(value: str, *, limit: int = MAX_LINE) -> str:
    """Return one harmless line: line breaks become spaces, what cannot be shown becomes ``·``."""
    return _clean(" ".join(_cut(value, limit).split("\n")), value, limit)


def plain_lines(value: str, *, limit: int = MAX_LINE) -> list[str]:
    """Return the harmless lines of a text, each at most ``limit`` characters, without the line ends."""
    return [_clean(_cut(line, limit), line, limit) for line in value.replace("\r\n", "\n").split("\n")]


def _cut(value: str, limit: int) -> str:
    return value if len(value) <= limit else value[:limit]


def _clean(text: str, whole: str, limit: int) -> str:
    if not text.isascii() or not text.isprintable():
        text = _filter(text)
    return text if len(whole) <= limit else f"{text}… (+{len(whole) - limit} characters)"


def _filter(text: str) -> str:
    kept: list[str] = []
    combining = 0
    for character in text:
        if character == "\t":
            kept.append(" " * 4)
            continue
        category = unicodedata.category(character)
        if category == "Cf":
            continue  # leaves no trace, so it must not part a pile of marks either
        combining = combining + 1 if category in ("Mn", "Me", "Mc") else 0
        if combining > _MAX_COMBINING:
            continue
        if category in _HIDDEN_CATEGORIES:
            kept.append("·")
        else:
            kept.append(" " if category == "Zs" else character)
    return "".join(kept)
