"""Ordering: all rows by a column, so quickly that nobody waits for it. Pure.

Most of the time goes into finding what is compared: rows are gone through as they lie in memory where that
can be done, and not in the order of need, in which they lie all over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from operator import attrgetter, eq
from typing import Any

from jobtui.monitor.rows import Row, by_need

_value = attrgetter("value")
_need = attrgetter("need")
_MANY_ALIKE = 8
"""From one row in so many that is like the one before, all are sorted anew instead of those alike."""


def by_value(rows: list[Row], base: list[Row], *, is_turned: bool, has_few: bool) -> list[Row]:
    """Sort all by their values, those alike by need; what has no value comes last, turned round or not.

    ``base`` has them in the order of need, ``rows`` as they lie in memory; ``has_few`` says that many share
    one value.
    """
    known = _piled(base, is_turned=is_turned) if has_few else _sorted(rows, base, is_turned=is_turned)
    return known if len(known) == len(base) else [*known, *(row for row in base if row.value is None)]


def turned(ordered: list[Row], *, is_turned: bool) -> list[Row]:
    """Turn round what is sorted by value; those alike, and those without a value, stay as they are."""
    known = [row for row in ordered if row.value is not None]
    unknown = ordered[len(known) :]
    known.sort(key=_value, reverse=is_turned)
    return known + unknown


def usual(base: list[Row], *, is_turned: bool) -> list[Row]:
    """Give the order of need, or that turned round, with what was put at the end there."""
    put = [row for row in base if row.is_put]
    if not put and not is_turned:
        return base
    ahead = [row for row in base if not row.is_put]
    if is_turned:
        for rows in (ahead, put):
            rows.sort(key=_need, reverse=True)
    return ahead + put


def _piled(base: list[Row], *, is_turned: bool) -> list[Row]:
    piles: dict[Any, list[Row]] = {}
    for row in base:
        try:
            piles[row.value].append(row)
        except KeyError:
            piles[row.value] = [row]
    piles.pop(None, None)
    return list(chain.from_iterable(piles[value] for value in sorted(piles, reverse=is_turned)))


def _sorted(rows: list[Row], base: list[Row], *, is_turned: bool) -> list[Row]:
    if rows and isinstance(rows[0].value, float):  # no text that lies elsewhere: two passes more are no gain
        return _sorted_by_need_first(base, is_turned=is_turned)
    known = [row for row in rows if row.value is not None]
    known.sort(key=_value, reverse=is_turned)
    values = list(map(_value, known))
    alike = [at for at, same in enumerate(map(eq, values, islice(values, 1, None))) if same]
    if len(alike) > len(known) // _MANY_ALIKE:
        return _sorted_by_need_first(base, is_turned=is_turned)
    for first, last in _runs(alike):
        known[first:last] = sorted(known[first:last], key=by_need)
    return known


def _sorted_by_need_first(base: list[Row], *, is_turned: bool) -> list[Row]:
    known = [row for row in base if row.value is not None]
    known.sort(key=_value, reverse=is_turned)
    return known


def _runs(alike: list[int]) -> Iterator[tuple[int, int]]:
    """Give where rows of one value begin and end, by which of them are like the next."""
    first = 0
    for at, this in enumerate(alike):
        if at and this != alike[at - 1] + 1:
            yield alike[first], alike[at - 1] + 2
            first = at
    if alike:
        yield alike[first], alike[-1] + 2
