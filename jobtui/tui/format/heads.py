"""The head of a group in the list of jobs: what they have in common, how many, how many need somebody."""

from __future__ import annotations

from jobtui.insight.grouping import Grouping, title_of
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut
from jobtui.tui.format.states import UNICODE, Glyphs, label
from jobtui.tui.keymap import key_of
from jobtui.tui.sections import Section

CHOICES = {
    Grouping.NONE: "not at all",
    Grouping.SOURCE: "by source",
    Grouping.STATE: "by state",
    Grouping.CAUSE: "by what they failed for",
}
"""How the groupings are called."""


def head_line(section: Section, grouping: Grouping, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """Draw the head of a group; it keeps its counts when there is no room for all of its title."""
    count = len(section.refs)
    jobs = f"  {count} job{'' if count == 1 else 's'}"
    needy = f"  {section.needy} need{'s' if section.needy == 1 else ''} you" if section.needy else ""
    fold = f"{glyphs.folded if section.is_folded else glyphs.unfolded} "
    title = cut(_title(section, grouping, glyphs), width - len(fold + jobs + needy))
    look = section.name if grouping is Grouping.STATE else "strong"
    return (Span(fold, "key"), Span(title, look), Span(jobs, "dim"), Span(needy, "bad"))


def about_head(section: Section, width: int) -> list[Line]:
    """Say what keys do on the head of a group."""
    count = len(section.refs)
    its = "its job" if count == 1 else f"its {count} jobs"
    keys = (
        ("open", "unfolds the group" if section.is_folded else "folds the group"),
        ("mark", f"marks {its}, or takes the marks away"),
        ("group_by", "groups by something else, or folds all"),
    )
    return [(Span(f"{key_of(one).face:<7}", "key"), Span(cut(what, width - 7))) for one, what in keys]


def _title(section: Section, grouping: Grouping, glyphs: Glyphs) -> str:
    if grouping is Grouping.STATE:
        return label(section.name, glyphs).rstrip()
    return plain(title_of(grouping, section.name))
