"""Every key, once: the table that feeds bindings, the footer, the help and the README."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from jobtui.model import Control

if TYPE_CHECKING:
    from textual.binding import Binding


class Key(Struct, frozen=True):
    """One thing that can be asked for by key."""

    id: str
    keys: str
    """Textual's names of the keys, comma-separated; empty when the user took them away."""
    action: str
    help: str
    """What it does, for the help and the README."""
    pane: str
    """Where it works: ``app``, ``main``, ``lines`` (every list of lines)."""
    label: str = ""
    """One or two words for the footer; empty when it is left out there."""
    control: Control | None = None
    priority: bool = False

    @property
    def face(self) -> str:
        """The first key as a person writes it."""
        return face_of(self.keys.split(",")[0])

    @property
    def faces(self) -> str:
        """All its keys as a person writes them."""
        return " ".join(face_of(one) for one in self.keys.split(",") if one)


def _control(letter: str, control: Control, label: str, help_: str) -> Key:
    action = f"control('{control.value}')"
    return Key(f"control.{control.value}", letter, action, help_, "main", label, control)


KEYS: tuple[Key, ...] = (
    _control("C", Control.CANCEL, "cancel", "cancel the job"),
    _control("H", Control.HOLD, "hold", "hold the step: until released, until a time, after another job"),
    _control("L", Control.RELEASE, "release", "release the holds of the step"),
    _control("R", Control.RUN, "run", "run the step"),
    _control("F", Control.FINISH, "finish", "finish the step, so that the flow goes on"),
    _control("S", Control.STOP, "stop", "stop the step"),
    Key("lines.down", "j,down", "move(1)", "one line down", "lines"),
    Key("lines.up", "k,up", "move(-1)", "one line up", "lines"),
    Key("lines.page_down", "pagedown", "page(1)", "one page down", "lines"),
    Key("lines.page_up", "pageup", "page(-1)", "one page up", "lines"),
    Key("lines.top", "g,home", "top", "to the top", "lines"),
    Key("lines.bottom", "G,end", "bottom", "to the bottom; in the messages: follow again", "lines"),
    Key(
        "open",
        "enter",
        "open",
        "open the job (in the holds: go to it), fold or unfold the step; sends nothing",
        "main",
        "open",
    ),
    Key(
        "back",
        "escape",
        "back",
        "back: clear the search, then the marks, close what is open, last the receipt; sends nothing",
        "main",
    ),
    Key(
        "filter",
        "slash",
        "search",
        "filter the jobs, or search the messages",
        "main",
        "filter",
    ),
    Key("next_match", "n", "match(1)", "next match", "main"),
    Key("previous_match", "N", "match(-1)", "previous match", "main"),
    Key("next_problem", "exclamation_mark", "next_problem", "next job that needs you", "main", "problem"),
    Key("problems", "full_stop", "problems", "only the jobs that need you, on and off", "main", "only"),
    Key(
        "mark",
        "space",
        "mark",
        "mark the job, or take its mark away; a mark does nothing by itself",
        "main",
        "mark",
    ),
    Key("mark_range", "V", "mark_range", "mark from the job marked last to this one", "main"),
    Key("mark_all", "asterisk", "mark_all", "mark all jobs shown; again: none", "main"),
    Key("columns", "s", "columns", "choose columns, and by which to sort; kept for the next start", "main"),
    Key("group_by", "b", "group_by", "group the list by source, state or cause; Enter folds a group", "main"),
    Key(
        "remembered", "M", "remembered", "find what the filter asks for among all jobs ever seen here", "main"
    ),
    Key("freeze", "u", "freeze", "freeze the list and count what waits; again: live", "main"),
    Key("mute", "a", "mute", "mute what needs you until its state changes; again: not", "main", "mute"),
    Key("sort_left", "less_than_sign", "sort(-1)", "sort by the column to the left", "main"),
    Key("sort_right", "greater_than_sign", "sort(1)", "sort by the column to the right", "main"),
    Key("views", "v", "views", "views: filter and order under a name, each at one key", "main"),
    Key(
        "details",
        "d",
        "details",
        "all that is known: result, holds, why not",
        "main",
        "details",
    ),
    Key("actions", "x", "actions", "every control: what it would do, or why not", "main", "actions"),
    Key("zoom", "z", "zoom", "this pane on the whole screen, and back", "main", "zoom"),
    Key(
        "copy",
        "y",
        "copy",
        "copy menu: ref, line, messages, address, permalink …; again: the ref, at once",
        "main",
        "copy",
    ),
    Key(
        "export",
        "e",
        "export",
        "write what this pane shows to a file: text, CSV, JSON, a picture",
        "main",
        "export",
    ),
    Key("browse", "o", "browse", "open the job's address in a browser, or show it", "main"),
    Key("handoff", "h", "handoff", "write the hand-off note of this shift to a file", "main", "hand-off"),
    Key(
        "tell_me",
        "T",
        "tripwires",
        "tell me when: arm a rule on this job or step; lists those armed",
        "main",
    ),
    Key("refresh", "r,f5", "refresh", "ask every source again now", "main", "refresh"),
    Key("away", "A", "away", "what happened while you were away; Esc takes its line away", "main"),
    Key("watch", "W", "watch_named", "watch the running jobs that a server named when it was full", "main"),
    Key("next_pane", "tab", "pane_next(1)", "next pane", "main"),
    Key("previous_pane", "shift+tab", "pane_next(-1)", "previous pane", "main"),
    Key("pane.jobs", "1", "pane('jobs')", "to the jobs", "main"),
    Key("pane.steps", "2", "pane('steps')", "to the steps", "main"),
    Key("pane.messages", "3", "pane('messages')", "to the messages", "main"),
    Key("pane.holds", "4", "pane('holds')", "to the holds: of what is marked, of this job, or all", "main"),
    Key(
        "pane.groups",
        "5",
        "pane('groups')",
        "to the causes that jobs failed for; Enter lists the jobs",
        "main",
    ),
    Key("pane.actions", "6", "pane('actions')", "to what was asked here, and what others did", "main"),
    Key(
        "pane.polling",
        "7",
        "pane('polling')",
        "to the sources: requests, budget, failures; armed rules",
        "main",
    ),
    Key("messages.follow", "f", "follow", "follow the messages, or pause", "main"),
    Key("messages.only", "ampersand", "only", "only the messages that are searched for, on and off", "main"),
    Key("messages.wrap", "w", "wrap", "wrap long messages, on and off", "main"),
    Key("messages.stamps", "t", "stamps", "time of each message, on and off", "main"),
    Key("messages.debug", "D", "debug", "debug messages, on and off", "main"),
    Key(
        "palette",
        "colon,ctrl+p",
        "palette",
        "everything by name: actions, views, themes, sources, jobs",
        "main",
        "palette",
    ),
    Key("help", "question_mark,f1", "help", "this help", "main", "help"),
    Key("quit", "q", "app.part", "leave, twice while a control is awaited; jobs go on", "main", "quit"),
    Key("quit_now", "Q", "app.leave", "leave at once", "main"),
    Key("leave", "ctrl+c,ctrl+q", "app.leave", "leave from anywhere", "app", priority=True),
    Key("suspend", "ctrl+z", "app.suspend_process", "back to the shell; fg returns", "app", priority=True),
    Key("group", "c", "group", "every job that failed for the same cause, over all sources", "main"),
    Key("step_messages", "m", "step_messages", "to the messages of the step under the cursor", "main"),
)

UNBOUND = ("ctrl+d", "ctrl+k", "ctrl+a", "ctrl+b", "p")
"""Keys that other tools taught people to fear or that belong to tmux: never bound here."""

PANE_TITLES = {
    "main": "Everywhere on the main screen",
    "lines": "In every list",
    "app": "Always",
}

_FACES = {
    "slash": "/",
    "space": "Space",
    "asterisk": "*",
    "exclamation_mark": "!",
    "full_stop": ".",
    "question_mark": "?",
    "less_than_sign": "<",
    "ampersand": "&",
    "greater_than_sign": ">",
    "escape": "Esc",
    "enter": "Enter",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "down": "↓",
    "up": "↑",
    "home": "Home",
    "end": "End",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


_NO_KEY = "no_key"
_SIGNS = {"slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_"}


class _InForce:
    """The keys of this run: the user's own in the place of the usual ones."""

    keys: tuple[Key, ...] = KEYS


def use(keys: tuple[Key, ...]) -> None:
    """Take these keys for this run."""
    _InForce.keys = keys


def in_force() -> tuple[Key, ...]:
    """Give the keys of this run, with those that the user has changed."""
    return _InForce.keys


def changed() -> dict[str, str]:
    """Give the keys that differ from the usual ones, by id, as Textual takes them."""
    usual = {key.id: key.keys for key in KEYS}
    # Textual takes an empty text for no change.
    return {key.id: key.keys or _NO_KEY for key in _InForce.keys if key.keys != usual[key.id]}


def key_of(action: str) -> Key:
    """Give what is asked for under an id, with the keys of this run."""
    return next(key for key in _InForce.keys if key.id == action)


def face_of(key: str) -> str:
    """Write one of Textual's key names as people do."""
    *held, last = key.split("+")
    if key in _FACES or not key:
        return _FACES.get(key, key)
    return "+".join([*held, _FACES.get(last) or _SIGNS.get(last) or _sign(last)])


def _sign(name: str) -> str:
    if len(name) > 1:
        for spelt in (name.replace("_", " "), name.replace("_", "-")):
            try:
                return unicodedata.lookup(spelt)
            except KeyError:
                continue
    return name


def bindings(*panes: str) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Give the usual bindings of some panes, for a widget's, screen's or app's ``BINDINGS``."""
    # Deferred: the command line lists keys without Textual.
    from textual.binding import Binding

    return [
        Binding(key.keys, key.action, key.help, show=False, priority=key.priority, id=key.id)
        for key in of_panes(panes, KEYS)
    ]


def of_panes(panes: Iterable[str], keys: Sequence[Key]) -> list[Key]:
    """Give those keys that work in some panes, in the order of the table."""
    wanted = set(panes)
    return [key for key in keys if key.pane in wanted]


def control_keys() -> list[Key]:
    """Give the keys that ask something of a server."""
    return [key for key in in_force() if key.control is not None]


def rows(keys: Sequence[Key] = KEYS) -> list[tuple[str, str, str]]:
    """Give ``(where, keys, what it does)`` of every key, place by place, for the README and listings."""
    return [
        (PANE_TITLES[key.pane], key.faces, key.help) for pane in PANE_TITLES for key in of_panes([pane], keys)
    ]
