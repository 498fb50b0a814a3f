"""The second line of the header: what a reader must know first, in one line whatever is going on."""

from __future__ import annotations

from jobtui.tui.format.spans import Line, Span, width_of

_GAP = Span("  ")


def second_line(attention: Line, brief: Line, news: Line, away: Line) -> Line:
    """Choose what the line says: what ails a source, else what happened meanwhile, else who needs somebody.

    What gives way is there in brief: ``brief`` says how many need somebody.
    """
    said = news or away
    if not said:
        return attention
    return (*brief, _GAP, *said) if brief else said


def room_beside(brief: Line, width: int) -> int:
    """Give the cells that are left for news beside what is said in brief."""
    return width - (width_of([*brief, _GAP]) if brief else 0)
