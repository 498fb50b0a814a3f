"""Seeded inputs without end: what a target begins with, bent in ways that servers and people bend things."""

from __future__ import annotations

import copy
import json
import random
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from jobtui.config.keys import keys_of
from tests.fuzz.building import MARK, Builder
from tests.fuzz.corpus import seeds, words, written
from tests.fuzz.keeping import kept
from tests.fuzz.strange import SETTINGS, STRANGE, WIDE

LONGEST = 16_384
"""Bytes of one input at most."""
_REMEMBERED = 256
_BENDS = (1, 1, 1, 2, 2, 3, 6)


class Mutator:
    """Invents inputs for one target; the same seed invents the same ones."""

    def __init__(self, target: str, seed: int) -> None:
        self._dice = random.Random(f"{target} {seed}")
        self._known = words(target)
        self._begin = [*seeds(target), *kept(target)]
        self._late: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._trees = [tree for tree in map(_tree, self._begin) if tree]
        self._said: list[bytes] = [*STRANGE, *written(target), *(WIDE if target == "text" else ())]
        self._ways: list[Callable[[bytes], bytes]] = [
            *(self._flip, self._say, self._say, self._cut, self._repeat, self._splice, self._lines),
            *([self._graft] * 5 if self._trees else []),
            *([self._plan] * 2 if self._known else []),
            *([self._set] * 12 if target == "config" else []),
        ]

    def inputs(self, number: int) -> Iterator[bytes]:
        """Give so many inputs."""
        for _ in range(number):
            data = self._any()
            for _ in range(self._dice.choice(_BENDS)):
                data = self._dice.choice(self._ways)(data)[:LONGEST]
            self._late.append(data)
            yield data

    def _any(self) -> bytes:
        from_late = self._late and self._dice.random() < 0.3
        return self._dice.choice(self._late if from_late else self._begin)

    def _span(self, data: bytes) -> tuple[int, int]:
        begin = self._dice.randint(0, len(data))
        return begin, min(len(data), begin + int(self._dice.expovariate(1 / 8)) + 1)

    def _flip(self, data: bytes) -> bytes:
        bent = bytearray(data or b"\0")
        for _ in range(self._dice.randint(1, 4)):
            bent[self._dice.randrange(len(bent))] ^= 1 << self._dice.randrange(8)
        return bytes(bent)

    def _say(self, data: bytes) -> bytes:
        begin, end = self._span(data)
        return data[:begin] + self._dice.choice(self._said) + data[self._dice.choice((begin, end)) :]

    def _cut(self, data: bytes) -> bytes:
        begin, end = self._span(data)
        return data[:begin] + data[end:]

    def _repeat(self, data: bytes) -> bytes:
        begin, end = self._span(data)
        return data[:begin] + data[begin:end] * int(1 + self._dice.paretovariate(0.7) % 4_096) + data[begin:]

    def _splice(self, data: bytes) -> bytes:
        other = self._any()
        return data[: self._dice.randint(0, len(data))] + other[self._dice.randint(0, len(other)) :]

    def _lines(self, data: bytes) -> bytes:
        lines, others = data.split(b"\n"), self._any().split(b"\n")
        lines.insert(self._dice.randint(0, len(lines)), self._dice.choice(others))
        if self._dice.random() < 0.5:
            lines.pop(self._dice.randrange(len(lines)))
        return b"\n".join(lines)

    def _set(self, data: bytes) -> bytes:
        """Give a key of the configuration another value, in a line of its own."""
        line = f"{self._dice.choice(keys_of(None))} = {self._dice.choice(SETTINGS)}".encode()
        key = line.partition(b" ")[0]
        lines = [each for each in data.split(b"\n") if each.partition(b" ")[0] != key]
        lines.insert(self._dice.randint(0, len(lines)), line)
        return b"\n".join(lines)

    def _plan(self, data: bytes) -> bytes:
        del data
        return bytes([MARK]) + self._dice.randbytes(self._dice.randint(4, 400))

    def _graft(self, data: bytes) -> bytes:
        """Put a value of another document, or an invented one, in the place of some value of a document."""
        tree = _tree(data)
        if not tree:
            tree = copy.deepcopy(self._dice.choice(self._trees))
        inside, key = self._place(tree)
        if self._dice.random() < 0.2:
            del inside[key]
        else:
            inside[key] = self._value()
        try:
            return json.dumps(tree, ensure_ascii=self._dice.random() < 0.5).encode("utf-8", "surrogatepass")
        except RecursionError:
            return data

    def _place(self, tree: Any) -> tuple[Any, Any]:
        """Give a place of a tree: what it is in, and its key or number there."""
        while True:
            key = self._dice.choice(list(tree) if isinstance(tree, dict) else range(len(tree)))
            if not (isinstance(tree[key], dict | list) and tree[key] and self._dice.random() < 0.7):
                return tree, key
            tree = tree[key]

    def _value(self) -> object:
        if self._dice.random() < 0.6:
            inside, key = self._place(self._dice.choice(self._trees))
            value: object = copy.deepcopy(inside[key])
        else:
            value = Builder(self._dice.randbytes(24), self._known or ["id"]).value()
        for _ in range(self._dice.choice((0, 0, 0, 0, 1, 2, 60))):
            value = [value]
        return value


def _tree(data: bytes) -> Any:
    """Give the object or array that the bytes are as JSON; None when they are none, or it is empty."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict | list) and tree else None
