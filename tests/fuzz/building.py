"""Bytes as building instructions for JSON of the wire's own words: deeper than what is JSON by luck."""

from __future__ import annotations

import json
from collections.abc import Sequence

MARK = 0
"""The first byte of building instructions; no JSON begins with it."""
_DEEPEST = 6
_ODD = (
    None,
    True,
    False,
    "",
    " ",
    -1,
    10**400,
    1e308,
    "2026-09-14T08:02:11Z",
    "0",
    1789373000000,
    "\ud800\u202e",
)


class Builder:
    """Reads instructions byte by byte; when they run out every value is null."""

    def __init__(self, data: bytes, words: Sequence[str]) -> None:
        self._data = data
        self._at = 0
        self._words = words

    def value(self, depth: int = 0) -> object:
        """Build one value."""
        kind = self._byte() % 8
        if kind <= 2 and depth < _DEEPEST:
            return {self._word(): self.value(depth + 1) for _ in range(1 + self._byte() % 8)}
        if kind == 3 and depth < _DEEPEST:
            return [self.value(depth + 1) for _ in range(self._byte() % 5)]
        if kind == 4:
            return self._byte() * (self._byte() - 100)
        if kind == 5:
            return _ODD[self._byte() % len(_ODD)]
        return self._word()

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 5

    def _word(self) -> str:
        return self._words[self._byte() % len(self._words)]


def built(data: bytes, words: Sequence[str]) -> bytes:
    """Return the bytes as they are, or the JSON that they tell how to build."""
    if data[:1] != bytes([MARK]) or not words:
        return data
    return json.dumps(Builder(data[1:], words).value()).encode()
