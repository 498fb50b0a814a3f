"""The footer: the keys that work on this row now, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.hints import ALWAYS, Place, always, hinted, kept, steers
from jobtui.tui.keymap import Key, control_keys

_Hints = Sequence[tuple[Key, str]]


class Standing(Struct, frozen=True):
    """One control key as it stands for the selected row."""

    key: Key
    reason: str | None
    """Why it cannot be sent now; None when it can."""


def footer_lines(
    standings: Sequence[Standing],
    width: int,
    place: Place = Place(),  # noqa: B008 - frozen
    *,
    single: bool = False,
) -> list[Line]:
    """Draw two lines: what works, and in grey what does not with its reason; the least wanted go first.

    Where there is ``single`` line, the keys that do not work stand in grey on it, without their reasons. What
    the messages can do comes before what the job can be asked; panes that are about no job have no controls.
    """
    standings = standings if steers(place.pane) else ()
    works = [(one.key, one.key.label) for one in standings if one.reason is None and one.key.keys]
    refused = [one.key.face for one in standings if one.reason is not None and one.key.keys]
    grey = (Span(f"({' '.join(refused)}) ", "off"),) if single and refused else ()
    general = hinted(place)
    groups = [(general, ()), (works, grey)] if place.pane == "messages" else [(works, grey), (general, ())]
    return [_keys(groups, kept(place), width), _refused(standings, width)]


def standing_lines(standings: Sequence[Standing], width: int) -> Line:
    """Say in one line what can be asked of this row."""
    works = [f"{one.key.face} {one.key.label}" for one in standings if one.reason is None and one.key.keys]
    if works:
        return (Span("can   ", "dim"), Span(cut("  ".join(works), width - 6)))
    reasons = {plain(one.reason) for one in standings if one.reason is not None}
    why = f"nothing: {reasons.pop()}" if len(reasons) == 1 else "nothing here"
    return (Span("can   ", "dim"), Span(cut(why, width - 6), "off"))


def no_controls_text(kind: str) -> str:
    """Say that a kind of job has no controls at all."""
    return f"{kind} jobs have no controls: they can be watched only"


def _keys(groups: Sequence[tuple[_Hints, Line]], wanted: _Hints, width: int) -> Line:
    """Draw hints group by group as room allows, each group with what is in grey after it."""
    last = [span for key, label in always() for span in _hint(key, label)]
    last[-1:] = [Span(span.text.rstrip(), span.look) for span in last[-1:]]
    room = width - width_of(last)
    held = {key.id: width_of(_hint(key, label)) for key, label in wanted}
    if sum(held.values()) > room // 2:  # little room is left to what the row can be asked
        held = {}
    spans: list[Span] = []
    for hints, after in groups:
        for key, label in hints:
            more = _hint(key, label)
            kept_free = sum(cells for name, cells in held.items() if name != key.id)
            if key.id not in ALWAYS and width_of([*spans, *more]) + kept_free <= room:
                spans.extend(more)
                held.pop(key.id, None)
        if width_of([*spans, *after]) + sum(held.values()) <= room:
            spans.extend(after)
    return (*spans, *last)


def _hint(key: Key, label: str) -> list[Span]:
    return [Span(key.face, "key"), Span(f" {label}  ", "strong" if key.control else "")]


def _refused(standings: Sequence[Standing], width: int) -> Line:
    reasons: dict[str, list[str]] = {}
    for one in standings:
        if one.reason is not None and one.key.keys:
            reasons.setdefault(plain(one.reason), []).append(f"{one.key.face} {one.key.label}")
    parts = [f"{', '.join(names)}: {reason}" for reason, names in reasons.items()]
    return (Span(cut("not now: " + "  |  ".join(parts), width), "off"),) if parts else ()


def control_of_key() -> dict[str, Key]:
    """Give the control keys by the name of their control."""
    return {str(key.control): key for key in control_keys()}
