"""Lessons of harm done: to the wrong job, by the wrong key, twice, or without a word of what it does."""

from __future__ import annotations

import string
from pathlib import Path

from textual.events import Key

from jobtui.demo import DemoServer
from jobtui.journal.journal import Journal
from jobtui.model import JobRef, State, Verdict
from jobtui.tui.keymap import in_force
from jobtui.tui.rebinding import rebound
from jobtui.tui.screens.confirm import TypedConfirmScreen
from tests.conftest import until
from tests.factory import a_job
from tests.lessons.person import agreed, bar, comes, listed, opened, text
from tests.lessons.service import Service, failed, refs_of, running
from tests.tui.conftest import DEAF_S, Drive, shown
from tests.tui.staged import staged
from tests.tui.test_steering import a_question

_TRIES = 3


async def test_01_a_dialog_is_bound_to_the_job_it_was_opened_on_and_never_to_a_row(tmp_path: Path) -> None:
    """The list moved under an open dialog, and the signal went to another process."""
    server = Service()
    running(server, 4)
    async with staged(tmp_path, server) as stage:
        await listed(stage, 4)
        asked = stage.main.jobs.selected
        await opened(stage, "C")
        server.has(failed("worse"))
        await until(lambda: stage.main.view[0].job_id == "worse", what="another job in its row")
        stage.main.jobs.go_to(2)
        assert asked is not None
        assert asked.job_id in text(stage)
        await agreed(stage, "y")
        await until(lambda: server.received, what="the control")
        assert refs_of(server.received) == [asked.job_id]


async def test_02_no_harmful_verb_is_on_a_ctrl_letter_and_every_key_can_be_changed(
    tmp_path: Path, drive: Drive, demo: DemoServer
) -> None:
    """Fingers of vim and tmux pressed ctrl-k and ctrl-d, and what they stood on was gone."""
    server = Service()
    running(server, 2)
    leaves = {key for one in in_force() for key in one.keys.split(",") if one.id in ("leave", "suspend")}
    harmless = [f"ctrl+{letter}" for letter in string.ascii_lowercase if f"ctrl+{letter}" not in leaves]
    assert len(harmless) == 23
    async with staged(tmp_path, server) as stage:
        await listed(stage, 2)
        for key in (*harmless, "delete", "backspace"):
            await stage.pilot.press(key)
            assert "Cancel this job?" not in text(stage), key
            if len(stage.app.screen_stack) > 1:
                await stage.pilot.press("escape")
        assert server.sent == 0
    assert rebound({"control.cancel": ("ctrl+k",)}).faults, "not even when somebody asks for it"
    wanted = {key.id: ("é",) for key in in_force() if key.pane == "main"}
    assert all(not rebound({action: keys}).faults for action, keys in wanted.items())
    async with drive(keys=rebound({"control.hold": ("X",)}).keys) as driven:
        ref = a_question(demo)
        await until(lambda: driven.main.jobs.select(ref), what="the job")
        await until(lambda: driven.monitor.detail(ref), what="its steps")
        await driven.pilot.press("H")
        assert len(driven.app.screen_stack) == 1
        await opened(driven, "X")


async def test_03_a_held_enter_confirms_nothing_and_the_focus_starts_on_no(tmp_path: Path) -> None:
    """A key that was still down when the question came answered it."""
    server = Service()
    running(server, 1)
    async with staged(tmp_path, server) as stage:
        await listed(stage, 1)
        await stage.pilot.press("C")
        await until(lambda: "> No" in text(stage), what="the question")
        # At once: a busy machine would let go of a key that is held.
        for key in [*["enter"] * 20, *["y"] * 20]:
            stage.app.post_message(Key(key, key if len(key) == 1 else None))
        await stage.pilot.pause()
        assert len(stage.app.screen_stack) == 2
        await stage.pilot.pause(DEAF_S)
        await stage.pilot.press("Y", "space")
        assert len(stage.app.screen_stack) == 2, "only a key that is named answers"
        for _ in range(_TRIES):  # on a busy machine the pause may have been a shorter one to the app
            await stage.pilot.pause(DEAF_S)
            await stage.pilot.press("enter")
            if await comes(lambda: len(stage.app.screen_stack) == 1):
                break
        assert len(stage.app.screen_stack) == 1, "the No that it stood on"
        assert server.sent == 0


async def test_04_esc_is_back_ctrl_c_leaves_and_only_a_job_is_ever_cancelled(
    demo: DemoServer, drive: Drive
) -> None:
    """ "Esc: cancel" was read as cancelling the job, and elsewhere ctrl+c really did that."""
    for key in in_force():
        says_cancel = "cancel" in f"{key.label} {key.help}".lower()
        assert says_cancel is (key.id == "control.cancel"), key.id
    ref = a_question(demo)
    async with drive(ref) as driven:
        for letter in "HRF":
            await opened(driven, letter)
            assert "cancel" not in text(driven).lower()
            await driven.pilot.press("escape")
            await until(lambda: len(driven.app.screen_stack) == 1, what="Esc is back")
        await opened(driven, "R")
        await driven.pilot.press("ctrl+c")
        await until(lambda: not driven.app.is_running, what="ctrl+c has left")
        assert driven.writes() == []


async def test_05_what_is_done_to_many_is_done_to_a_frozen_list_with_its_count(tmp_path: Path) -> None:
    """ "Delete all" forgot the filter, and took jobs that came while it was asked."""
    server = Service()
    wanted = running(server, 3, "north")
    server.has(a_job("south", title="south"))
    async with staged(tmp_path, server) as stage:
        await listed(stage, 4)
        await stage.pilot.press("slash", *"north", "enter")
        await until(lambda: len(stage.main.view) == 3, what="the filter")
        await stage.pilot.press("asterisk")
        await opened(stage, "C")
        assert isinstance(stage.app.screen, TypedConfirmScreen)
        assert "can take it: 3 of 3" in text(stage)
        server.has(a_job("late", title="north too"))
        await until(lambda: len(stage.main.view) == 4, what="one that came later")
        await agreed(stage, "3", "enter")
        await until(lambda: len(server.received) == 3, what="three controls")
        await until(lambda: "3 accepted" in stage.receipt, what="its count")
        assert sorted(refs_of(server.received)) == sorted(ref.job_id for ref in wanted)


async def test_07_a_control_is_never_repeated_and_is_followed_until_it_is_seen(tmp_path: Path) -> None:
    """A retry of the network ran it twice; and what had been ended still looked alive and could be asked."""
    server = Service()
    server.has(a_job())
    server.verdict = Verdict.UNKNOWN
    async with staged(tmp_path, server) as stage:
        await listed(stage, 1)
        await opened(stage, "C")
        await agreed(stage, "y")
        await until(lambda: "CANCEL" in stage.receipt and "unknown" in stage.receipt, what=stage.receipt)
        stage.app.monitor.refresh()
        await stage.pilot.press("C")
        await until(lambda: "not sent: " in stage.receipt.replace(", ", ": "), what=stage.receipt)
        assert len(stage.app.screen_stack) == 1, "the key is locked"
        server.has(a_job(state=State.CANCELLED, raw_state="CANCELLED", ended=True))
        await until(lambda: "confirmed" in stage.receipt, what=stage.receipt)
        assert server.sent == 1


async def test_08_each_verb_says_what_it_would_do_and_the_graceful_come_first(
    demo: DemoServer, drive: Drive
) -> None:
    """ "Mark failed" ran everything again; nobody had been told, and the hard way stood first."""
    ref = JobRef("field", demo.world.add_workflow_job("running").job_id)
    async with drive(ref) as driven:
        await opened(driven, "x")
        said = text(driven)
        places = [said.index(f" {verb} ") for verb in ("refresh", "run", "finish", "hold", "stop", "cancel")]
        assert places == sorted(places)
        able = [offer for offer in driven.main.steering.offers(ref) if offer.reason is None]
        assert len({offer.consequence for offer in able}) == len(able) >= 2
        for offer in able:
            assert len(offer.consequence.split()) >= 3, offer
        harshest = able[-1]
        await driven.pilot.press(harshest.face)
        await until(lambda: "> No" in text(driven), what="the question")
        assert " ".join(harshest.consequence.split())[:40] in text(driven)
        await driven.pilot.press("escape")


async def test_09_production_looks_different_and_read_only_is_a_word_and_a_refusal(tmp_path: Path) -> None:
    """Production and the sandbox looked the same, and nothing kept a finger from the first."""
    for read_only in (False, True):
        server = Service()
        running(server, 1)
        folder = tmp_path / str(read_only)
        folder.mkdir()
        async with staged(folder, server, production=True, read_only=read_only) as stage:
            await listed(stage, 1)
            await until(
                lambda: stage.header[0].startswith("PROD READ-ONLY" if read_only else "PROD CONTROL"),  # noqa: B023
                what=stage.header[0],
            )
            if read_only:
                await stage.pilot.press("C")
                await until(lambda: "is read-only" in stage.receipt, what="the refusal")
                assert "read-only" in bar(stage, "strip")
            else:
                await opened(stage, "C")
                assert "PROD" in text(stage)
                assert stage.app.screen.query_one("#dialog").has_class("-production")
                await stage.pilot.press("y", "enter")
            assert server.sent == 0


async def test_18_who_did_it_and_why_is_kept(tmp_path: Path) -> None:
    """A job had been stopped, and nobody could tell by whom and for what."""
    server = Service()
    server.has(a_job())
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await listed(stage, 1)
        await opened(stage, "C")
        await stage.pilot.press("y")
        await until(lambda: "Why?" in text(stage), what="the question for the reason")
        await stage.pilot.pause(DEAF_S)
        for letter in "wrong import":
            await stage.pilot.press("space" if letter == " " else letter)
        await stage.pilot.press("enter")
        await until(lambda: server.received, what="the control")
        with Journal(tmp_path / "journal.sqlite3") as journal:
            (entry,) = journal.audit()
        assert (entry.who, entry.request.reason) == ("tester", "wrong import")
        await stage.pilot.press("6")
        await until(lambda: "wrong import" in "\n".join(shown(stage.main.wall.actions)), what="the pane")
