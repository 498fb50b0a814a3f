"""The clients that the vendors' users have, unmodified, against the demo."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests  # noqa: TID251 - what zenpy is given as its session; nothing of ours uses it
from bruce_models import BruceApi, GuardianApi
from bruce_models.account.account import Account
from bruce_models.api.errors import ApiError
from bruce_models.server.pending_action import PendingAction, job_timing
from bruce_models.user.session import Session
from zenpy import Zenpy
from zenpy.lib.exception import RecordNotFoundException

from jobtui.demo import DemoServer, ManualClock


@pytest.fixture
def bruce(still: DemoServer) -> BruceApi:
    source = still.sources["nextspace"]
    return BruceApi({"base_url": source["base_url"], "session_id": source["token"]})


def test_bruce_lists_and_reads_actions_and_messages(still: DemoServer, bruce: BruceApi) -> None:
    rows = PendingAction.get_list(bruce)["Items"]
    assert len(rows) >= 10
    running = next(row for row in rows if row["Status"] == "IN_PROGRESS" and row["Progress"] > 0)
    assert isinstance(PendingAction.get(bruce, running["ID"])["Result"], dict)
    messages = PendingAction.get_messages(bruce, running["ID"])
    assert {message["PendingAction.ID"] for message in messages} == {running["ID"]}
    timing = job_timing(PendingAction.get(bruce, running["ID"]), messages)
    assert timing["suspect"] is False


def test_bruce_waits_for_the_end_and_sees_every_message(
    bruce: BruceApi, still: DemoServer, clock: ManualClock
) -> None:
    action = still.world.add_action(lasts=60.0)
    done = threading.Event()

    def keep_moving() -> None:
        while not done.wait(0.02):
            clock.move(5.0)

    mover = threading.Thread(target=keep_moving)
    mover.start()
    try:
        result = PendingAction.on_completion(bruce, action.action_id, interval=0.02)
    finally:
        done.set()
        mover.join()
    assert result["action"]["Status"] == "COMPLETE"
    assert len(result["messages"]) == len(action.lines(still.world.now))


def test_bruce_signs_in_finds_its_account_and_signs_out(still: DemoServer) -> None:
    base = still.sources["nextspace"]["base_url"]
    guardian = GuardianApi({"base_url": base})
    session = Session.login(guardian, "kmeyer", "demo", "demo", "204518")
    assert not Session.is_anonymous(session)
    signed_in = GuardianApi({"base_url": base, "session_id": session["ID"]})
    assert Session.current(signed_in)["User"]["Fullname"] == "Kim Meyer"
    found = Account.get(signed_in, "demo")["URL"]["Base"]
    assert PendingAction.get_list(BruceApi({"base_url": found, "session_id": session["ID"]}))["Items"]
    Session.logout(signed_in)
    assert Session.is_anonymous(Session.current(signed_in)), "a bad token is nobody's, and no error"
    with pytest.raises(ApiError):
        Session.login(guardian, "kmeyer", "demo", "demo")
    with pytest.raises(ApiError):
        PendingAction.get_list(BruceApi({"base_url": found, "session_id": session["ID"]}))


def test_bruce_cancels(bruce: BruceApi, still: DemoServer, clock: ManualClock) -> None:
    action = next(each for each in (still.world.add_action() for _ in range(2)) if each.obeys_cancel)
    PendingAction.cancel(bruce, action.action_id)
    clock.move(10.0)
    assert PendingAction.get(bruce, action.action_id)["Status"] == "CANCELLED"


def test_bruce_understands_our_errors(bruce: BruceApi) -> None:
    with pytest.raises(ApiError):
        PendingAction.get(bruce, 999_999_999)


@pytest.fixture
def zendesk(still: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("ZENPY_FORCE_SCHEME", "http")
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", still.url.removeprefix("http://"))
    source = still.sources["zendesk"]
    with requests.Session() as session:
        yield Zenpy(subdomain="demo", email=source["email"], token=source["token"], session=session)


def test_zenpy_lists_shows_and_asks_for_many(zendesk: Any) -> None:
    rows = zendesk.job_status()["job_statuses"]
    assert len(rows) >= 10
    one = zendesk.job_status(id=rows[0].id)
    assert (one.id, one.status, one.url) == (rows[0].id, rows[0].status, rows[0].url)
    many = zendesk.job_status(ids=[rows[0].id, rows[-1].id])["job_statuses"]
    assert {each.id for each in many} == {rows[0].id, rows[-1].id}
    assert {each.status for each in rows} >= {"queued", "working", "completed", "failed"}


def test_zenpy_knows_that_a_job_is_not_there_and_who_it_is(zendesk: Any) -> None:
    with pytest.raises(RecordNotFoundException):
        zendesk.job_status(id="nobody")
    assert zendesk.users.me().email == "oncall@acme.example"


def test_zenpy_waits_out_a_429(zendesk: Any, still: DemoServer) -> None:
    still.set_faults("429")
    timer = threading.Timer(0.3, still.set_faults, args=("",))
    timer.start()
    assert zendesk.job_status()["job_statuses"]
    timer.join()
    assert [entry["status"] for entry in still.requests] == [429, 200]


def test_zenpy_sees_a_job_end(zendesk: Any, still: DemoServer, clock: ManualClock) -> None:
    batch = still.world.add_batch(size=4, failed_items=1)
    statuses = []
    for _ in range(3):
        statuses.append(zendesk.job_status(id=batch.batch_id).status)
        clock.move(5.0)
    assert statuses == ["queued", "working", "completed"]
