"""Finds the line of every key in a TOML text; tomllib gives the values but not where they stand.

The text has already passed tomllib, so that this reader needs to tell the parts of TOML apart, and need not
judge them.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

from jobtui.config.shape import KeyPath

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
# A closing run of quotes may be longer than three: the first ones are then part of the text.
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"""(?!")', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'''(?!')", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> Mapping[KeyPath, int]:
    """Give the line, from 1, where each key and table of a valid TOML text is first named.

    The keys in an array of tables are taken together, under the name of the array; its tables have their
    number, from 0, for a name.
    """
    return _Reader(text.replace("\r\n", "\n")).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._found: dict[KeyPath, int] = {}
        self._members: dict[KeyPath, int] = {}

    def read(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self._found

    def _header(self) -> KeyPath:
        opening = 2 if self._text.startswith("[[", self._at) else 1
        self._at += opening
        line = bisect_right(self._starts, self._at)
        path = self._key(())
        self._at += opening
        if opening == 2:
            number = self._members[path] = self._members.get(path, -1) + 1
            self._found[(*path, str(number))] = line
        return path

    def _pair(self, table: KeyPath) -> None:
        path = self._key(table)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self, table: KeyPath) -> KeyPath:
        """Read a key, dots and all, noting each of its parts; ends before what follows it."""
        path = table
        while True:
            self._skip(_SPACE)
            line = bisect_right(self._starts, self._at)
            path = (*path, self._part())
            self._found.setdefault(path, line)
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return path
            self._at += 1

    def _part(self) -> str:
        if self._text[self._at] == '"':
            # Escapes are tomllib's business.
            return str(tomllib.loads("k = " + self._skip(_BASIC))["k"])
        if self._text[self._at] == "'":
            return self._skip(_LITERAL)[1:-1]
        return self._skip(_BARE_KEY)

    def _value(self, path: KeyPath) -> None:
        text, at = self._text, self._at
        if text.startswith('"""', at):
            self._skip(_LONG_BASIC)
        elif text.startswith("'''", at):
            self._skip(_LONG_LITERAL)
        elif text.startswith('"', at):
            self._skip(_BASIC)
        elif text.startswith("'", at):
            self._skip(_LITERAL)
        elif text.startswith("[", at):
            self._between("]", path)
        elif text.startswith("{", at):
            self._between("}", path)
        else:
            self._skip(_SCALAR)

    def _between(self, end: str, path: KeyPath) -> None:
        """Read what is between the brackets of an array or the braces of an inline table."""
        self._at += 1
        self._skip(_BLANK)
        while not self._text.startswith(end, self._at):
            if end == "}":
                self._pair(path)
            else:
                self._value(path)
            self._skip(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
                self._skip(_BLANK)
        self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"not TOML at character {self._at}")
        self._at = match.end()
        return match.group()
