"""How the server says no: per step, as a whole, and in error bodies."""

from __future__ import annotations

import pytest

from jobtui.backends.arcgis.refusals import decode_outcome, explain, status_of
from jobtui.errors import UnexpectedReply
from jobtui.model import Cause, Control, ControlRequest, Outcome, Verdict
from tests.backends.arcgis.invented import NOW, REF, bare

REQUEST = ControlRequest(Control.RUN, REF, NOW)


def answer(success: object, *steps: tuple[str, str]) -> Outcome:
    responses = [
        {"stepId": f"s-{index}", "status": status, "statusDescription": said}
        for index, (status, said) in enumerate(steps, start=1)
    ]
    return decode_outcome(REQUEST, bare({"success": success, "stepResponses": responses}), NOW)


def test_every_step_done_is_accepted() -> None:
    found = answer(True, ("Success", ""), ("Success", "ok"))
    assert (found.verdict, found.sent, found.cause, found.reason) == (Verdict.ACCEPTED, True, None, None)
    assert [step.verdict for step in found.steps] == [Verdict.ACCEPTED, Verdict.ACCEPTED]


def test_success_may_hide_a_refused_step() -> None:
    found = answer(True, ("Success", ""), ("Held", "Step is on hold"))
    assert (found.verdict, found.cause) == (Verdict.REFUSED, Cause.SERVER)
    assert [step.verdict for step in found.steps] == [Verdict.ACCEPTED, Verdict.REFUSED]
    assert found.reason == (
        "1 of 2 steps refused: s-2: "
        "the step has a hold or a dependency that is not released (“Step is on hold”)"
    )


def test_no_success_beside_steps_that_were_done_is_refused_and_shows_them() -> None:
    found = answer(False, ("Success", ""))
    assert found.verdict is Verdict.REFUSED
    assert [step.verdict for step in found.steps] == [Verdict.ACCEPTED]
    assert found.reason == "refused as a whole, although no single step was"


def test_an_empty_list_leaves_success_to_decide() -> None:
    assert answer(True).verdict is Verdict.ACCEPTED
    refused = answer(False)
    assert refused.verdict is Verdict.REFUSED
    assert refused.reason == "the server says no and gives no reason"


def test_a_word_nobody_knows_is_a_refusal_in_the_servers_own_words() -> None:
    assert answer(True, ("Frobnicated", "The frob is gone")).reason == "The frob is gone"
    assert answer(True, ("Frobnicated", "")).reason == "refused with the word “Frobnicated”"


@pytest.mark.parametrize(
    "status",
    [
        "NoActiveStep",
        "NoStartedStep",
        "AlreadyExecuting",
        "AssignedToDifferentUser",
        "JobClosed",
        "StepNotCurrent",
        "NoMatchingPaths",
        "NotRunning",
        "WaitingForInfo",
        "Held",
        "NotHeld",
        "StepNotInDiagram",
        "StepNotAuto",
    ],
)
def test_every_known_refusal_is_a_sentence_for_a_person(status: str) -> None:
    found = answer(False, (status, ""))
    assert found.verdict is Verdict.REFUSED
    assert found.reason is not None
    assert status not in found.reason
    assert found.steps[0].status == status
    assert " " in found.steps[0].description


def test_hostile_words_of_the_server_are_harmless_in_the_reason() -> None:
    found = answer(False, ("Other", "a\x1b[31mred\nline"))
    assert found.reason == "a·[31mred line"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"success": null}', b'{"stepResponses": [1]}', b"yes"])
def test_an_answer_that_says_neither_yes_nor_no_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_outcome(REQUEST, body, NOW)


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (200, {"jobId": "x"}, 200),
        (200, {"error": {"code": 498, "message": "Invalid token"}}, 498),
        (200, {"error": {"code": 499, "message": "Token required"}}, 499),
        (200, {"error": {"message": "Something", "details": []}}, 400),
        (200, {"error": {"code": 500, "message": "Something"}}, 500),
        (200, {"error": "text"}, 400),
        (200, {"error": None, "jobId": "x"}, 200),
        (200, {"error": "", "success": True}, 200),
        (200, {"error": " ", "success": True}, 200),
        (200, {"error": {}, "success": True}, 200),
        (200, {"error": {"code": 0, "message": "", "details": []}, "success": True}, 200),
        (400, {"error": {"code": 498, "message": "Invalid token"}}, 498),
        (400, {"error": {"message": "Job not found", "type": "JobNotFoundException"}}, 404),
        (400, {"error": {"message": "Bad", "type": "InvalidTokenError"}}, 498),
        (400, {"error": {"message": "Bad query"}}, 400),
        (503, {"error": {"message": "Busy"}}, 503),
        (403, {"error": {"code": 12, "message": "No"}}, 403),
        (401, {}, 401),
    ],
)
def test_a_body_tells_what_status_is_meant(status: int, body: object, means: int) -> None:
    assert status_of(status, bare(body)) == means


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"error": {"message": "Bad query", "details": ["near x", {"message": "line 1"}, 4]}},
            "Bad query; near x; line 1; 4",
        ),
        ({"error": {"message": None, "type": "SomeException"}}, "SomeException"),
        ({"error": "text"}, "text"),
        ({"error": {}}, None),
        (
            {"success": False, "stepResponses": [{"status": "Held"}]},
            "the step has a hold or a dependency that is not released",
        ),
        ([], None),
    ],
)
def test_the_servers_own_reason_is_found_in_either_form(body: object, said: str | None) -> None:
    assert explain(400, bare(body)) == said


def test_a_step_of_which_nothing_is_said_may_or_may_not_have_been_done() -> None:
    outcome = answer(True, ("", ""))
    assert (outcome.verdict, outcome.steps[0].verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert "does not say" in str(outcome.reason)
