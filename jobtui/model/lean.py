"""Lean texts: of thousands of jobs each has texts in which nothing is its own but its id."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


@lru_cache(1_024)
def _shared(parts: tuple[str, ...]) -> tuple[str, ...]:
    return parts


class _LeanText:
    """A field of a job that holds what stands around its id once for all jobs, and gives the whole text."""

    __slots__ = ("_slot",)

    def __init__(self, slot: Any) -> None:
        self._slot = slot

    def __get__(self, job: Any, owner: type | None = None) -> Any:
        if job is None:
            return self._slot
        held = self._slot.__get__(job)
        return job.ref.job_id.join(held) if type(held) is tuple else held

    def __set__(self, job: Any, text: Any) -> None:
        own = job.ref.job_id
        if type(text) is str and own and own in text:
            self._slot.__set__(job, _shared(tuple(text.split(own))))
        else:
            self._slot.__set__(job, text)


def lean(*fields: str) -> Callable[[type[T]], type[T]]:
    """Let a class with slots, and a ``ref`` that is set before these fields, hold them so."""

    def decorate(of: type[T]) -> type[T]:
        for field in fields:
            setattr(of, field, _LeanText(of.__dict__[field]))
        return of

    return decorate
