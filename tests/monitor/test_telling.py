"""What a server says by itself: heard at once, read within the budget, and missed when it falls silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from jobtui.backends.base import Pushed, PushState
from jobtui.model import Flag, JobRef
from jobtui.monitor.monitor import Monitor
from tests.conftest import until
from tests.factory import a_job
from tests.monitor.scripted import Scripted, monitor_of

BUDGET = 60


class Voice:
    """A server's voice that says what a test has it say."""

    def __init__(self) -> None:
        self.wanted: list[str] = []
        self.heard: Callable[[Pushed], None] = lambda _: None
        self.stands: Callable[[PushState], None] = lambda _: None
        self.is_heard = asyncio.Event()

    def want(self, job_ids: Sequence[str]) -> None:
        self.wanted = list(job_ids)

    async def run(self, heard: Callable[[Pushed], None], stands: Callable[[PushState], None]) -> NoReturn:
        self.heard, self.stands = heard, stands
        self.is_heard.set()
        await asyncio.Event().wait()
        raise AssertionError("nothing ends the listening")


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
def backend(voice: Voice) -> Scripted:
    made = Scripted()
    made.voice = voice
    return made


@pytest.fixture
async def monitor(backend: Scripted, tmp_path: Path) -> AsyncIterator[Monitor]:
    made = monitor_of(backend, tmp_path / "journal.sqlite3", budget=BUDGET)
    yield made
    await made.stop()


async def listen(monitor: Monitor, voice: Voice, refs: Sequence[JobRef]) -> None:
    """Start, look at the jobs, and have the voice be heard."""
    await monitor.start()
    await until(lambda: all(monitor.store.get(ref) for ref in refs))
    await voice.is_heard.wait()
    monitor.look_at(refs)
    voice.stands(PushState(True))


async def test_many_jobs_that_are_told_of_at_once_are_read_within_the_budget(
    backend: Scripted, monitor: Monitor, voice: Voice
) -> None:
    refs = [backend.has(a_job(str(number))) for number in range(BUDGET)]
    await listen(monitor, voice, refs)
    for ref in refs:
        voice.heard(Pushed(ref))
    await until(lambda: any(ref.job_id in backend.asked for ref in refs))
    await asyncio.sleep(1.0)
    assert backend.requests <= BUDGET * 0.8, "six tenths may be saved up, and a little is earned meanwhile"


async def test_what_is_told_of_a_job_not_read_yet_costs_no_read_of_its_own(
    backend: Scripted, monitor: Monitor, voice: Voice
) -> None:
    read_alone: list[str] = []

    async def note() -> None:
        read_alone.append(backend.asked[-1])

    backend.before_get = note
    ref = backend.has(a_job("1", flags=frozenset({Flag.BRIEF})))
    await listen(monitor, voice, [ref])
    voice.heard(Pushed(ref))
    before = backend.asked.count("1")
    await until(lambda: backend.asked.count("1") > before, what="it is read in its turn")
    assert read_alone == []


async def test_the_followed_job_is_read_at_once_when_nobody_tells_of_it_any_more(
    backend: Scripted, monitor: Monitor, voice: Voice
) -> None:
    ref = backend.has(a_job("1"))
    await listen(monitor, voice, [ref])
    monitor.follow(ref)
    await until(lambda: backend.asked.count("1") == 1)
    assert voice.wanted == ["1"]
    voice.stands(PushState(False, "the line was cut"))
    await until(lambda: backend.asked.count("1") > 1, timeout_s=10, what="not only after half a minute")


async def test_a_job_that_is_told_of_while_it_is_followed_is_read_whatever_the_budget(
    backend: Scripted, monitor: Monitor, voice: Voice
) -> None:
    refs = [backend.has(a_job(str(number))) for number in range(BUDGET)]
    await listen(monitor, voice, refs)
    monitor.follow(refs[0])
    await until(lambda: backend.asked.count("0") == 1)
    for ref in refs[1:]:
        voice.heard(Pushed(ref))
    await until(lambda: backend.requests >= BUDGET * 0.6, what="all that was saved is spent")
    voice.heard(Pushed(refs[0]))
    await until(lambda: backend.asked.count("0") == 2)
