"""Drawing: from lines of spans to strips of a terminal, in the colours of the theme."""

from __future__ import annotations

import hashlib

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from jobtui.outlet import Outlet
from jobtui.tui.format.spans import LOOKS, Line, Span
from jobtui.tui.widgets.looks import Looks

_TO_ASCII = str.maketrans("…“”’—·↑↓←→", '~""\'-|^v<>')
_BOLD = frozenset({"held", "stalled", "failed", "strong", "key", "bad", "risk"})


def look_css(widget: str) -> str:
    """Give the rules that colour the looks inside one kind of widget."""
    rules = [
        f"{widget} > .look--{look} {{ color: $look-{look};{' text-style: bold;' if look in _BOLD else ''} }}"
        for look in LOOKS
    ]
    rules.append(f"{widget} > .look--match {{ color: $look-match; text-style: reverse; }}")
    for name in ("cursor", "blurred"):
        style = f"background: $row-{name}-background; text-style: $row-{name}-style;"
        rules.append(f"{widget} > .row--{name} {{ {style} }}")
    return "\n".join(rules)


def strip_of(widget: Looks, line: Line, width: int, *, row_look: str = "") -> Strip:
    """Draw one line to exactly ``width`` cells; ``row_look`` paints the whole row."""
    base = widget.base_style
    row = widget.look(row_look) if row_look else None
    segments = [Segment(shown(widget, span.text), _style(widget, span, base, row)) for span in line]
    strip = Strip(segments)
    if strip.cell_length > width > 1:
        strip = Strip.join([strip.crop(0, width - 1), Strip([Segment(shown(widget, "…"), base)])])
    return strip.adjust_cell_length(width, base + row if row else base)


def looks_of(widget: Looks) -> tuple[object, ...]:
    """Give what a line looks by, beside its words, its width and the style below it."""
    return widget.rules_number, getattr(widget.app, "ascii_only", False), _takes_links(widget)


def shown(widget: Widget, text: str) -> str:
    """Leave a text as it is, or put ASCII in the place of the signs that are ours."""
    return text.translate(_TO_ASCII) if getattr(widget.app, "ascii_only", False) else text


def _style(widget: Looks, span: Span, base: Style, row: Style | None) -> Style:
    look = widget.look(f"look--{span.look}") if span.look else None
    style = base + look if look else base
    style = style + row if row else style
    return _linked(style, span.link) if span.link and _takes_links(widget) else style


def _takes_links(widget: Widget) -> bool:
    outlet = getattr(widget.app, "outlet", None)
    return isinstance(outlet, Outlet) and outlet.links


def _linked(style: Style, address: str) -> Style:
    linked = style.update_link(address)
    # Rich gives every piece an id of its own: by one of the address, the lines of a long link are one.
    linked._link_id = hashlib.sha256(address.encode()).hexdigest()[:12]
    return linked
