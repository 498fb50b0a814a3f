"""From a kind to its backend; only what is asked for is imported."""

from __future__ import annotations

from jobtui.backends.base import Backend, Connection
from jobtui.model import Kind, Source


def make_backend(source: Source, connection: Connection) -> Backend:
    """Make the backend of a source. Nothing is sent or read yet."""
    # Imported here because each brings httpx, which costs more than a whole quick command.
    match source.kind:
        case Kind.NEXTSPACE:
            from jobtui.backends.nextspace.client import NextspaceBackend

            return NextspaceBackend(source, connection)
        case Kind.ZENDESK:
            from jobtui.backends.zendesk.client import ZendeskBackend

            return ZendeskBackend(source, connection)
        case Kind.ARCGIS:
            from jobtui.backends.arcgis.client import ArcgisBackend

            return ArcgisBackend(source, connection)
