"""Sources: the configured endpoints, as far as anyone but their backend needs to know them."""

from __future__ import annotations

from msgspec import Struct

from jobtui.model.job import Kind

USUAL_BUDGETS = {Kind.NEXTSPACE: 60.0, Kind.ZENDESK: 60.0, Kind.ARCGIS: 180.0}
"""Requests per minute where the configuration names none. Workflow Manager has no list that tells how a job's
steps stand, so each open job costs two."""


BADGE_COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "grey")


class Source(Struct, frozen=True):
    """A configured endpoint and how it is to be watched."""

    name: str
    kind: Kind
    production: bool = False
    """Looks different, asks harder."""
    read_only: bool = False
    poll_s: float = 5.0
    """Seconds between questions while something runs and somebody looks."""
    budget: float = 60.0
    """Requests per minute that jobtui may spend here."""
    history_s: float = 24 * 3600.0
    """How long ago a job may have ended and still be listed."""
    limit: int = 5_000
    """The most jobs listed."""
    badge: str = ""
    """A word that it is marked with; empty for the usual one of production, and for none elsewhere."""
    colour: str = ""
    """The colour of that word, one of ``BADGE_COLOURS``; empty for the usual one."""

    @property
    def word(self) -> str:
        """The word that it is marked with; empty for none."""
        return self.badge or ("PROD" if self.production else "")
