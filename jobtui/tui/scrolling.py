"""Scrolling: how what the message log asks for is read from the journal and given to it."""

from __future__ import annotations

from collections.abc import Callable

from jobtui.errors import JobtuiError
from jobtui.model import JobMessage
from jobtui.monitor.scrollback import Scrollback
from jobtui.text import plain
from jobtui.tui.beyond import Ask, Way
from jobtui.tui.widgets.message_log import MessageLog


async def read_beyond(ask: Ask, log: MessageLog, back: Scrollback, say: Callable[..., None]) -> None:
    """Read the messages that are asked for and give them to the log, or say why there are none."""
    try:
        page, is_next = await _page(ask, back)
    except JobtuiError as error:
        log.give_up(ask)
        say(f"{ask.way} messages cannot be read: {error}", "bad")
        return
    if ask.query and not page:
        log.give_up(ask)
        say(f"“{plain(ask.query.text)}” is in no {ask.way} message that was kept")
        return
    log.take(ask, page, is_next=is_next)


async def _page(ask: Ask, back: Scrollback) -> tuple[list[JobMessage], bool]:
    """Give a page, and whether nothing is between it and what is held."""
    if ask.query:
        return await back.find(ask.edge, ask.passes, older=ask.way is Way.OLDER)
    if ask.way is Way.OLDEST:
        page = await back.oldest(ask.ref)
        return page, not page or any(message.id == ask.edge.id for message in page)
    return await (back.older if ask.way is Way.OLDER else back.newer)(ask.edge), True
