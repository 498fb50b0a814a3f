"""Pages of a list that come byte for byte as they came the last time: not decoded again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

PageT = TypeVar("PageT")


class SamePages(Generic[PageT]):
    """The pages of one list as they last were, by what was asked.

    Their jobs keep the age of the first answer that said so: who hands them on says when it was told again.
    The hashes are 64 bits wide and keyed by a secret of this process.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[int, PageT]] = {}
        self._met: set[Hashable] = set()

    def read(self, asked: Hashable, body: bytes, decode: Callable[[], PageT]) -> PageT:
        """Give the page of before where the answer is the same; raises what decoding does."""
        self._met.add(asked)
        digest = hash(body)
        before = self._kept.get(asked)
        if before is not None and before[0] == digest:
            return before[1]
        page = decode()
        self._kept[asked] = (digest, page)
        return page

    def forget_unmet(self) -> None:
        """Forget the pages that nobody has asked for since the last time: a cursor may never come again."""
        self._kept = {asked: kept for asked, kept in self._kept.items() if asked in self._met}
        self._met = set()
