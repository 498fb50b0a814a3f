"""Alarms: a rule tells once what comes to be, never what was so before; floods, quiet hours, commands."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from jobtui.errors import UsageError
from jobtui.insight.alert import Alert, HeldBack
from jobtui.insight.quiet import QuietHours
from jobtui.insight.rule_reading import parse_rule
from jobtui.journal.journal import Journal
from jobtui.model import Flag, Job, JobDetail, JobMessage, JobRef, Level, State, Step
from jobtui.monitor.alarms import Alarms
from jobtui.monitor.armed import Origin
from jobtui.monitor.delivery import Manner
from jobtui.monitor.events import AlertTrouble, Event, HealthChanged, Link, SourceHealth
from jobtui.monitor.known import Known
from jobtui.monitor.recorder import Recorder
from tests.conftest import until
from tests.factory import NOW, a_job


class Ward:
    """One process on a journal: what becomes known is a test's to say, and so is the time."""

    def __init__(self, path: Path) -> None:
        self.now = NOW
        self.events: list[Event] = []
        self.journal = Journal(path)
        self.known = Known(Recorder(self.journal), lambda: self.now, self.events.append)
        self.alarms = Alarms(self.known)

    def arm(self, text: str, **options: Any) -> bool:
        return self.alarms.arm(parse_rule(text), **options)

    def answer(self, *jobs: Job, is_first: bool = False) -> None:
        """Take over a list of the source, whole, as a poll does."""
        self.now += timedelta(seconds=5)
        self.known.take_jobs("tiles", [replace(job, as_of=self.now) for job in jobs], self.now)
        if not is_first:
            self.has_answered()

    def has_answered(self) -> None:
        self.known.publish(HealthChanged(SourceHealth("tiles", Link.LIVE, self.now)))

    def remember(self, *jobs: Job) -> None:
        """Take over jobs as the journal had them."""
        stale = [replace(job, flags=job.flags | {Flag.STALE}) for job in jobs]
        self.known.take_jobs("tiles", stale, self.now)

    def say(self, ref: JobRef, *messages: JobMessage) -> None:
        self.known.keep_messages([structs.replace(message, ref=ref) for message in messages])

    async def alerts(self) -> list[Alert]:
        """Tell what is due, and give all that was told so far."""
        await self.alarms.delivery.finish()
        return [event for event in self.events if isinstance(event, Alert)]

    async def close(self) -> None:
        await self.known.recorder.close()
        self.journal.close()


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    made = Ward(tmp_path / "journal.sqlite3")
    yield made
    await made.close()


def _failed(job: Job, why: str = "disk full", at: datetime = NOW) -> Job:
    return replace(job, state=State.FAILED, ended=True, why=why, ended_at=at)


def _message(number: int, text: str, at: datetime | None = NOW, level: Level = Level.INFO) -> JobMessage:
    return JobMessage(JobRef("tiles", "1"), f"m{number}", at, level, level.value, text)


async def test_a_job_that_comes_to_fail_is_told_once(ward: Ward) -> None:
    ward.arm("fails -> bell")
    ward.answer(a_job("1"))
    assert await ward.alerts() == []
    ward.answer(_failed(a_job("1")))
    ward.answer(_failed(a_job("1")))
    [alert] = await ward.alerts()
    assert alert.refs == (JobRef("tiles", "1"),)
    assert alert.do == ("bell",)
    assert alert.text == "tiles:1 “job 1” failed: disk full"


async def test_what_already_stood_so_when_the_rule_was_armed_is_not_told(ward: Ward) -> None:
    ward.answer(_failed(a_job("1")), a_job("2"))
    ward.arm("fails -> bell")
    ward.answer(_failed(a_job("1")), _failed(a_job("2")))
    assert [alert.refs for alert in await ward.alerts()] == [(JobRef("tiles", "2"),)]


async def test_old_failures_in_the_first_list_are_not_told_and_new_ones_are(ward: Ward) -> None:
    ward.arm("fails -> bell")
    old = _failed(a_job("1"), at=NOW - timedelta(hours=3))
    ward.answer(old, _failed(a_job("2"), at=NOW + timedelta(seconds=1)), is_first=True)
    assert [alert.refs for alert in await ward.alerts()] == [(JobRef("tiles", "2"),)]


async def test_the_reason_is_told_that_came_to_be_known_after_the_end(ward: Ward) -> None:
    ward.arm("fails -> bell")
    ward.answer(a_job("1"))
    brief = replace(_failed(a_job("1")), why=None, flags=frozenset({Flag.BRIEF}))
    ward.answer(brief)
    ward.answer(_failed(a_job("1"), "disk full"))
    [alert] = await ward.alerts()
    assert alert.text == "tiles:1 “job 1” failed: disk full"


async def test_a_failure_of_a_minute_ago_in_the_first_list_is_not_taken_for_a_new_one(ward: Ward) -> None:
    ward.arm("fails -> bell")
    ward.answer(_failed(a_job("1"), at=NOW - timedelta(minutes=1)), is_first=True)
    assert await ward.alerts() == []


async def test_a_server_whose_clock_is_behind_is_believed_where_a_job_is_new(ward: Ward) -> None:
    ward.arm("fails -> bell")
    ward.answer(a_job("1"))
    ward.answer(a_job("1"), _failed(a_job("2"), at=NOW - timedelta(minutes=1)))
    assert len(await ward.alerts()) == 1


async def test_a_job_that_is_new_and_undated_is_told_once_the_source_has_answered(ward: Ward) -> None:
    ward.arm("fails -> bell")
    undated = replace(_failed(a_job("1")), ended_at=None)
    ward.answer(undated)
    ward.answer(undated, replace(undated, ref=JobRef("tiles", "2")))
    assert [alert.refs for alert in await ward.alerts()] == [(JobRef("tiles", "2"),)]


async def test_what_failed_while_nobody_watched_is_told_when_the_journal_knew_it_running(ward: Ward) -> None:
    ward.arm("fails -> bell")
    ward.remember(a_job("1"), _failed(a_job("2")))
    ward.answer(_failed(a_job("1"), at=NOW - timedelta(hours=2)), _failed(a_job("2")))
    assert [alert.refs for alert in await ward.alerts()] == [(JobRef("tiles", "1"),)]


async def test_a_restart_does_not_tell_the_same_again(tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        ward = Ward(tmp_path / "journal.sqlite3")
        ward.arm("fails -> bell")
        # The state was not written before the first process died: the second sees the same thing happen.
        ward.remember(replace(a_job("1"), as_of=NOW - timedelta(minutes=1)))
        ward.answer(_failed(a_job("1")))
        told.append(len(await ward.alerts()))
        await ward.close()
    assert told == [1, 0]


async def test_two_processes_tell_one_thing_once_and_the_next_thing_again(tmp_path: Path) -> None:
    wards = [Ward(tmp_path / "journal.sqlite3") for _ in range(2)]
    for ward in wards:
        ward.arm("state:held -> bell")
    for state in (State.RUNNING, State.HELD, State.RUNNING, State.HELD):
        for ward in wards:
            ward.answer(a_job("1", state=state))
            await ward.alerts()
            ward.now += timedelta(seconds=20)
    told = [len(await ward.alerts()) for ward in wards]
    assert sum(told) == 2
    for ward in wards:
        await ward.close()


async def test_a_rule_on_one_job_is_gone_once_it_has_told(ward: Ward) -> None:
    ward.answer(a_job("1"))
    assert ward.arm("job:tiles:1 ends -> bell")
    ward.answer(replace(a_job("1"), state=State.SUCCEEDED, ended=True))
    assert [alert.text for alert in await ward.alerts()] == ["tiles:1 “job 1” ended well"]
    assert ward.alarms.rules == ()


async def test_arming_says_when_it_is_so_already(ward: Ward) -> None:
    ward.answer(_failed(a_job("1")))
    assert not ward.arm("job:tiles:1 ends -> bell")
    assert await ward.alerts() == []


async def test_the_first_look_counts_where_that_is_asked_for(ward: Ward) -> None:
    ward.arm("fails -> bell", origin=Origin.LINE, tells_present=True)
    ward.answer(_failed(a_job("1"), at=NOW - timedelta(days=1)))
    assert len(await ward.alerts()) == 1


async def test_a_flood_of_one_cause_is_one_alert_and_what_follows_makes_no_sound(ward: Ward) -> None:
    ward.arm("fails -> bell,notify")
    jobs = [a_job(str(number)) for number in range(50)]
    ward.answer(*jobs)
    ward.answer(*(_failed(job, f"record {job.ref.job_id} not found") for job in jobs[:40]), *jobs[40:])
    [alert] = await ward.alerts()
    assert len(alert.refs) == 40
    assert alert.text.startswith(
        "40 jobs alike: failed: record 0 not found (tiles:0, tiles:1, tiles:2 and 37 more"
    )
    ward.answer(*(_failed(job, f"record {job.ref.job_id} not found") for job in jobs))
    _, more = await ward.alerts()
    assert len(more.refs) == 10
    assert more.do == ()
    assert len(ward.journal.looks.alerts(NOW)) == 50
    ward.now += timedelta(minutes=11)
    ward.answer(a_job("90"))
    ward.answer(_failed(a_job("90"), "record 90 not found"))
    assert (await ward.alerts())[-1].do == ("bell", "notify")


async def test_different_failures_at_once_are_told_together(ward: Ward) -> None:
    ward.arm("fails -> bell")
    ward.answer(a_job("1"), a_job("2"))
    ward.answer(_failed(a_job("1"), "disk full"), _failed(a_job("2"), "no route"))
    [alert] = await ward.alerts()
    assert alert.text == "2 jobs (tiles:1, tiles:2), the first: “job 1” failed: disk full"


async def test_a_deadline_is_told_when_the_time_has_come_and_once(ward: Ward) -> None:
    ward.arm("open>1h -> bell")
    ward.answer(a_job("1", started=NOW))
    ward.now += timedelta(minutes=59)
    ward.alarms.look()
    assert await ward.alerts() == []
    ward.now += timedelta(minutes=1)
    ward.alarms.look()
    ward.alarms.look()
    assert [alert.text for alert in await ward.alerts()] == ["tiles:1 “job 1” still open after 1h"]


async def test_a_deadline_that_passed_while_nobody_watched_is_told(ward: Ward) -> None:
    ward.arm("open>1h -> bell")
    last = NOW - timedelta(minutes=30)
    ward.remember(
        replace(a_job("1"), as_of=last, started=last - timedelta(minutes=45)),
        replace(a_job("2"), as_of=last, started=last - timedelta(hours=2)),
    )
    assert [alert.refs for alert in await ward.alerts()] == [(JobRef("tiles", "1"),)]


async def test_a_stall_is_told_each_time_a_job_comes_to_stand_still(ward: Ward) -> None:
    ward.arm("stalls -> bell")
    for _ in range(2):
        ward.answer(a_job("1", updated=ward.now))
        since = ward.now
        ward.now += timedelta(minutes=20)
        ward.known.publish_found(ward.known.store.stall(JobRef("tiles", "1"), since))
        ward.known.publish_found(ward.known.store.stall(JobRef("tiles", "1"), None))
    alerts = await ward.alerts()
    assert sum(len(alert.firings) for alert in alerts) == 2
    assert "has stalled: nothing new since" in alerts[0].text


async def test_messages_are_told_that_come_after_the_arming(ward: Ward) -> None:
    ward.arm('says:"disk (full|quota)" -> bell')
    ward.answer(a_job("1"))
    old = _message(1, "disk full", NOW - timedelta(hours=1))
    ward.say(JobRef("tiles", "1"), old, _message(2, "checking"))
    assert await ward.alerts() == []
    ward.say(JobRef("tiles", "1"), old, _message(3, "DISK QUOTA of 4 GB\x1b[31m"))
    ward.say(JobRef("tiles", "1"), _message(3, "DISK QUOTA of 4 GB"))
    [alert] = await ward.alerts()
    assert alert.text == "tiles:1 “job 1” says “DISK QUOTA of 4 GB·[31m”"


async def test_a_step_that_fails_is_told_and_one_that_had_failed_is_not(ward: Ward) -> None:
    ward.arm('step:"QA" fails -> bell')
    job = a_job("1")
    before = (
        Step("s1", "QA one", State.FAILED, ended_at=NOW - timedelta(hours=1)),
        Step("s2", "QA two", State.RUNNING),
    )
    ward.now += timedelta(seconds=5)
    ward.known.take_detail(JobDetail(job, before), ward.now)
    ward.now += timedelta(seconds=5)
    after = (before[0], structs.replace(before[1], state=State.FAILED, message="exit code 1"))
    ward.known.take_detail(JobDetail(job, after), ward.now)
    assert [alert.text for alert in await ward.alerts()] == [
        "tiles:1 “job 1” step “QA two” failed: exit code 1"
    ]


async def test_more_than_so_many_of_one_cause_are_told_once(ward: Ward) -> None:
    ward.arm("alike>2 -> bell")
    jobs = [a_job(str(number)) for number in range(5)]
    ward.answer(*jobs)
    for count in range(1, 6):
        ward.answer(*(_failed(job, "no route to host") for job in jobs[:count]), *jobs[count:])
    [alert] = await ward.alerts()
    assert alert.text == "tiles:2 “job 2” 3 jobs failed for the same cause: no route to host"


async def test_quiet_hours_hold_back_what_makes_noise_and_tell_it_afterwards(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "journal.sqlite3")
    local = NOW.astimezone()
    quiet = QuietHours((local - timedelta(hours=1)).time(), (local + timedelta(hours=1)).time())
    ward.alarms.use({}, (), Manner(quiet))
    rule = parse_rule("fails -> bell,notify")
    ward.alarms.arm(rule)
    ward.answer(a_job("1"))
    ward.answer(_failed(a_job("1")))
    [alert] = await ward.alerts()
    assert alert.is_quiet
    assert alert.do == ()
    await ward.alarms.delivery.tell_held_back([rule])
    assert not [event for event in ward.events if isinstance(event, HeldBack)]
    await ward.close()

    # Also where the process that held it back is gone.
    ward = Ward(tmp_path / "journal.sqlite3")
    ward.alarms.use({}, (), Manner(quiet))
    ward.now = NOW + timedelta(hours=1, minutes=1)
    for _ in range(2):
        await ward.alarms.delivery.tell_held_back([rule])
    [held] = [event for event in ward.events if isinstance(event, HeldBack)]
    assert held.count == 1
    assert held.do == ("bell", "notify")
    assert "1 alert was held back: tiles:1" in held.text
    await ward.close()


def _script(folder: Path, body: str) -> str:
    path = folder / "page"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


async def test_a_command_is_told_the_facts_and_no_secret(
    ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILES_TOKEN", "s3cret")
    script = _script(tmp_path, f'cat > {tmp_path}/facts; env > {tmp_path}/env; echo "$@" > {tmp_path}/args')
    ward.alarms.use({"pager": (script, "--loud", "$(id)")}, ["TILES_TOKEN"])
    ward.arm("fails -> run:pager")
    ward.answer(a_job("1"))
    ward.answer(_failed(a_job("1", title="x\x1b]0;y\x07")))
    await ward.alerts()
    facts = json.loads((tmp_path / "facts").read_text())
    assert facts["ref"] == "tiles:1"
    assert facts["alert"] == "fails"
    assert facts["jobs"][0]["why"] == "disk full"
    assert "\x1b" not in facts["text"]
    assert "s3cret" not in (tmp_path / "env").read_text()
    assert (tmp_path / "args").read_text() == "--loud $(id)\n"


async def test_a_command_that_fails_is_said_once_until_it_works_again(ward: Ward, tmp_path: Path) -> None:
    script = _script(tmp_path, f"test -e {tmp_path}/works || {{ echo no pager here >&2; exit 3; }}")
    ward.alarms.use({"pager": (script,)}, ())
    ward.arm("fails -> run:pager")
    for number in range(3):
        ward.answer(a_job(str(number)))
        ward.answer(_failed(a_job(str(number)), f"cause {'x' * (number + 1)}"))
        await ward.alerts()
    troubles = [event.text for event in ward.events if isinstance(event, AlertTrouble)]
    assert troubles == ["the command pager of an alert ended with code 3: no pager here"]


async def test_a_command_that_does_not_end_is_ended_with_what_it_started(ward: Ward, tmp_path: Path) -> None:
    from jobtui.monitor.commands import Commands

    script = _script(tmp_path, f"sleep 600 & echo $! > {tmp_path}/pid; wait")
    said = await Commands({"slow": (script,)}, (), timeout_s=1.0).run("slow", {})
    assert said is not None
    assert "did not end within 1 s" in said
    pid = int((tmp_path / "pid").read_text())
    await until(lambda: not _is_alive(pid), what="what the command had started to end")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"


async def test_a_rule_that_runs_what_there_is_not_is_refused(ward: Ward) -> None:
    with pytest.raises(UsageError, match="there is no command “pager”"):
        ward.arm("fails -> run:pager")
    assert ward.arm("fails -> run:./page.sh")


async def test_a_journal_that_takes_nothing_does_not_silence_an_alert(ward: Ward) -> None:
    ward.arm("fails -> bell")
    ward.answer(a_job("1"))
    ward.journal.close()
    ward.answer(_failed(a_job("1")))
    assert len(await ward.alerts()) == 1


async def test_alerts_are_told_by_themselves_soon(ward: Ward) -> None:
    ward.arm("fails -> bell")
    running = asyncio.create_task(ward.alarms.run())
    ward.answer(a_job("1"))
    ward.answer(_failed(a_job("1")))
    await until(lambda: [event for event in ward.events if isinstance(event, Alert)])
    running.cancel()


async def test_quiet_hours_hold_back_no_command(ward: Ward, tmp_path: Path) -> None:
    script = _script(tmp_path, f"cat > {tmp_path}/facts")
    ward.alarms.use({"pager": (script,)}, (), Manner(QuietHours(time(0, 0), time(23, 59, 59))))
    ward.arm("fails -> run:pager")
    ward.answer(a_job("1"))
    ward.answer(_failed(a_job("1")))
    [alert] = await ward.alerts()
    assert alert.do == ("run:pager",)
    assert (tmp_path / "facts").exists()


@pytest.mark.parametrize(
    ("rule", "said"),
    [("ends", "ended well"), ("fails", "failed: disk full"), ("stalls", "has stalled")],
)
async def test_whoever_waits_for_a_job_is_told_that_it_ended_failed_or_stalled(
    ward: Ward, rule: str, said: str
) -> None:
    """Complaint 22: notify on end, fail and stall; the exit codes are tested with the command line."""
    ward.answer(a_job("1"))
    ward.arm(f"job:tiles:1 {rule}")
    if rule == "stalls":
        ward.known.publish_found(ward.known.store.stall(JobRef("tiles", "1"), NOW))
    else:
        well = replace(a_job("1"), state=State.SUCCEEDED, ended=True)
        ward.answer(_failed(a_job("1")) if rule == "fails" else well)
    [alert] = await ward.alerts()
    assert said in alert.text
    assert alert.do == ("bell", "notify")


async def test_many_jobs_are_looked_at_a_part_at_a_time(ward: Ward) -> None:
    ward.arm("open>1h")
    ward.arm("age>1h state:running")
    ward.known.store.apply([a_job(str(number), started=NOW) for number in range(2_000)], NOW)
    ward.now += timedelta(hours=2)
    assert sum(1 for _ in ward.alarms._looking()) == 8
    alerts = await ward.alerts()
    assert [len(alert.refs) for alert in alerts] == [2_000, 2_000]
