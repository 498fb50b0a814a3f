"""Every type of frame, and every sort of bytes that is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobtui.backends.arcgis.ear import Ear
from jobtui.backends.arcgis.frames import (
    LONGEST_TEXT,
    MOST_STEPS,
    Complaint,
    Greeting,
    News,
    Nothing,
    decode_frame,
)
from jobtui.backends.arcgis.history import UNREADABLE, EventKind, StepEvent
from jobtui.backends.arcgis.steps import detail_of
from jobtui.backends.arcgis.wire import decode_job
from tests.backends.arcgis.invented import CHAIN, ME, NOW, REF, bare

AT = datetime(2026, 9, 14, 9, 40, tzinfo=UTC)
MS = int(AT.timestamp() * 1000)


def frame(word: str, **message: object) -> object:
    return decode_frame(
        json.dumps({"msgType": word, "timestamp": MS, "message": {"jobId": "Qm7x", **message}}), NOW
    )


def news(word: str, **message: object) -> News:
    told = frame(word, **message)
    assert isinstance(told, News)
    return told


def only_event(word: str, **message: object) -> StepEvent:
    (event,) = news(word, **message).events
    return event


def test_the_first_frame_is_a_greeting() -> None:
    assert decode_frame('{"connected": true}', NOW) == Greeting()
    assert isinstance(decode_frame('{"connected": false}', NOW), Nothing)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("StepStarted", EventKind.STARTED),
        ("StepProgress", EventKind.PROGRESS),
        ("StepInfoRequired", EventKind.INFO_REQUIRED),
        ("StepStopping", EventKind.STOPPING),
        ("StepStopped", EventKind.STOPPED),
        ("StepPaused", EventKind.PAUSED),
        ("StepCancelled", EventKind.CANCELLED),
        ("StepWarningStopped", EventKind.WARNING_STOPPED),
        ("StepError", EventKind.ERROR),
        ("StepFinished", EventKind.FINISHED),
        ("StepReassigned", EventKind.REASSIGNED),
        ("StepHeld", EventKind.HELD),
        ("StepHoldReleased", EventKind.HOLD_RELEASED),
    ],
)
def test_every_type_about_a_step_is_an_event_of_it_however_it_is_written(word: str, kind: EventKind) -> None:
    expected = StepEvent(kind, word.removeprefix("Step"), AT, "s-3", None, "said")
    message = {"msg": "said", "assignedTo": "said"}
    for spelled in (word, word.upper(), word[0].lower() + word[1:]):
        assert only_event(spelled, stepId="s-3", **message) == expected
        assert only_event(spelled, stepIds=["s-3"], **message) == expected


@pytest.mark.parametrize(
    "word",
    [
        "JobUpdated",
        "JobAttachmentUpdated",
        "JobCommentUpdated",
        "JobLocationUpdated",
        "Created",
        "StepInformation",
    ],
)
def test_what_happens_to_the_whole_job_is_a_hint(word: str) -> None:
    assert news(word, properties={"jobProperties": []}) == News("Qm7x", word.lower(), AT)


def test_a_frame_may_speak_of_several_steps_and_of_each_once() -> None:
    told = news("StepStarted", stepId="s-1", stepIds=["s-2", "s-1", None, 7, {}])
    assert [event.step_id for event in told.events] == ["s-1", "s-2", "7"]


def test_a_hold_that_waits_for_another_job_is_a_dependency() -> None:
    held = only_event("StepHeld", stepIds=["s-4"], manual=False, dependency=True, setBy="lead")
    assert (held.kind, held.by) == (EventKind.DEPENDENCY_ADDED, "lead")
    assert only_event("StepHeld", stepIds=["s-4"], manual=True, dependency=True).kind is EventKind.HELD


def test_a_hold_that_waits_for_a_web_hook_is_a_dependency_too() -> None:
    held = only_event("StepHeld", stepIds=["s-4"], manual=False, dependency=False, webhookDependency=True)
    assert held.kind is EventKind.DEPENDENCY_ADDED


@pytest.mark.parametrize(
    ("flags", "read"),
    [(9, 9), (0, 0), (5.0, 5), ("12", 12), (None, None), (-1, None), (1.5, None), (2**40, None), ([], None)],
)
def test_flags_of_what_may_be_asked_are_a_number(flags: object, read: int | None) -> None:
    assert only_event("StepProgress", stepIds=["s-3"], allowedActions=flags).allowed == read
    details = {"msgType": "StepProgress", "message": {"allowedActions": flags}}
    (event,) = news("JobState", stepStates=[{"stepId": "s-3", "messageDetails": details}]).events
    assert event.allowed == read


def test_a_finish_tells_the_new_current_steps() -> None:
    told = news("StepFinished", stepIds=["s-3"], currentSteps=[{"stepId": "s-4"}, {}], jobStatus="Done")
    assert told.current is not None
    assert [step.step_id for step in told.current] == ["s-4"]
    assert told.status == "Done"
    assert news("StepFinished", stepIds=["s-3"]).current is None


def test_a_standing_tells_the_last_event_of_each_step() -> None:
    states = [
        {"stepId": "s-1", "messageDetails": {"msgType": "StepStarted", "message": {"stepIds": ["s-1"]}}},
        {
            "stepId": "s-2",
            "messageDetails": {"msgType": "stepInfoRequired", "msg": "Which?", "timestamp": MS},
        },
        {"stepId": "s-3", "messageDetails": json.dumps({"msgType": "StepError", "message": "No such layer"})},
        {"stepId": "s-4", "messageDetails": None},
        {"messageDetails": {"msgType": "StepStarted"}},
    ]
    told = news("JobState", jobStatus="In review", percentComplete=40.0, stepStates=states)
    assert told.is_standing
    assert (told.status, told.percent) == ("In review", 40.0)
    assert told.current is not None
    assert [step.step_id for step in told.current] == ["s-1", "s-2", "s-3", "s-4"]
    assert told.events == (
        StepEvent(EventKind.STARTED, "Started", None, "s-1"),
        StepEvent(EventKind.INFO_REQUIRED, "InfoRequired", AT, "s-2", None, "Which?"),
        StepEvent(EventKind.ERROR, "Error", None, "s-3", None, "No such layer"),
    )


@pytest.mark.parametrize(
    "stamp", [MS, MS // 1000, str(MS), "2026-09-14T09:40:00Z", "2026-09-14T11:40:00+02:00"]
)
def test_a_time_may_be_milliseconds_seconds_or_iso(stamp: object) -> None:
    told = decode_frame(bare({"msgType": "Created", "timestamp": stamp, "message": {"jobId": "a"}}), NOW)
    assert isinstance(told, News)
    assert told.at == AT


@pytest.mark.parametrize("stamp", [None, True, "soon", {}, 1e300])
def test_a_frame_without_a_time_happened_now(stamp: object) -> None:
    told = decode_frame(bare({"msgType": "Created", "timestamp": stamp, "message": {"jobId": "a"}}), NOW)
    assert isinstance(told, News)
    assert told.at == NOW


def test_a_complaint_about_a_job_is_the_jobs_and_any_other_is_ours() -> None:
    told = only_event("StepInfoRequiredError", stepId="s-2", msg="There is no such answer")
    assert (told.kind, told.step_id, told.text) == (EventKind.OTHER, "s-2", "There is no such answer")
    assert only_event("Error", msg="Job not found").step_id is None
    no_job = json.dumps({"msgType": "Error", "message": {"msg": "The frame was not understood"}})
    assert decode_frame(no_job, NOW) == Complaint("The frame was not understood", of_token=False)
    parsing = json.dumps({"msgType": "Error", "message": {"msg": "Unexpected token < in JSON"}})
    assert decode_frame(parsing, NOW) == Complaint("Unexpected token < in JSON", of_token=False)


@pytest.mark.parametrize(
    "refusal",
    [
        {"msgType": "Error", "message": {"msg": "Invalid token"}},
        {"msgType": "Error", "message": {"error": {"code": 498, "message": "x"}}},
        {"error": {"code": 499, "message": "x"}},
        {"error": "Token required"},
    ],
)
def test_a_refused_token_is_told_apart(refusal: object) -> None:
    told = decode_frame(bare(refusal), NOW)
    assert isinstance(told, Complaint)
    assert told.of_token


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        "[]",
        "null",
        '"x"',
        "{}",
        '{"msgType": 7}',
        '{"msgType": "StepDanced", "message": {"jobId": "a", "stepId": "b"}}',
        '{"msgType": "StepStarted", "message": [1]}',
        '{"msgType": "ExportCompleted", "message": {"itemId": "i-1"}}',
        '{"msgType": "StepStarted"}',
    ],
)
def test_what_cannot_be_used_is_nothing_and_says_why_in_our_words(content: str | bytes) -> None:
    told = decode_frame(content, NOW)
    assert isinstance(told, Nothing)
    assert "Danced" not in told.reason


def test_a_frame_is_bounded_in_texts_and_steps() -> None:
    told = news("StepProgress", stepIds=[f"s-{n}" for n in range(5 * MOST_STEPS)], msg="x" * 100_000)
    assert len(told.events) == MOST_STEPS
    assert all(len(event.text or "") <= LONGEST_TEXT + 1 for event in told.events)


WORDS = st.sampled_from(
    [
        *("JobState", "JobUpdated", "Error", "StepInfoRequiredError", "Created", "ImportFailed", "Odd"),
        *("StepStarted", "StepProgress", "StepInfoRequired", "StepStopping", "StepStopped", "StepPaused"),
        *("StepCancelled", "StepWarningStopped", "StepError", "StepFinished", "StepReassigned", "StepHeld"),
    ]
)
STEPS = st.sampled_from(["a", "b", "c"])
LOOSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | STEPS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
DETAILS = LOOSE | st.fixed_dictionaries({"msgType": WORDS, "message": LOOSE})
STATES = LOOSE | st.lists(
    st.fixed_dictionaries({"stepId": STEPS | LOOSE, "messageDetails": DETAILS}), max_size=4
)
MESSAGES = st.fixed_dictionaries(
    {"jobId": st.just(REF.job_id) | LOOSE},
    optional={
        "stepId": STEPS | LOOSE,
        "stepIds": st.lists(STEPS, max_size=3) | LOOSE,
        "msg": LOOSE,
        "stepStates": STATES,
        "currentSteps": STATES,
        "percentComplete": LOOSE,
        "jobStatus": LOOSE,
        "assignedTo": LOOSE,
        "dependency": LOOSE,
    },
)
FRAMES = st.fixed_dictionaries({"msgType": WORDS | LOOSE, "timestamp": LOOSE, "message": MESSAGES | LOOSE})


@given(content=st.binary(max_size=80) | st.text(max_size=80) | FRAMES.map(json.dumps))
def test_any_content_is_a_frame_or_nothing(content: str | bytes) -> None:
    assert isinstance(decode_frame(content, NOW), Greeting | Complaint | News | Nothing)


@settings(max_examples=150)
@given(frames=st.lists(FRAMES, max_size=8), readable=st.booleans())
def test_any_frames_leave_a_job_that_can_be_shown(frames: list[object], readable: bool) -> None:
    ear = Ear()
    for number, content in enumerate(frames):
        told = decode_frame(json.dumps(content), NOW)
        if isinstance(told, News):
            pushed = ear.hear(REF, told, {}, float(number))
            assert len({message.id for message in pushed.messages}) == len(pushed.messages)
    record = decode_job(REF, bare({"jobId": REF.job_id, "currentSteps": [{"stepId": "a"}]}))
    log = UNREADABLE
    record, log = ear.onto(record, log, 9.0)
    shown = detail_of(record, CHAIN, log, user=ME, as_of=NOW)
    assert shown.current_steps()
    ear.messages(REF, log, {}, 9.0)
