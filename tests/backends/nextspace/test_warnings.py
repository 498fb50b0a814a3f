"""What a server says beside good answers reaches the person, and is said once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from jobtui.monitor.events import HealthChanged, MessagesArrived, SourceHealth
from tests.cli.conftest import Cli, run
from tests.conftest import until
from tests.monitor.conftest import make_watch

__all__ = ["run"]
SAID = "the service is read-only tonight"


@pytest.fixture
def warning() -> Iterator[DemoServer]:
    """A demo that warns beside every list and every page of messages, in two ways the same."""
    with DemoServer(seed=7, speed=20) as demo:
        demo.warn(SAID, SAID)
        yield demo


async def test_it_stands_in_the_sources_health_as_long_as_it_is_said(
    warning: DemoServer, tmp_path: Path
) -> None:
    watch = make_watch(warning, tmp_path / "journal.sqlite3")
    await watch.monitor.list_jobs("tiles")
    assert watch.monitor.health("tiles").warnings == (SAID,)
    assert watch.monitor.health("desk").warnings == ()
    await watch.monitor.start()

    def of_tiles() -> list[SourceHealth]:
        return [event.health for event in watch.of(HealthChanged) if event.health.source == "tiles"]

    await until(lambda: any(health.warnings == (SAID,) for health in of_tiles()), what="the warning")
    warning.warn()
    await until(lambda: of_tiles()[-1].warnings == (), what="its end")
    await watch.monitor.stop()
    watch.journal.close()


async def test_it_is_one_message_of_a_followed_job_however_often_it_is_said(
    warning: DemoServer, tmp_path: Path
) -> None:
    watch = make_watch(warning, tmp_path / "journal.sqlite3")
    jobs = await watch.monitor.list_jobs("tiles")
    ref = next(job.ref for job in jobs if job.state == "running")
    await watch.monitor.start()
    watch.monitor.follow(ref)
    await until(lambda: len(watch.of(MessagesArrived)) >= 3, what="messages, read several times")
    texts = [message.text for event in watch.of(MessagesArrived) for message in event.messages]
    assert texts.count(SAID) == 1
    read = await watch.monitor.read_messages(ref)
    assert [message.level.value for message in read if message.text == SAID] == ["warning"]
    await watch.monitor.stop()
    watch.journal.close()


def test_the_command_line_says_it_of_lists_and_in_logs(warning: DemoServer, run: Cli, tmp_path: Path) -> None:
    path = str(warning.write_config(tmp_path / "config.toml"))
    listed = run("--config", path, "ls", "--json")
    assert listed.sentences == [f"tiles warns: {SAID}"]
    ref = next(job["ref"] for job in listed.json if job["source"] == "tiles" and job["progress"])
    assert run("--config", path, "logs", ref).out.count(SAID) == 1
    levels = {entry["text"]: entry["level"] for entry in run("--config", path, "logs", ref, "--json").json}
    assert levels[SAID] == "warning"
