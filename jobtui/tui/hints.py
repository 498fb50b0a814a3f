"""Hints: which keys matter most where the cursor is, for the footer and for the head of the help."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from jobtui.tui.keymap import Key, in_force


class On(StrEnum):
    """What the cursor of the jobs is on."""

    JOB = "job"
    HEAD = "head"
    """The head of a group whose jobs stand below it."""
    FOLDED = "folded"
    """The head of a group whose jobs are folded away."""
    HIDDEN = "hidden"
    """Nothing: no job passes the filter."""
    NOTHING = "nothing"


class Place(Struct, frozen=True):
    """Where a key is pressed."""

    pane: str = "jobs"
    on: On = On.JOB
    has_marks: bool = False
    """Whether jobs are marked, which keys then act on in place of the one under the cursor."""


ALWAYS = ("help", "quit")
"""Hints that stay however little room there is."""

FIRST = {
    "jobs": (
        "open",
        "filter",
        "next_problem",
        "problems",
        "actions",
        "mark",
        "details",
        "copy",
        "palette",
        "views",
        "columns",
        "group_by",
        "freeze",
        "mute",
        "tell_me",
        "refresh",
        "group",
        "remembered",
        "sort_left",
        "sort_right",
        "mark_range",
        "mark_all",
        "next_match",
        "previous_match",
    ),
    "steps": (
        "open",
        "actions",
        "step_messages",
        "details",
        "copy",
        "palette",
        "back",
        "zoom",
        "tell_me",
        "export",
    ),
    "messages": (
        "filter",
        "next_match",
        "previous_match",
        "messages.follow",
        "messages.only",
        "messages.wrap",
        "messages.stamps",
        "messages.debug",
        "lines.bottom",
        "palette",
        "back",
        "zoom",
        "copy",
        "export",
    ),
    "holds": ("open", "back", "control.release", "control.hold", "zoom", "palette", "export"),
    "groups": ("open", "back", "zoom", "palette", "export"),
    "actions": ("back", "zoom", "handoff", "palette", "export"),
    "polling": ("refresh", "back", "tell_me", "zoom", "palette", "export"),
}
"""The keys of each pane, the most wanted first."""

KEPT = {"jobs": ("filter", "next_problem")}
"""Hints that the controls of a row leave room for, where there is any."""

_OF_A_ROW = ("jobs", "steps", "holds", "messages")
"""Panes that are about the selected job: in the others its controls are not offered."""

_NOT_THERE = {
    "groups": ("mark", "mute"),
    "holds": ("mark", "mute"),
    **dict.fromkeys(("messages", "actions", "polling"), ("open", "mark", "mute")),
}
"""What does nothing in a pane, or nothing that is seen there."""

_OF_A_JOB = ("actions", "details", "copy", "step_messages")
"""What acts on the job under the cursor, and does nothing where there is none."""
_OF_THE_LIST = ("open", "mark", "mute", "next_problem")
"""What acts on what is listed, and does nothing where nothing is."""
_FIRST_ON = {On.HEAD: ("open", "mark"), On.FOLDED: ("open", "mark"), On.HIDDEN: ("back", "filter")}
"""What is most wanted in the jobs where the cursor is on none."""
_LABELS_ON = {
    (On.HEAD, "open"): "fold",
    (On.FOLDED, "open"): "unfold",
    (On.HEAD, "group_by"): "group",
    (On.FOLDED, "group_by"): "group",
    (On.HIDDEN, "back"): "all jobs",
}

_LABELS = {
    ("steps", "open"): "fold",
    ("holds", "open"): "its job",
    ("messages", "filter"): "find",
    ("messages", "next_match"): "next",
    ("messages", "messages.follow"): "follow",
    ("messages", "messages.wrap"): "wrap",
    ("messages", "messages.stamps"): "time",
    ("messages", "messages.debug"): "debug",
    **{(pane, "back"): "back" for pane in ("steps", "messages", "holds", "groups", "actions", "polling")},
    ("steps", "step_messages"): "messages",
    ("jobs", "views"): "views",
    ("jobs", "columns"): "sort",
}


def pane_keys(pane: str) -> list[Key]:
    """Give the keys of a pane that can be pressed, the most wanted first."""
    known = {key.id: key for key in in_force() if key.keys}
    return [known[action] for action in FIRST.get(pane, ()) if action in known]


def hinted(place: Place) -> list[tuple[Key, str]]:
    """Give keys and labels for the footer, the most wanted first; controls are not among them."""
    known = {key.id: key for key in in_force() if key.keys}
    here = _FIRST_ON.get(place.on, ()) if place.pane == "jobs" else ()
    marked = ("actions",) if here and place.has_marks else ()
    wanted = dict.fromkeys((*here, *marked, *FIRST.get(place.pane, ()), *known))
    nothing = _nothing_of(place)
    keys = [known[action] for action in wanted if action in known and action not in nothing]
    return [(key, label) for key in keys if key.control is None and (label := _label(key, place))]


def _label(key: Key, place: Place) -> str:
    there = _LABELS_ON.get((place.on, key.id), "") if place.pane == "jobs" else ""
    return there or _LABELS.get((place.pane, key.id), key.label)


def _nothing_of(place: Place) -> set[str]:
    """Name the keys that do nothing at a place, or nothing that is seen there."""
    nothing = set(_NOT_THERE.get(place.pane, ()))
    if place.on is On.JOB:
        return nothing
    nothing.update(_OF_A_JOB)
    if place.has_marks and place.pane == "jobs":
        nothing.remove("actions")
    if place.on in (On.HIDDEN, On.NOTHING):
        nothing.update(_OF_THE_LIST)
    elif place.pane not in ("jobs", "holds"):
        nothing.add("open")
    return nothing


def steers(pane: str) -> bool:
    """Say whether a pane is about the selected job, so that its controls belong into the footer."""
    return pane in _OF_A_ROW


def kept(place: Place) -> list[tuple[Key, str]]:
    """Give the hints of a pane that stay beside the controls of a row."""
    wanted = KEPT.get(place.pane, ())
    return [(key, label) for key, label in hinted(place) if key.id in wanted]


def always() -> list[tuple[Key, str]]:
    """Give the hints that are never left out."""
    return [(key, key.label) for key in in_force() if key.id in ALWAYS and key.keys]


def groups(pane: str, titles: dict[str, str]) -> list[tuple[str, Sequence[Key]]]:
    """Give every key under a heading: those of the focused pane first, then the others by where they work."""
    first = pane_keys(pane)
    found: list[tuple[str, Sequence[Key]]] = [(f"Here, in the {pane}", first)] if first else []
    order = sorted(titles, key=lambda place: place != "lines")  # moving about belongs to the pane
    found += [
        (titles[place], [key for key in in_force() if key.pane == place and key not in first])
        for place in order
    ]
    return [(title, keys) for title, keys in found if keys]
