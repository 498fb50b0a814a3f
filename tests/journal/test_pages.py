"""Messages read back a page at a time: in the order in which they were said, each once."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from jobtui.journal.journal import Journal
from jobtui.model import JobMessage, JobRef, Level
from tests.factory import NOW
from tests.journal.test_opening import first_version

REF = JobRef("tiles", "1")


def said(number: int, minute: float | None = None, job_id: str = "1") -> JobMessage:
    """Make the nth message, said so many minutes from now; at no known time without."""
    at = None if minute is None else NOW + timedelta(minutes=minute)
    return JobMessage(JobRef("tiles", job_id), str(number), at, Level.INFO, "INFO", f"message {number}")


def ids(messages: list[JobMessage]) -> list[int]:
    return [int(message.id) for message in messages]


def test_pages_lead_back_to_the_first_and_forth_to_the_last(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        journal.save_messages(said(number, number // 2) for number in range(100))
        journal.save_messages(said(number, number, "2") for number in range(100))
        page, back = journal.pages.newest(REF, 7), list[JobMessage]()
        while page:
            assert len(page) <= 7
            back = page + back
            page = journal.pages.older(page[0], 7)
        assert ids(back) == list(range(100))
        page, forth = journal.pages.oldest(REF, 7), list[JobMessage]()
        while page:
            forth += page
            page = journal.pages.newer(page[-1], 7)
        assert forth == back
        assert {message.ref for message in forth} == {REF}


def test_late_ones_stand_at_their_time_and_those_without_one_behind_what_they_came_after(
    tmp_path: Path,
) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        journal.save_messages([said(1, 1), said(2), said(4, 4)])
        journal.save_messages([said(3, 2), said(5), said(6, 5)])
        assert ids(journal.pages.newest(REF, 10)) == [1, 2, 3, 5, 4, 6]
        assert ids(journal.pages.newest(REF, 10)) == ids(journal.messages(REF))
        assert ids(journal.pages.older(said(4), 2)) == [3, 5]
        assert ids(journal.pages.newer(said(2), 2)) == [3, 5]


def test_beside_a_message_that_was_not_kept_is_what_its_time_says(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        journal.save_messages(said(number, number) for number in range(10))
        assert ids(journal.pages.older(said(77, 4.5), 2)) == [3, 4]
        assert ids(journal.pages.newer(said(77, 4.5), 2)) == [5, 6]
        assert journal.pages.older(said(77), 2) == []
        assert journal.pages.newer(said(77), 2) == []


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with Journal(path) as journal:
        journal.save_messages(said(number, number) for number in range(4))
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE messages SET body = '{' WHERE message_id = '2'")
        connection.close()
        assert ids(journal.pages.newest(REF, 10)) == [0, 1, 3]


def test_messages_of_an_earlier_version_are_in_order_too(tmp_path: Path) -> None:
    path = tmp_path / "old" / "journal.sqlite3"
    first_version(path, [], broken="b")
    kept = [said(2, 2), said(1, 1), said(3)]
    with Journal(tmp_path / "other.sqlite3") as other:
        other.save_messages(kept)
        rows = other.pages._database.rows("SELECT source, job_id, message_id, at, body FROM messages")
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO messages (source, job_id, message_id, at, body) VALUES (?, ?, ?, ?, ?)", rows
    )
    connection.commit()
    connection.close()
    with Journal(path) as journal:
        assert ids(journal.pages.newest(REF, 10))[-2:] == [1, 2]
        assert sorted(ids(journal.pages.newest(REF, 10))) == [1, 2, 3]
