"""Opens the monitor and speaks: the way in for ``--accessible`` at a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from jobtui import paths, wiring
from jobtui.cli import session
from jobtui.cli.output import Output
from jobtui.cli.spoken.desk import Desk
from jobtui.cli.spoken.dialogue import Dialogue, first_words
from jobtui.cli.spoken.keyboard import Gone, Keyboard
from jobtui.cli.spoken.muting import Muting
from jobtui.cli.spoken.news import News
from jobtui.config import Config
from jobtui.layout_file import LayoutFile
from jobtui.model import Target
from jobtui.monitor.events import Event, Link
from jobtui.monitor.monitor import Monitor

_PATIENCE_S = 10.0
"""How long the first words wait for a source that does not answer."""


async def speak(
    config: Config, out: Output, *, only: list[str], read_only: bool, select: Target | None = None
) -> None:
    """Tell and ask until somebody leaves, or types no more; ``select`` is where it begins."""
    events: asyncio.Queue[Event] = asyncio.Queue()
    async with wiring.open_monitor(
        config, only=only, publish=events.put_nowait, read_only=read_only, say=out.say
    ) as monitor:
        if wrong := wiring.arm_rules(monitor, config):
            out.say(wrong)
        desk = _desk(config, monitor, out)
        desk.news.caught_up = events.join
        hearing = asyncio.create_task(_hear(events, desk.news))
        try:
            if select is not None:
                monitor.expect(select.job)
            await monitor.start()
            await _until_answered(monitor)
            for sentence in first_words(monitor, desk.muting, session.now()):
                out.line(sentence)
            desk.news.is_begun = True
            await Dialogue(desk).run(select)
        except Gone:
            out.line("")
        finally:
            hearing.cancel()


async def ask_first(path: Path, out: Output) -> str | None:
    """Set a first source up by question and answer; ``ready``, ``demo`` or None."""
    # Deferred for start-up: it needs every back end.
    from jobtui.adding import NewSource
    from jobtui.cli.spoken.first_run import FirstRun

    return await FirstRun(NewSource(path), out, Keyboard(out.line)).run()


def _desk(config: Config, monitor: Monitor, out: Output) -> Desk:
    layouts = LayoutFile(paths.layout_file(config.path))
    muting = Muting(layouts)
    if layouts.notice:
        out.say(layouts.notice)
    keyboard = Keyboard(out.line)
    news = News(keyboard.tell, session.now)
    desk = Desk(monitor, news, keyboard, out, wiring.outlet_of(config), muting, session.now)
    news.on_changes += [muting.take, desk.marks.apply]
    news.ring = _ringer(config)
    return desk


def _ringer(config: Config) -> Callable[[tuple[str, ...], str], None]:
    """Make what rings the terminal's bell, and notifies where the terminal is known to take that."""
    ringing = wiring.ringing(config)

    def ring(do: tuple[str, ...], text: str) -> None:
        if code := ringing.ring(do, text):
            sys.stdout.write(code)
            sys.stdout.flush()

    return ring


async def _hear(events: asyncio.Queue[Event], news: News) -> None:
    while True:
        event = await events.get()
        try:
            news.hear(event)
        finally:
            events.task_done()


async def _until_answered(monitor: Monitor) -> None:
    """Wait until every source has answered or failed to, though not for ever."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while any(monitor.health(name).link is Link.STARTING for name in monitor.sources):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        return
