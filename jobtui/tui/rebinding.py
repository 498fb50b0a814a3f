"""Rebinding: the keys that the user wants → the keys in force, and what of it cannot be. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct
from msgspec.structs import replace

from jobtui.text import plain
from jobtui.tui.keymap import KEYS, UNBOUND, Key, face_of

_FUNCTION = tuple(f"f{number}" for number in range(1, 13))
_NAMED = frozenset(
    {"enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup"}
    | {"pagedown", "up", "down", "left", "right", *_FUNCTION}
)
_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "del": "delete",
    "ins": "insert",
    " ": "space",
    "↓": "down",
    "↑": "up",
}
_MODIFIERS = ("ctrl", "alt", "shift")
_SAME_IN_A_TERMINAL = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
_SIGNS = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_NEEDED = "leave"
"""The action that must keep a key: a screen without a way out is a trap."""


class _Wrong(ValueError):
    """The text is one sentence."""


class Rebound(Struct, frozen=True):
    """The table of keys as the user wants it, as far as that can be."""

    keys: tuple[Key, ...]
    faults: Mapping[str, str]
    """What of it cannot be, by the id of the action: one sentence each; that action keeps its own keys."""


def rebound(wanted: Mapping[str, Sequence[str]], keys: Sequence[Key] = KEYS) -> Rebound:
    """Give the table with other keys; what is wrong, or taken by another action, stays as it was."""
    known = {key.id: key for key in keys}
    faults: dict[str, str] = {}
    taken: dict[str, str] = {}
    for action, texts in wanted.items():
        try:
            taken[action] = _read(action, texts, known)
        except _Wrong as wrong:
            faults[action] = str(wrong)
    while (clash := _clash(taken, known)) is not None:
        faults[clash[0]] = clash[1]
        del taken[clash[0]]
    return Rebound(tuple(replace(key, keys=taken.get(key.id, key.keys)) for key in keys), faults)


def key_name(text: str) -> str:
    """Give the name of a key as the terminal reports it; raises ValueError with one sentence."""
    *modifiers, last = text.split("+") if len(text) > 1 else [text]
    last = last or ("+" if modifiers else "")
    if not modifiers and len(last) > 1 and last.lower() in _named_signs():
        return last.lower()
    name = _plain_name(last)
    if name is None or any(each.lower() not in _MODIFIERS for each in modifiers if each):
        raise _Wrong(f"“{plain(text, limit=30)}” is no key; write one sign, or such as enter, f5, ctrl+x")
    held = [each for each in _MODIFIERS if each in {one.lower() for one in modifiers}]
    if held == ["shift"] and len(name) == 1:
        return name.upper()
    whole = "+".join([*held, name.lower() if held and len(name) == 1 else name])
    if whole in _SAME_IN_A_TERMINAL:
        raise _Wrong(f"{whole} is {face_of(_SAME_IN_A_TERMINAL[whole])} to a terminal")
    return whole


def sign_name(sign: str) -> str:
    """Give the name that the terminal's reader has for one sign."""
    if sign.isalnum():
        return sign
    name = unicodedata.name(sign, "").lower().replace("-", "_").replace(" ", "_")
    return _SIGNS.get(name, name)


def _named_signs() -> frozenset[str]:
    return frozenset(sign_name(chr(code)) for code in range(33, 127))


def _plain_name(text: str) -> str | None:
    lower = text.lower()
    named = _ALIASES.get(lower, lower)
    if named in _NAMED:
        return named
    if len(text) > 1 and lower in _named_signs():
        return lower
    return sign_name(text) or None if len(text) == 1 and text.isprintable() else None


def _read(action: str, texts: Sequence[str], known: Mapping[str, Key]) -> str:
    if action not in known:
        near = get_close_matches(action, known, n=1, cutoff=0.5)
        hint = f"did you mean “{near[0]}”?" if near else "“jobtui config keys” lists them"
        raise _Wrong(f"there is no such action; {hint}")
    names = list(dict.fromkeys(key_name(text) for text in texts))
    if not names and action == _NEEDED:
        raise _Wrong("needs a key: it is the way out")
    if known[action].control is not None:
        for name in names:
            _refuse_slips(name)
    if known[action].pane == "app":
        for name in names:
            _refuse_typed(name)
    return ",".join(names)


def _refuse_typed(name: str) -> None:
    """Refuse a sign for what works everywhere: it would act while somebody types it into a field."""
    if name not in _FUNCTION and not name.startswith(("ctrl+", "alt+")):
        raise _Wrong(f"{face_of(name)} is typed into fields, where this works, too; use ctrl+… or F1 to F12")


def _refuse_slips(name: str) -> None:
    """Refuse for a control every key that a finger of another program's habit may press."""
    is_sign = "+" not in name and name not in _NAMED
    if name in UNBOUND or not (is_sign or name in _FUNCTION[1:]):
        raise _Wrong(
            f"{face_of(name)} may never ask for a control; use one letter, digit or sign, or F2 to F12"
        )


def _clash(taken: Mapping[str, str], known: Mapping[str, Key]) -> tuple[str, str] | None:
    """Find the last wanted action whose key another action has, and say so."""
    owners: dict[str, list[str]] = {}
    for action, key in known.items():
        for name in _split(taken.get(action, key.keys)):
            owners.setdefault(name, []).append(action)
    for action in reversed(list(taken)):
        for name in _split(taken[action]):
            other = next((one for one in owners[name] if one != action), None)
            if other is not None:
                return action, f"{face_of(name)} is the key of {other} ({known[other].help})"
    return None


def _split(keys: str) -> Iterable[str]:
    return [name for name in keys.split(",") if name]
