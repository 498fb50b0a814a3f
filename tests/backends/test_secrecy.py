"""A server that echoes our token in its answer to a control does not get it shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.base import Backend, Connection
from jobtui.backends.nextspace.client import NextspaceBackend
from jobtui.model import Control, ControlRequest, JobRef, Kind, Parameters, Source
from tests.backends.conftest import TOKEN, answer, connection, scripted

MAKERS: dict[Kind, Callable[[Source, Connection], Backend]] = {
    Kind.NEXTSPACE: NextspaceBackend,
    Kind.ARCGIS: ArcgisBackend,
}


def refusal(kind: Kind, text: str) -> bytes:
    if kind is Kind.NEXTSPACE:
        return json.dumps({"ERROR": text}).encode()
    step = {"stepId": "a", "status": "Odd", "statusDescription": text}
    return json.dumps({"success": False, "stepResponses": [step]}).encode()


@pytest.mark.parametrize("kind", sorted(MAKERS))
@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("before", ["the token ", "x" * 290])
async def test_a_token_in_the_reason_of_a_refusal_is_hidden_also_where_it_would_be_cut(
    kind: Kind, status: int, before: str
) -> None:
    async with scripted(answer(refusal(kind, f"{before}{TOKEN} is bad"), status)) as server:
        backend = MAKERS[kind](Source("tried", kind), connection(server.url))
        try:
            request = ControlRequest(
                Control.CANCEL, JobRef("tried", "7"), datetime.now(UTC), Parameters(("a",))
            )
            outcome = await backend.control(request)
        finally:
            await backend.aclose()
    told = f"{outcome.reason} {outcome.steps}"
    assert before in told
    assert TOKEN[:6] not in told
