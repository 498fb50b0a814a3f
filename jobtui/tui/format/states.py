"""How a state looks: a glyph, a word that is always there, and the name of a colour."""

from __future__ import annotations

from msgspec import Struct

from jobtui.insight.looks import WORDS, look_of
from jobtui.model import State

__all__ = ["ASCII", "UNICODE", "WORDS", "Glyphs", "label", "look_of", "word_of"]


class Glyphs(Struct, frozen=True):
    """The characters that a terminal is trusted with."""

    states: dict[str, str]
    cursor: str
    bar_full: str
    bar_empty: str
    folded: str
    unfolded: str
    current: str
    alert: str
    arrow: str
    rises: str
    falls: str
    ellipsis: str
    dot: str
    unknown: str


UNICODE = Glyphs(
    states={
        "queued": "◷",
        "running": "●",
        "waiting": "◌",
        "held": "‖",
        "stalled": "⚠",
        "stopped": "■",
        "succeeded": "✔",
        "partial": "◐",
        "failed": "✖",
        "cancelled": "⊘",
        "skipped": "○",
        "unknown": "?",
    },
    cursor=">",
    bar_full="█",
    bar_empty="░",
    folded="▸",
    unfolded="▾",
    current="← now",
    alert="!",
    arrow="→",
    rises="▲",
    falls="▼",
    ellipsis="…",
    dot="·",
    unknown="—",
)
ASCII = Glyphs(
    states={
        "queued": "[Q]",
        "running": "[R]",
        "waiting": "[W]",
        "held": "[H]",
        "stalled": "[!]",
        "stopped": "[S]",
        "succeeded": "[OK]",
        "partial": "[P]",
        "failed": "[F]",
        "cancelled": "[X]",
        "skipped": "[-]",
        "unknown": "[?]",
    },
    cursor=">",
    bar_full="#",
    bar_empty=".",
    folded="+",
    unfolded="-",
    current="<- now",
    alert="!",
    arrow="->",
    rises="^",
    falls="v",
    ellipsis="..",
    dot="|",
    unknown="-",
)


def label(look: str, glyphs: Glyphs) -> str:
    """Give glyph and word of a look, all of one width."""
    glyph_width = max(map(len, glyphs.states.values()))
    return f"{glyphs.states[look]:<{glyph_width}} {WORDS[look]:<5}"


def word_of(state: State) -> str:
    """Give the word of a state."""
    return WORDS[state.value]
