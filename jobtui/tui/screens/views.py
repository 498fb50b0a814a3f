"""Views: a filter and an order under a name, called by one key from a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Protocol

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from jobtui.insight.grouping import Grouping
from jobtui.insight.layout import Layout, SavedView
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.titles import order_text
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing

_MOST_NAME = 20
_KEYS: Line = (
    Span("its key, Enter", "key"),
    Span(" calls it  "),
    Span("+", "key"),
    Span(" keeps what is shown  "),
    Span("-", "key"),
    Span(" drops it"),
)


class Viewer(Protocol):
    """What is asked to show a view, and to keep the user's own."""

    @property
    def chosen(self) -> Layout:
        """The columns and views chosen so far."""

    def lay_out(self, layout: Layout) -> None:
        """Keep other views, also for the next start."""

    def present_view(self) -> SavedView:
        """Give what is shown now as a view without name and key."""


class ViewsScreen(Dialog[SavedView | None]):
    """Every view with its key; gives the one to be shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "call", show=False),
        Binding("plus", "add", show=False),
        Binding("minus", "drop", show=False),
        Binding("escape,q,v", "back", show=False),
    ]

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self._viewer = viewer
        self._present = viewer.present_view()
        """What was shown when the list was opened: jobs that come meanwhile change nothing about it."""
        self._fault = ""
        self._list = ChoiceList(id="choices")
        self._typed = Typing(id="typed", compact=True)
        self._typed.cursor_blink = False
        self._taking: Callable[[str], str] | None = None
        """Takes what is typed, and gives what is wrong with it; None while a view is chosen."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield self._list
            yield self._typed
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Views"
        self._choose()

    @property
    def _views(self) -> tuple[SavedView, ...]:
        return self._viewer.chosen.all_views

    def on_key(self, event: events.Key) -> None:
        """Call the view of a key."""
        called = next((view for view in self._views if view.key == event.character), None)
        if called is not None and self._taking is None:
            event.stop()
            self.dismiss(called)

    def action_call(self) -> None:
        """Call the view under the cursor."""
        self.dismiss(self._views[self._list.cursor])

    def action_add(self) -> None:
        """Keep what is shown now: ask for a name, then for a key."""
        self._ask(self._take_name, "", "a name for it")

    def action_drop(self) -> None:
        """Drop the view under the cursor, if it is the user's own."""
        view, layout = self._views[self._list.cursor], self._viewer.chosen
        if view in layout.views:
            self._viewer.lay_out(layout.without_view(view.name))
            self._choose()
        else:
            self._choose(f"“{view.name}” is always there")

    def action_back(self) -> None:
        """Back to the list, or to the jobs."""
        if self._taking is None:
            self.dismiss(None)
        else:
            self._choose()

    @on(Input.Submitted)
    def _submit(self) -> None:
        text = plain(self._typed.value.strip(), limit=_MOST_NAME)
        if self._taking is not None and text:
            self._fault = self._taking(text)
            self._show()

    def _take_name(self, name: str) -> str:
        layout = self._viewer.chosen
        if fault := layout.why_not_name(name):
            return fault
        own = next((view.key for view in layout.views if view.name == name), None)
        self._ask(
            lambda key: self._take_key(name, key), own or layout.free_key(name), "one key that calls it"
        )
        return ""

    def _take_key(self, name: str, key: str) -> str:
        layout = self._viewer.chosen
        if fault := layout.why_not_key(key, name):
            return fault
        self._viewer.lay_out(layout.with_view(replace(self._present, name=name, key=key)))
        self._choose()
        self._list.go_to(len(self._views) - 1)
        return ""

    def _ask(self, taking: Callable[[str], str], text: str, placeholder: str) -> None:
        self._taking = taking
        self._typed.placeholder = placeholder
        self._typed.value, self._typed.cursor_position = text, len(text)
        self._typed.display = True
        self._typed.focus()
        self._fault = ""
        self._show()

    def _choose(self, fault: str = "") -> None:
        self._taking, self._fault = None, fault
        self._typed.display = False
        self._list.focus()
        self._show()

    def _show(self) -> None:
        self._list.show([_line(view) for view in self._views])
        lines: list[Line] = [()]
        if self._taking is not None:
            said = cut(f"{self._typed.placeholder}: {_text(self._present)}", 60)
            lines.append((Span(said), Span("  Esc", "key"), Span(" back")))
        else:
            lines.append(_KEYS)
        lines.append((Span(self._fault, "warn"),))
        self.query_one("#answer", LineBar).show(lines)


def _line(view: SavedView) -> Line:
    name = cut(plain(view.name), _MOST_NAME)
    return (Span(f"{view.key}  ", "key"), Span(f"{name:<{_MOST_NAME}} "), Span(_text(view), "dim"))


def _text(view: SavedView) -> str:
    parts = ["only those that need you"] if view.problems else []
    parts += [plain(view.filter)] if view.filter else []
    parts += order_text(view.order)
    parts += [f"grouped by {view.grouping}"] if view.grouping is not Grouping.NONE else []
    return "  ".join(parts) or "all jobs"
