"""A list of lines with a cursor, drawn line by line: only what is visible, and only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from jobtui.tui.at_once import LITTLE
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.keymap import bindings
from jobtui.tui.widgets.drawing import look_css, looks_of, strip_of
from jobtui.tui.widgets.looks import Looks
from jobtui.turns import is_pouring

_KEEPS = ("_width", "_cache", "_dirty_lines")
"""How Textual keeps lines; one that does it in another way draws them by itself."""
_KEPT = 300
"""Lines of which it is kept how they were drawn: more than any screen shows."""
_MOMENT_S = 0.002
"""In which a key can come in before the next lines are looked at."""
_Drawn = tuple[Line, str]


class _Standing(NamedTuple):
    """What all lines depend on: asked for once where many of them are drawn, as asking takes long."""

    top: int
    rows: int
    width: int
    line_width: int
    has_focus: bool
    base: Style


class LineView(Looks, ScrollView, can_focus=True):
    """The base of the job list, the step tree, the message log and every text that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("lines")]
    DEFAULT_CSS = (
        # A bar that comes and goes has the screen laid out anew; one with nothing to scroll is not seen.
        "LineView { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }\n"
        + look_css("LineView")
    )
    HAS_CURSOR: ClassVar[bool] = True

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.cursor = 0
        self._place = 0
        self._has_seen_cursor = True
        self._drawn: dict[int, _Drawn] = {}
        self._moved_on: tuple[int, ...] = ()
        """The lines that the cursor stands on, and stood on before, where it moved and nothing else."""
        self._due: Sequence[int] = ()
        """Lines that are looked at a moment later."""
        self._is_due = False
        """Whether that moment will come by itself."""
        self._cursor_stood = 0
        """The line that was drawn last with the cursor on it."""
        self._standing: _Standing | None = None
        """While lines are drawn."""
        self._strips: dict[_Drawn, Strip] = {}
        """Lines as they were drawn, while nothing changes what all of them look like: rows move."""
        self._strips_look: object = None

    # --- what a kind of list says of itself -----------------------------------------------------------
    def line_count(self) -> int:
        """Give how many lines there are."""
        raise NotImplementedError

    def line(self, row: int) -> Line:
        """Draw one line, without the cursor's mark."""
        raise NotImplementedError

    def empty_lines(self) -> list[Line]:
        """Say why there is nothing, and what will change that."""
        return []

    def mark(self, row: int) -> str:
        """Give the sign, one cell wide, between the cursor and a line."""
        del row
        return " "

    def cursor_moved(self) -> None:
        """Called after the cursor went to another line."""

    # --- drawing --------------------------------------------------------------------------------------
    @property
    def line_width(self) -> int:
        """The cells that a line may take, beside the cursor's mark."""
        if self._standing is not None:
            return self._standing.line_width
        # A pane that is hidden has no width; it will have about that of the screen when it is shown.
        width = self.scrollable_content_region.width or self.app.size.width
        return max(1, width - (2 if self.HAS_CURSOR else 0))

    @property
    def page_height(self) -> int:
        return max(1, self.scrollable_content_region.height)

    def visible_rows(self) -> range:
        """Give the rows on the screen."""
        top = self.scroll_offset.y
        return range(top, min(top + self.page_height, self.line_count()))

    @property
    def base_style(self) -> Style:
        return super().base_style if self._standing is None else self._standing.base

    def render_lines(self, crop: Region) -> list[Strip]:
        self._standing = self._stands()
        try:
            # Textual asks for a dozen rules of style for each line; most views have none of these.
            return self._bare_lines(crop) if self._is_bare() else super().render_lines(crop)
        finally:
            self._standing = None

    def render_line(self, y: int) -> Strip:
        at = self._standing or self._stands()
        drawn = self._drawn[y] = self._draw(y, at)
        if drawn[1]:
            self._cursor_stood = y
        strip = self._strips.get(drawn)
        if strip is None:
            strip = strip_of(self, drawn[0], at.width, row_look=drawn[1])
            if len(self._strips) >= _KEPT:
                self._strips.clear()
            self._strips[drawn] = strip
        return strip

    def _bare_lines(self, crop: Region) -> list[Strip]:
        """Draw lines as Textual does, which keeps them until they are to be drawn again."""
        kept, width = self._styles_cache, self.region.width
        if kept._width != width:
            kept.clear()
            kept._width = width
        for y in crop.line_range:
            if y in kept._dirty_lines or y not in kept._cache:
                kept._cache[y] = self.render_line(y)
        kept._dirty_lines.difference_update(crop.line_range)
        strips = [kept._cache[y] for y in crop.line_range]
        background = self.background_colors[1]
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, background) for strip in strips]
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _is_bare(self) -> bool:
        kept = getattr(self, "_styles_cache", None)
        if not all(hasattr(kept, name) for name in _KEEPS):
            return False
        styles = self.styles
        is_solid = self.opacity == styles.text_opacity == 1.0 and not styles.tint.a
        has_more = any(styles.gutter) or any(kind for kind, _ in styles.outline) or styles.has_rule("hatch")
        return is_solid and not has_more

    def _stands(self) -> _Standing:
        # What is under the bar is not seen: a line that is cut has to say so beside it.
        top, width, base = self.scroll_offset.y, self.scrollable_content_region.width, self.base_style
        look = (width, base, looks_of(self))
        if self._strips_look != look:
            self._strips_look, self._strips = look, {}
        return _Standing(top, self.line_count(), width, self.line_width, self.has_focus, base)

    def redraw(self) -> None:
        """Draw again the lines that differ from what is on the screen, and no others."""
        self._resize_lines()
        # Going on where it was left off: what changes time and again at the top would keep the rest waiting.
        first, self._due = self._due[0] if self._due else 0, ()
        lines = (*range(first, self.size.height), *range(first))
        self._redraw_lines((self.cursor - self.scroll_offset.y, self._cursor_stood, *lines))

    def _redraw_lines(self, lines: Sequence[int]) -> None:
        """Draw those of some lines that differ; some before others while somebody types and much comes."""
        height = self.size.height
        most = LITTLE if is_pouring() else height
        self._standing = at = self._stands()
        try:
            for number, y in enumerate(lines):
                if 0 <= y < height and self._drawn.get(y) != self._draw(y, at):
                    if not most:
                        self._put_off(lines[number:])
                        return
                    self.refresh(Region(0, y, at.width, 1))
                    most -= 1
        finally:
            self._standing = None

    def _put_off(self, lines: Sequence[int]) -> None:
        self._due = lines
        if not self._is_due:
            self._is_due = True
            self.set_timer(_MOMENT_S, self._draw_due)

    def _draw_due(self) -> None:
        self._is_due = False
        due, self._due = self._due, ()
        self._redraw_lines(due)

    def _draw(self, y: int, at: _Standing) -> _Drawn:
        row = y + at.top
        if at.rows == 0:
            lines = self.empty_lines()
            return (lines[y] if y < len(lines) else (), "")
        if row >= at.rows:
            return ((), "")
        if not self.HAS_CURSOR:
            return (self.line(row), "")
        sign = self.mark(row)
        if row != self.cursor:
            return ((Span(f" {sign}", "" if sign == " " else "strong"), *self.line(row)), "")
        head = Span(f">{sign}", "strong")
        return ((head, *self.line(row)), "row--cursor" if at.has_focus else "row--blurred")

    def _resize_lines(self) -> None:
        count = self.line_count()
        if self.virtual_size.height != count:
            self._resize_to(Size(0, count))
        self.cursor = max(0, min(self.cursor, count - 1))

    def _resize_to(self, size: Size) -> None:
        """Take another length; unless a list is as high as it is long, all others stay where they are."""
        if self.container_size.height > 0 and not self.styles.is_auto_height:
            self.set_reactive(LineView.virtual_size, size)
            self._scroll_update(size)
        else:
            self.virtual_size = size

    # --- moving ---------------------------------------------------------------------------------------
    def go_to(self, row: int) -> None:
        """Put the cursor on a row and make it visible."""
        before, top = self.cursor, self.scroll_offset.y
        self.cursor = max(0, min(row, self.line_count() - 1))
        self.show_cursor()
        self._note_place()
        if self.scroll_offset.y == top and self.line_count() == self.virtual_size.height:
            self._moved_on = (self.cursor - top, before - top)
            self._redraw_lines(self._moved_on)
        else:
            self._moved_on = ()
            self.redraw()
        if self.cursor != before:
            self.cursor_moved()

    def take_moved(self) -> tuple[int, ...]:
        """Give the lines that a key has moved the cursor between, where it did nothing else; once."""
        moved, self._moved_on = self._moved_on, ()
        return moved

    def show_cursor(self) -> None:
        """Scroll as little as is needed for the cursor to be visible."""
        if not self.size.height:
            return  # it is away; when it is back it has a height to scroll in
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_lines_to(self.cursor)
        elif self.cursor >= top + self.page_height:
            self.scroll_lines_to(self.cursor - self.page_height + 1)

    def scroll_lines_to(self, top: int) -> None:
        """Make a row the first visible one, as far as there are rows."""
        self._resize_lines()
        self.scroll_to(y=top, animate=False, force=True)
        self._note_place()
        if not self.size.height:
            self._place = max(0, top)

    def _note_place(self) -> None:
        """Remember where somebody is reading, whatever becomes of the size for a while."""
        if self.size.height:
            self._place = self.scroll_offset.y
            self._has_seen_cursor = self.cursor in self.visible_rows()

    def on_resize(self) -> None:
        if not self.HAS_CURSOR or not self.size.height:
            return
        place, has_seen = self._place, self._has_seen_cursor
        self.scroll_lines_to(place)
        if has_seen:
            self.show_cursor()
        # Where somebody read before is where they read again once there is room for it.
        self._place, self._has_seen_cursor = place, has_seen
        self.redraw()

    def on_mouse_scroll_down(self) -> None:
        self.call_after_refresh(self._note_place)

    def on_mouse_scroll_up(self) -> None:
        self.call_after_refresh(self._note_place)

    def action_move(self, rows: int) -> None:
        """Move the cursor; a list without one scrolls."""
        if self.HAS_CURSOR:
            self.go_to(self.cursor + rows)
        else:
            self.scroll_lines_to(self.scroll_offset.y + rows)

    def action_page(self, pages: int) -> None:
        """Move by what is visible, less a line for the eye."""
        self.action_move(pages * max(1, self.page_height - 1))

    def action_top(self) -> None:
        """Go to the first line."""
        self.action_move(-self.line_count())

    def action_bottom(self) -> None:
        """Go to the last line."""
        self.action_move(self.line_count())

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        row = self.scroll_offset.y + event.y - self.content_offset.y
        if self.HAS_CURSOR and 0 <= row < self.line_count():
            self.go_to(row)


class TextLines(LineView):
    """Lines that are given once: help, details."""

    HAS_CURSOR = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Show these lines from now on; the place scrolled to stays."""
        self._lines = lines
        self.redraw()

    def line_count(self) -> int:
        return len(self._lines)

    def line(self, row: int) -> Line:
        return self._lines[row]
