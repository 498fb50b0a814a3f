"""What a person does on the screen, and sees there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.widgets import Input

from jobtui.tui.format.spans import text_of
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.tui.conftest import DEAF_S, Driven, shown
from tests.tui.staged import Stage


async def listed(stage: Stage, count: int) -> None:
    """Wait for the jobs to be on the screen."""
    await until(lambda: len(stage.main.view) == count and stage.main.jobs.selected is not None, what="jobs")
    await stage.pilot.pause()


async def comes(condition: Callable[[], bool], *, tries: int = 200) -> bool:
    """Say whether a condition comes to hold; a try takes 0.01 s."""
    for _ in range(tries):
        if condition():
            break
        await asyncio.sleep(0.01)
    return condition()


async def opened(stage: Stage | Driven, key: str) -> None:
    """Press a key that opens a dialog, and wait until that hears."""
    await stage.pilot.press(key)
    await until(lambda: len(stage.app.screen_stack) == 2, what=f"the dialog of {key}")
    await stage.pilot.pause(DEAF_S)


async def agreed(stage: Stage | Driven, *keys: str) -> None:
    """Answer a question, and leave the reason that it may ask for empty."""
    await stage.pilot.press(*keys)
    await until(lambda: asks_why(stage) or len(stage.app.screen_stack) == 1, what="the reason, or the end")
    if asks_why(stage):
        await stage.pilot.pause(DEAF_S)
        await stage.pilot.press("enter")


def asks_why(stage: Stage | Driven) -> bool:
    """Whether the dialog asks for a reason."""
    return len(stage.app.screen_stack) == 2 and "Why?" in text(stage)


def text(stage: Stage | Driven) -> str:
    """What the dialog on top says, in one line."""
    screen = stage.app.screen
    lines = [text_of(line) for bar in screen.query(LineBar) for line in bar.lines]
    for choices in screen.query(ChoiceList):
        lines += [text_of(choices.line(row)) for row in range(choices.line_count())]
    lines += [field.value for field in screen.query(Input)]
    return " ".join(" ".join(lines).split())


def rows(stage: Stage | Driven) -> list[str]:
    """The rows of the list as they stand on the screen."""
    return [line for line in shown(stage.main.jobs) if line.strip()]


def title(stage: Stage | Driven, pane: str) -> str:
    """What stands in the frame of a pane."""
    return str(stage.main.query_one(f"#{pane}-pane").border_title)


def bar(stage: Stage | Driven, name: str) -> str:
    """What one of the bars says."""
    return "\n".join(text_of(line) for line in stage.main.query_one(f"#{name}", LineBar).lines)
