"""The user's own keys on the screen: they act, the old ones do not, and every text names the new ones."""

from __future__ import annotations

from jobtui.model import Job, JobRef, State
from jobtui.tui.format.spans import text_of
from jobtui.tui.rebinding import rebound
from tests.conftest import until
from tests.tui.conftest import Drive


def _running(jobs: list[Job]) -> JobRef | None:
    return next((job.ref for job in jobs if job.ref.source == "tiles" and job.state is State.RUNNING), None)


async def test_a_changed_key_asks_and_the_old_one_is_dead(drive: Drive) -> None:
    keys = rebound({"control.cancel": ("X",), "refresh": ("Y",), "help": ("h",)}).keys
    async with drive(size=(120, 40), keys=keys) as driven:
        await until(lambda: _running(list(driven.monitor.store)), what="a running job")
        ref = _running(list(driven.monitor.store))
        assert ref is not None
        await until(lambda: driven.main.jobs.select(ref), what="its row")
        await until(lambda: driven.main.jobs.selected == ref and driven.monitor.detail(ref), what="read")
        await driven.pilot.press("C")
        await driven.pilot.pause(0.1)
        assert len(driven.app.screen_stack) == 1
        driven.main._show()
        footer = " ".join(text_of(line) for line in driven.main.footer.lines)
        assert "X cancel" in footer
        assert "C cancel" not in footer
        await driven.pilot.press("Y")
        await until(lambda: "asking every source" in driven.receipt, what="refreshed")
        await driven.pilot.press("X")
        await until(lambda: len(driven.app.screen_stack) == 2, what="the question")
        assert driven.writes() == []


async def test_what_the_screen_says_names_the_keys_in_force(drive: Drive) -> None:
    wanted = {"next_problem": ("é",), "filter": ("F2",), "help": ("f1",), "palette": ("ctrl+o",)}
    wanted |= {"messages.follow": ("B",)}
    async with drive(size=(120, 40), keys=rebound(wanted).keys) as driven:
        await until(lambda: len(driven.main.view), what="jobs")
        await until(
            lambda: "é goes to the next" in text_of(driven.main._tally.line(120)), what="the key in the head"
        )
        driven.main.log_pane.follow(False)
        assert "B follows" in driven.main.log_pane.title()
        await driven.pilot.press("n")
        await until(lambda: "F2 filters" in driven.receipt, what="the new key")
        await driven.pilot.press("ctrl+o")
        await until(lambda: len(driven.app.screen_stack) == 2, what="the palette by its new key")
