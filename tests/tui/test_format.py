"""What cells, lines and labels say: pure, given the time."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from jobtui.model import (
    Control,
    ControlRequest,
    Effect,
    Flag,
    Hold,
    JobRef,
    Kind,
    Level,
    Outcome,
    Parameters,
    Progress,
    Source,
    State,
    Verdict,
)
from jobtui.monitor.events import Controlled, Link, SourceHealth, Stage
from jobtui.tui.format.columns import Columns
from jobtui.tui.format.details import detail_lines, head_lines
from jobtui.tui.format.footer import Standing, footer_lines
from jobtui.tui.format.jobs import job_row, progress
from jobtui.tui.format.messages import message_lines
from jobtui.tui.format.receipts import receipt_line
from jobtui.tui.format.sources import is_old, news_line, next_age_change_s, summary_line
from jobtui.tui.format.spans import cut, fit, text_of, width_of, wrap
from jobtui.tui.format.states import ASCII, UNICODE, WORDS, label
from jobtui.tui.format.times import age, clock, moment, took
from jobtui.tui.keymap import control_keys
from tests.factory import JOBS, NOW, a_job
from tests.tui.conftest import a_detail, a_message, a_step


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "<10s"),
        (4, "<10s"),
        (14, "10s"),
        (59, "55s"),
        (60, "1m"),
        (3599, "59m"),
        (7200, "2h"),
        (86400 * 3, "3d"),
    ],
)
def test_ages_are_coarse_and_never_negative(seconds: float, said: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize("hours", [0.001, 0.0048, 0.5, 1.9, 23, 25, 47, 47.99, 48, 71, 200])
def test_the_age_of_a_row_and_the_age_in_its_reason_are_said_alike(hours: float) -> None:
    begun = NOW - timedelta(hours=hours)
    held = a_job(state=State.HELD, started=begun, holds=(Hold("h", "1", "dortiz", begun),))
    row = text_of(job_row(held, NOW, Columns.of(120, 6)))
    said, column = row.split("since ")[1].split()[0], row.split()[-1]
    assert said == column


def test_what_the_server_does_not_say_is_a_dash_and_not_a_zero() -> None:
    assert age(None, NOW) == "—"
    assert clock(None, NOW).strip() == ""
    assert moment(None, NOW) == "—"


def test_a_moment_of_another_day_says_which() -> None:
    assert clock(NOW, NOW, zone=UTC) == "14:00:00"
    assert clock(NOW - timedelta(days=1), NOW, zone=UTC) == "11-19 14:00"
    assert moment(NOW + timedelta(days=3), NOW, zone=UTC) == "Mon 14:00"


def test_what_is_over_is_measured_to_the_second() -> None:
    assert (took(4), took(4360)) == ("0:04", "1:12:40")


@given(st.text(), st.integers(0, 60))
def test_a_cut_text_is_never_wider_than_its_place(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
    assert cell_len(fit(text, width)) == width


@given(st.text(alphabet="ab 漢字-", max_size=80), st.integers(2, 30))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrapped_lines_stay_indented() -> None:
    assert wrap("  one two three", 9) == ["  one two", "  three"]


@given(JOBS, st.integers(50, 200), st.sampled_from([UNICODE, ASCII]))
def test_every_row_is_exactly_as_wide_as_the_list(job: object, width: int, glyphs: object) -> None:
    columns = Columns.of(width, 6, glyphs)  # type: ignore[arg-type]
    row = job_row(job, NOW, columns, glyphs=glyphs)  # type: ignore[arg-type]
    assert width_of(row) == width
    assert "\n" not in text_of(row)


def test_every_state_has_its_word_and_one_width() -> None:
    for glyphs in (UNICODE, ASCII):
        assert len({cell_len(label(look, glyphs)) for look in WORDS}) == 1
    assert all(label(look, ASCII).isascii() for look in WORDS)


def test_a_hostile_title_draws_as_text() -> None:
    row = text_of(job_row(a_job(title="[red]x\x1b[2J\u202e[/]"), NOW, Columns.of(100, 6)))
    assert "[red]x" in row
    assert "\x1b" not in row
    assert "\u202e" not in row


def test_the_why_stands_in_the_row() -> None:
    job = a_job(state=State.FAILED, ended=True, why="disk full", progress=Progress(0.5))
    row = text_of(job_row(job, NOW, Columns.of(100, 6)))
    assert "disk full" in row
    assert "50%" not in row


def test_a_cancel_that_is_asked_leaves_the_state_to_the_server() -> None:
    row = text_of(job_row(a_job(flags=frozenset({Flag.CANCELLING})), NOW, Columns.of(100, 6)))
    assert "RUN" in row
    assert "cancel asked" in row


def test_stalled_is_a_word_of_ours_and_only_while_the_job_lasts() -> None:
    flags = frozenset({Flag.STALLED})
    assert "STALL" in text_of(job_row(a_job(flags=flags), NOW, Columns.of(100, 6)))
    over = a_job(flags=flags, ended=True, state=State.SUCCEEDED)
    assert "DONE" in text_of(job_row(over, NOW, Columns.of(100, 6)))


def test_a_stale_row_says_so_in_words() -> None:
    assert text_of(job_row(a_job(), NOW, Columns.of(100, 6), stale=True)).endswith("stale")


def test_progress_without_a_measure_draws_no_bar() -> None:
    assert progress(None, 20) == ""
    assert progress(Progress(None, 3, 10), 20) == "3/10"
    assert progress(Progress(0.5, 5, 10), 30) == "█████░░░░░  50% 5/10"


def test_a_message_of_several_lines_is_set_in_under_its_text() -> None:
    lines = message_lines(a_message(1, "one\ntwo", Level.ERROR), NOW, 40, stamps=True, wrapped=True)
    assert [text_of(line) for line in lines] == ["14:00:00 ERROR one", "               two"]


SOURCE = Source("tiles", Kind.NEXTSPACE, production=True, read_only=True)


def test_a_source_that_is_silent_shows_age_reason_and_next_try() -> None:
    health = SourceHealth(
        "tiles",
        Link.OFFLINE,
        fresh_at=NOW - timedelta(minutes=2),
        error="connection refused",
        next_at=NOW + timedelta(seconds=12),
    )
    line = text_of(news_line([(SOURCE, health)], NOW, 120))
    assert line == "! PROD tiles NS OFFLINE 2m old RO: connection refused; next try in 10s"
    assert is_old((SOURCE, health), NOW)


def test_a_poll_that_failed_just_now_makes_nothing_stale_yet() -> None:
    late = SourceHealth("tiles", Link.OFFLINE, fresh_at=NOW - timedelta(seconds=6), error="time-out")
    assert not is_old((SOURCE, late), NOW)
    assert is_old((SOURCE, late), NOW + timedelta(seconds=30))
    assert is_old((SOURCE, SourceHealth("tiles")), NOW), "not asked yet"


def test_many_sources_fit_a_narrow_terminal() -> None:
    known = [
        (Source(f"source-{n}", Kind.ARCGIS), SourceHealth(f"source-{n}", Link.LIVE, NOW)) for n in range(3)
    ]
    assert width_of(summary_line(known, NOW, 78)) <= 78


def test_a_broken_source_stays_visible() -> None:
    known = [(None, SourceHealth("oops", Link.OFFLINE, error="no key url"))]
    assert text_of(news_line(known, NOW, 80)) == "! oops BROKEN: no key url"
    assert "oops BROKEN" in text_of(summary_line(known, NOW, 80))


def test_ages_are_drawn_again_only_when_one_reads_differently() -> None:
    young = SourceHealth("tiles", Link.LIVE, NOW - timedelta(seconds=3))
    old = SourceHealth("tiles", Link.LIVE, NOW - timedelta(seconds=130))
    middling = SourceHealth("tiles", Link.LIVE, NOW - timedelta(seconds=22))
    assert next_age_change_s([(SOURCE, young)], NOW) == pytest.approx(7.0, abs=0.1), (
        "it reads <10s until then"
    )
    assert next_age_change_s([(SOURCE, middling)], NOW) == pytest.approx(5.0, abs=0.1), "no sooner than that"
    assert next_age_change_s([(SOURCE, old)], NOW) == pytest.approx(50.0, abs=0.1)
    assert next_age_change_s([(SOURCE, old), (SOURCE, young)], NOW) == pytest.approx(7.0, abs=0.1)


def _receipt(stage: Stage, verdict: Verdict, *, sent: bool = True, reason: str | None = None) -> str:
    request = ControlRequest(Control.HOLD, JobRef("field", "9"), NOW, Parameters(step_ids=("s-1",)))
    outcome = Outcome(request, verdict, sent, NOW, reason=reason)
    effect = Effect("held") if stage is Stage.CONFIRMED else None
    return text_of(receipt_line(Controlled(stage, outcome, NOW + timedelta(seconds=6), effect)))


@pytest.mark.parametrize(
    ("stage", "verdict", "said"),
    [
        (Stage.SENDING, Verdict.UNKNOWN, "→ sending"),
        (Stage.ANSWERED, Verdict.ACCEPTED, "→ accepted → waiting for the server"),
        (Stage.ANSWERED, Verdict.REFUSED, "→ refused: no such step"),
        (Stage.ANSWERED, Verdict.UNKNOWN, "may or may not have happened"),
        (Stage.CONFIRMED, Verdict.CONFIRMED, "→ accepted → confirmed: held (<10s later)"),
        (Stage.NOT_VISIBLE, Verdict.ACCEPTED, "→ accepted → not visible after 40s"),
        (Stage.NOT_VISIBLE, Verdict.UNKNOWN, "→ unknown → not visible after 40s"),
        (Stage.OTHERWISE, Verdict.UNKNOWN, "→ unknown → the job went another way"),
    ],
)
def test_a_receipt_says_how_far_a_control_has_come(stage: Stage, verdict: Verdict, said: str) -> None:
    receipt = _receipt(stage, verdict, reason="no such step" if verdict is Verdict.REFUSED else None)
    assert "HOLD field:9#s-1" in receipt
    assert said in receipt


def test_what_was_never_sent_is_not_called_refused_by_anyone() -> None:
    assert "not sent: held" in _receipt(Stage.ANSWERED, Verdict.REFUSED, sent=False, reason="held")


def test_the_footer_names_what_works_and_why_the_rest_does_not() -> None:
    keys = control_keys()
    standings = [
        Standing(keys[0], None),
        Standing(keys[1], "it is closed"),
        Standing(keys[2], "it is closed"),
    ]
    works, refused = (text_of(line) for line in footer_lines(standings, 110))
    assert works.startswith("C cancel  Enter open")
    assert "H hold" not in works
    assert refused == "not now: H hold, L release: it is closed"


def test_a_narrow_footer_keeps_help_and_quit() -> None:
    works = text_of(footer_lines([], 40)[0])
    assert "? help" in works
    assert "q quit" in works
    assert width_of(footer_lines([], 40)[0]) <= 40


def test_details_tell_everything_and_why_not() -> None:
    hold = Hold("h1", "s1", by="dortiz", since=NOW)
    detail = a_detail(
        a_step("s1", State.HELD, holds=(hold,), current=True),
        a_step("s2", State.FAILED, message="exit 1"),
        result={"ok": [1, 2]},
        why="because",
        properties=(("priority", "High"), ("work.district", "D3\x1b[31m")),
    )
    standing = Standing(control_keys()[0], "it has ended")
    text = "\n".join(text_of(line) for line in detail_lines(detail.job, detail, [standing], NOW, 80))
    for part in (
        "because",
        "not now: it has ended",
        "held by dortiz",
        "exit 1",
        "ok  list of 2",
        "IN_PROGRESS",
        "priority: High",
    ):
        assert part in text
    assert "\x1b" not in text


def test_the_head_of_the_steps_gives_the_reason_in_full() -> None:
    job = a_job(state=State.FAILED, ended=True, why="a reason that goes on and on " * 3)
    assert len(head_lines(job, NOW, 30)) > 2
