"""jobtui journal: what is remembered can be seen, made smaller, and taken elsewhere."""

from __future__ import annotations

import json
import stat
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from jobtui import paths
from jobtui.cli import session
from jobtui.demo import DemoServer
from jobtui.journal.journal import Journal
from jobtui.model import JobMessage, JobRef, Level, Outcome, Verdict
from tests.cli.conftest import Cli
from tests.factory import a_job
from tests.journal.samples import request

HOSTILE = "\x1b]0;owned\x07\u202eevil\x9b31m[/x]"


@pytest.fixture
def journal(config: Path) -> Iterator[Journal]:
    """The journal that goes with the demo's configuration."""
    with Journal(paths.journal_file(config)) as opened:
        yield opened


def fill(journal: Journal, count: int = 3, *, days: float = 0, source: str = "tiles") -> None:
    """Remember ended jobs, heard of some days ago, with ten messages each."""
    at = session.now() - timedelta(days=days)
    for number in range(count):
        job_id = f"{days:g}-{number}"
        journal.save_jobs([a_job(job_id, source=source, as_of=at, ended=True)])
        said = [
            JobMessage(JobRef(source, job_id), str(n), at, Level.INFO, "INFO", "x" * 500) for n in range(10)
        ]
        journal.save_messages(said)


# --- info ---------------------------------------------------------------------------------------------------
def test_info_says_what_is_remembered_how_large_and_where(cli: Cli, journal: Journal) -> None:
    cli("ls")
    ran = cli("journal", "info", "--json")
    assert ran.code == 0
    document = ran.json
    assert document["path"] == str(journal.path)
    assert document["rows"]["jobs"] >= 30
    assert document["rows"]["transitions"] >= document["rows"]["jobs"]
    assert document["size"] >= journal.path.stat().st_size
    assert (document["lost"], document["copies"], document["set_aside"]) == (
        {"states": 0, "messages": 0},
        [],
        [],
    )


def test_info_is_readable_for_people_and_names_copies_and_what_was_set_aside(
    cli: Cli, journal: Journal
) -> None:
    fill(journal)
    journal.path.with_name(f"{journal.path.name}.v1").write_bytes(b"x" * 2_000)
    journal.path.with_name(f"{journal.path.stem}.corrupt-1").write_bytes(b"x")
    ran = cli("journal", "info")
    assert ran.code == 0
    assert "30  messages" in ran.out
    assert "copy before a migration" in ran.out
    assert "2.0 kB" in ran.out
    assert "damaged, kept aside" in ran.out


# --- prune --------------------------------------------------------------------------------------------------
def test_a_dry_run_says_what_would_go_and_keeps_it(cli: Cli, journal: Journal) -> None:
    fill(journal, 3, days=40)
    fill(journal, 2)
    dry = cli("journal", "prune", "--older", "30d", "--dry-run", "--json").json
    assert (dry["jobs"], dry["messages"], dry["dry_run"]) == (3, 30, True)
    assert len(journal.jobs("tiles")) == 5
    real = cli("journal", "prune", "--older", "30d", "--json").json
    assert (real["jobs"], real["messages"], real["dry_run"]) == (3, 30, False)
    assert sorted(job.ref.job_id for job in journal.jobs("tiles")) == ["0-0", "0-1"]


def test_pruning_by_size_gives_the_room_back(cli: Cli, journal: Journal) -> None:
    fill(journal, 80, days=2)
    before = cli("journal", "info", "--json").json["size"]
    ran = cli("journal", "prune", "--larger", "200kB")
    assert ran.code == 0
    assert ran.out.startswith("gave up ")
    assert journal.path.stat().st_size < 250_000 < before


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["prune", "--older", "soon"], "soon"),
        (["prune", "--older", "99999999d"], "longer than ten years"),
        (["prune", "--larger", "much"], "not a size"),
        (["info", "--older", "3d"], "--older goes with “jobtui journal prune”"),
        (["prune", "--out", "x"], "--out goes with “jobtui journal export”"),
        (["tidy"], "is not one of"),
        (["export", "--since", "some day"], "some day"),
        (["export", "--ref", "never-seen"], "nothing is remembered"),
        (["export", "--source", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_meant_ends_with_2_and_one_sentence(cli: Cli, argv: list[str], sentence: str) -> None:
    ran = cli("journal", *argv)
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert sentence in ran.err


# --- export -------------------------------------------------------------------------------------------------
def test_everything_is_exported_as_documents_of_the_documented_shapes(
    cli: Cli, journal: Journal, demo: DemoServer
) -> None:
    listed = cli("ls", "--json").json
    ref = next(job["ref"] for job in listed if job["kind"] == "nextspace")
    said = cli("logs", ref, "--json").json
    asked = request(ref=JobRef("field", "1"), at=session.now())
    journal.answered(journal.asked(asked, "me"), Outcome(asked, Verdict.ACCEPTED, True, asked.asked_at))
    journal.watch(JobRef("desk", "w"), session.now())
    ran = cli("journal", "export")
    assert ran.code == 0
    documents = [json.loads(line) for line in ran.out.splitlines()]
    kinds = Counter(document["document"] for document in documents)
    assert kinds["job"] >= len(listed)
    assert kinds["transition"] >= len(listed)
    assert (kinds["audit"], kinds["watched"]) == (1, 1)
    job = next(d for d in documents if d["document"] == "job" and d["ref"] == ref)
    assert set(next(each for each in listed if each["ref"] == ref)) <= set(job)
    exported = [d for d in documents if d["document"] == "message" and d["ref"] == ref]
    assert {each["id"] for each in exported} == {each["id"] for each in said}


def test_one_job_can_be_exported_by_ref_or_by_an_id_that_is_known_once(cli: Cli, journal: Journal) -> None:
    fill(journal, 2)
    fill(journal, 1, days=1, source="desk")
    for name in ("tiles:0-1", "0-1"):
        documents = [json.loads(line) for line in cli("journal", "export", "--ref", name).out.splitlines()]
        assert {document["ref"] for document in documents} == {"tiles:0-1"}
        assert len(documents) == 12
    assert cli("journal", "export", "--ref", "tiles:unknown").code == 5


def test_only_what_was_told_since_and_of_the_sources_named(cli: Cli, journal: Journal) -> None:
    fill(journal, 2, days=3)
    fill(journal, 1)
    fill(journal, 1, source="gone-from-config")
    ran = cli("--source", "gone-from-config", "journal", "export", "--since", "1d")
    refs = {json.loads(line)["ref"] for line in ran.out.splitlines()}
    assert refs == {"gone-from-config:0-0"}


def test_a_file_is_made_for_us_alone_and_never_overwritten(
    cli: Cli, journal: Journal, tmp_path: Path
) -> None:
    fill(journal, 2)
    file = tmp_path / "all.jsonl"
    ran = cli("journal", "export", "--out", str(file))
    assert (ran.code, ran.out) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text().splitlines()) == 2 * 12
    before = file.read_bytes()
    again = cli("journal", "export", "--out", str(file))
    assert (again.code, len(again.sentences)) == (2, 1)
    assert file.read_bytes() == before
    assert cli("journal", "export", "--out", str(tmp_path / "no" / "folder")).code == 2


def test_an_export_needs_no_more_memory_for_more(journal: Journal) -> None:
    at = session.now()
    ref = JobRef("tiles", "talks")
    journal.save_messages(
        [JobMessage(ref, str(n), at, Level.INFO, "INFO", "x" * 1_000) for n in range(10_000)]
    )
    tracemalloc.start()
    try:
        count = sum(len(document) > 0 for document in journal.upkeep.documents())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 4_000_000, "all of it would be more than ten million"


def test_hostile_text_is_harmless_when_it_is_exported(cli: Cli, journal: Journal) -> None:
    ref = JobRef("tiles", HOSTILE)
    at = session.now()
    journal.save_jobs([a_job(HOSTILE, title=HOSTILE, owner=HOSTILE, raw_state=HOSTILE, as_of=at)])
    journal.save_messages([JobMessage(ref, HOSTILE, at, Level.INFO, HOSTILE, HOSTILE, HOSTILE, HOSTILE)])
    ran = cli("journal", "export", "--source", "tiles")
    texts: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                texts.append(key)
                collect(item)
        elif isinstance(value, list):
            for item in value:
                collect(item)
        elif isinstance(value, str):
            texts.append(value)

    for line in ran.out.splitlines():
        collect(json.loads(line))
    assert len(texts) > 50
    assert not [text for text in texts if set(text) & set("\x1b\x07\u202e\x9b")]
