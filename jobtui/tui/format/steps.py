"""Steps as rows of a tree: what is good keeps one line, what failed opens itself with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct, field
from msgspec.structs import replace

from jobtui.insight.usual import Usual
from jobtui.insight.why import holds_alike
from jobtui.model import Kind, State, Step
from jobtui.text import plain, plain_lines
from jobtui.tui.format.jobs import hold_text
from jobtui.tui.format.spans import Line, Span, cut, width_of, wrap
from jobtui.tui.format.states import UNICODE, Glyphs, label
from jobtui.tui.format.times import age, span, took

_BAD = frozenset({State.FAILED, State.PARTIAL})
_GROUP_FROM = 3
"""Good items of a batch from this number on share one line until asked."""
_LEAST_TITLE = 14
_LEAST_NAME = 6
_WORDY = 30
"""Cells from which there is room for more words."""
_SKIPPED_FROM = 2
"""Skipped steps in a row from this number on share one line until asked."""
MAX_LINES = 40
"""Lines shown of one message within the tree."""


class TreeRow(Struct, frozen=True):
    """One line of the tree."""

    key: str
    """The same for the same thing through every refresh."""
    line: Line
    step: Step | None = None
    """The step it belongs to; None for a line that stands for several."""
    fold: str | None = None
    """The id that Enter folds and unfolds, if it does."""


class TreeView(Struct, frozen=True):
    """How the tree is to be drawn."""

    width: int
    now: datetime
    toggled: Collection[str] = ()
    """Ids whose folding differs from what it would be by itself."""
    glyphs: Glyphs = UNICODE
    usual_of: Callable[[Step], Usual | None] = lambda _: None
    """What is usual for a step."""
    waits: Mapping[str, str] = field(default_factory=dict)
    """By id, the title of the step that one still to come waits for."""


def tree_rows(steps: Sequence[Step], kind: Kind, view: TreeView) -> list[TreeRow]:
    """Lay steps out as lines; the items of a batch come failed first, the good ones on one line."""
    if kind is Kind.ZENDESK:
        return list(_items(steps, view))
    waits = waits_of(steps) if kind is Kind.ARCGIS else {}
    return list(_steps(steps, 0, replace(view, waits=waits)))


def waits_of(steps: Sequence[Step]) -> dict[str, str]:
    """Say what each step of the main path that is still to come waits for: the one before it."""
    waits: dict[str, str] = {}
    before: Step | None = None
    for step in steps:
        if step.state is State.SKIPPED:
            continue
        is_to_come = step.state is State.QUEUED and not step.current
        awaited = None if before is None else _unfinished(before)
        if is_to_come and awaited is not None:
            waits[step.id] = plain(awaited.title) or plain(awaited.id)
        before = step
    return waits


def _unfinished(step: Step) -> Step | None:
    """Give what of a step and its branches the flow has still to pass, the first; None when it has."""
    if step.state is not State.SUCCEEDED:
        return step
    return next((child for child in _below(step) if child.current), None)


def _below(step: Step) -> Iterator[Step]:
    pending = list(reversed(step.children))
    while pending:
        child = pending.pop()
        yield child
        pending.extend(reversed(child.children))


def _steps(steps: Sequence[Step], depth: int, view: TreeView) -> Iterator[TreeRow]:
    """Lay steps of one level out; what the flow has passed by shares one line until asked."""
    for is_skipped, alike in groupby(steps, key=_is_passed_by):
        run = list(alike)
        if not is_skipped or len(run) < _SKIPPED_FROM:
            for step in run:
                yield from _step(step, depth, view)
            continue
        fold = f"skipped\0{run[0].id}"
        is_open = fold in view.toggled
        mark = view.glyphs.unfolded if is_open else view.glyphs.folded
        hint = "" if is_open else "  Enter shows them"
        indent = "  " * depth
        yield TreeRow(fold, (Span(f"{indent}{mark} {len(run)} skipped{hint}", "dim"),), fold=fold)
        if is_open:
            for step in run:
                yield from _step(step, depth + 1, view)


def _is_passed_by(step: Step) -> bool:
    return step.state is State.SKIPPED and not _has_news(step)


def _items(steps: Sequence[Step], view: TreeView) -> Iterator[TreeRow]:
    failed = [step for step in steps if step.state in _BAD]
    rest = [step for step in steps if step.state not in _BAD]
    for step in failed:
        yield from _step(step, 0, view)
    if len(rest) < _GROUP_FROM or (not failed and len(rest) < 2 * _GROUP_FROM):
        for step in rest:
            yield from _step(step, 0, view)
        return
    is_open = "good items" in view.toggled
    counted = Counter(step.state.value for step in rest)
    words = ", ".join(f"{count} {state}" for state, count in counted.most_common())
    mark = view.glyphs.unfolded if is_open else view.glyphs.folded
    hint = "" if is_open else "  Enter shows them"
    yield TreeRow("good items", (Span(f"{mark} {words}", "strong"), Span(hint, "dim")), fold="good items")
    if is_open:
        for step in rest:
            yield from _step(step, 1, view)


def _step(step: Step, depth: int, view: TreeView) -> Iterator[TreeRow]:
    is_open = _is_open(step, view)
    fold = step.id if step.children else None
    yield TreeRow(step.id, _head(step, depth, view, is_open=is_open), step, fold)
    indent = " " * (2 * depth + 4)
    for hold, count in holds_alike([hold for hold in step.holds if hold.is_active(view.now)]):
        said = hold_text(hold, view.now, count)
        for number, text in enumerate(wrap(said, view.width - len(indent))):
            yield TreeRow(f"{step.id}\0{hold.id}\0{number}", (Span(indent + text, "held"),), step)
    yield from _message(step, indent, view)
    if is_open:
        yield from _steps(step.children, depth + 1, view)


def _message(step: Step, indent: str, view: TreeView) -> Iterator[TreeRow]:
    """Show what a failed step says, and what a current one said last."""
    if not step.message or not (step.state in _BAD or step.current or not step.type):
        return
    look = "bad" if step.state in _BAD else "dim"
    lines = [part for text in plain_lines(step.message) for part in wrap(text, view.width - len(indent))]
    shown = lines if step.state in _BAD else lines[:3]
    for number, text in enumerate(shown[:MAX_LINES]):
        yield TreeRow(f"{step.id}\0message\0{number}", (Span(indent + text, look),), step)
    if len(shown) > MAX_LINES:
        more = f"{indent}{view.glyphs.ellipsis} {len(shown) - MAX_LINES} lines more; d shows all"
        yield TreeRow(f"{step.id}\0more", (Span(more, "dim"),), step)


def _head(step: Step, depth: int, view: TreeView, *, is_open: bool) -> Line:
    glyphs = view.glyphs
    mark = (glyphs.unfolded if is_open else glyphs.folded) if step.children else " "
    head = [
        Span("  " * depth + mark + " "),
        Span(label(step.state.value, glyphs) + " ", step.state.value),
    ]
    title = plain(step.title) or plain(step.id)
    notes = _notes(step, view, is_open=is_open)
    tail = _tail(step, notes, glyphs)
    while notes and width_of([*head, Span(title), *tail]) > view.width:
        notes.pop()  # the name of a step matters more than what stands beside it
        tail = _tail(step, notes, glyphs)
    room = view.width - width_of([*head, *tail])
    tail += _waiting(step, room - width_of([Span(title)]), view)
    title = cut(title, max(_LEAST_TITLE, room))
    look = "strong" if step.current else "dim" if step.state is State.SKIPPED else ""
    return (*head, Span(title, look), *tail)


def _waiting(step: Step, room: int, view: TreeView) -> list[Span]:
    """Say what a step to come waits for, as far as there is room."""
    before = view.waits.get(step.id)
    words = "  waits for " if room >= _WORDY else "  after "
    if before is None or room < len(words) + _LEAST_NAME:
        return []
    return [Span(words + cut(before, room - len(words)), "dim")]


def _tail(step: Step, notes: Sequence[str], glyphs: Glyphs) -> list[Span]:
    current = [Span(f" {glyphs.current}", "key")] if step.current else []
    return [*current, Span("  " + "  ".join(notes), "dim")] if notes else current


def _notes(step: Step, view: TreeView, *, is_open: bool) -> list[str]:
    notes = []
    if step.assigned_to and (step.current or step.state is State.WAITING):
        notes.append(f"for {'you' if step.is_mine else plain(step.assigned_to)}")
    if step.started is not None:
        ended = step.ended_at
        notes.append(took((ended - step.started).total_seconds()) if ended else age(step.started, view.now))
    usual = view.usual_of(step) if step.current or step.ended_at is not None else None
    if usual is not None and usual.is_known:
        notes.append(f"usual {span(usual.median_s) if step.current else took(usual.median_s)}")
    if step.children and not is_open:
        notes.append(f"{len(step.children)} below")
    return notes


def _is_open(step: Step, view: TreeView) -> bool:
    """Open what holds the current step or a failure, unless toggled by hand."""
    if not step.children:
        return False
    by_itself = len(step.children) <= _GROUP_FROM or _has_news(step)
    return by_itself != (step.id in view.toggled)


def _has_news(step: Step) -> bool:
    return any(child.current or child.state in _BAD for child in _below(step))
