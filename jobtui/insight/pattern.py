"""Regular expressions that take time in proportion to the text, whatever pattern and text are. Pure.

The pattern is the user's and the text a server's: matched by trying and going back, the two together could
keep the program busy for ever. Here all ways are followed at once, one step per character.

Known: literals ``.`` ``[a-z]`` ``[^…]`` ``\\d \\w \\s \\D \\W \\S \\b \\B`` ``^ $`` ``( ) (?: ) |`` and
``* + ? {2} {2,} {2,5}``; letters match whatever their case.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

LONGEST = 200
"""Characters of a pattern."""
_MOST_NODES = 2_000
_MOST_REPEATS = 100
_MOST_STATES = 400
"""States kept of the walk; more are forgotten and found anew."""
_MOST_LINES = 200
_LONGEST_LINE = 4_096

Test = Callable[[str], bool]
_START, _WORD, _OTHER = 0, 1, 2
_CLASSES: dict[str, Test] = {
    "d": str.isdigit,
    "s": str.isspace,
    "w": lambda character: character.isalnum() or character == "_",
}
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


class _Node(Struct):
    """A place in the pattern: a character to take, a condition, or a parting of ways."""

    test: Test | None = None
    assertion: str = ""
    then: list[int] = field(default_factory=list)


_Make = Callable[[int], int]
"""Builds a part of the pattern before the node of a number; gives the number of its first node."""


class Pattern:
    """A pattern, read once; raises ValueError with one clause when it is none."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > LONGEST:
            raise ValueError(f"is longer than {LONGEST} characters")
        self._nodes: list[_Node] = [_Node()]  # the first is where everything has matched
        parser = _Parser(text, self._nodes)
        self._first = parser.whole()(0)
        self._ids: dict[tuple[frozenset[int], int], int] = {}
        self._states: list[tuple[frozenset[int], int]] = []
        self._steps: list[dict[str, int]] = []

    def found_in(self, text: str) -> bool:
        """Whether any line of a text has it."""
        lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
        return any(self._in_line(line.rstrip("\r")[:_LONGEST_LINE]) for line in lines)

    def _in_line(self, line: str) -> bool:
        at = self._state(frozenset(), _START)
        for character in line:
            found = self._steps[at].get(character)
            if found is None:
                found = self._step(at, character)
            if found < 0:
                return True
            at = found
        return 0 in self._closure(*self._states[at], "")

    def _state(self, nodes: frozenset[int], before: int) -> int:
        key = nodes, before
        known = self._ids.get(key)
        if known is None:
            known = self._ids[key] = len(self._states)
            self._states.append(key)
            self._steps.append({})
        return known

    def _step(self, at: int, character: str) -> int:
        """Find where a character leads; -1 when all has matched before it."""
        nodes, before = self._states[at]
        here = self._closure(nodes, before, character)
        if 0 in here:
            self._steps[at][character] = -1
            return -1
        taken: set[int] = set()
        for number in here:
            node = self._nodes[number]
            if node.test is not None and node.test(character):
                taken.update(node.then)
        if len(self._states) > _MOST_STATES:
            self._ids.clear()
            self._states.clear()
            self._steps.clear()
            return self._state(frozenset(taken), _kind(character))
        found = self._steps[at][character] = self._state(frozenset(taken), _kind(character))
        return found

    def _closure(self, nodes: frozenset[int], before: int, after: str) -> set[int]:
        """Give every node that is reached without taking a character, the beginning included."""
        reached: set[int] = set()
        pending = [*nodes, self._first]
        while pending:
            number = pending.pop()
            if number in reached:
                continue
            reached.add(number)
            node = self._nodes[number]
            if node.test is None and (not node.assertion or _holds(node.assertion, before, after)):
                pending.extend(node.then)
        return reached


def _kind(character: str) -> int:
    return _WORD if _CLASSES["w"](character) else _OTHER


def _holds(assertion: str, before: int, after: str) -> bool:
    if assertion == "^":
        return before == _START
    if assertion == "$":
        return not after
    is_edge = (before == _WORD) != (bool(after) and _kind(after) == _WORD)
    return is_edge == (assertion == "b")


class _Parser:
    """Reads a pattern into builders of nodes, the outermost first."""

    def __init__(self, text: str, nodes: list[_Node]) -> None:
        self._text = text
        self._at = 0
        self._nodes = nodes

    def whole(self) -> _Make:
        made = self._ways()
        if self._at < len(self._text):
            raise ValueError("has a “)” too many")
        return made

    def _ways(self) -> _Make:
        ways = [self._row()]
        while self._take("|"):
            ways.append(self._row())
        if len(ways) == 1:
            return ways[0]
        return lambda after: self._node(then=[way(after) for way in ways])

    def _row(self) -> _Make:
        parts: list[_Make] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._one()))

        def make(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return make

    def _one(self) -> _Make:
        character = self._next()
        if character == "(":
            return self._group()
        if character in "*+?{":
            raise ValueError(f"has a “{character}” with nothing to repeat")
        if character in "^$":
            return self._asserted(character)
        if character == "[":
            return self._tested(self._set())
        if character == ".":
            return self._tested(lambda _: True)
        if character == "\\":
            return self._escaped()
        return self._tested(_same(character))

    def _group(self) -> _Make:
        if self._take("?") and not self._take(":"):
            raise ValueError("looks around or names a group, which is not known here; “(?:” is")
        made = self._ways()
        if not self._take(")"):
            raise ValueError("has a “(” that is never closed")
        return made

    def _escaped(self) -> _Make:
        character = self._next("ends with a “\\”")
        if character in "bB":
            return self._asserted(character)
        return self._tested(self._class_of(character))

    def _class_of(self, character: str) -> Test:
        if character.lower() in _CLASSES:
            test = _CLASSES[character.lower()]
            return test if character.islower() else lambda other: not test(other)
        return _same(self._literal(character))

    def _literal(self, character: str) -> str:
        if character == "x":
            digits = self._text[self._at : self._at + 2]
            self._at += 2
            try:
                return chr(int(digits, 16))
            except ValueError:
                raise ValueError("has a “\\x” without two hexadecimal digits") from None
        if character.isalnum() and character not in _ESCAPED:
            raise ValueError(f"has “\\{character}”, which is not known here")
        return _ESCAPED.get(character, character)

    def _set(self) -> Test:
        is_not = self._take("^")
        tests: list[Test] = []
        is_first = True
        while is_first or not self._take("]"):
            is_first = False
            character = self._next("has a “[” that is never closed")
            if character == "\\" and self._text[self._at : self._at + 1].lower() in _CLASSES:
                tests.append(self._class_of(self._next()))
                continue
            low = self._literal(self._next("ends with a “\\”")) if character == "\\" else character
            tests.append(self._range(low))
        found = tuple(tests)
        return lambda other: any(test(other) for test in found) is not is_not

    def _range(self, low: str) -> Test:
        ahead = self._text[self._at : self._at + 2]
        if len(ahead) < 2 or ahead[0] != "-" or ahead[1] == "]":
            return _same(low)
        self._at += 1
        high = self._next()
        if high == "\\":
            high = self._literal(self._next("ends with a “\\”"))
        if high < low:
            raise ValueError(f"has “{low}-{high}”, which is empty")
        return lambda character: any(low <= one <= high for one in _cases(character))

    def _repeated(self, part: _Make) -> _Make:
        while self._at < len(self._text) and self._text[self._at] in "*+?{":
            least, most = self._times()
            self._take("?")  # taking as little as can be finds the same lines
            part = self._times_over(part, least, most)
        return part

    def _times(self) -> tuple[int, int | None]:
        sign = self._next()
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        inside, closed, _ = self._text[self._at :].partition("}")
        self._at += len(inside) + 1
        low, comma, high = inside.partition(",")
        if not closed or not all(part == "" or (part.isascii() and part.isdigit()) for part in (low, high)):
            raise ValueError("has a “{” that is no count; write {3} or {2,5}, or \\{ for the sign")
        least = int(low[:6] or 0)
        most = (int(high[:6]) if high else None) if comma else least
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise ValueError(f"repeats something other than 0 to {_MOST_REPEATS} times")
        return least, most

    def _times_over(self, part: _Make, least: int, most: int | None) -> _Make:
        def make(after: int) -> int:
            if most is None:
                loop = self._node(then=[after])
                self._nodes[loop].then.append(part(loop))
                after = loop
            else:
                for _ in range(most - least):
                    after = self._node(then=[part(after), after])
            for _ in range(least):
                after = part(after)
            return after

        return make

    # --- nodes ----------------------------------------------------------------------------------------
    def _tested(self, test: Test) -> _Make:
        return lambda after: self._node(test=test, then=[after])

    def _asserted(self, assertion: str) -> _Make:
        return lambda after: self._node(assertion=assertion, then=[after])

    def _node(self, test: Test | None = None, assertion: str = "", then: list[int] | None = None) -> int:
        if len(self._nodes) >= _MOST_NODES:
            raise ValueError("is too large with all its repeats")
        self._nodes.append(_Node(test, assertion, then or []))
        return len(self._nodes) - 1

    def _next(self, else_: str = "ends too early") -> str:
        if self._at >= len(self._text):
            raise ValueError(else_)
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, sign: str) -> bool:
        if self._text[self._at : self._at + 1] != sign:
            return False
        self._at += 1
        return True


def _cases(character: str) -> tuple[str, str, str]:
    return character, character.lower(), character.upper()


def _same(wanted: str) -> Test:
    cases = {one for one in _cases(wanted) if len(one) == 1}
    return lambda character: not cases.isdisjoint(_cases(character))
