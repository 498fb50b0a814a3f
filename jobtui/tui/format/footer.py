"""The footer: the keys that work on this row now, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.keymap import Key, control_keys, in_force

_ALWAYS = ("help", "quit")
"""Hints that stay when there is little room."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One control key as it stands for the selected row."""

    key: Key
    reason: str | None
    """Why it cannot be sent now; None when it can."""


def footer_lines(standings: Sequence[Standing], width: int) -> list[Line]:
    """Draw two lines: what works, and in grey what does not with its reason; the widest hints go first."""
    works = [one.key for one in standings if one.reason is None]
    general = [key for key in in_force() if key.label and key.keys and key.control is None]
    return [_keys([*works, *general], width), _refused(standings, width)]


def standing_lines(standings: Sequence[Standing], width: int) -> Line:
    """Say in one line what can be asked of this row."""
    works = [f"{one.key.face} {one.key.label}" for one in standings if one.reason is None]
    if works:
        return (Span("can   ", "dim"), Span(cut("  ".join(works), width - 6)))
    reasons = {plain(one.reason) for one in standings if one.reason is not None}
    why = f"nothing: {reasons.pop()}" if len(reasons) == 1 else "nothing here"
    return (Span("can   ", "dim"), Span(cut(why, width - 6), "off"))


def no_controls_text(kind: str) -> str:
    """Say that a kind of job has no controls at all."""
    return f"{kind} jobs have no controls: they can be watched only"


def _keys(keys: Sequence[Key], width: int) -> Line:
    spans: list[Span] = []
    last = [span for key in keys if key.id in _ALWAYS for span in _hint(key)]
    for key in keys:
        if key.id not in _ALWAYS:
            more = _hint(key)
            if width_of([*spans, *more, *last]) > width:
                break
            spans.extend(more)
    return (*spans, *last)


def _hint(key: Key) -> list[Span]:
    return [Span(key.face, "key"), Span(f" {key.label}  ", "strong" if key.control else "")]


def _refused(standings: Sequence[Standing], width: int) -> Line:
    reasons: dict[str, list[str]] = {}
    for one in standings:
        if one.reason is not None:
            reasons.setdefault(plain(one.reason), []).append(f"{one.key.face} {one.key.label}")
    parts = [f"{', '.join(names)}: {reason}" for reason, names in reasons.items()]
    return (Span(cut("not now: " + "  |  ".join(parts), width), "off"),) if parts else ()


def control_of_key() -> dict[str, Key]:
    """Give the control keys by the name of their control."""
    return {str(key.control): key for key in control_keys()}
