"""How many of the inputs of the suite each target gets: fewer where one takes longer."""

from __future__ import annotations

from collections.abc import Mapping

DOCUMENTS: Mapping[str, int] = {"nextspace": 2_500, "zendesk": 2_500, "arcgis": 2_500, "piped": 2_000}
TEXTS: Mapping[str, int] = {"text": 3_000, "ref": 2_500, "filter": 2_500, "when": 1_500, "config": 1_000}
SHARES: Mapping[str, int] = {**DOCUMENTS, **TEXTS}
"""Twenty thousand together; two halves, for two processes."""


def share(target: str, inputs: int) -> int:
    """Give a target's part of any number of inputs over all, rounded up."""
    return -(-inputs * SHARES[target] // sum(SHARES.values()))
