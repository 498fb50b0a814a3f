"""The least bytes that turn one screen into another, as far as anybody can say without trying all ways.

For each run of cells that differ: the shortest move to it from the last one, its characters, and the shortest
codes for what differs of the colours between one cell and the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.tui.emulator import Cell

_PLAIN = ("default", False, False, False, False, "", "default", False, False)
_FEWEST = 3
"""Bytes of the shortest sequence there is."""


def least(before: Sequence[Sequence[Cell]], after: Sequence[Sequence[Cell]]) -> tuple[int, int]:
    """Give how many cells differ, and the fewest bytes for them."""
    cells = written = 0
    pen: tuple[object, ...] = _PLAIN
    last: tuple[int, int] | None = None
    for y, start, run in _runs(before, after):
        jump = len(f"\x1b[{y + 1};{start + 1}H")
        if last is not None and last[0] == y:
            jump = min(
                _FEWEST + (start - last[1] > 1),
                len("".join(str(c[0]) for c in after[y][last[1] : start]).encode()),
            )
        written += jump
        for cell in run:
            cells += 1
            wanted = (*cell[1:], *pen[len(cell) - 1 :])  # of a space not all of the pen is seen
            written += len(str(cell[0]).encode()) + _codes(pen, wanted)
            pen = wanted
        last = (y, start + len(run))
    return cells, written


def _codes(pen: tuple[object, ...], wanted: tuple[object, ...]) -> int:
    if pen == wanted:
        return 0
    each = [_code(new) for old, new in zip(pen, wanted, strict=True) if old != new]
    return min(_FEWEST + sum(each) + len(each) - 1, _FEWEST + 100)


def _code(value: object) -> int:
    """Say how long the code of a colour or an attribute is: an index of a palette, else two digits."""
    if not isinstance(value, str):
        return 1 if value else 2
    return 7 if len(value) == 6 and value != "yellow" else 2


def _runs(
    before: Sequence[Sequence[Cell]], after: Sequence[Sequence[Cell]]
) -> Iterator[tuple[int, int, Sequence[Cell]]]:
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        x = 0
        while x < len(new):
            start = x
            while x < len(new) and old[x] != new[x]:
                x += 1
            if x > start:
                yield y, start, new[start:x]
            x += 1
