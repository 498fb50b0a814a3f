"""Somebody else acts on the job while a dialog is open: it is said, and the dialog cannot be confirmed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.registry import make_backend
from jobtui.demo import DemoServer
from jobtui.model import Control, JobRef, Kind, Parameters, Verdict
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.confirm import ConfirmScreen
from jobtui.tui.screens.hold import HoldScreen
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.monitor.conftest import connections
from tests.tui.conftest import DEAF_S, Drive, Driven


class Other:
    """A second client of the same source, with connections of its own."""

    def __init__(self, demo: DemoServer) -> None:
        source, connection = next(
            (source, reached) for source, reached in connections(demo).items() if source.kind is Kind.ARCGIS
        )
        backend = make_backend(source, connection)
        assert isinstance(backend, ArcgisBackend)
        self.backend = backend
        self.root, self._told = connection.url, demo.sources["arcgis"]

    async def does(self, control: Control, ref: JobRef) -> None:
        detail = await self.backend.get(ref.job_id)
        request = self.backend.freeze(control, detail, ref, Parameters(), datetime.now(UTC))
        assert (await self.backend.control(request)).verdict is Verdict.ACCEPTED

    async def assigns(self, ref: JobRef, step_id: str, name: str) -> None:
        headers = {"Authorization": f"Bearer {self._told['token']}"}
        body = {"assignedType": "User", "assignedTo": name}
        async with httpx.AsyncClient() as client:
            url = f"{self.root}/jobs/{ref.job_id}/{step_id}"
            assert (await client.post(url, json=body, headers=headers)).json() == {"success": True}


@pytest.fixture
async def other(demo: DemoServer) -> AsyncIterator[Other]:
    made = Other(demo)
    yield made
    await made.backend.aclose()


def a_question(demo: DemoServer) -> JobRef:
    return JobRef("field", demo.world.add_workflow_job("free-question").job_id)


def text(driven: Driven) -> str:
    lines = [text_of(line) for bar in driven.app.screen.query(LineBar) for line in bar.lines]
    return " ".join(" ".join(lines).split())


async def opened(driven: Driven, key: str, kind: type[ConfirmScreen | HoldScreen]) -> None:
    await driven.pilot.press(key)
    await until(lambda: isinstance(driven.app.screen, kind), what="the dialog")
    await driven.pilot.pause(DEAF_S)


@pytest.mark.parametrize("key", ["R", "S"])
async def test_a_hold_that_somebody_puts_on_the_step_stops_the_question(
    demo: DemoServer, drive: Drive, other: Other, key: str
) -> None:
    ref, said = a_question(demo), "a hold was put on it: held by dortiz since"
    async with drive(ref) as driven:
        await opened(driven, key, ConfirmScreen)
        await other.does(Control.HOLD, ref)
        await until(lambda: said in text(driven), what=f"what changed; it says: {text(driven)}")
        assert "Esc closes; look, then ask again." in text(driven)
        dialog = driven.app.screen
        for pressed in ("y", "right", "y"):
            await driven.pilot.press(pressed)
            await driven.pilot.pause(0.1)
        assert driven.app.screen is dialog
        await driven.pilot.press("escape")
        await until(lambda: driven.app.screen is driven.main, what="Esc leaves")
        assert [write["body"]["type"] for write in driven.writes()] == ["Hold"], "only the other client's"


async def test_a_step_that_somebody_else_runs_or_is_given_stops_the_question(
    demo: DemoServer, drive: Drive, other: Other
) -> None:
    ref = a_question(demo)
    async with drive(ref) as driven:
        await opened(driven, "F", ConfirmScreen)
        await driven.pilot.press("y")
        await until(lambda: "Why?" in text(driven), what="the reason is asked for")
        await other.assigns(ref, "s-1", "rpatel")
        said = "the step is assigned to rpatel now, no longer to dortiz"
        await until(lambda: said in text(driven), what=f"what changed; it says: {text(driven)}")
        await driven.pilot.press("enter")
        await until(lambda: driven.app.screen is driven.main, what="Enter leaves, on No")
        assert driven.writes() == []


async def test_a_hold_dialog_stops_when_somebody_else_was_quicker(
    demo: DemoServer, drive: Drive, other: Other
) -> None:
    ref = a_question(demo)
    async with drive(ref) as driven:
        await opened(driven, "H", HoldScreen)
        await driven.pilot.press("2")
        await driven.type("+2h")
        await other.does(Control.HOLD, ref)
        await until(lambda: "a hold was put on it" in text(driven), what=f"it says: {text(driven)}")
        dialog = driven.app.screen
        await driven.pilot.press("enter", "1", "enter")
        assert driven.app.screen is dialog
        await driven.pilot.press("escape")
        await until(lambda: driven.app.screen is driven.main, what="Esc leaves")
        assert len(driven.writes()) == 1, "only the other client's"


async def test_what_changed_between_the_last_look_and_the_yes_is_not_sent_either(
    demo: DemoServer, drive: Drive, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = a_question(demo)
    async with drive(ref) as driven:
        await opened(driven, "S", ConfirmScreen)
        dialog = driven.app.screen
        assert isinstance(dialog, ConfirmScreen)
        # As on a slow poll: the dialog hears nothing before the yes.
        monkeypatch.setattr(dialog, "receive", lambda event: None)
        await driven.pilot.press("y")
        await other.assigns(ref, "s-1", "rpatel")
        await driven.pilot.pause(0.2)
        await driven.pilot.press("enter")
        await until(lambda: "since it was asked the step is assigned to rpatel" in driven.receipt)
        assert "not sent" in driven.receipt
        assert driven.writes() == []
