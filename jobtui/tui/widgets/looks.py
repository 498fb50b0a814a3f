"""Looks: the colours that lines are drawn in, worked out once for all widgets that draw them.

As component classes, each of a few dozen looks would be worked out for every widget, and again whenever the
class of anything above it changes: that was half the time from the first line of the program to its screen.
"""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.css.model import RuleSet
from textual.dom import DOMNode
from textual.widget import Widget


class _Known:
    """What was worked out, by kind of widget and look, for the rules that it was worked out from."""

    rules: list[RuleSet] | None = None
    number = 0
    """How many times the rules were others."""
    styles: ClassVar[dict[tuple[int, type[Widget], str], Style]] = {}


class Looks(Widget):
    """A widget whose looks follow from the theme alone."""

    _base: tuple[tuple[object, ...], Style] | None = None
    _looked_at: list[RuleSet] | None = None

    def look(self, name: str) -> Style:
        """Give what a look adds to the colours of the widget."""
        key = self.rules_number, type(self), name
        found = _Known.styles.get(key)
        if found is None:
            found = _Known.styles[key] = self._worked_out(name)
        return found

    @property
    def rules_number(self) -> int:
        """Number the rules that looks are worked out from: another when they have changed."""
        rules = self.app.stylesheet.rules
        if _Known.rules is not rules:
            _Known.rules, _Known.styles = rules, {}
            _Known.number += 1
        return _Known.number

    @property
    def base_style(self) -> Style:
        """What lines without a look are drawn in; worked out again when styles of anything above change."""
        above = self.app.theme, *(node.styles._cache_key for node in self.ancestors_with_self)
        if self._base is None or self._base[0] != above:
            self._base = above, self.rich_style
        return self._base[1]

    def _worked_out(self, name: str) -> Style:
        node = DOMNode(classes=name)
        node._attach(self)
        self.app.stylesheet.apply(node, animate=False)
        return node.styles.partial_rich_style

    def notify_style_update(self) -> None:
        """Draw everything again where the rules are new: looks may differ though the widget's own do not."""
        super().notify_style_update()
        rules = self.app.stylesheet.rules
        if self._looked_at is not rules:
            self._looked_at = rules
            self.refresh()
