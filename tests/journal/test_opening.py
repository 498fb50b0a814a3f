"""The journal's file: private, whole, of our version."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.errors import JournalError
from jobtui.journal import codec, opening, schema
from jobtui.journal.journal import Journal
from jobtui.journal.told import told_of
from jobtui.model import Job, JobRef, Progress
from tests.journal.samples import NOW, job, later, request


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Each of the ways that a shell may be set, the silly ones included."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def first_version(path: Path, jobs: list[Job], *, broken: str) -> None:
    """Write a journal as the first version did, with one job that cannot be read."""
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    for statement in schema.MIGRATIONS[0]:
        connection.execute(statement)
    rows = [(each.ref.job_id, each.ended, codec.encode(each)) for each in jobs] + [(broken, False, b'{"ref')]
    connection.executemany(
        "INSERT INTO jobs (source, job_id, as_of, ended, body) VALUES ('field', ?, ?, ?, ?)",
        [(job_id, codec.to_stamp(NOW), ended, body) for job_id, ended, body in rows],
    )
    connection.execute("INSERT INTO messages VALUES (1, 'field', '1', 'm', NULL, '{}')")
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()


def query(path: Path, *statements: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        return [row for statement in statements for row in connection.execute(statement).fetchall()]
    finally:
        connection.close()


# --- private ------------------------------------------------------------------------------------------------
def test_folder_and_files_are_the_users_alone(path: Path, umask: int) -> None:
    with Journal(path) as journal:
        journal.save_jobs([job()])
        assert mode(path.parent) == mode(path.parent.parent) == 0o700
        files = {file.name: mode(file) for file in path.parent.iterdir()}
    assert {"journal.db", "journal.db-wal", "journal.db-shm"} <= files.keys()
    assert {name: value for name, value in files.items() if value & 0o077} == {}


def test_a_file_that_others_could_read_is_made_private(path: Path) -> None:
    Journal(path).close()
    path.chmod(0o644)
    Journal(path).close()
    assert mode(path) == 0o600


def test_a_folder_that_others_could_enter_is_made_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Journal(tmp_path / "journal.db").close()
    assert mode(tmp_path) == 0o700


def test_opening_a_second_time_keeps_the_locks_of_the_first(path: Path) -> None:
    with Journal(path) as first, first._database.writing():
        Journal(path).close()
        other = sqlite3.connect(path, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


# --- durable ------------------------------------------------------------------------------------------------
def test_intents_are_synced_and_snapshots_are_not(journal: Journal) -> None:
    statements: list[str] = []
    journal._database._connection.set_trace_callback(statements.append)
    journal.save_jobs([job()])
    journal.asked(request(), "me")
    journal.save_jobs([job()])
    settings = [text.split(" = ")[1] for text in statements if text.startswith("PRAGMA synchronous")]
    assert settings == ["NORMAL", "FULL", "NORMAL"]
    assert journal._database.rows("PRAGMA journal_mode") == [("wal",)]


# --- whole --------------------------------------------------------------------------------------------------
def test_a_whole_journal_has_nothing_to_say(journal: Journal) -> None:
    assert journal.notice is None


@pytest.mark.parametrize("content", [b"this was never a database", b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_is_no_journal_is_kept_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with Journal(path) as journal:
        journal.save_jobs([job()])
        assert journal.jobs("field") == [job()]
        (aside,) = path.parent.glob("journal.corrupt-*")
        assert journal.notice is not None
        assert str(aside) in journal.notice
    assert aside.read_bytes() == content
    assert mode(aside) == 0o600


def test_a_damaged_table_is_found_at_the_start(path: Path) -> None:
    with Journal(path) as journal:
        journal.save_jobs([job(str(number), title="x" * 500) for number in range(200)])
    size = int(str(query(path, "PRAGMA page_size")[0][0]))
    roots = query(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'jobs'")
    with path.open("r+b") as file:
        file.seek((int(str(roots[0][0])) - 1) * size)
        file.write(b"\xff" * size)
    with Journal(path) as journal:
        assert journal.notice is not None
        assert journal.jobs("field") == []
    with Journal(path) as journal:
        assert journal.notice is None


def test_damage_found_later_is_an_error_of_the_journal(path: Path) -> None:
    with Journal(path) as journal:
        journal.save_jobs([job(str(number), title="x" * 3_000) for number in range(300)])
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8_192)
    with Journal(path) as journal, pytest.raises(JournalError, match="damaged; it is set aside"):
        journal.jobs("field")


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()
    with Journal(path) as journal:
        assert (journal.notice, journal.jobs("field")) == (None, [])


# --- refused ------------------------------------------------------------------------------------------------
def test_a_newer_journal_is_refused_and_left_alone(path: Path) -> None:
    Journal(path).close()
    query(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(JournalError, match=r"written by a newer jobtui \(journal version 99"):
        Journal(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir(parents=True)
    query(path, "CREATE TABLE theirs (a)", "INSERT INTO theirs VALUES (1)")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="of another program"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="Not a directory"):
        Journal(tmp_path / "file" / "journal.db")


def test_a_folder_in_place_of_the_file_is_one_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(JournalError, match="cannot be written here"):
        Journal(path)


def test_a_journal_locked_for_too_long_is_one_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_S", 0.05)
    with Journal(path) as journal:
        hog = sqlite3.connect(path, isolation_level=None)
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked for too long"):
            journal.save_jobs([job()])
        hog.execute("ROLLBACK")
        hog.close()
        journal.save_jobs([job()])
        assert journal.jobs("field") == [job()]


def test_an_opening_that_never_ends_keeps_others_out_with_one_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_S", 0.05)
    Journal(path).close()
    with opening._alone(path), pytest.raises(JournalError, match=r"keeps .+ from being opened"):
        Journal(path)


# --- of our version -----------------------------------------------------------------------------------------
def test_a_migration_keeps_a_copy_and_what_was_in_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(path) as journal:
        journal.save_jobs([job()])
    newer = (*schema.MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN note TEXT", "CREATE TABLE more (a)"))
    monkeypatch.setattr(schema, "MIGRATIONS", newer)
    with Journal(path) as journal:
        assert journal.jobs("field") == [job()]
        assert journal._database.rows("SELECT note FROM jobs") == [(None,)]
    last = len(newer) - 1
    copy = path.with_name(f"journal.db.v{last}")
    assert mode(copy) == 0o600
    assert query(copy, "PRAGMA user_version", "SELECT job_id FROM jobs") == [(last,), ("Zk19",)]
    assert query(path, "PRAGMA user_version") == [(last + 1,)]


def test_a_journal_of_the_first_version_keeps_what_was_in_it_and_begins_its_history_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = dataclasses.replace(job("1"), progress=Progress(0.25, 1, 4), owner="dortiz")
    first_version(path, [progress, job("2", ended_at=NOW)], broken="3")
    with Journal(path) as journal:
        assert journal.jobs("field") == [job("2", ended_at=NOW), progress]
        assert journal.past.told(progress.ref) == [told_of(progress)]
        journal.save_jobs([dataclasses.replace(progress, as_of=later(5))])
        assert len(journal.past.told(progress.ref)) == 1, "what was known is no news"
        journal.save_jobs([job("3")])
        assert journal.past.told(JobRef("field", "3")) == [told_of(job("3"))]
        (row,) = journal._database.rows("SELECT message_id, kept_at FROM messages")
        assert row == ("m", None)
    assert path.with_name("journal.db.v1").exists()


def test_an_older_jobtui_that_has_the_journal_open_writes_no_more_once_a_newer_has_migrated_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(path) as older:
        older.save_jobs([job("1")])
        newer = (*schema.MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN note TEXT",))
        monkeypatch.setattr(schema, "MIGRATIONS", newer)
        with Journal(path) as younger:
            younger.save_jobs([job("2")])
            for write in (lambda: older.save_jobs([job("3")]), lambda: older.asked(request(), "me")):
                with pytest.raises(JournalError, match="a newer jobtui has brought the journal to version"):
                    write()
            assert {found.ref.job_id for found in older.jobs("field")} == {"1", "2"}, "reading goes on"
            younger.save_jobs([job("4")])
            assert younger.audit() == []
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(path) as journal:
        journal.save_jobs([job()])
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE more (a)", "not SQL")))
        with pytest.raises(JournalError, match="the journal failed"):
            Journal(path)
    with Journal(path) as journal:
        assert journal.jobs("field") == [job()]
        assert journal._database.rows("SELECT name FROM sqlite_schema WHERE name = 'more'") == []


def test_many_first_starts_at_once_make_one_journal(path: Path) -> None:
    ready, failures = threading.Barrier(6), []

    def start(number: int) -> None:
        ready.wait()
        try:
            with Journal(path) as journal:
                journal.save_jobs([job(str(number))])
        except JournalError as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Journal(path) as journal:
        assert len(journal.jobs("field")) == 6
