"""The event log, and the messages made of history and comments."""

from __future__ import annotations

import pytest

from jobtui.backends.arcgis.history import EventKind, StepEvent, decode_history, event_kind, log_of
from jobtui.backends.arcgis.messages import decode_comments, history_messages, merged
from jobtui.errors import UnexpectedReply
from jobtui.model import JobMessage, Level
from tests.backends.arcgis.invented import NOW, REF, SOURCE, bare, entry, history, stamp


def comments(*records: object) -> list[JobMessage]:
    return decode_comments(REF, bare({"jobComments": list(records)}))


def comment(text: str, minutes: float, **more: object) -> dict[str, object]:
    return {
        "comment": text,
        "commentId": "c-1",
        "lastModifiedBy": "lead",
        "lastModified": stamp(minutes),
        **more,
    }


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Started", EventKind.STARTED),
        ("StepStarted", EventKind.STARTED),
        ("stepInfoRequired", EventKind.INFO_REQUIRED),
        ("Canceled", EventKind.CANCELLED),
        ("Reactivated", EventKind.ACTIVATED),
        ("", EventKind.OTHER),
        ("Frobnicated", EventKind.OTHER),
    ],
)
def test_history_and_frames_speak_the_same_words(word: str, kind: EventKind) -> None:
    assert event_kind(word) is kind


def test_events_are_said_in_words_with_who_and_at_what_level() -> None:
    log = history(
        entry("Created", None, -60),
        entry("Started", "a", -50),
        entry("Error", "a", -40, result="exit 1", username="system"),
        entry("Finished", "b", -30, result="Approve"),
        entry("SomethingNew", "b", -20),
    )
    said = history_messages(REF, log, {"a": "Draw split"})
    assert [(each.level, each.raw_level, each.text, each.sender, each.step) for each in said] == [
        (Level.INFO, "Created", "job created", "dortiz", None),
        (Level.INFO, "Started", "step “Draw split” started", "dortiz", "a"),
        (Level.ERROR, "Error", "step “Draw split” failed: exit 1", "system", "a"),
        (Level.INFO, "Finished", "step “b” finished: Approve", "dortiz", "b"),
        (Level.INFO, "SomethingNew", "step “b”: SomethingNew", "dortiz", "b"),
    ]


def test_a_name_with_braces_is_only_a_name() -> None:
    (said,) = history_messages(REF, history(entry("Started", "a")), {"a": "{step} {0}"})
    assert said.text == "step “{step} {0}” started"


def test_messages_keep_their_ids_when_history_is_read_again_and_has_grown() -> None:
    first = history_messages(REF, history(entry("Started", "a", -5), entry("Started", "a", -5)), {})
    again = history_messages(
        REF,
        history(entry("Created", None, -9), entry("Started", "a", -5), entry("Started", "a", -5)),
        {"a": "A"},
    )
    assert len({each.id for each in first}) == 2
    assert [each.id for each in again[1:]] == [each.id for each in first]


def test_an_edited_comment_is_a_message_of_its_own() -> None:
    before, after = comments(comment("Wait", -5))[0], comments(comment("Wait for survey", -1))[0]
    assert (before.text, after.text) == ("Wait", "Wait for survey")
    assert before.id != after.id


def test_history_and_comments_are_merged_by_time_each_once() -> None:
    told = history_messages(REF, history(entry("Started", "a", -30), entry("Finished", "a", -10)), {})
    said = comments(comment("Waiting for survey", -20))
    both = merged(told, said, said)
    assert [each.text for each in both] == ["step “a” started", "Waiting for survey", "step “a” finished"]
    assert both[1].raw_level == "comment"


def test_comments_without_a_text_are_left_out() -> None:
    assert comments(7, {}, comment("", -1), {"comment": "Only a text"})[0].text == "Only a text"


def test_an_undated_event_stays_behind_the_one_it_came_after() -> None:
    log = history(entry("Started", "a", -20), entry("Reassigned", "a", date=None), entry("Paused", "a", -10))
    assert [event.word for event in log.events] == ["Started", "Reassigned", "Paused"]


def test_a_log_can_be_built_of_events_from_anywhere_each_once() -> None:
    started = StepEvent(EventKind.STARTED, "StepStarted", NOW, "a")
    held = StepEvent(EventKind.HELD, "StepHeld", NOW.replace(hour=9), "b")
    log = log_of([started, held, started])
    assert log.events == (held, started)
    assert log.of("a") == [started]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"jobHistory": {}}', b'{"success": false}'])
def test_what_is_no_history_is_an_unexpected_reply(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_history(SOURCE, body)
    with pytest.raises(UnexpectedReply):
        decode_comments(REF, body)
