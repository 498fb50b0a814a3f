"""What frames told, beside what history tells: the later wins, and nothing is told twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from jobtui.backends.arcgis.ear import Ear
from jobtui.backends.arcgis.frames import News, decode_frame
from jobtui.backends.arcgis.history import UNREADABLE, EventLog
from jobtui.backends.arcgis.messages import history_messages, merged
from jobtui.backends.arcgis.steps import detail_of
from jobtui.backends.arcgis.weighing import GRACE_S
from jobtui.backends.arcgis.wire import JobRecord, decode_job
from jobtui.backends.base import Pushed
from jobtui.model import JobDetail, JobMessage, JobRef, Level, State, Step
from tests.backends.arcgis.invented import CHAIN, ME, NOW, REF, bare, current, entry, history

NO_HISTORY = history()
LONG_AFTER_S = 1_000.0


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def heard(ear: Ear, word: str, minutes: float = -10, *, heard_s: float = 0.0, **message: object) -> Pushed:
    """Hear a frame about step b, so many minutes from NOW by the server's clock."""
    body = {
        "msgType": word,
        "timestamp": at(minutes).timestamp() * 1000,
        "message": {"jobId": REF.job_id, "stepId": "b", **message},
    }
    frame = decode_frame(bare(body), NOW)
    assert isinstance(frame, News)
    return ear.hear(REF, frame, {"b": "Step b"}, heard_s)


def standing(ear: Ear, minutes: float, details: object, *, heard_s: float = 0.0) -> Pushed:
    states = [{"stepId": "b", "messageDetails": details}]
    return heard(ear, "JobState", minutes, heard_s=heard_s, stepStates=states)


def job(*step_ids: str) -> JobRecord:
    steps = [current(step_id) for step_id in step_ids or ("b",)]
    return decode_job(REF, bare({"jobId": REF.job_id, "currentSteps": steps, "holds": []}))


def read(
    ear: Ear, log: EventLog, *, asked_s: float = LONG_AFTER_S, record: JobRecord | None = None
) -> JobDetail:
    found, merged_log = ear.onto(record or job(), log, asked_s)
    return detail_of(found, CHAIN, merged_log, user=ME, as_of=NOW)


def step_b(detail: JobDetail) -> Step:
    found = detail.step("b")
    assert found is not None
    return found


def told(ear: Ear, log: EventLog, *, asked_s: float = LONG_AFTER_S) -> list[JobMessage]:
    return ear.messages(REF, log, {"b": "Step b"}, asked_s)


# --- how a step does -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("StepProgress", State.RUNNING),
        ("StepStopping", State.RUNNING),
        ("StepInfoRequired", State.WAITING),
        ("StepStopped", State.STOPPED),
        ("StepWarningStopped", State.FAILED),
    ],
)
def test_what_only_frames_tell_counts_however_long_ago_it_was_heard(word: str, state: State) -> None:
    ear = Ear()
    heard(ear, word, -10)
    shown = step_b(read(ear, history(entry("Started", "b", -10))))
    assert shown.state is state
    assert shown.raw_state == word.removeprefix("Step")


def test_a_question_that_is_asked_waits_for_its_answer() -> None:
    ear = Ear()
    heard(ear, "StepInfoRequired", -10, msg="Which parcel?")
    detail = read(ear, history(entry("Started", "b", -10)))
    assert detail.job.state is State.WAITING
    assert detail.job.why == "step “Step b” asks for an answer of dortiz"
    assert step_b(detail).message == "Which parcel?"


@pytest.mark.parametrize("later", ["Finished", "Cancelled", "Paused", "Error", "Activated"])
def test_history_wins_once_it_has_something_later(later: str) -> None:
    ear = Ear()
    heard(ear, "StepInfoRequired", -10)
    log = history(entry("Started", "b", -11), entry(later, "b", -5))
    assert step_b(read(ear, log)) == step_b(read(Ear(), log))


def test_a_start_that_history_rounds_up_does_not_hide_the_question_asked_after_it() -> None:
    ear = Ear()
    heard(ear, "StepInfoRequired", -10)
    assert step_b(read(ear, history(entry("Started", "b", -10 + 1 / 60)))).state is State.WAITING


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("StepStarted", State.RUNNING),
        ("StepPaused", State.STOPPED),
        ("StepCancelled", State.STOPPED),
        ("StepError", State.FAILED),
    ],
)
def test_a_job_read_right_after_a_frame_is_not_behind_it(word: str, state: State) -> None:
    ear = Ear()
    heard(ear, word, 0, heard_s=5.0, msg="why")
    behind = history(entry("Activated", "b", -20))
    assert step_b(read(ear, behind, asked_s=5.1)).state is state
    # A history that has had its time knows better: there the frame was of a turn that is over.
    assert step_b(read(ear, behind, asked_s=5.1 + GRACE_S)).state is State.QUEUED


def test_an_event_that_history_has_by_now_changes_nothing() -> None:
    ear = Ear()
    heard(ear, "StepStarted", -10, heard_s=5.0)
    log = history(entry("Started", "b", -10 - 0.4 / 60))
    assert read(ear, log, asked_s=5.1) == read(Ear(), log)


def test_where_there_is_no_history_frames_are_all_there_is() -> None:
    ear = Ear()
    heard(ear, "StepStarted", -10)
    detail = read(ear, UNREADABLE)
    assert step_b(detail).state is State.RUNNING
    assert detail.job.warnings


def test_a_stop_goes_by_the_name_that_history_gives_it() -> None:
    ear = Ear()
    heard(ear, "StepStopped", -10)
    log = history(entry("Started", "b", -20), entry("Cancelled", "b", -10 - 1 / 60))
    assert step_b(read(ear, log)).raw_state == "Cancelled"


def test_a_record_behind_the_finish_of_its_step_is_put_right() -> None:
    ear = Ear()
    heard(ear, "StepFinished", 0, heard_s=5.0, currentSteps=[current("c")])
    behind = history(entry("Started", "b", -20))
    detail = read(ear, behind, asked_s=5.1)
    assert [step.id for step in detail.current_steps()] == ["c"]
    assert step_b(detail).state is State.SUCCEEDED
    # Later the server is believed: somebody made it current again.
    assert [step.id for step in read(ear, behind).current_steps()] == ["b"]


def test_a_step_that_is_current_again_after_its_finish_has_not_begun() -> None:
    ear = Ear()
    heard(ear, "StepFinished", 0, heard_s=5.0, currentSteps=[current("b")])
    assert step_b(read(ear, history(entry("Started", "b", -20)), asked_s=5.1)).state is State.QUEUED


# --- standings -----------------------------------------------------------------------------------------


def test_a_standing_tells_that_a_question_was_asked_before_we_listened() -> None:
    ear = Ear()
    pushed = standing(ear, -1, {"msgType": "StepInfoRequired", "message": {"msg": "Which?"}})
    assert pushed.messages == ()
    assert step_b(read(ear, history(entry("Started", "b", -30)))).state is State.WAITING
    assert told(ear, NO_HISTORY) == []


def test_an_old_event_repeated_by_a_standing_is_not_a_new_one() -> None:
    ear = Ear()
    standing(ear, 0, {"msgType": "StepStarted", "message": {}}, heard_s=5.0)
    log = history(entry("Started", "b", -30))
    assert read(ear, log, asked_s=5.1) == read(Ear(), log)


def test_a_standing_replaces_what_was_heard_before_a_gap() -> None:
    ear = Ear()
    heard(ear, "StepInfoRequired", -10)
    standing(ear, -1, None)
    assert step_b(read(ear, history(entry("Activated", "b", -5)))).raw_state == ""


def test_a_standing_that_repeats_a_frame_leaves_it_its_time() -> None:
    ear = Ear()
    heard(ear, "StepInfoRequired", -10, msg="Which?")
    standing(ear, -1, {"msgType": "StepInfoRequired", "message": {"msg": "Which?"}})
    answered = history(entry("Started", "b", -11), entry("Finished", "b", -5))
    assert read(ear, answered) == read(Ear(), answered)


def test_history_without_times_cannot_be_later_than_a_frame() -> None:
    ear = Ear()
    heard(ear, "StepInfoRequired", -10)
    undated = {**entry("Started", "b"), "date": None}
    assert step_b(read(ear, history(undated))).state is State.WAITING


def test_a_standing_made_before_the_last_frame_does_not_undo_it() -> None:
    ear = Ear()
    heard(ear, "StepInfoRequired", -1)
    standing(ear, -2, {"msgType": "StepStarted", "message": {}})
    assert step_b(read(ear, history(entry("Started", "b", -30)))).state is State.WAITING


def test_a_standing_is_a_hint_only_when_it_differs_from_what_was_read() -> None:
    ear = Ear()
    started = {"msgType": "StepStarted", "message": {}}
    assert standing(ear, -1, started).is_hint
    read(ear, history(entry("Started", "b", -30)))
    assert not standing(ear, -1, started).is_hint
    assert standing(ear, -1, {"msgType": "StepInfoRequired", "message": {}}).is_hint


def test_progress_of_a_running_step_is_no_reason_to_read_again() -> None:
    ear = Ear()
    assert heard(ear, "StepProgress", -3, msg="1 of 3").is_hint
    assert not heard(ear, "StepProgress", -2, msg="2 of 3").is_hint
    assert heard(ear, "StepFinished", -1).is_hint
    assert heard(ear, "JobUpdated", -1).is_hint


# --- messages ------------------------------------------------------------------------------------------


def test_progress_is_a_message_at_once_and_the_same_one_when_read_later() -> None:
    ear = Ear()
    pushed = heard(ear, "StepProgress", -3, msg="Checking 40 of 90 rules")
    (message,) = pushed.messages
    assert (message.text, message.level, message.step, message.at) == (
        "Checking 40 of 90 rules",
        Level.INFO,
        "b",
        at(-3),
    )
    assert told(ear, NO_HISTORY) == [message]
    assert heard(Ear(), "StepProgress", -3, msg="Checking 40 of 90 rules").messages[0].id == message.id
    assert heard(Ear(), "StepProgress", -2, msg="Checking 40 of 90 rules").messages[0].id != message.id


def test_a_frame_heard_twice_is_one_message() -> None:
    ear = Ear()
    heard(ear, "StepProgress", -3, msg="1 of 3")
    assert heard(ear, "StepProgress", -3, msg="1 of 3").messages == ()
    assert len(told(ear, NO_HISTORY)) == 1


@pytest.mark.parametrize("word", ["StepStarted", "StepPaused", "StepCancelled", "StepHeld", "StepFinished"])
def test_what_history_records_is_left_to_history(word: str) -> None:
    ear = Ear()
    assert heard(ear, word, -3, msg="x").messages == ()
    assert told(ear, NO_HISTORY) == []


def test_an_error_is_told_once_by_history_or_when_that_is_silent_by_the_frame() -> None:
    ear = Ear()
    assert heard(ear, "StepError", -3, heard_s=5.0, msg="No such layer").messages == ()
    log = history(entry("Error", "b", -3, result="No such layer"))
    assert told(ear, log, asked_s=5.1) == told(ear, log) == []
    assert told(ear, NO_HISTORY, asked_s=5.1) == []
    (message,) = told(ear, NO_HISTORY)
    assert (message.text, message.level) == ("step “Step b” failed: No such layer", Level.ERROR)
    assert told(ear, UNREADABLE, asked_s=5.1) == [message]
    assert told(ear, history(entry("Error", "b", -3))) == [message]


def test_the_same_complaint_is_told_once() -> None:
    ear = Ear()
    (message,) = heard(ear, "Error", -3, msg="Job not found").messages
    assert message.level is Level.WARNING
    assert "Job not found" in message.text
    assert heard(ear, "Error", -2, msg="Job not found").messages == ()


def test_messages_of_frames_stand_among_the_others_by_time() -> None:
    ear = Ear()
    heard(ear, "StepProgress", -10, msg="half way")
    log = history(entry("Started", "b", -20), entry("Finished", "b", -5))
    texts = [message.text for message in merged(history_messages(REF, log, {}), told(ear, log))]
    assert texts == ["step “b” started", "half way", "step “b” finished"]


def test_what_is_kept_of_a_job_is_bounded() -> None:
    ear = Ear()
    for number in range(1_000):
        heard(ear, "StepProgress", -3 + number / 1_000, msg=f"{number}", stepId=f"s-{number * 7}")
    assert len(told(ear, NO_HISTORY)) == 200


def test_a_job_that_has_been_over_for_long_is_forgotten() -> None:
    ear = Ear()
    heard(ear, "StepProgress", msg="half way")
    over = decode_job(REF, bare({"jobId": REF.job_id, "closed": True, "currentSteps": [], "holds": []}))
    assert over.ended
    read(ear, NO_HISTORY, record=over, asked_s=100.0)
    assert told(ear, NO_HISTORY)
    another = decode_job(JobRef("field", "another"), bare({"jobId": "another", "currentSteps": []}))
    read(ear, NO_HISTORY, record=another, asked_s=2_000.0)
    assert told(ear, NO_HISTORY) == []


def test_a_job_that_nobody_asks_about_any_more_is_forgotten_with_its_diagram() -> None:
    forgotten: list[str] = []
    ear = Ear(forgotten.append)
    heard(ear, "StepProgress", msg="half way", heard_s=10.0)
    read(ear, NO_HISTORY, asked_s=100.0)
    another = decode_job(JobRef("field", "another"), bare({"jobId": "another", "currentSteps": []}))
    read(ear, NO_HISTORY, record=another, asked_s=3_600.0)
    assert told(ear, NO_HISTORY)
    read(ear, NO_HISTORY, record=another, asked_s=3_800.0)
    assert told(ear, NO_HISTORY) == []
    assert forgotten == [REF.job_id]
