"""The badge of a source: one word in one colour, so that production never looks like anything else."""

from __future__ import annotations

from collections.abc import Iterable

from jobtui.model import Source
from jobtui.text import plain
from jobtui.tui.format.spans import Span

_LOOKS = {
    "red": "failed",
    "orange": "stalled",
    "yellow": "held",
    "green": "succeeded",
    "cyan": "waiting",
    "blue": "running",
    "purple": "stopped",
    "grey": "dim",
}
"""The colours by name, as looks: every theme keeps those legible."""


def badge(source: Source, gap: str = " ") -> list[Span]:
    """Draw the badge of a source; nothing for one that has none."""
    return [Span(f"{plain(source.word)}{gap}", _LOOKS.get(source.colour, "risk"))] if source.word else []


def are_mixed(sources: Iterable[Source]) -> bool:
    """Whether sources have different badges, so that each must show its own."""
    return len({(source.word, source.colour) for source in sources}) > 1


def common_badge(sources: Iterable[Source]) -> list[Span]:
    """Draw what is to be said before all else: each badge of a source in production, else the one of all."""
    known = list(sources)
    risky = [source for source in known if source.production] or ([] if are_mixed(known) else known[:1])
    spans: dict[Span, None] = {}
    for source in risky:
        spans |= dict.fromkeys(badge(source))
    return list(spans)


def name_looks(sources: Iterable[Source]) -> dict[str, str]:
    """Give the look of the name of each source that has a badge, for the rows of its jobs."""
    return {source.name: badge(source)[0].look for source in sources if source.word}
