"""jobtui against a server that follows the oldest published texts of the three APIs, and nothing else."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from jobtui import wiring
from jobtui.monitor.events import Event, HealthChanged, Link
from tests.cli.conftest import Cli
from tests.conftest import until
from tests.seeds_only.server import EMAIL, ROOT, TOKEN, World

ALL = ("tiles:4711", "desk:8b72", "desk:9c01", "desk:0d00", "field:Zk19")
ACTION = f"{ROOT}/jobs/Zk19/action"


@pytest.fixture
def added(cli: Cli) -> Cli:
    assert cli("add", *ALL).code == 0
    return cli


def by_ref(listed: Any) -> dict[str, Any]:
    return {job["ref"]: job for job in listed}


# --- reading ----------------------------------------------------------------------------------------------
def test_ids_come_by_add_and_are_told_of_at_once(cli: Cli) -> None:
    ran = cli("add", *ALL)
    assert (ran.code, ran.err) == (0, "")
    assert [line.rpartition("(")[2] for line in ran.out.splitlines()] == [
        "running)",
        "running)",
        "partial)",
        "failed)",
        "waiting)",
    ]


def test_an_address_is_an_id_too(cli: Cli, world: World, config: Path) -> None:
    url = config.read_text("utf-8").partition('url = "')[2].partition("/bruce")[0]
    ran = cli("add", f"{url}/api/v2/job_statuses/9c01.json", f"{url}{ROOT}/jobs/Zk19")
    assert (ran.code, ran.err) == (0, "")
    assert "watching desk:9c01" in ran.out
    assert "watching field:Zk19" in ran.out


def test_the_answers_of_the_server_itself_name_their_jobs(
    cli: Cli, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bare bodies; the address in that of Zendesk names another host, as the old text has it."""
    bodies = (world.action[0], world.statuses["9c01"][0], {"jobIds": ["Zk19"]})
    assert "company.zendesk.com" in bodies[1]["url"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, bodies))))
    ran = cli("add", "-")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[1] for line in ran.out.splitlines()] == ["tiles:4711", "desk:9c01", "field:Zk19"]


def test_without_a_list_the_ids_on_watch_are_read_and_that_is_said(added: Cli, world: World) -> None:
    world.requests.clear()
    ran = added("ls", "--json")
    assert ran.code == 0
    assert len(ran.sentences) == 3
    assert all("has no list of jobs" in line for line in ran.sentences)
    jobs = by_ref(ran.json)
    assert set(jobs) == set(ALL)
    assert jobs["tiles:4711"]["progress"]["fraction"] == 0.7
    assert jobs["desk:9c01"]["why"] == "1 of 2 items failed: Status: is closed"
    assert jobs["desk:0d00"]["why"] == "killed by the server"
    assert not any("stale" in job["flags"] for job in jobs.values())
    assert world.asked("GET", "/api/v2/job_statuses/8b72.json")


def test_what_ended_is_still_true_when_nothing_is_left_to_ask(added: Cli) -> None:
    for _ in range(3):
        ran = added("ls", "--source", "desk", "--json")
        assert ran.code == 0
    assert {job["state"] for job in ran.json} == {"succeeded", "partial", "failed"}
    assert not any(job["flags"] for job in ran.json)


def test_without_list_or_ids_the_address_may_be_wrong(cli: Cli) -> None:
    ran = cli("ls")
    assert ran.code == 3
    assert all("404" in line for line in ran.sentences)
    assert cli("source", "test", "tiles").code == 3


def test_an_id_that_was_never_read_does_not_make_an_address_right(cli: Cli) -> None:
    assert "could not be read" in cli("add", "tiles:99").err
    ran = cli("ls", "--source", "tiles", "--json")
    assert "tiles is silent" in ran.err


def test_a_credential_is_proved_by_a_job_on_watch(added: Cli) -> None:
    ran = added("source", "test", "--json")
    assert ran.code == 0
    assert all("there is no list of jobs" in tested["rights"] for tested in ran.json)


def test_bare_bodies_are_shown_whole(added: Cli) -> None:
    assert added("show", "tiles:4711", "--json").json["raw_state"] == "IN_PROGRESS"
    shown = added("show", "desk:9c01", "--json").json
    assert [(step["title"], step["state"]) for step in shown["steps"]] == [
        ("#1 A", "succeeded"),
        ("#2 B", "failed"),
    ]
    assert shown["ended_at"].startswith("2012-04-13T02:51:53")


def test_a_step_is_shown_without_diagram_or_history_and_that_is_said(added: Cli) -> None:
    shown = added("show", "field:Zk19", "--json").json
    assert [(step["id"], step["current"]) for step in shown["steps"]] == [("s-1", True)]
    assert shown["why"] == "step “Step s-1” waits for dortiz"
    assert "diagram of this job cannot be read" in added("show", "field:Zk19").out


def test_messages_are_read_in_order_and_debug_only_when_asked_for(added: Cli) -> None:
    assert [line["text"] for line in added("logs", "tiles:4711", "--json").json] == [
        "Starting",
        "shard 3",
        "12 of 40 rows",
    ]
    assert "shard 3" not in added("logs", "tiles:4711").out
    assert "Completed at Fri Apr 13" in added("logs", "desk:9c01").out


def test_a_job_without_any_story_has_an_empty_log(added: Cli) -> None:
    ran = added("logs", "field:Zk19", "--json")
    assert (ran.code, ran.json) == (0, [])


def test_watch_and_wait_follow_jobs_to_their_ends(added: Cli) -> None:
    watched = added("watch", "tiles:4711", "desk:8b72", "--timeout", "10s")
    assert watched.code == 0
    assert "succeeded" in watched.out
    assert added("wait", "desk:9c01", "--timeout", "10s").code == 1


# --- steering ---------------------------------------------------------------------------------------------
def test_a_cancel_without_an_answer_is_followed_to_its_end(added: Cli, world: World) -> None:
    outcome = added("cancel", "tiles:4711", "--yes", "--wait", "10s", "--json")
    assert (outcome.code, outcome.json["verdict"]) == (0, "confirmed")
    assert len(world.asked("DELETE", "/bruce/pendingAction/4711")) == 1
    [entry] = added("audit", "--json").json
    assert (entry["control"], entry["verdict"]) == ("cancel", "confirmed")


ACTIONS = [
    (("run",), {"type": "Run", "stepIds": ["s-1"]}),
    (("finish",), {"type": "Finish", "stepIds": ["s-1"]}),
    (("stop",), {"type": "Stop", "stepIds": ["s-1"]}),
    (("cancel",), {"type": "Stop", "stepIds": ["s-1"]}),
    (("set-current",), {"type": "SetCurrentStep", "stepIds": ["s-1"]}),
    (("hold",), {"type": "Hold", "stepIds": ["s-1"]}),
    (
        ("hold", "--until", "2031-08-24T14:15:22Z"),
        {"type": "Hold", "stepIds": ["s-1"], "holdScheduledRelease": "2031-08-24T14:15:22Z"},
    ),
    (
        ("hold", "--after", "field:Other#s-9"),
        {"type": "Hold", "stepIds": ["s-1"], "dependentJobId": "Other", "dependentStepId": "s-9"},
    ),
    (("refresh",), {"type": "RefreshStatus", "stepIds": ["s-1"]}),
]


@pytest.mark.parametrize("reads_jobs", [True, False], ids=["readable", "only-action"])
def test_every_action_is_sent_as_written_with_the_token_in_the_query(
    cli: Cli, world: World, reads_jobs: bool
) -> None:
    world.reads_jobs = reads_jobs
    for (control, *more), body in ACTIONS:
        world.requests.clear()
        world.held, world.current = False, "s-1"
        ran = cli(control, "field:Zk19", "--step", "s-1", *more, "--yes", "--json")
        assert (ran.code, ran.json["verdict"], ran.json["sent"]) == (0, "accepted", True), (control, ran)
        [told] = world.asked("POST", ACTION)
        assert (told.body, told.query) == (body, {"token": TOKEN})
    audited = [entry["control"] for entry in cli("audit", "--json").json]
    assert audited[::-1] == [words[0] for words, _ in ACTIONS]


@pytest.mark.parametrize("reads_jobs", [True, False], ids=["readable", "only-action"])
def test_a_hold_is_released_and_a_held_step_is_refused_in_words(
    cli: Cli, world: World, reads_jobs: bool
) -> None:
    world.reads_jobs, world.held = reads_jobs, True
    refused = cli("run", "field:Zk19", "--step", "s-1", "--yes", "--json")
    assert (refused.code, refused.json["sent"]) == (6, not reads_jobs)
    assert "hold" in refused.json["reason"] or "held" in refused.json["reason"]
    released = cli("release", "field:Zk19", "--step", "s-1", "--yes", "--json")
    assert (released.code, released.json["verdict"]) == (0, "accepted")
    assert world.asked("POST", ACTION)[-1].body == {"type": "ReleaseHold", "stepIds": ["s-1"]}
    assert world.held is False


def test_a_control_without_a_step_is_not_sent_when_the_job_cannot_be_read(cli: Cli, world: World) -> None:
    world.reads_jobs = False
    ran = cli("run", "field:Zk19", "--yes", "--json")
    assert (ran.code, ran.json["sent"]) == (3, False)
    assert world.asked("POST", ACTION) == []


def test_the_password_is_sent_as_the_old_text_says_and_never_shown(cli: Cli, config: Path) -> None:
    text = config.read_text("utf-8").replace("correct horse", "wrong pony")
    config.write_text(text, "utf-8")
    ran = cli("show", "desk:9c01")
    assert ran.code == 4
    assert "wrong pony" not in ran.out + ran.err
    assert EMAIL in text


# --- the live watch ---------------------------------------------------------------------------------------
async def test_a_source_without_a_list_is_live_and_its_ids_are_followed(world: World, config: Path) -> None:
    heard: list[Event] = []
    async with wiring.open_monitor(wiring.load_config(str(config)), publish=heard.append) as monitor:
        for ref in ALL:
            await monitor.add(monitor.target_of(ref).job)
        await monitor.start()
        tiles = monitor.target_of("tiles:4711").job
        await until(lambda: (job := monitor.store.get(tiles)) is not None and job.ended)
        for name in ("tiles", "desk", "field"):
            await until(lambda name=name: monitor.health(name).link is Link.LIVE)  # type: ignore[misc]
            health = monitor.health(name)
            assert (health.error, health.has_list) == (None, False)
    links = {(event.health.source, event.health.link) for event in heard if isinstance(event, HealthChanged)}
    assert not any(link is Link.OFFLINE for _, link in links)
    assert len(world.asked("GET", "/bruce/pendingActions")) == 1
