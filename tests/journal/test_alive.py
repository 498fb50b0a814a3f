"""An intent left by a crash is taken up at once; one of a process at work is left to it."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from jobtui.journal.alive import SignOfLife
from jobtui.journal.journal import Journal
from tests.journal.samples import NOW, later, outcome, request
from tests.journal.test_processes import ASKER, start


def at(path: Path, seconds: float) -> Journal:
    return Journal(path, clock=lambda: later(seconds))


def test_the_intent_of_a_dead_process_is_taken_up_at_once(path: Path) -> None:
    asker = start(ASKER, str(path))
    assert asker.stdout is not None
    entry_id = int(asker.stdout.readline())
    with at(path, 1) as journal:
        assert journal.unsettled() == [], "its process lives"
        asker.kill()
        asker.communicate(timeout=60)
        assert asker.returncode == -signal.SIGKILL
        assert [entry.id for entry in journal.unsettled()] == [entry_id]
        assert [entry.id for entry in journal.unsettled()] == [entry_id], "and stays so"
    assert list(path.parent.glob("*.alive-*")) == [], "what it left is removed"


def test_the_intent_of_a_living_process_is_left_to_it_for_two_minutes(path: Path) -> None:
    with at(path, 1) as one, at(path, 1) as other:
        entry_id = one.asked(request(), "me")
        assert one.unsettled() == other.unsettled() == []
        with at(path, 121) as later_on:
            assert [entry.id for entry in later_on.unsettled()] == [entry_id]


def test_an_answered_control_is_nobodys_to_wait_for(path: Path) -> None:
    with at(path, 1) as one:
        entry_id = one.asked(request(), "me")
        one.answered(entry_id, outcome(request()))
        with at(path, 1) as other:
            assert [entry.id for entry in other.unsettled()] == [entry_id]


def test_an_intent_of_an_earlier_version_waits_its_two_minutes(path: Path) -> None:
    with at(path, 1) as journal:
        journal.asked(request(), "me")
        with journal._database.writing() as connection:
            connection.execute("UPDATE controls SET owner = NULL")
        assert journal.unsettled() == []
    with at(path, 121) as journal:
        assert len(journal.unsettled()) == 1


def test_only_a_process_that_sends_a_control_shows_that_it_lives(path: Path) -> None:
    with at(path, 1) as journal:
        journal.audit()
        assert list(path.parent.glob("*.alive-*")) == []
        journal.asked(request(), "me")
        (file,) = path.parent.glob("*.alive-*")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(path.parent.glob("*.alive-*")) == []


def test_a_control_is_sent_where_no_sign_of_life_can_be_given(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: SignOfLife) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(SignOfLife, "token", refused)
    with at(path, 1) as journal:
        assert journal.asked(request(), "me") == 1
        assert journal.audit()[0].asked_at == NOW


@pytest.mark.parametrize("token", ["../../etc/passwd", "", "a/b", "\x00", "x" * 300])
def test_a_token_that_is_none_of_ours_names_no_other_file(path: Path, token: str) -> None:
    path.parent.mkdir(parents=True)
    other = path.parent.parent / "other"
    other.touch()
    SignOfLife(path).is_alive(token)
    assert other.exists()
    assert os.listdir(path.parent) == []


def test_what_the_dead_left_is_swept_and_what_the_living_hold_is_not(path: Path) -> None:
    path.parent.mkdir(parents=True)
    left = path.with_name(f"{path.name}.alive-123-dead")
    left.touch()
    living, sweeper = SignOfLife(path), SignOfLife(path)
    token = living.token()
    sweeper.sweep()
    assert not left.exists()
    assert sweeper.is_alive(str(token))
    living.close()
    living.close()
    assert not sweeper.is_alive(str(token))
