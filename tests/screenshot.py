"""The README's picture, made from the running app. ``python -m tests.screenshot`` writes it anew."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from jobtui.backends.registry import make_backend
from jobtui.demo import DemoServer
from jobtui.journal.journal import Journal
from jobtui.model import JobRef
from jobtui.monitor.events import Publish
from jobtui.monitor.monitor import Monitor
from jobtui.tui.app import JobtuiApp
from tests.conftest import until
from tests.monitor.conftest import connections

PICTURE = Path(__file__).resolve().parent.parent / ".github" / "screenshot.svg"
_FONTS = "'Cascadia Mono', Menlo, 'DejaVu Sans Mono', monospace"


def offline(svg: str) -> str:
    """Drop the fonts that a picture would fetch from elsewhere; a viewer's own will do."""
    svg = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family: ?(Fira Code|arial)[^;]*;", f"font-family: {_FONTS};", svg)


async def take(size: tuple[int, int], keys: tuple[str, ...] = ()) -> str:
    """Open the app on the demo, wait until it is live, press keys, and give what is seen as SVG."""
    with tempfile.TemporaryDirectory() as folder, DemoServer(seed=7) as demo:
        reached = connections(demo)
        journal = Journal(Path(folder) / "journal.db")

        def make_monitor(publish: Publish) -> Monitor:
            backends = {source.name: make_backend(source, reached[source]) for source in reached}
            return Monitor(list(reached), backends, journal, publish=publish)

        app = JobtuiApp(make_monitor, select=_worth_showing(demo))
        async with app.run_test(size=size) as pilot:
            await until(lambda: not any(job.is_brief and not job.ended for job in app.monitor.store))
            await until(lambda: {job.ref.source for job in app.monitor.store} == {"tiles", "desk", "field"})
            await pilot.pause(1.5)
            await pilot.press(*keys)
            await pilot.pause(1.0)
            picture = app.export_screenshot(title="jobtui")
        journal.close()
    return offline(picture)


def _worth_showing(demo: DemoServer) -> JobRef:
    """A job whose current step is kept by three holds."""
    with demo.world.at_now():
        jobs = demo.world.item.jobs.values()
        return JobRef("field", next(job.job_id for job in jobs if len(job.holds) >= 3))


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    width, height = (int(part) for part in (sys.argv[2] if len(sys.argv) > 2 else "120x40").split("x"))
    where.write_text(asyncio.run(take((width, height), tuple(sys.argv[3:]))), "utf-8")
