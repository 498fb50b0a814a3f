"""Theme files: TOML → colours by name, or one sentence with file and key. Needs no Textual."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct, field

from jobtui.errors import JobtuiError
from jobtui.text import plain
from jobtui.tui.format.spans import LOOKS

MAX_BYTES = 65_536
COLORS = (
    "primary",
    "secondary",
    "accent",
    "warning",
    "error",
    "success",
    "foreground",
    "background",
    "surface",
    "panel",
)
ROWS = ("cursor-background", "cursor-style", "blurred-background", "blurred-style")
TOP = ("name", "about", "like", "dark", "ansi", "colors", "looks", "rows", "variables")
ANSI = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_NAMES = frozenset(
    {"ansi_default", *(f"ansi_{name}" for name in ANSI), *(f"ansi_bright_{name}" for name in ANSI)}
)

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_STYLES = frozenset(
    {"none", "bold", "reverse", "underline", "bold reverse", "reverse bold", "bold underline"}
)


class ThemeWrong(JobtuiError):
    """A theme file cannot be used; the text names file and key."""


class ThemeFile(Struct, frozen=True):
    """A theme as written, checked."""

    name: str
    """That of its file."""
    about: str = ""
    dark: bool = True
    ansi: bool = False
    """Whether its colours are those of the terminal."""
    colors: Mapping[str, str] = field(default_factory=dict)
    looks: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def foreground(self) -> str:
        """The colour of text."""
        return self.colors.get("foreground", "ansi_default")

    def look(self, name: str) -> str:
        """Give the colour of a look; one that is left out has that of text."""
        return self.looks.get(name, self.foreground)


def read_theme(path: Path, others: Mapping[str, ThemeFile]) -> ThemeFile:
    """Read a theme; ``others`` are those that it can be ``like``. Raises ThemeWrong."""
    shown = plain(path.name)
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise ThemeWrong(f"{shown}: is too long for a theme")
        document = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise ThemeWrong(f"{shown}: cannot be read: {error.strerror or 'failed'}") from None
    except (ValueError, RecursionError) as error:
        raise ThemeWrong(f"{shown}: is not TOML: {plain(str(error), limit=200).lower()}") from None
    try:
        return decode_theme(document, path.stem, others)
    except ThemeWrong as wrong:
        raise ThemeWrong(f"{shown}: {wrong}") from None


def decode_theme(
    document: Mapping[str, object], name: str, others: Mapping[str, ThemeFile] | None = None
) -> ThemeFile:
    """Check a theme's document. Raises ThemeWrong with the key."""
    _refuse_unknown("", document, TOP)
    base = _base(document, others or {})
    colors = {**base.colors, **_colors(document, "colors", COLORS)}
    if "primary" not in colors:
        raise ThemeWrong("colors.primary: is needed")
    return ThemeFile(
        name,
        plain(str(document.get("about", ""))),
        _yes_no(document, "dark", base.dark),
        _yes_no(document, "ansi", base.ansi),
        colors,
        {**base.looks, **_colors(document, "looks", LOOKS)},
        {**base.rows, **_rows(document)},
        {**base.variables, **{key: str(value) for key, value in _table(document, "variables").items()}},
    )


def _base(document: Mapping[str, object], others: Mapping[str, ThemeFile]) -> ThemeFile:
    like = document.get("like")
    if like is None:
        return ThemeFile("")
    if not isinstance(like, str) or like not in others:
        raise ThemeWrong(
            f"like: there is no theme “{plain(str(like), limit=40)}”{_nearest(str(like), others)}"
        )
    return others[like]


def _colors(document: Mapping[str, object], table: str, known: Iterable[str]) -> dict[str, str]:
    found = _table(document, table)
    _refuse_unknown(f"{table}.", found, known)
    return {key: _color(f"{table}.{key}", value) for key, value in found.items()}


def _color(key: str, value: object) -> str:
    if isinstance(value, str) and (_HEX.fullmatch(value) or value in ANSI_NAMES):
        return value
    raise ThemeWrong(
        f"{key}: {plain(repr(value), limit=40)} is no colour; write #rrggbb, or such as ansi_red"
    )


def _rows(document: Mapping[str, object]) -> dict[str, str]:
    found = _table(document, "rows")
    _refuse_unknown("rows.", found, ROWS)
    for key, value in found.items():
        if key.endswith("-background"):
            _color(f"rows.{key}", value)
        elif value not in _STYLES:
            raise ThemeWrong(f"rows.{key}: is one of {', '.join(sorted(_STYLES))}")
    return {key: str(value) for key, value in found.items()}


def _table(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = document.get(name, {})
    if not isinstance(found, dict):
        raise ThemeWrong(f"{name}: must be a table: [{name}]")
    return found


def _yes_no(document: Mapping[str, object], key: str, usual: bool) -> bool:
    value = document.get(key, usual)
    if not isinstance(value, bool):
        raise ThemeWrong(f"{key}: must be true or false")
    return value


def _refuse_unknown(prefix: str, table: Mapping[str, object], known: Iterable[str]) -> None:
    for key in table:
        if key not in known:
            raise ThemeWrong(f"{prefix}{plain(key, limit=40)}: unknown key{_nearest(key, known)}")


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)
    return f"; did you mean “{near[0]}”?" if near else f"; there are {', '.join(known)}"
