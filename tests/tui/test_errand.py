"""A control that is still being prepared: who goes on to something else is not asked about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import DEAF_S
from tests.tui.staged import Server, Stage, staged

NOT_ASKED = "not asked, you went on to something else"


class Slow(Server):
    """A server that gives no job before it is told to."""

    def __init__(self) -> None:
        super().__init__("tiles")
        self.answers = asyncio.Event()
        self.before_get = self.wait

    async def wait(self) -> None:
        await self.answers.wait()


@asynccontextmanager
async def preparing(path: Path, *keys: str) -> AsyncIterator[tuple[Stage, Slow]]:
    """Press keys for a control while no job can be read."""
    server = Slow()
    for number in range(3):
        server.has(a_job(str(number)))
    async with staged(path, server, size=(120, 40)) as stage:
        await until(lambda: len(stage.main.view) == 3, what="the jobs")
        await stage.pilot.press(*keys)
        await until(lambda: "first" in stage.receipt, what=f"reading is said: {stage.receipt}")
        yield stage, server
        server.answers.set()


async def is_read(stage: Stage, server: Slow) -> None:
    """Let the server answer, and whoever waited for it go on."""
    server.answers.set()
    await until(lambda: not any(each.group == "control" for each in stage.app.workers), what="nobody waits")


@pytest.mark.parametrize("control", ["C", "x"])
@pytest.mark.parametrize("other", ["d", "colon", "T", "e", "y", "question_mark", "v"])
async def test_who_opens_something_else_meanwhile_finds_no_second_dialog_over_it(
    tmp_path: Path, control: str, other: str
) -> None:
    async with preparing(tmp_path, control) as (stage, server):
        await stage.pilot.press(other)
        await until(lambda: len(stage.app.screen_stack) == 2, what="what was opened")
        opened = stage.app.screen
        assert NOT_ASKED in stage.receipt
        await is_read(stage, server)
        assert stage.app.screen_stack == [stage.main, opened]
        assert NOT_ASKED in stage.receipt, "nothing else is said of it either"
        assert server.sent == 0


async def test_what_was_opened_and_closed_again_meanwhile_counts_as_well(tmp_path: Path) -> None:
    async with preparing(tmp_path, "C") as (stage, server):
        await stage.pilot.press("d")
        await until(lambda: len(stage.app.screen_stack) == 2, what="the details")
        await stage.pilot.press("escape")
        await until(lambda: len(stage.app.screen_stack) == 1, what="the board")
        await is_read(stage, server)
        assert stage.app.screen is stage.main
        assert "cancel: " + NOT_ASKED in stage.receipt


@pytest.mark.parametrize("keys", [("slash", "y", "e", "s"), ("slash", "y", "enter")])
async def test_who_types_a_filter_meanwhile_finds_no_dialog_over_it(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async with preparing(tmp_path, "C") as (stage, server):
        await stage.pilot.press(*keys)
        await is_read(stage, server)
        assert stage.app.screen is stage.main
        assert NOT_ASKED in stage.receipt
        assert stage.main.finding.text == "".join(keys[1:]).removesuffix("enter")
        assert server.sent == 0


@pytest.mark.parametrize("marked", [(), ("asterisk",)])
async def test_who_moves_to_another_job_meanwhile_is_not_asked_about_the_first(
    tmp_path: Path, marked: tuple[str, ...]
) -> None:
    async with preparing(tmp_path, *marked, "C") as (stage, server):
        await stage.pilot.press("j")
        await until(lambda: NOT_ASKED in stage.receipt, what=stage.receipt)
        await is_read(stage, server)
        assert stage.app.screen is stage.main
        assert NOT_ASKED in stage.receipt


async def test_esc_gives_up_what_is_not_asked_yet(tmp_path: Path) -> None:
    async with preparing(tmp_path, "C") as (stage, server):
        await stage.pilot.press("escape")
        assert stage.receipt.startswith("cancel: not asked, you went back")
        await is_read(stage, server)
        assert stage.app.screen is stage.main


async def test_the_same_key_once_more_asks_once_and_another_control_takes_its_place(tmp_path: Path) -> None:
    async with preparing(tmp_path, "C", "C", "C") as (stage, server):
        await asked_about(stage, server)
        assert len(stage.app.screen_stack) == 2, "one question"
        await stage.pilot.pause(DEAF_S)
        await stage.pilot.press("escape")
        await until(lambda: stage.app.screen is stage.main, what="it is left")


async def test_a_menu_asked_for_meanwhile_takes_the_place_of_a_control(tmp_path: Path) -> None:
    async with preparing(tmp_path, "C") as (stage, server):
        await stage.pilot.press("x")
        await asked_about(stage, server)
        assert len(stage.app.screen_stack) == 2, "one question"
        assert type(stage.app.screen).__name__ == "MenuScreen"


async def asked_about(stage: Stage, server: Slow) -> None:
    server.answers.set()
    await until(lambda: len(stage.app.screen_stack) > 1, what="the question")
    await stage.pilot.pause(DEAF_S)


async def test_keys_in_one_burst_mean_the_job_that_the_first_was_pressed_on(tmp_path: Path) -> None:
    async with preparing(tmp_path, "C") as (stage, server):
        first = stage.main.jobs.selected
        await stage.pilot.press("escape")
        stage.main.action_control("cancel")
        stage.main.jobs.action_move(1)
        await until(lambda: NOT_ASKED in stage.receipt, what=stage.receipt)
        assert stage.main.jobs.selected != first
        await is_read(stage, server)
        assert stage.app.screen is stage.main


async def test_a_control_that_is_on_its_way_is_not_given_up_by_what_is_opened_then(tmp_path: Path) -> None:
    async with preparing(tmp_path, "C") as (stage, server):
        on_its_way = asyncio.Event()

        async def sending() -> None:
            await on_its_way.wait()

        server.sending = sending
        await asked_about(stage, server)
        await stage.pilot.press("y")
        await until(lambda: stage.app.screen.query_one("#typed").display, what="the reason is asked for")
        await stage.pilot.pause(DEAF_S)
        await stage.pilot.press("enter")
        await until(lambda: server.sent == 1, what="it is sent")
        await stage.pilot.press("d")
        await until(lambda: len(stage.app.screen_stack) == 2, what="the details")
        assert "not asked" not in stage.receipt
        on_its_way.set()
        await until(lambda: "accepted" in stage.receipt, what=stage.receipt)
