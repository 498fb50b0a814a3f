"""How things stand between us and each source, as lines: what is lost and why, and what is back."""

from __future__ import annotations

from jobtui import documents
from jobtui.cli import session
from jobtui.monitor.events import Link, SourceHealth


class Links:
    """Remembers what was said of each source, so that only what is new is said."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[Link, str | None]] = {}

    def news(self, health: SourceHealth) -> str | None:
        """Say in one line what is new of a source; None where nothing is."""
        if health.link is Link.STARTING:
            return None  # nothing has been heard of it yet
        now_is = (health.link, health.error)
        before = self._told.get(health.source)
        self._told[health.source] = now_is
        if now_is == before:
            return None
        who = f"{session.now():%H:%M:%S}  {health.source}  {health.link}"
        if health.error is not None:
            return f"{who}: {documents.json_value(health.error)}"
        if before is not None and before[1] is None:
            return None
        lists = "" if health.has_list else ", no list: ids on watch only"
        return f"{who}, {health.jobs} jobs{lists}"
