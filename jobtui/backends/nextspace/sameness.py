"""Rows of the list that say word for word what they said the last time: not decoded again."""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_left
from collections.abc import Generator, Iterable
from datetime import datetime

from msgspec import Struct

from jobtui.backends.nextspace.wire import Known, Page, decoding, through
from jobtui.model import Job
from jobtui.turns import give_way

LARGE = 1024 * 1024
"""Bytes of a body from which it is decoded in a thread."""

Address = tuple[int, str | None]
"""Where a page of the list begins, and of which status it is."""


class _Kept(Struct, frozen=True):
    digest: int
    page: Page
    rows: array[int]
    """The hash of each row, beside the job that it became; a bare number is a tenth of an object."""
    jobs: tuple[Job, ...]


class Sameness:
    """The pages of one list as they last were; what is said again is given as the very same job.

    The hashes are 64 bits wide and keyed by a secret of this process.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._root = ""
        self._kept: dict[Address, _Kept] = {}
        self._met: set[Address] = set()
        self._replaced: tuple[_Kept, ...] = ()
        """The page read last as it was before: its last rows may now begin the next."""

    async def page(self, address: Address, body: bytes, *, as_of: datetime, root: str) -> Page:
        """Read a page; its jobs that were the same before keep their age. Raises UnexpectedReply."""
        if root != self._root:
            self._root, self._kept = root, {}
        self._met.add(address)
        before = self._kept.get(address)
        digest = hash(body)
        if before is not None and before.digest == digest:
            self._replaced = ()
            return before.page
        known = _joined([*self._replaced, *self._neighbours(address)])
        self._replaced = () if before is None else (before,)
        await give_way()

        said: Known = {}
        steps = decoding(self._source, body, as_of=as_of, root=root, known=known, said=said)
        page = await (asyncio.to_thread(through, steps) if len(body) > LARGE else _in_turns(steps))
        jobs = tuple(said.values())
        # Nearly always each row is a job of its own: then there is one tuple of them, not two.
        self._kept[address] = _Kept(digest, page, array("q", said), page.jobs if jobs == page.jobs else jobs)
        return page

    def forget_unmet(self) -> None:
        """Forget the pages that nobody has asked for since the last time: the list has grown shorter."""
        self._kept = {address: kept for address, kept in self._kept.items() if address in self._met}
        self._met = set()

    def _neighbours(self, address: Address) -> list[_Kept]:
        """Give this page as it was, and the next: when jobs leave the list, others move up. Where none began
        just here, the one before as well."""
        start, status = address
        places = sorted(place for place, of in self._kept if of == status)
        at = bisect_left(places, start)
        first = at if address in self._kept else max(0, at - 1)
        return [self._kept[place, status] for place in places[first : at + 2]]


async def _in_turns(steps: Generator[None, None, Page]) -> Page:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            page: Page = end.value
            return page
        await give_way()


def _joined(pages: Iterable[_Kept]) -> Known:
    known: Known = {}
    for page in pages:
        known.update(zip(page.rows, page.jobs, strict=True))
    return known
