"""Several controls in one receipt; one control of many as a question; the menu's lines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobtui.model import Control, ControlRequest, JobRef, Outcome, Reason, Verdict
from jobtui.monitor.events import Controlled, Stage
from jobtui.monitor.monitor import Proposal
from jobtui.tui.format.facts import facts_of
from jobtui.tui.format.many import Able, Many, Unable, many_lines
from jobtui.tui.format.menu import Offer, explained, heading, offer_line
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.format.times import ahead
from jobtui.tui.together import Together
from tests.factory import NOW, a_job

HOSTILE = "evil\x1b[2J\u202e[red]" + "wide 語" * 20


def requests(count: int) -> list[ControlRequest]:
    return [ControlRequest(Control.CANCEL, JobRef("tiles", str(number)), NOW) for number in range(count)]


def event(request: ControlRequest, stage: Stage, verdict: Verdict, reason: str | None = None) -> Controlled:
    sent = verdict is not Verdict.REFUSED or reason is None
    return Controlled(stage, Outcome(request, verdict, sent, NOW, reason), NOW)


def said(together: Together) -> str:
    return text_of(together.line(NOW)).split("→ ", 1)[1]


def test_the_receipt_of_many_counts_what_became_of_them() -> None:
    asked = requests(8)
    together = Together(Control.CANCEL, asked, NOW)
    assert said(together) == "8 to be sent"
    together.note(event(asked[0], Stage.SENDING, Verdict.UNKNOWN))
    assert said(together) == "1 on its way, 7 to be sent"
    for number, (stage, verdict, reason) in enumerate(
        [
            (Stage.CONFIRMED, Verdict.CONFIRMED, None),
            (Stage.CONFIRMED, Verdict.CONFIRMED, None),
            (Stage.OTHERWISE, Verdict.ACCEPTED, None),
            (Stage.NOT_VISIBLE, Verdict.ACCEPTED, None),
            (Stage.ANSWERED, Verdict.ACCEPTED, None),
            (Stage.ANSWERED, Verdict.UNKNOWN, None),
            (Stage.ANSWERED, Verdict.REFUSED, "it has already ended"),
        ]
    ):
        assert together.note(event(asked[number], stage, verdict, reason))
    together.is_over = True
    settled = [together.is_settled]
    for number in (4, 5):
        together.note(event(asked[number], Stage.CONFIRMED, Verdict.ACCEPTED))
    assert [*settled, together.is_settled] == [False, True], "before that two were awaited"
    for number, verdict in ((4, Verdict.ACCEPTED), (5, Verdict.UNKNOWN)):
        together.note(event(asked[number], Stage.ANSWERED, verdict))
    assert said(together) == (
        "5 accepted (2 confirmed, 1 ended another way, 1 not visible after 40s, 1 awaited), "
        "1 unknown: may or may not have happened, "
        "1 refused or not sent: tiles:6 (it has already ended), 1 not sent"
    )


def test_what_was_not_sent_together_has_a_receipt_of_its_own() -> None:
    together = Together(Control.CANCEL, requests(2), NOW)
    stranger = ControlRequest(Control.CANCEL, JobRef("tiles", "0"), NOW + timedelta(seconds=1))
    other = ControlRequest(Control.HOLD, JobRef("tiles", "0"), NOW)
    assert not together.note(event(stranger, Stage.ANSWERED, Verdict.ACCEPTED))
    assert not together.note(event(other, Stage.ANSWERED, Verdict.ACCEPTED))


def test_many_refusals_are_named_by_the_first_three_without_control_codes() -> None:
    asked = requests(5)
    together = Together(Control.CANCEL, asked, NOW)
    for request in asked:
        together.note(event(request, Stage.ANSWERED, Verdict.REFUSED, HOSTILE))
    assert said(together).endswith("and 2 more")
    assert "\x1b" not in said(together)


def able(number: int, consequence: str = "asks", *doubts: str, is_read: bool = True) -> Able:
    job = a_job(str(number), title=HOSTILE)
    request = ControlRequest(Control.CANCEL, job.ref, NOW)
    proposal = Proposal(request, job, consequence, None, tuple(Reason(each, hard=False) for each in doubts))
    return Able(proposal, facts_of(request, job, None, None, NOW) if is_read else None)


@pytest.mark.parametrize("width", [30, 66])
def test_the_question_of_many_names_each_with_its_reason_and_fits(width: int) -> None:
    many = Many(
        Control.CANCEL,
        tuple(able(number, "asks", "not yours", is_read=False) for number in range(3)),
        (Unable(JobRef("tiles", "9"), HOSTILE, f"ended {HOSTILE}"),),
    )
    lines = many_lines(many, {JobRef("tiles", "1"): "it went"}, NOW, width, production=["tiles"])
    text = " ".join(map(text_of, lines))
    assert all(width_of(line) <= width for line in lines)
    assert "\x1b" not in text
    assert "\u202e" not in text
    if width == 66:
        for part in (
            "PROD  Cancel 3 jobs?",
            "can take it: 3 of 4",
            "! not sent: it went",
            "cannot, and is not asked: 1 of 4",
            "! 3 of them: not yours",
            "! 3 of them not read yet",
        ):
            assert part in text


def test_sentences_alike_are_said_once_with_how_many_they_are() -> None:
    many = Many(Control.CANCEL, (*(able(number) for number in range(4)), able(4, "stops")), ())
    text = [text_of(line) for line in many_lines(many, {}, NOW, 66)]
    assert "4 of them: asks" in text
    assert "1 of them: stops" in text


def test_pending_actions_share_their_sentence_though_it_names_each() -> None:
    ables = []
    for number in range(2):
        one = able(number)
        job = one.proposal.job
        assert job is not None
        what = f"pending action {job.ref.job_id} ({job.title}, {job.state})"
        ables.append(able(number, f"Asks the server to cancel {what}; it may run on."))
    text = [text_of(line) for line in many_lines(Many(Control.CANCEL, tuple(ables), ()), {}, NOW, 66)]
    assert "Asks the server to cancel each of them; it may run on." in text


@pytest.mark.parametrize("width", [20, 63])
def test_the_lines_of_the_menu_fit_and_hold_no_control_codes(width: int) -> None:
    offers = [
        Offer(Control.CANCEL, "C", None, HOSTILE, (HOSTILE,)),
        Offer(Control.SET_CURRENT, "", HOSTILE, ""),
        Offer(Control.HOLD, "H", None, "holds", (), "9 of 12"),
    ]
    lines = [offer_line(offer, width) for offer in offers]
    lines += [line for offer in offers for line in explained(offer, width)]
    lines += heading(HOSTILE, offers, width)
    assert all(width_of(line) <= max(width, 21) for line in lines)
    assert "\x1b" not in "".join(map(text_of, lines))


def test_a_menu_of_which_nothing_is_possible_says_why_once() -> None:
    offers = [Offer(control, "", f"no {control}", "the API only tells") for control in Control]
    assert "the API only tells" in [text_of(line) for line in heading("TicketDelete", offers, 60)]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(20, "0m"), (3_000, "50m"), (7_199, "2h"), (6_600, "1h 50m"), (273_600, "3d 4h"), (-5, "0m")],
)
def test_what_is_ahead_is_said_to_the_minute_and_never_rounded_down_by_a_second(
    seconds: float, said: str
) -> None:
    assert ahead(NOW + timedelta(seconds=seconds), NOW) == said
