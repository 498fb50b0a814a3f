"""Opens the monitor and speaks: the way in for ``--accessible`` at a terminal."""

from __future__ import annotations

import asyncio

from jobtui import wiring
from jobtui.cli import session
from jobtui.cli.output import Output
from jobtui.cli.spoken.dialogue import Dialogue, first_words
from jobtui.cli.spoken.keyboard import Gone, Keyboard
from jobtui.cli.spoken.news import News
from jobtui.config import Config
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
        keyboard = Keyboard(out.line)
        news = News(keyboard.tell, session.now)
        hearing = asyncio.create_task(_hear(events, news))
        try:
            if select is not None:
                monitor.expect(select.job)
            await monitor.start()
            await _until_answered(monitor)
            for sentence in first_words(monitor, session.now()):
                out.line(sentence)
            news.is_begun = True
            await Dialogue(monitor, news, out, keyboard, session.now).run(select)
        except Gone:
            out.line("")
        finally:
            hearing.cancel()


async def _hear(events: asyncio.Queue[Event], news: News) -> None:
    while True:
        news.hear(await events.get())


async def _until_answered(monitor: Monitor) -> None:
    """Wait until every source has answered or failed to, though not for ever."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while any(monitor.health(name).link is Link.STARTING for name in monitor.sources):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        return
