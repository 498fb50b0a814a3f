"""Answers: what the receipt line says, whole, and what that looks like when it is old."""

from __future__ import annotations

from jobtui.tui.format.spans import Line, Span, cut, text_of, width_of, wrap
from jobtui.tui.format.times import span

LINES = 3
"""Lines that an answer may take."""
_FRESH_S = 60.0
"""How long an answer looks new."""


def answer_lines(line: Line, keys: str, width: int, *, single: bool = False) -> list[Line]:
    """Draw an answer whole, or on a ``single`` line; what can be pressed next is never cut or broken."""
    look = line[-1].look if line else ""
    asked = (Span(f" {keys}", look),) if keys else ()
    if width_of((*line, *asked)) <= width:
        return [(*line, *asked)]
    if single:
        return [(Span(cut(text_of(line), width - width_of(asked)), look), *asked)]
    lines: list[Line] = [(Span(part, look),) for part in wrap(text_of(line), width)]
    if not keys:
        return _within(lines, LINES, width)
    if width_of((*lines[-1], *asked)) <= width:
        lines[-1] = (*lines[-1], *asked)
        return _within(lines[:-1], LINES - 1, width) + lines[-1:]
    return [*_within(lines, LINES - 1, width), (Span(cut(keys, width), look),)]


def aged(
    line: Line, keys: str, width: int, seconds: float, *, tells_time: bool = False, single: bool = False
) -> list[Line]:
    """Draw an answer that is so old: dim, and with its age where it tells no time and there is room."""
    lines = answer_lines(line, keys, width, single=single)
    if seconds < _FRESH_S:
        return lines
    ago: Line = () if tells_time else (Span(f"{span(seconds)} ago: "),)
    dated = answer_lines((*ago, *line), keys, width, single=single)
    if len(dated) > len(lines) or _is_cut(dated):
        dated = lines
    return [(Span(text_of(one), "dim"),) for one in dated]


def _within(lines: list[Line], most: int, width: int) -> list[Line]:
    if len(lines) <= most:
        return lines
    (last,) = lines[most - 1]
    return [*lines[: most - 1], (Span(cut(f"{last.text}…", width), last.look),)]


def _is_cut(lines: list[Line]) -> bool:
    return any(text_of(one).endswith("…") for one in lines)
