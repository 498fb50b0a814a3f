"""What was seen and done is remembered."""

from __future__ import annotations

import dataclasses
import sqlite3
import threading
from pathlib import Path

import pytest

from jobtui.errors import JournalError
from jobtui.journal.jobs import _PAGE
from jobtui.journal.journal import Journal, Watched
from jobtui.model import Control, Effect, Flag, JobDetail, JobMessage, JobRef, Level, State, Step, Verdict
from tests.journal.samples import NOW, REF, job, later, outcome, request


def message(message_id: str, at_s: float | None, text: str = "x", *, ref: JobRef = REF) -> JobMessage:
    return JobMessage(ref, message_id, None if at_s is None else later(at_s), Level.INFO, "INFO", text)


def damage(path: Path, table: str, body: bytes) -> None:
    """Replace the newest body of a table by something else, behind the journal's back."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            f"UPDATE {table} SET body = ? WHERE rowid = (SELECT max(rowid) FROM {table})",  # noqa: S608
            (body,),
        )
    connection.close()


# --- jobs ---------------------------------------------------------------------------------------------------
def test_the_latest_of_each_job_is_kept(journal: Journal) -> None:
    journal.save_jobs([job("1", title="old"), job("2"), job("1", source="other")])
    journal.save_jobs([job("1", title="new", as_of=later(5))])
    assert {found.ref.job_id: found.title for found in journal.jobs("field")} == {"1": "new", "2": "Inspect"}
    assert journal.job(JobRef("field", "1")) == job("1", title="new")
    assert journal.job(JobRef("field", "3")) is None


def test_an_older_answer_of_another_process_changes_nothing(journal: Journal, path: Path) -> None:
    journal.save_jobs([job("1", title="new", as_of=later(5))])
    with Journal(path) as slower:
        slower.save_jobs([job("1", title="old", as_of=NOW)])
    found = journal.job(JobRef("field", "1"))
    assert found is not None
    assert (found.title, found.as_of) == ("new", later(5))


def test_what_was_kept_while_the_clock_was_wrong_does_not_stay(journal: Journal) -> None:
    ahead = job("1", title="from 2028", as_of=later(2 * 365 * 86_400))
    journal.save_jobs([ahead])
    journal.save_jobs([job("1", title="now")])
    assert journal.job(ahead.ref) == job("1", title="now")
    journal.save_detail(JobDetail(ahead, (Step("a", "Then", State.QUEUED),)))
    journal.save_detail(JobDetail(job("1", title="now"), (Step("a", "Now", State.RUNNING),)))
    kept = journal.detail(ahead.ref)
    assert kept is not None
    assert (kept.job.title, kept.steps[0].title) == ("now", "Now")


def test_jobs_outlive_the_process(journal: Journal, path: Path) -> None:
    journal.save_jobs([job("1")])
    journal.close()
    with Journal(path) as again:
        assert again.jobs("field") == [job("1")]


def test_jobs_that_ended_long_ago_can_be_left_out(journal: Journal) -> None:
    journal.save_jobs([job("open"), job("early", ended_at=later(-100)), job("late", ended_at=later(-10))])
    found = journal.jobs("field", ended_since=later(-50))
    assert {entry.ref.job_id for entry in found} == {"open", "late"}
    assert len(journal.jobs("field")) == 3


def test_jobs_come_back_as_stale_ones_a_page_at_a_time(journal: Journal, path: Path) -> None:
    flags = frozenset({Flag.CANCELLING})
    known = [dataclasses.replace(job(str(number)), flags=flags) for number in range(2 * _PAGE)]
    journal.save_jobs([*known, job("x", source="other"), job("last")])
    journal.save_jobs([job("0", title="changed", as_of=later(5))])
    damage(path, "jobs", b"no job")
    pages = list(journal.stale_jobs("field"))
    assert [len(page) for page in pages] == [_PAGE, _PAGE]
    brought = {one.ref.job_id: one for page in pages for one in page}
    assert set(brought) == {str(number) for number in range(2 * _PAGE)}
    assert all(one.flags == {Flag.STALE} for one in brought.values())
    assert brought["0"].title == "changed"
    assert brought["2"].as_of is brought["1"].as_of, "told by one answer"
    assert list(journal.stale_jobs("nobody")) == []


def test_those_heard_of_last_come_first(journal: Journal) -> None:
    journal.save_jobs([job("a", as_of=later(1)), job("b", as_of=later(3)), job("c", as_of=later(2))])
    assert [found.ref.job_id for found in journal.jobs("field", limit=2)] == ["b", "c"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"ref":1}', b"\xff", b"x" * 99])
def test_a_row_that_cannot_be_read_is_left_out(journal: Journal, path: Path, body: bytes) -> None:
    journal.save_jobs([job("1"), job("2")])
    damage(path, "jobs", body)
    assert journal.jobs("field") == [job("1")]
    assert journal.job(JobRef("field", "2")) is None


@pytest.mark.parametrize(
    "hostile", ["'; DROP TABLE jobs; --", "\x00", "\x1b[31m", "\u202e", "%", "{}", "a\nb", "💥"]
)
def test_hostile_ids_and_titles_come_back_as_they_were(journal: Journal, hostile: str) -> None:
    journal.save_jobs([job(hostile, title=hostile)])
    assert journal.jobs("field") == [job(hostile, title=hostile)]
    assert journal.job(JobRef("field", hostile)) == job(hostile, title=hostile)


def test_a_job_that_cannot_be_kept_does_not_cost_the_others(journal: Journal) -> None:
    endless: list[object] = []
    endless.append(endless)
    journal.save_jobs([job("a\ud800"), dataclasses.replace(job("b"), result=endless), job("c")])
    assert [found.ref.job_id for found in journal.jobs("field")] == ["c"]


def test_nothing_to_save_is_fine(journal: Journal) -> None:
    journal.save_jobs([])
    journal.save_messages(iter(()))
    journal.first_asked([], NOW)
    assert journal.jobs("field") == []


# --- details and messages -----------------------------------------------------------------------------------
def test_a_job_read_whole_keeps_its_steps(journal: Journal) -> None:
    steps = (Step("1", "Receive", State.SUCCEEDED, children=(Step("2", "Check", State.HELD, current=True),)),)
    journal.save_detail(JobDetail(job(), steps))
    journal.save_jobs([job(title="newer", as_of=later(5))])
    assert journal.detail(REF) == JobDetail(job(title="newer"), steps)


def test_a_job_never_read_whole_has_no_steps(journal: Journal) -> None:
    journal.save_jobs([job()])
    assert journal.detail(REF) == JobDetail(job())
    assert journal.detail(JobRef("field", "other")) is None


def test_steps_that_cannot_be_read_do_not_cost_the_job(journal: Journal, path: Path) -> None:
    journal.save_detail(JobDetail(job(), (Step("1", "Receive", State.QUEUED),)))
    damage(path, "steps", b"?")
    assert journal.detail(REF) == JobDetail(job())


def test_each_message_is_kept_once_and_oldest_first(journal: Journal) -> None:
    journal.save_messages([message("b", 2), message("c", 3)])
    journal.save_messages([message("a", 1), message("b", 2), message("x", 1, ref=JobRef("field", "other"))])
    assert [found.id for found in journal.messages(REF)] == ["a", "b", "c"]


def test_a_message_without_a_time_stays_behind_the_one_it_came_after(journal: Journal) -> None:
    journal.save_messages([message("b", 2), message("none", None), message("c", 3), message("a", 1)])
    assert [found.id for found in journal.messages(REF)] == ["a", "b", "none", "c"]


# --- the watch list -----------------------------------------------------------------------------------------
def test_the_watch_list_keeps_the_first_times(journal: Journal) -> None:
    one, two = JobRef("desk", "1"), JobRef("field", "2")
    journal.watch(one, NOW)
    journal.watch(two, later(1))
    journal.watch(one, later(2))
    journal.first_asked([one], later(3))
    journal.first_asked([one, JobRef("desk", "not watched")], later(4))
    assert journal.watched() == [Watched(one, NOW, later(3)), Watched(two, later(1), None)]
    assert journal.watched("field") == [Watched(two, later(1))]


def test_an_id_leaves_the_watch_list_once(journal: Journal) -> None:
    journal.watch(REF, NOW)
    assert journal.unwatch(REF) is True
    assert journal.unwatch(REF) is False
    assert journal.watched() == []


def test_half_a_character_in_a_watched_id_is_refused(journal: Journal) -> None:
    with pytest.raises(JournalError, match="half a character"):
        journal.watch(JobRef("desk", "\udc80"), NOW)


# --- controls -----------------------------------------------------------------------------------------------
def test_a_control_goes_from_intent_to_answer_to_effect(journal: Journal) -> None:
    asked = request()
    entry_id = journal.asked(asked, "dortiz")
    (entry,) = journal.audit()
    assert (entry.id, entry.who, entry.request, entry.asked_at) == (entry_id, "dortiz", asked, NOW)
    assert (entry.outcome, entry.effect, entry.effect_at) == (None, None, None)
    journal.answered(entry_id, outcome(asked))
    assert journal.settled(entry_id, Effect("held"), later(2)) is True
    (entry,) = journal.audit()
    assert (entry.outcome, entry.effect, entry.effect_at) == (outcome(asked), Effect("held"), later(2))


def test_the_first_to_see_an_effect_wins(journal: Journal, path: Path) -> None:
    entry_id = journal.asked(request(), "me")
    with Journal(path) as other:
        assert other.settled(entry_id, Effect("held"), later(1)) is True
    assert journal.settled(entry_id, Effect("seen late"), later(2)) is False
    assert journal.audit()[0].effect == Effect("held")


def test_a_refusal_takes_back_an_effect_that_was_somebody_elses(journal: Journal) -> None:
    entry_id = journal.asked(request(), "me")
    journal.settled(entry_id, Effect("held"), later(1))
    journal.answered(entry_id, outcome(request(), Verdict.REFUSED))
    assert (journal.audit()[0].effect, journal.audit()[0].effect_at) == (None, None)
    assert journal.settled(entry_id, Effect("held"), later(2)) is False


def test_an_answer_keeps_the_effect_that_was_seen_before_it(journal: Journal) -> None:
    entry_id = journal.asked(request(), "me")
    journal.settled(entry_id, Effect("held"), later(1))
    journal.answered(entry_id, outcome(request()))
    assert journal.audit()[0].effect == Effect("held")


def test_an_answer_to_nothing_is_an_error(journal: Journal) -> None:
    with pytest.raises(JournalError, match="no control number 7"):
        journal.answered(7, outcome(request()))


def test_a_refused_control_is_in_the_audit(journal: Journal) -> None:
    refused = outcome(request(), Verdict.REFUSED, sent=False)
    entry_id = journal.refused(refused, "me")
    (entry,) = journal.audit()
    assert (entry.id, entry.outcome) == (entry_id, refused)


def test_the_audit_is_newest_first_and_from_a_moment(journal: Journal) -> None:
    for control, at_s in ((Control.HOLD, 0), (Control.RUN, 20), (Control.RELEASE, 10)):
        journal.asked(request(control, at=later(at_s)), "me")
    assert [entry.request.control for entry in journal.audit()] == [
        Control.RUN,
        Control.RELEASE,
        Control.HOLD,
    ]
    assert [entry.request.control for entry in journal.audit(later(10))] == [Control.RUN, Control.RELEASE]


def test_unsettled_are_those_sent_or_perhaps_sent_and_not_yet_seen(journal: Journal) -> None:
    def asked(verdict: Verdict | None, *, source: str = "field", at_s: float = 0, sent: bool = True) -> int:
        made = request(ref=JobRef(source, "1"), at=later(at_s))
        entry_id = journal.asked(made, "me")
        if verdict is not None:
            journal.answered(entry_id, outcome(made, verdict, sent=sent))
        return entry_id

    unanswered, accepted, unknown = (
        asked(None, at_s=-61),
        asked(Verdict.ACCEPTED, at_s=1),
        asked(Verdict.UNKNOWN, at_s=2),
    )
    asked(Verdict.REFUSED)
    asked(Verdict.UNKNOWN, sent=False)
    asked(None, at_s=-24 * 3600 + 59)
    asked(None, at_s=-59)  # its own process is still at work
    settled = asked(Verdict.ACCEPTED)
    journal.settled(settled, Effect("held"), later(1))
    elsewhere = asked(Verdict.ACCEPTED, source="desk", at_s=3)
    assert [entry.id for entry in journal.unsettled()] == [unanswered, accepted, unknown, elsewhere]
    assert [entry.id for entry in journal.unsettled("desk")] == [elsewhere]


# --- threads ------------------------------------------------------------------------------------------------
def test_many_threads_write_without_losing_anything(journal: Journal) -> None:
    def work(name: str) -> None:
        for number in range(20):
            journal.save_jobs([job(f"{name}-{number}")])
            journal.asked(request(), name)
            journal.jobs("field", limit=1)

    threads = [threading.Thread(target=work, args=(str(name),)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journal.jobs("field")) == 80
    assert len({entry.id for entry in journal.audit()}) == 80


def test_a_closed_journal_says_so(journal: Journal) -> None:
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        journal.jobs("field")
