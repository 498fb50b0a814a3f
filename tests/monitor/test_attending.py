"""Attending: messages of jobs that nobody looks at are read for a rule, within a share of the budget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from jobtui.insight.alert import Alert
from jobtui.insight.rule_reading import parse_rule
from jobtui.model import Cursor, JobMessage, JobRef, Level, MessagePage, State
from jobtui.monitor import attending
from jobtui.monitor.events import Event
from tests.conftest import until
from tests.factory import a_job
from tests.monitor.conftest import Watch
from tests.monitor.scripted import Scripted, monitor_of


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attending, "_AGAIN_S", 0.05)


class Talking(Scripted):
    """A source whose jobs say what a test gives them to say."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, list[str]] = {}
        self.heard: list[str] = []

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        self.heard.append(job_id)
        at = datetime.now(UTC)
        found = [
            JobMessage(JobRef("tiles", job_id), f"{job_id}.{number}", at, Level.INFO, "INFO", text)
            for number, text in enumerate(self.said.get(job_id, []))
        ]
        return MessagePage(tuple(found), cursor)


def alerts(events: list[Event]) -> list[Alert]:
    return [event for event in events if isinstance(event, Alert)]


async def test_a_job_that_nobody_follows_is_heard_also_in_its_last_words(tmp_path: Path) -> None:
    server, events = Talking(), list[Event]()
    server.has(a_job("1"))
    server.has(a_job("2", title="nightly"))
    monitor = monitor_of(server, tmp_path / "journal.sqlite3", events=events)
    monitor.alarms.arm(parse_rule("says:disk !nightly -> bell"))
    await monitor.start()
    await until(lambda: "1" in server.heard, what="the first reading")
    server.said = {"1": ["disk almost full"], "2": ["disk full"]}
    now = datetime.now(UTC)
    server.has(a_job("1", state=State.SUCCEEDED, ended=True, ended_at=now, as_of=now))
    await until(lambda: alerts(events), what="an alert")
    await monitor.stop()
    assert [alert.text for alert in alerts(events)] == ["tiles:1 “job 1” says “disk almost full”"]
    assert "2" not in server.heard, "what no rule is about is not read"


async def test_reading_for_rules_takes_no_more_than_its_share(tmp_path: Path) -> None:
    server = Talking()
    for number in range(30):
        server.has(a_job(str(number)))
    monitor = monitor_of(server, tmp_path / "journal.sqlite3", budget=60_000)
    monitor.alarms.arm(parse_rule("says:disk"))
    monitor.alarms.look()
    await monitor.list_jobs("tiles")
    await monitor._attending.read()
    assert len(server.heard) == 12, "a quarter of what a twentieth of a second earns"
    for _ in range(3):
        await monitor._attending.read()
    assert len(set(server.heard)) == attending.MOST, "those read longest ago come first"
    await monitor.stop()


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A quick world, so that jobs say something while we listen."""
    with DemoServer(seed=5, speed=30) as server:
        yield server


async def test_messages_and_steps_of_the_demo_are_told_of_jobs_that_nobody_looks_at(watch: Watch) -> None:
    rules = [parse_rule("says:% source:tiles -> bell"), parse_rule("step:e source:field ends -> bell")]
    for rule in rules:
        watch.monitor.alarms.arm(rule)
    await watch.monitor.start()
    await until(
        lambda: (
            {alert.rule.condition for alert in alerts(watch.events)} == {rule.condition for rule in rules}
        ),
        timeout_s=60,
        what="an alert of each",
    )
