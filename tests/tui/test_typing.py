"""Typing keeps the order of the keys."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.events import Key

from jobtui.tui.widgets.typing import Typing
from tests.conftest import until


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
