"""A parsed result as a tree: one line for each value, objects and lists foldable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from msgspec import Struct

from jobtui.text import plain, plain_lines
from jobtui.tui.format.spans import Line, Span, cut, wrap
from jobtui.tui.format.states import UNICODE, Glyphs

MOST_CHILDREN = 200
"""Values that one object or list shows; the raw JSON has all."""
_DEEPEST = 12
_WITHIN = "\x1f"
_OPEN_DEPTH = 2
"""Down to where a tree is open until somebody folds or unfolds."""

TreeRow = tuple[Line, str | None]
"""A line, and what it folds, if anything."""


class Folding(Struct, frozen=True):
    """Which parts of a tree are open."""

    toggled: Set[str] = frozenset()
    """Paths that somebody folded or unfolded."""
    is_all_open: bool = False
    """Whether all is open, for a search."""

    def is_open(self, path: str, depth: int, count: int) -> bool:
        """Whether an object or list shows what is in it."""
        if self.is_all_open:
            return True
        usual = depth < _OPEN_DEPTH or count <= 2
        return usual is not (path in self.toggled)


def value_rows(
    value: object, width: int, folding: Folding, glyphs: Glyphs = UNICODE, *, name: str = "", path: str = ""
) -> Iterator[TreeRow]:
    """Lay out a value under its name, indented by how deep it lies."""
    depth = path.count(_WITHIN)
    indent = "  " * max(0, depth - 1)
    children = _children(value)
    if children is None or depth >= _DEEPEST:
        yield from _leaf(value, name, indent, width)
        return
    if path:
        is_open = folding.is_open(path, depth, len(children))
        sign = glyphs.unfolded if is_open else glyphs.folded
        yield _head(value, name, f"{indent}{sign} ", len(children), width), path
        if not is_open:
            return
    for key, child in children[:MOST_CHILDREN]:
        yield from value_rows(child, width, folding, glyphs, name=key, path=f"{path}{_WITHIN}{key}")
    if len(children) > MOST_CHILDREN:
        yield (Span(f"{indent}    {len(children) - MOST_CHILDREN} more; J shows them", "dim"),), None


def _head(value: object, name: str, lead: str, count: int, width: int) -> Line:
    what = "object" if isinstance(value, Mapping) else "list"
    said = f"  {what} of {count}"
    return (Span(lead, "key"), Span(cut(plain(name), width - len(lead + said)), "strong"), Span(said, "dim"))


def _children(value: object) -> list[tuple[str, object]] | None:
    if isinstance(value, Mapping) and value:
        return [(str(key), child) for key, child in value.items()]
    if isinstance(value, list | tuple) and value:
        return [(str(number), child) for number, child in enumerate(value)]
    return None


def _leaf(value: object, name: str, indent: str, width: int) -> Iterator[TreeRow]:
    head = f"{indent}  {cut(plain(name), width // 2)}: " if name else indent
    room = max(10, width - len(head))
    texts = [part for text in plain_lines(_said(value)) for part in wrap(text, room)]
    for number, text in enumerate(texts or [""]):
        yield (Span(head if number == 0 else " " * len(head), "dim"), Span(text)), None


def _said(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping | list | tuple):
        return "…" if value else "{}" if isinstance(value, Mapping) else "[]"
    return str(value)
