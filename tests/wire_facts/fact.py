"""One row of the table, and the short names of the test files in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a client can see on the wire."""

    id: str
    """Unique; the letters say which notes it is from."""
    text: str
    test: str | None
    """The pytest node that meets it, from the root of the repository; None when nothing does yet."""
    reason: str | None = None
    """Why nothing does; only then."""


_FILES = {
    "address": "backends/test_address.py",
    "allowance": "backends/test_allowance.py",
    "answers": "backends/test_answers.py",
    "auth": "backends/test_auth.py",
    "http": "backends/test_http.py",
    "lenient": "backends/test_lenient.py",
    "naming": "backends/test_naming.py",
    "n.client": "backends/nextspace/test_client.py",
    "n.messages": "backends/nextspace/test_messages.py",
    "n.reading": "backends/nextspace/test_reading.py",
    "n.paging": "backends/nextspace/test_paging.py",
    "n.place": "backends/nextspace/test_place.py",
    "n.replies": "backends/nextspace/test_replies.py",
    "n.result": "backends/nextspace/test_result.py",
    "n.rules": "backends/nextspace/test_rules.py",
    "n.wire": "backends/nextspace/test_wire.py",
    "z.client": "backends/zendesk/test_client.py",
    "z.showing": "backends/zendesk/test_showing.py",
    "z.wire": "backends/zendesk/test_wire.py",
    "a.addresses": "backends/arcgis/test_addresses.py",
    "a.client": "backends/arcgis/test_client.py",
    "a.diagram": "backends/arcgis/test_diagram.py",
    "a.ear": "backends/arcgis/test_ear.py",
    "a.effects": "backends/arcgis/test_effects.py",
    "a.frames": "backends/arcgis/test_frames.py",
    "a.history": "backends/arcgis/test_history.py",
    "a.picky": "backends/arcgis/test_picky_servers.py",
    "a.push": "backends/arcgis/test_push.py",
    "a.servers": "backends/arcgis/test_push_servers.py",
    "a.refusals": "backends/arcgis/test_refusals.py",
    "a.rules": "backends/arcgis/test_rules.py",
    "a.sign_in": "backends/arcgis/test_sign_in.py",
    "a.steps": "backends/arcgis/test_steps.py",
    "a.wire": "backends/arcgis/test_wire.py",
    "cadence": "monitor/test_cadence.py",
    "controls": "monitor/test_controls.py",
    "gone": "monitor/test_gone.py",
    "honesty": "monitor/test_honesty.py",
    "listening": "monitor/test_listening.py",
    "store": "monitor/test_store.py",
    "watching": "monitor/test_watching.py",
    "why": "insight/test_why.py",
    "documents": "test_documents.py",
    "config.errors": "test_config_errors.py",
    "cli.control": "cli/test_control.py",
    "cli.setup": "cli/test_setup.py",
    "seeds": "seeds_only/test_seeds_only.py",
    "d.actions": "demo/test_arcgis_actions.py",
    "d.faults": "demo/test_faults.py",
    "d.nextspace": "demo/test_nextspace.py",
    "d.node": "demo/test_node_zendesk.py",
    "d.python": "demo/test_python_zendesk.py",
    "d.push": "demo/test_notifications.py",
    "d.clients": "demo/test_published_clients.py",
    "d.reads": "demo/test_arcgis_reads.py",
    "d.world": "demo/test_world.py",
    "d.zendesk": "demo/test_zendesk.py",
}

Row = tuple[str, str] | tuple[str, None, str]
"""What is seen, and ``file test`` by short names; or None and why not."""


def facts(letters: str, rows: Iterable[Row]) -> tuple[Fact, ...]:
    """Number the rows of one document's notes. Append only: a number stays with its fact."""
    return tuple(_fact(f"{letters}-{number:03}", row) for number, row in enumerate(rows, start=1))


def _fact(fact_id: str, row: Row) -> Fact:
    if row[1] is None:
        return Fact(fact_id, row[0], None, row[2])
    file, _, name = row[1].partition(" ")
    return Fact(fact_id, row[0], f"tests/{_FILES[file]}::test_{name}")
