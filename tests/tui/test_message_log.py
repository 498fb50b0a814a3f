"""The message log: followed, or paused with a count; bounded; debug only when asked."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from textual.pilot import Pilot

from jobtui.model import JobMessage, JobRef, Level
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
        assert log.title() == "PAUSED, f follows", "nothing is new, and no count of it is said"
        log.add(a_message(n) for n in range(50, 57))
        await pilot.pause()
        assert shown(log)[0] == first, "the lines being read do not move"
        assert "PAUSED, 7 new below" in log.title()
        await pilot.press("G")
        assert (log.follows, log.unseen) == (True, 0)
        assert "message 56" in shown(log)[-1]


async def test_what_is_taken_ahead_is_shown_with_the_next_and_not_where_somebody_reads() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 50)
        assert log.take_ahead([a_message(50), a_message(51)])
        log.add([])
        await pilot.pause()
        assert "message 51" in shown(log)[-1]
        assert [message.id for message in log.shown_messages()[-3:]] == [
            a_message(n).id for n in (49, 50, 51)
        ]
        await pilot.press("k")
        first = shown(log)[0]
        assert not log.take_ahead([a_message(52)])
        log.add([a_message(52)])
        await pilot.pause()
        assert shown(log)[0] == first
        assert "1 new below" in log.title()


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


async def test_earlier_messages_stand_before_and_what_is_being_read_stays() -> None:
    log, earlier = a_log(), JobRef("tiles", "1")
    every = [at_minute(n, 60 - n) for n in range(60)]
    async with Tiny(log).run_test(size=(60, 6)) as pilot:
        await begun(pilot, log, 0)
        log.add(every[50:])
        log.put_before(earlier, every[40:50])
        await pilot.pause()
        assert texts(log)[-1] == "-1"
        await pilot.press("pageup")
        before = shown(log)
        log.put_before(JobRef("tiles", "2"), every[30:40])
        log.put_before(earlier, every[:40])
        await pilot.pause()
        assert shown(log) == before
        assert log.title() == "PAUSED, f follows"
        assert list(log.shown_messages()) == every


async def test_of_earlier_messages_no_more_are_held_than_there_is_room_for() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 6)) as pilot:
        await begun(pilot, log, 0)
        log.add(a_message(n) for n in range(100, KEPT + 50))
        log.put_before(JobRef("tiles", "1"), [a_message(n) for n in range(100)])
        assert (log.line_count(), log.may_have_older) == (KEPT, True)
        assert log.shown_messages()[0].id == "50"
        log.put_before(JobRef("tiles", "1"), [a_message(1)])
        assert log.line_count() == KEPT


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


def at_minute(number: int, minute: float) -> JobMessage:
    """Make a message said that many minutes before now."""
    return a_message(number, f"said at -{minute:g}", at=NOW - timedelta(minutes=minute))


async def begun_an_hour_ago(pilot: Pilot[None], log: MessageLog) -> None:
    log.focus()
    log.start(JobRef("tiles", "1"))
    log.add(at_minute(60 - minute, minute) for minute in range(60, 0, -1))
    await pilot.pause()


def texts(log: MessageLog) -> list[str]:
    return [line.split("said at ")[1] for line in shown(log)]


async def test_a_late_message_stands_in_its_place_while_the_end_is_followed() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 6)) as pilot:
        await begun_an_hour_ago(pilot, log)
        log.add([at_minute(100, 2.5), at_minute(101, 0.5)])
        await pilot.pause()
        assert texts(log) == ["-4", "-3", "-2.5", "-2", "-1", "-0.5"]
        assert log.title() == "following"
        assert log.newest(2, 60)[-1][-1].text == "said at -0.5"


async def test_a_late_message_above_does_not_move_what_is_being_read() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 6)) as pilot:
        await begun_an_hour_ago(pilot, log)
        await pilot.press("pageup", "pageup")
        before = shown(log)
        log.add([at_minute(100, 50.5), at_minute(101, 50.6), at_minute(102, 1.5), at_minute(103, 0.5)])
        await pilot.pause()
        assert shown(log) == before
        assert "PAUSED, 2 new below, 2 late above" in log.title()
        await pilot.press("g")
        assert texts(log)[0] == "-60"
        await pilot.press("G")
        assert texts(log)[-3:] == ["-1.5", "-1", "-0.5"]
        assert (log.follows, log.unseen, log.late) == (True, 0, 0)


async def test_a_late_message_among_what_is_being_read_appears_there_and_is_not_counted() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 6)) as pilot:
        await begun_an_hour_ago(pilot, log)
        await pilot.press("pageup")
        top = texts(log)[0]
        log.add([at_minute(100, float(top[1:]) - 1.5)])
        await pilot.pause()
        assert texts(log)[0] == top
        assert texts(log)[2] == f"-{float(top[1:]) - 1.5:g}"
        assert log.title() == "PAUSED, f follows"


async def test_what_is_being_read_stays_when_the_oldest_go_and_when_debug_is_shown() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 6)) as pilot:
        await begun(pilot, log, KEPT)
        await pilot.press("pageup")
        before = shown(log)
        log.add(a_message(n) for n in range(KEPT, KEPT + 300))
        await pilot.pause()
        assert shown(log) == before
        log.add([a_message(-1, "inner", Level.DEBUG, at=NOW - timedelta(minutes=1))])
        log.switch("debug")
        await pilot.pause()
        assert shown(log) == before


async def test_a_late_message_is_found_in_its_place() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 6)) as pilot:
        await begun_an_hour_ago(pilot, log)
        log.search("-30.5")
        log.add([at_minute(100, 30.5)])
        assert log.match(1)
        await pilot.pause()
        assert texts(log)[0] == "-30.5"


async def test_what_a_search_finds_is_told_at_once_for_the_title() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 3)
        told: list[str] = []
        with mock.patch.object(log, "post_message", lambda message: told.append(type(message).__name__)):
            log.search("message")
        assert "Changed" in told


async def test_only_what_is_searched_for_is_shown_when_asked_and_the_title_counts_it() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 100)
        log.add([a_message(200, "disk full", Level.ERROR), a_message(201, "disk checked")])
        assert log.search("disk !checked") == 1
        assert "1 found, & shows only these" in log.title()
        assert log.switch("only")
        assert log.line_count() == 1
        log.add([a_message(202, "disk full again", Level.ERROR), a_message(203, "goes on")])
        assert log.line_count() == 2
        assert "2 found, & shows all" in log.title()
        log.search("level:error")
        assert log.line_count() == 2
        log.search("")
        assert log.line_count() == 104


async def test_leaving_a_job_marks_where_its_reading_stopped() -> None:
    log = a_log()
    async with Tiny(log).run_test(size=(60, 10)) as pilot:
        await begun(pilot, log, 2)
        ref = log.ref
        log.start(JobRef("tiles", "2"))
        log.start(ref)
        log.add(a_message(n) for n in range(2))
        await pilot.pause()
        assert not any("looked away" in line for line in shown(log)), "nothing has come since"
        log.add([a_message(2)])
        await pilot.pause()
        assert ["looked away" in line for line in shown(log)[:4]] == [False, False, True, False]
