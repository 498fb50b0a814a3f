"""The message log: followed, or paused with a count; bounded; debug only when asked."""

from __future__ import annotations

from textual.pilot import Pilot

from jobtui.model import JobRef, Level
from jobtui.tui.widgets.message_log import KEPT, MessageLog
from tests.factory import NOW
from tests.tui.conftest import Tiny, a_message, shown


def a_log() -> MessageLog:
    return MessageLog(now=lambda: NOW)


async def begun(pilot: Pilot[None], log: MessageLog, count: int) -> None:
    log.focus()
    log.start(JobRef("tiles", "1"))
    log.add(a_message(n) for n in range(count))
    await pilot.pause()


async def test_the_newest_is_at_the_bottom_and_followed() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 50)
        assert "message 49" in shown(log)[-1]
        log.add([a_message(50)])
        await pilot.pause()
        assert "message 50" in shown(log)[-1]
        assert log.title() == "following"


async def test_scrolling_up_pauses_and_counts_what_is_new_below() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 50)
        await pilot.press("k")
        first = shown(log)[0]
        log.add(a_message(n) for n in range(50, 57))
        await pilot.pause()
        assert shown(log)[0] == first, "the lines being read do not move"
        assert "PAUSED, 7 new below" in log.title()
        await pilot.press("G")
        assert (log.follows, log.unseen) == (True, 0)
        assert "message 56" in shown(log)[-1]


async def test_a_message_announced_twice_is_shown_once() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 3)
        log.add([a_message(2), a_message(3)])
        assert log.line_count() == 4


async def test_debug_is_hidden_until_asked() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(80, 10)) as pilot:
        await begun(pilot, log, 2)
        log.add([a_message(9, "inner workings", Level.DEBUG)])
        assert log.line_count() == 2
        assert "1 debug hidden" in log.title()
        log.switch("debug")
        await pilot.pause()
        assert any("DEBUG inner workings" in line for line in shown(log))


async def test_levels_have_words() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(80, 10)) as pilot:
        await begun(pilot, log, 0)
        log.add([a_message(1, "odd", Level.WARNING), a_message(2, "bad", Level.ERROR)])
        await pilot.pause()
        assert "WARN  odd" in shown(log)[0]
        assert "ERROR bad" in shown(log)[1]


async def test_wrap_and_times_can_be_switched() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(30, 10)) as pilot:
        await begun(pilot, log, 0)
        log.add([a_message(1, "a text that is longer than the pane is wide")])
        wrapped = log.line_count()
        assert wrapped > 1
        log.switch("wraps")
        assert log.line_count() == 1
        log.switch("stamps")
        await pilot.pause()
        assert shown(log)[0].startswith("a text")


async def test_the_buffer_is_bounded() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, KEPT)
        log.add(a_message(n) for n in range(KEPT, KEPT + 500))
        await pilot.pause()
        assert log.line_count() == KEPT
        assert f"message {KEPT + 499}" in shown(log)[-1]


async def test_a_search_goes_from_match_to_match() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 100)
        assert log.search("message 4") == 11
        assert log.match(1)
        await pilot.pause()
        assert "message 4" in shown(log)[0]
        assert log.match(1)
        await pilot.pause()
        assert "message 40" in shown(log)[0]
        assert log.search("nowhere") == 0
        assert not log.match(1)


async def test_another_width_wraps_anew() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(90, 10)) as pilot:
        await begun(pilot, log, 0)
        log.add([a_message(1, "a text that is longer than half of the pane is wide, by far")])
        assert log.line_count() == 1
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert log.line_count() > 1
