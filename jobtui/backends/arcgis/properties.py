"""What an item says of a job beside how it stands: priority, due date, properties of its own. Pure.

Source: the project's notes on the REST API, 3.1. Which extended properties there are, each item configures.
"""

from __future__ import annotations

from collections.abc import Iterator

from jobtui.backends.arcgis.fields import Record, moment, records, text

MOST = 100
"""Properties that are kept of one job."""
LONGEST = 2_000
"""Characters that are kept of one value."""
_TEXTS = {"priority": "priority", "description": "description", "notes": "notes"}
_MOMENTS = {"planned start": "startDate", "due": "dueDate"}
_PARENT = "parentJob"
_TABLES = ("extendedProperties", "relatedProperties")

Properties = tuple[tuple[str, str], ...]


def properties_of(job: Record) -> Properties:
    """Read names and values as text, those every job has first; what is empty or odd is left out."""
    found: dict[str, str] = {}
    for name, value in (*_common(job), *_own(job)):
        if value and len(found) < MOST:
            found.setdefault(name[:LONGEST], value if len(value) <= LONGEST else f"{value[:LONGEST]}…")
    return tuple(found.items())


def _common(job: Record) -> Iterator[tuple[str, str | None]]:
    for name, key in _TEXTS.items():
        yield name, text(job.get(key))
    for name, key in _MOMENTS.items():
        at = moment(job.get(key))
        yield name, f"{at:%Y-%m-%d %H:%M} UTC" if at else None
    yield "parent job", text(job.get(_PARENT))


def _own(job: Record) -> Iterator[tuple[str, str | None]]:
    for key in _TABLES:
        for table in records(job.get(key)):
            where = text(table.get("tableName"))
            for each in records(table.get("properties")):
                name = text(each.get("propertyName"))
                if name is not None:
                    yield f"{where}.{name}" if where else name, _value(each.get("value"))


def _value(value: object) -> str | None:
    return str(value).lower() if isinstance(value, bool) else text(value)
