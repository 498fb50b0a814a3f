"""The jobs that a JSON document names, whichever of the APIs gave it: what starts a job, shows or lists it.

Told apart by their keys alone, so that the answer to somebody else's request can be followed. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from jobtui.backends.lenient import text_of, texts_of
from jobtui.model import Kind
from jobtui.text import plain

_DEEPEST = 6
"""Envelopes within envelopes that are opened."""
_LONGEST_REASON = 300
_STATUS_WORDS = frozenset({"queued", "working", "completed", "failed", "killed"})
_NO_ACTION = frozenset({"User", "User.ID", "Subdomain"})
"""Keys of sessions and accounts, which have an ``ID`` as well."""


class Named(Struct, frozen=True):
    """A job that a document names."""

    kind: Kind | None
    """None where the text is a ref, an address or an id of no known kind."""
    text: str
    """The job's id; a ref or an address where there is no kind."""
    address: str | None = None
    """Where the document says that the job is. It tells sources apart, and nothing is ever sent there."""


def names_in(value: object, depth: int = _DEEPEST) -> tuple[Named, ...]:
    """Return the jobs that a JSON value names, in its order, each once; none for what is not understood."""
    return tuple(dict.fromkeys(_names(value, depth)))


def error_in(value: object) -> str | None:
    """Return what an answer says went wrong, in any of the three APIs' spellings; None for a good one."""
    if not isinstance(value, Mapping):
        return None
    found = [text for key in ("ERROR", "error", "errors") for text in texts_of(value.get(key))]
    if found and (description := text_of(value.get("description"))):
        found.append(description)
    return plain(": ".join(dict.fromkeys(found)), limit=_LONGEST_REASON) or None


def _names(value: object, depth: int) -> Iterable[Named]:
    if depth == 0:
        return ()
    if isinstance(value, list):
        return [name for item in value for name in _item(item, depth - 1)]
    if not isinstance(value, Mapping):
        return ()
    for read in (_ours, _of_zendesk, _of_nextspace, _of_arcgis):
        if found := read(value, depth - 1):
            return found
    return ()


def _item(item: object, depth: int) -> Iterable[Named]:
    """An array may hold documents, or bare refs and ids."""
    text = _text(item)
    return _names(item, depth) if text is None else [Named(None, text)]


def _ours(value: Mapping[Any, Any], _depth: int) -> list[Named]:
    """What jobtui itself prints with ``--json``."""
    ref = _text(value.get("ref"))
    return [Named(None, ref)] if ref and ":" in ref else []


def _of_zendesk(value: Mapping[Any, Any], _depth: int) -> list[Named]:
    """A job status, wrapped or bare or among several; or the ids of a queue that is full."""
    if isinstance(wrapped := value.get("job_status"), Mapping):
        return _status(wrapped)
    if isinstance(several := value.get("job_statuses"), list):
        return [name for row in several if isinstance(row, Mapping) for name in _status(row)]
    if isinstance(running := value.get("current_job_ids"), list):
        return [Named(Kind.ZENDESK, text) for each in running if (text := _text(each))]
    word, address = text_of(value.get("status")), text_of(value.get("url"))
    is_bare = word in _STATUS_WORDS or (address is not None and "/job_statuses/" in address)
    return _status(value) if is_bare else []


def _status(row: Mapping[Any, Any]) -> list[Named]:
    job_id, address = _text(row.get("id")), row.get("url")
    return [Named(Kind.ZENDESK, job_id, address if isinstance(address, str) else None)] if job_id else []


def _of_nextspace(value: Mapping[Any, Any], depth: int) -> Iterable[Named]:
    """A record or what started one, ``ID`` before ``PendingActionID``; a message names its job otherwise."""
    if isinstance(items := value.get("Items"), list):
        return _names(items, depth)
    if value.keys() & _NO_ACTION:
        return ()
    keys = ("PendingAction.ID",) if "PendingAction.ID" in value else ("ID", "PendingActionID")
    numbers = (text for key in keys if (text := _text(value.get(key))) and text.isascii() and text.isdigit())
    job_id = next((number for number in numbers if number.strip("0")), None)
    return [Named(Kind.NEXTSPACE, job_id)] if job_id else []


def _of_arcgis(value: Mapping[Any, Any], depth: int) -> Iterable[Named]:
    """A job or what made some, a page of a search, a frame of the websocket, a list of a job's records."""
    ids = value.get("jobIds")
    if (job_id := _text(value.get("jobId"))) or isinstance(ids, list):
        texts = [job_id] if job_id else map(_text, ids if isinstance(ids, list) else ())
        return [Named(Kind.ARCGIS, text) for text in texts if text]
    if isinstance(fields := value.get("fields"), list) and isinstance(rows := value.get("results"), list):
        return _cells(fields, rows)
    for key in ("message", "jobHistory", "jobComments", "holds"):
        if found := _of_arcgis_part(value.get(key), depth):
            return found
    return ()


def _of_arcgis_part(part: object, depth: int) -> list[Named]:
    parts = part if isinstance(part, list) else [part]
    return [name for each in parts if isinstance(each, Mapping) and depth for name in _of_arcgis(each, 0)]


def _cells(fields: list[Any], rows: list[Any]) -> list[Named]:
    """The rows of a search are arrays beside their fields."""
    names = [text_of(field.get("name") if isinstance(field, Mapping) else field) for field in fields]
    place = next((at for at, name in enumerate(names) if name and name.lower() in ("jobid", "job_id")), None)
    if place is None:
        return []
    cells = (_text(row[place]) for row in rows if isinstance(row, list) and len(row) > place)
    return [Named(Kind.ARCGIS, text) for text in cells if text]


def _text(value: object) -> str | None:
    """An id as text that can be written anywhere: half of a pair of surrogates cannot."""
    text = text_of(value)
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")
