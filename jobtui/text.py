"""The one door for text from a server, before it is drawn, logged, copied, exported or printed.

Nothing that passes can move a cursor, colour a screen, reorder a line, or grow without bound; and every
terminal gives it the same number of cells, so that what stands beside it stays where it is.
"""

from __future__ import annotations

import re
import unicodedata

MAX_LINE = 4_096
"""Characters kept of one line; the rest is counted, not shown."""
MAX_LINES = 2_000
"""Lines kept of one text; the rest is counted, not shown."""

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me", "Mc"})
_MAX_COMBINING = 4

_STRANGE = re.compile(
    "[^ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3]+"
)
"""What must be looked at one by one; the rest are letters and signs of most texts, as they are."""
_LETTERS = {0x1F1E6 + place: letter for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
"""Two of these make a flag, of two cells or of four: said as the letters they stand for."""
_UNSEEN = frozenset(
    chr(point)
    for first, last in (
        (0x034F, 0x034F),  # combining grapheme joiner
        (0x115F, 0x1160),  # Hangul fillers
        (0x17B4, 0x17B5),  # Khmer inherent vowels
        (0x180B, 0x180F),  # Mongolian variation selectors
        (0x3164, 0x3164),  # Hangul filler
        (0xFE00, 0xFE0F),  # variation selectors: some terminals widen what stands before them, others do not
        (0xFFA0, 0xFFA0),  # half-width Hangul filler
        (0x1F3FB, 0x1F3FF),  # skin tones: two cells of their own, or none
        (0xE0100, 0xE01EF),  # more variation selectors
    )
    for point in range(first, last + 1)
)
_JOINING = frozenset(
    chr(point) for first, last in ((0x1161, 0x11FF), (0xD7B0, 0xD7FF)) for point in range(first, last + 1)
)
"""Hangul vowels and finals: letters that are drawn over the one before, like marks."""


def plain(value: str, *, limit: int = MAX_LINE) -> str:
    """Return one harmless line: line breaks become spaces, what cannot be shown becomes ``·``."""
    return _clean(" ".join(_cut(value, limit).split("\n")), value, limit)


def plain_lines(value: str, *, limit: int = MAX_LINE, most: int = MAX_LINES) -> list[str]:
    """Return the harmless lines of a text, each at most ``limit`` characters, without the line ends.

    Of more than ``most`` lines the rest is counted in a last one.
    """
    *lines, rest = value.replace("\r\n", "\n").split("\n", most)
    if len(lines) < most:
        lines.append(rest)
        rest = ""
    kept = [_clean(_cut(line, limit), line, limit) for line in lines]
    return [*kept, f"… (+{rest.count(chr(10)) + 1} lines)"] if rest else kept


def _cut(value: str, limit: int) -> str:
    return value if len(value) <= limit else value[:limit]


def _clean(text: str, whole: str, limit: int) -> str:
    if not text.isascii() or not text.isprintable():
        text = _filter(text)
    return text if len(whole) <= limit else f"{text}… (+{len(whole) - limit} characters)"


def _filter(text: str) -> str:
    return _STRANGE.sub(
        lambda found: _filtered(found.group(), after=text[max(0, found.start() - 1) : found.start()]), text
    )


def _filtered(strange: str, *, after: str) -> str:
    """Make a run of characters harmless; ``after`` is the one before it, or empty."""
    kept = [after] if after else []
    combining = 0
    for character in strange:
        category = unicodedata.category(character)
        if category == "Cf" or character in _UNSEEN:
            continue  # leaves no trace, so it must not part a pile of marks either
        is_mark = category in _MARKS or character in _JOINING
        combining = combining + 1 if is_mark else 0
        if combining > _MAX_COMBINING:
            continue
        if is_mark and not kept:
            kept.append("·")  # or it would be drawn over what stands before the text
        kept.append(_shown(character, category))
    return "".join(kept[1:] if after else kept)


def _shown(character: str, category: str) -> str:
    if character == "\t":
        return " " * 4
    if category in _HIDDEN_CATEGORIES:
        return "·"
    if category == "Zs":
        return " "
    return _LETTERS.get(ord(character), character)
