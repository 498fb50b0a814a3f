"""Widths: which characters take one cell or two on every terminal, and which are matters of opinion."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

WIDE = "\x00"
"""Stands in the second cell of a character that takes two."""
DOUBT = "\x02"
"""Stands in each cell of what a terminal may draw wider or narrower than we think."""
_FROM_RIGHT = frozenset({"R", "AL", "AN"})
_DOUBTFUL = frozenset({"Mn", "Mc", "Me", "Cf", "Cn", "Co", "Cs", "Cc", "Zl", "Zp"})
"""Categories of what joins, is drawn by its neighbours, or is not known to each terminal alike."""
_PICTURES = 0x1F000


@lru_cache(8192)
def spread(text: str) -> str | None:
    """Give a text with one character a cell; None when a terminal may see other widths than we do."""
    if text.isascii():
        return text
    widths = [_width(character) for character in text]
    if 0 in widths:
        return None
    return "".join(
        character if width == 1 else character + WIDE for character, width in zip(text, widths, strict=True)
    )


@lru_cache(8192)
def _width(character: str) -> int:
    """Give the cells of a character that is beyond doubt, else 0."""
    if character.isascii():
        return 1
    category = unicodedata.category(character)
    is_doubtful = category in _DOUBTFUL or unicodedata.bidirectional(character) in _FROM_RIGHT
    if is_doubtful or (category in ("So", "Sk") and _is_picture(character)):
        return 0
    width = cell_len(character)
    is_wide = unicodedata.east_asian_width(character) in ("W", "F")
    return width if width == (2 if is_wide else 1) else 0


def _is_picture(character: str) -> bool:
    return ord(character) >= _PICTURES or unicodedata.east_asian_width(character) in ("W", "F")
