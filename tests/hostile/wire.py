"""Cases on the wire: documents of every kind, with a case in chosen fields."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.fuzz.building import MARK
from tests.fuzz.corpus import seeds

Path = tuple[str | int, ...]
_IDS = frozenset(
    {"ID", "id", "jobId", "stepId", "stepIds", "holdId", "commentId", "nextStep", "initialStepId"}
    | {"PendingAction.ID", "diagramId", "dependentJobId", "dependentStepId", "current_job_ids"}
)
_HERE = "here stands the case"


@cache
def documents(kind: str) -> tuple[str, ...]:
    """Give documents of a kind in which every field of it stands at least once, as JSON."""
    found: list[str] = []
    known: set[str] = set()
    for seed in seeds(kind):
        if seed[:1] == bytes([MARK]):
            continue
        names = {name_of(way) for way in fields(seed.decode())}
        if names - known:
            found.append(seed.decode())
            known |= names
    return tuple(found)


def name_of(way: Path) -> str:
    """Give the name of a field, wherever in a document it stands."""
    return next((part for part in reversed(way) if isinstance(part, str)), "")


@cache
def fields(document: str) -> tuple[Path, ...]:
    """Give the ways to every single value of a document."""
    return tuple(_ways(json.loads(document), ()))


def is_id(way: Path) -> bool:
    """Say whether a field is an id."""
    return any(name in _IDS for name in way)


def is_text(document: str, way: Path) -> bool:
    """Say whether a field holds a text in an ordinary document."""
    value = json.loads(document)
    for part in way:
        value = value[part]
    return isinstance(value, str)


def filled(document: str, ways: tuple[Path, ...], literal: str) -> bytes:
    """Put a case, as JSON, into these fields of a document."""
    value = copy.deepcopy(json.loads(document))
    for way in ways:
        _put(value, way)
    whole = json.dumps(value)
    return whole.replace(json.dumps(_HERE), literal).encode("utf-8", "surrogatepass")


def _ways(value: Any, way: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _ways(inner, (*way, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _ways(inner, (*way, place))
    else:
        yield way


def _put(value: Any, way: Path) -> None:
    for part in way[:-1]:
        value = value[part]
    if way:
        value[way[-1]] = _HERE
