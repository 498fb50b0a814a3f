"""The part of the search language that this service understands.

`field op value` with = <> != < <= > >= LIKE IN IS NULL, joined by AND, OR, NOT and brackets. Text is in
single quotes; a time may be written `timestamp '…'` or `date '…'`; true is 1 and false is 0. LIKE takes % and
_, in any case.
"""

import re
from collections.abc import Callable
from typing import Any

Row = Callable[[str], Any]
"""Gives the value of a field by its name."""
Test = Callable[[Row], bool]

_WORDS = re.compile(r"\s*('(?:[^']|'')*'|<>|!=|<=|>=|[=<>(),]|[\w.\-+:]+)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


class QueryError(ValueError):
    """The query is not understood."""


def compiled(query: str, fields: frozenset[str]) -> Test:
    """Compile a query into a test of rows; raises QueryError."""
    reader = _Reader(_split(query), {name.lower(): name for name in fields})
    test = reader.any_of()
    if reader.peek():
        raise QueryError(f"did not expect {reader.peek()!r}")
    return test


def _split(query: str) -> list[str]:
    words, place = [], 0
    while place < len(query.rstrip()):
        match = _WORDS.match(query, place)
        if match is None:
            raise QueryError(f"cannot read the query from {query[place:]!r}")
        words.append(match[1])
        place = match.end()
    return words


class _Reader:
    def __init__(self, words: list[str], fields: dict[str, str]) -> None:
        self._words, self._fields, self._place = words, fields, 0

    def peek(self) -> str:
        return self._words[self._place] if self._place < len(self._words) else ""

    def _take(self) -> str:
        word = self.peek()
        self._place += 1
        return word

    def _skip(self, *wanted: str) -> bool:
        is_there = self.peek().upper() in wanted
        self._place += is_there
        return is_there

    def any_of(self) -> Test:
        tests = [self._all_of()]
        while self._skip("OR"):
            tests.append(self._all_of())
        return lambda row: any(test(row) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._one()]
        while self._skip("AND"):
            tests.append(self._one())
        return lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._skip("NOT"):
            test = self._one()
            return lambda row: not test(row)
        if self._skip("("):
            inside = self.any_of()
            if not self._skip(")"):
                raise QueryError("a bracket is not closed")
            return inside
        return self._comparison()

    def _comparison(self) -> Test:
        word = self._take()
        name = self._fields.get(word.lower())
        if name is None and not (word == "1" and self.peek() == "="):
            raise QueryError(f"there is no field {word!r}" if word else "the query ends too early")
        operator = self._take().upper()
        if operator == "NOT":
            test = self._operation(name, self._take().upper())
            return lambda row: not test(row)
        return self._operation(name, operator)

    def _operation(self, name: str | None, operator: str) -> Test:
        if operator == "IS":
            is_negated = self._skip("NOT")
            if not self._skip("NULL"):
                raise QueryError("IS is followed by NULL or NOT NULL")
            return lambda row: (row(name or "") is None) != is_negated
        if operator == "IN":
            values = self._values()
            return lambda row: _plain(row(name or "")) in values
        if operator == "LIKE":
            pattern = _like(str(self._value()))
            return lambda row: bool(pattern.fullmatch(str(row(name or "") or "")))
        if operator not in _COMPARE:
            raise QueryError(f"there is no operator {operator!r}")
        compare, value = _COMPARE[operator], self._value()
        return lambda row: _holds(compare, 1 if name is None else row(name), value)

    def _values(self) -> list[Any]:
        if not self._skip("("):
            raise QueryError("IN is followed by a bracket")
        values = [self._value()]
        while self._skip(","):
            values.append(self._value())
        if not self._skip(")"):
            raise QueryError("a bracket is not closed")
        return values

    def _value(self) -> Any:
        self._skip("TIMESTAMP", "DATE")
        word = self._take()
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        if word.lower() in ("true", "false"):
            return float(word.lower() == "true")
        try:
            return float(word)
        except ValueError as problem:
            raise QueryError(f"{word!r} is neither a number nor quoted text") from problem


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, bool | int | float) else value


def _holds(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    left = _plain(left)
    if left is None:
        return False
    if type(left) is not type(right):
        left, right = str(left), str(right)
    if isinstance(left, str) and isinstance(right, str) and re.match(r"\d{4}-\d\d-\d\d[ T]", right):
        right = right.replace(" ", "T")
    return compare(left, right)


def _like(text: str) -> re.Pattern[str]:
    parts = {"%": ".*", "_": "."}
    return re.compile("".join(parts.get(each, re.escape(each)) for each in text), re.IGNORECASE | re.DOTALL)
