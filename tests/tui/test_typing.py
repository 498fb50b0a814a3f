"""Typing keeps the order of the keys."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult
from textual.events import Key

from jobtui.demo import DemoServer
from jobtui.model import JobRef
from jobtui.tui.screens.copying import CopyScreen
from jobtui.tui.screens.palette import PaletteScreen
from jobtui.tui.widgets.typing import Typing
from tests.conftest import until
from tests.tui.conftest import Drive


class TypingApp(App[None]):
    """An app with one line for typing."""

    def compose(self) -> ComposeResult:
        yield Typing()


async def test_a_burst_of_keys_is_taken_in_the_order_it_was_typed() -> None:
    async with TypingApp().run_test() as pilot:
        typed = pilot.app.query_one(Typing)
        for key in [*"abcdef", *["backspace"] * 3, *"xyz", "home", "delete"]:
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await until(lambda: typed.value.endswith("xyz") and not typed.value.startswith("a"))
        assert typed.value == "bcxyz"


async def test_no_key_overtakes_another_though_the_pane_it_is_pressed_in_is_busy(
    drive: Drive, demo: DemoServer
) -> None:
    """A key that opens a menu had it take the keys before it, too."""
    ref = JobRef("tiles", str(demo.world.add_action(lasts=600.0).action_id))
    async with drive(ref) as screen:
        await screen.pilot.press("3")
        for opening, opened in (("y", CopyScreen), ("colon", PaletteScreen)):
            wraps, pane = screen.main.log_pane.wraps, screen.main.log_pane
            pane.call_next(asyncio.sleep, 0.3)
            for key in ("w", opening):
                screen.app.post_message(Key(key, key if len(key) == 1 else ":"))
            await until(lambda opened=opened: isinstance(screen.app.screen, opened))  # type: ignore[misc]
            assert pane.wraps is not wraps
            await screen.pilot.press("escape")


async def test_what_is_typed_in_one_burst_behind_a_key_is_for_what_it_opens(
    drive: Drive, demo: DemoServer
) -> None:
    ref = JobRef("tiles", str(demo.world.add_action(lasts=600.0).action_id))
    async with drive(ref) as screen:
        for key in ("j", "slash", *"yTe"):
            screen.app.post_message(Key(key, "/" if key == "slash" else key))
        await until(lambda: screen.main.search.value == "yTe")
        assert len(screen.app.screen_stack) == 1


async def test_a_key_behind_one_that_goes_to_another_pane_is_for_that_pane(
    drive: Drive, demo: DemoServer
) -> None:
    ref = JobRef("tiles", str(demo.world.add_action(lasts=600.0).action_id))
    async with drive(ref) as screen:
        await screen.pilot.press("3")
        for key in ("1", "slash", *"tiles", "enter", "3", "slash", *"ti"):
            screen.app.post_message(Key(key, "/" if key == "slash" else key[0]))
        await until(lambda: screen.main.search.value == "ti", what="the search in the messages")
        assert screen.main.finding.text == "tiles"
