"""Diagrams once read: many jobs follow the same one, and it does not change under its version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Generic, TypeVar

from jobtui.backends.arcgis.diagram import Diagram

_MOST_DIAGRAMS = 256
_MOST_JOBS = 4_096

Key = tuple[str, str]
"""Id and version of a diagram."""
K = TypeVar("K")
V = TypeVar("V")


class Plans:
    """The diagrams of one source, by id and version, and by the job that was last seen to follow one."""

    def __init__(self) -> None:
        self._by_key: Newest[Key, Diagram] = Newest(_MOST_DIAGRAMS)
        self._by_job: Newest[str, Diagram] = Newest(_MOST_JOBS)

    def of_job(self, job_id: str) -> Diagram | None:
        """Return the diagram that a job followed when it was last read."""
        return self._by_job.get(job_id)

    def names_of(self, job_id: str) -> Mapping[str, str]:
        """Return the titles of the steps of a job, by id; none when its diagram was not read."""
        plan = self._by_job.get(job_id)
        return plan.names if plan else {}

    def known(self, key: Key | None) -> Diagram | None:
        """Return a diagram read before under this id and version."""
        return self._by_key.get(key) if key else None

    def keep(self, job_id: str, key: Key | None, diagram: Diagram) -> None:
        """Remember a diagram; without a key only as that of the job."""
        self._by_job.keep(job_id, diagram)
        if key is not None:
            self._by_key.keep(key, diagram)

    def forget(self, job_id: str) -> None:
        """Forget which diagram a job followed."""
        self._by_job.drop(job_id)


class Newest(Generic[K, V]):
    """A mapping that forgets what was used longest ago."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return what is kept under a key; it is now the newest."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: K, value: V) -> None:
        """Keep a value in place of any other of its key."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, key: K) -> None:
        """Forget what is kept under a key, if anything is."""
        self._kept.pop(key, None)
