"""One journal under fire: opened after each kill, and held against what reached the server."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

from jobtui.errors import JournalError
from jobtui.journal.journal import Entry, Journal
from jobtui.journal.schema import APPLICATION_ID, MIGRATIONS
from jobtui.model import JobRef, Verdict
from jobtui.paths import LOCAL_STATE
from tests.killing.ground import Ground, Key, Reached, age_of, key_of_intent

_CLOCKS_S = 0.05
"""How far the child's clock, which never goes back, may be from the demo's."""


@dataclass
class Faults:
    """Everything that must not be; each is a sentence."""

    not_opened: list[str] = field(default_factory=list)
    not_whole: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Intents that were in the journal after an earlier kill."""
    without_intent: list[str] = field(default_factory=list)
    sent_twice: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    """Intents newer than their request."""
    denied: list[str] = field(default_factory=list)
    """Controls that the journal says were never sent."""
    false: list[str] = field(default_factory=list)
    """Controls said to be accepted or confirmed that never reached the server."""
    unsaid: list[str] = field(default_factory=list)
    """Starts that did not say what an earlier process had left without an answer."""
    unsettled: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    """Messages."""
    missing: list[str] = field(default_factory=list)
    """Messages."""
    crashed: list[str] = field(default_factory=list)
    """What processes said that nobody should ever read."""

    def __bool__(self) -> bool:
        return bool(self.sentences())

    def sentences(self) -> list[str]:
        """Say each fault, by its kind."""
        return [f"{kind.name}: {text}" for kind in fields(self) for text in getattr(self, kind.name)]


class Place:
    """A configuration, with a journal beside it."""

    def __init__(self, folder: Path, ground: Ground, faults: Faults) -> None:
        (folder / LOCAL_STATE).mkdir(parents=True, mode=0o700)
        self.config = ground.write_config(folder / "config.toml")
        self.journal = folder / LOCAL_STATE / "journal.db"
        self.keys: set[Key] = set()
        """What was ordered here."""
        self.entries: dict[int, Entry] = {}
        """All controls in the journal, when it was last looked at."""
        self._faults = faults

    def look(self, *, at_a_copy: bool) -> None:
        """Open the journal as the next start would, and take over what it says."""
        path = self._copied() if at_a_copy else self.journal
        before = set(self.entries)
        try:
            with Journal(path) as journal:
                if journal.notice is not None:
                    self._faults.not_opened.append(journal.notice)
                self.entries = {entry.id: entry for entry in journal.audit()}
        except JournalError as error:
            self._faults.not_opened.append(str(error))
            return
        self._check_file(path)
        self._faults.lost += [f"control number {number}" for number in before - set(self.entries)]

    def unanswered(self) -> list[Entry]:
        """Controls of which no answer was ever written, and no effect seen."""
        return [entry for entry in self.entries.values() if entry.outcome is None and entry.effect is None]

    def awaited(self) -> list[Key]:
        """Controls that were sent, or perhaps sent, and whose effect nobody has seen."""
        with Journal(self.journal) as journal:
            return [key_of_intent(entry.request) for entry in journal.unsettled()]

    def own(self) -> list[Entry]:
        """Controls that were ordered here, and not only known from the journal this one was made of."""
        return [entry for entry in self.entries.values() if key_of_intent(entry.request) in self.keys]

    def messages(self, ref: JobRef) -> dict[str, tuple[datetime | None, str, str | None]]:
        """Give what a person sees of each message of a job, by its id."""
        with Journal(self.journal) as journal:
            return {each.id: (each.at, each.text, each.step) for each in journal.messages(ref)}

    def hold_against(self, reached: Iterable[Reached]) -> None:
        """Hold the journal against every control that reached the server."""
        arrived: dict[Key, list[Reached]] = {}
        for one in reached:
            arrived.setdefault(one.key, []).append(one)
        intents: dict[Key, list[Entry]] = {}
        for entry in self.entries.values():
            intents.setdefault(key_of_intent(entry.request), []).append(entry)
        for key in self.keys:
            self._compare(key, arrived.get(key, []), intents.get(key, []))

    def _compare(self, key: Key, arrived: list[Reached], intents: list[Entry]) -> None:
        if len(arrived) > 1:
            self._faults.sent_twice.append(f"{key} arrived {len(arrived)} times")
        sent = [entry for entry in intents if entry.outcome is None or entry.outcome.sent]
        if arrived and intents and not sent:
            self._faults.denied.append(f"{key} arrived, and is said not to have been sent")
        elif arrived and len(sent) != 1:
            self._faults.without_intent.append(f"{key} arrived, and has {len(sent)} intents")
        for intent in sent:
            if arrived and age_of(intent.asked_at, arrived[0].at) < -_CLOCKS_S:
                self._faults.late.append(f"{key} was asked after it had arrived")
            if not arrived and _is_said_to_have_happened(intent):
                self._faults.false.append(f"{key} never arrived, and is said to have happened")

    def _copied(self) -> Path:
        """Copy what the killed process left; the next start then finds it as it was left."""
        folder = self.journal.parent / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        for part in ("", "-wal"):
            left = self.journal.with_name(self.journal.name + part)
            if left.exists():
                shutil.copy2(left, folder / left.name)
        return folder / self.journal.name

    def _check_file(self, path: Path) -> None:
        with sqlite3.connect(path) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchall()
            rows, messages = connection.execute(
                "SELECT count(*), count(DISTINCT source || ' ' || job_id || ' ' || message_id) FROM messages"
            ).fetchone()
        connection.close()
        if said != [("ok",)]:
            self._faults.not_whole.append(str(said[:3]))
        if rows != messages:
            self._faults.doubled.append(f"{rows - messages} rows of messages")


def _is_said_to_have_happened(entry: Entry) -> bool:
    is_accepted = entry.outcome is not None and entry.outcome.verdict is Verdict.ACCEPTED
    return is_accepted or (entry.effect is not None and entry.effect.as_asked)


def of_version_one(folder: Path, like: Place, ground: Ground, faults: Faults) -> Place:
    """Make a place with a journal as the first version of jobtui had left it, with all that another holds."""
    place = Place(folder, ground, faults)
    connection = sqlite3.connect(place.journal, isolation_level=None)
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.execute("ATTACH ? AS new", (str(like.journal),))
    for table in ("jobs", "steps", "messages", "watched", "controls"):
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
        connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")  # noqa: S608
    connection.execute("DETACH new")
    connection.close()
    place.entries = dict(like.entries)
    return place


def outcomes_of(entries: Iterable[Entry]) -> Counter[str]:
    """Count how controls ended."""
    return Counter("no answer" if e.outcome is None else e.outcome.verdict.value for e in entries)
