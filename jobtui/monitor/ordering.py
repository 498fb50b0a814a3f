"""Ordering: all rows by a column, so quickly that nobody waits for it. Pure.

Most of the time goes into finding what is compared: rows are gone through as they lie in memory where that
can be done, and not in the order of need, in which they lie all over it.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from operator import attrgetter
from typing import Any

from jobtui.monitor.rows import Row, by_need

_value = attrgetter("value")
_need = attrgetter("need")
_MANY_ALIKE = 8
"""When more than one row in so many shares its value, all are sorted by need before, not only those alike."""


def by_value(rows: list[Row], base: list[Row], *, is_turned: bool, has_few: bool) -> list[Row]:
    """Sort all by their values, those alike by need; what has no value comes last, turned round or not.

    ``base`` has them in the order of need, ``rows`` as they lie in memory; ``has_few`` says that many share
    one value.
    """
    known = _piled(base) if has_few else _sorted(rows, base)
    if len(known) < len(base):
        known += [row for row in base if row.value is None]
    return turned(known, is_turned=True) if is_turned else known


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


def _piled(base: list[Row]) -> list[Row]:
    piles: dict[Any, list[Row]] = {}
    for row in base:
        try:
            piles[row.value].append(row)
        except KeyError:
            piles[row.value] = [row]
    piles.pop(None, None)
    return list(chain.from_iterable(piles[value] for value in sorted(piles)))


def _sorted(rows: list[Row], base: list[Row]) -> list[Row]:
    known = [row for row in rows if row.value is not None]
    if known and isinstance(known[0].value, float):  # numbers are compared where they are found
        return _sorted_by_need_first(base)
    alike = _alike(known)
    if sum(map(len, alike.values())) > len(known) // _MANY_ALIKE:
        return _sorted_by_need_first(base)
    known.sort(key=_value)
    for value, some in alike.items():
        first = bisect_left(known, value, key=_value)
        known[first : first + len(some)] = sorted(some, key=by_need)
    return known


def _sorted_by_need_first(base: list[Row]) -> list[Row]:
    known = [row for row in base if row.value is not None]
    known.sort(key=_value)
    return known


def _alike(known: list[Row]) -> dict[Any, list[Row]]:
    """Give the rows that share a value, by that value."""
    once = {row.value for row in known}
    alike: dict[Any, list[Row]] = {}
    if len(once) < len(known):
        twice = set()
        for row in known:
            value = row.value
            if value in once:
                once.remove(value)
            else:
                twice.add(value)
        for row in known:
            if row.value in twice:
                alike.setdefault(row.value, []).append(row)
    return alike
