"""Rules: what each word waits for, and that what cannot be read is refused in one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from jobtui.errors import UsageError
from jobtui.insight.quiet import parse_quiet
from jobtui.insight.rule_help import HELP
from jobtui.insight.rule_reading import BadRule, parse_rule, pattern_word, word_of
from jobtui.insight.rules import When
from jobtui.model import Flag, JobMessage, JobRef, Level, State, Step, StepRef
from tests.factory import NOW, a_job


def _message(text: str, level: Level = Level.INFO, step: str | None = None) -> JobMessage:
    return JobMessage(JobRef("prod", "1"), "m1", NOW, level, level.value, text, step=step)


@pytest.mark.parametrize(
    ("rule", "state", "expected"),
    [
        ("ends", State.SUCCEEDED, True),
        ("ends", State.RUNNING, False),
        ("fails", State.FAILED, True),
        ("fails", State.PARTIAL, True),
        ("fails", State.CANCELLED, False),
        ("starts", State.RUNNING, True),
        ("waits", State.WAITING, True),
        ("state:held", State.HELD, True),
        ("state:held", State.RUNNING, False),
        ("!state:held", State.RUNNING, True),
    ],
)
def test_a_word_is_true_of_the_states_it_means(rule: str, state: State, expected: bool) -> None:
    ended = state in (State.SUCCEEDED, State.FAILED, State.PARTIAL, State.CANCELLED)
    assert parse_rule(rule).is_true_of(a_job(state=state, ended=ended), NOW) is expected


def test_the_rest_of_a_rule_is_the_filter_of_the_list() -> None:
    rule = parse_rule('fails source:prod !nightly "tiles west" -> bell')
    failed = a_job("1", source="prod", title="Publish tiles west", state=State.FAILED, ended=True)
    assert rule.is_true_of(failed, NOW)
    assert not rule.is_true_of(replace(failed, title="Nightly tiles west"), NOW)
    assert not rule.is_true_of(replace(failed, ref=JobRef("test", "1")), NOW)


def test_a_rule_on_one_job_is_about_no_other_and_tells_its_end_unless_it_says_more() -> None:
    rule = parse_rule("job:prod:1")
    ended = a_job("1", source="prod", state=State.SUCCEEDED, ended=True)
    assert rule.when is When.ENDS
    assert rule.is_once
    assert rule.is_true_of(ended, NOW)
    assert not rule.is_true_of(replace(ended, ref=JobRef("prod", "11")), NOW)


def test_a_stalled_job_is_told_until_it_moves_again() -> None:
    job = a_job(state=State.RUNNING)
    assert not parse_rule("stalls").is_true_of(job, NOW)
    assert parse_rule("stalls").is_true_of(replace(job, flags=frozenset({Flag.STALLED})), NOW)


def test_a_deadline_is_over_once_a_job_has_been_open_for_longer() -> None:
    rule = parse_rule("open>2h")
    job = a_job(state=State.RUNNING, started=NOW - timedelta(hours=1, minutes=59))
    assert rule.is_timed
    assert not rule.is_true_of(job, NOW)
    assert rule.is_true_of(job, NOW + timedelta(minutes=2))
    assert not rule.is_true_of(replace(job, ended=True), NOW + timedelta(days=1))


def test_a_time_of_day_is_missed_by_jobs_that_began_before_it_and_are_open_at_it() -> None:
    at = datetime(2026, 11, 22, 18, 0).astimezone()
    rule = parse_rule("by:18:00")
    job = a_job(state=State.RUNNING, started=(at - timedelta(hours=1)).astimezone(UTC))
    assert not rule.is_true_of(job, at - timedelta(seconds=1))
    assert rule.is_true_of(job, at)
    assert not rule.is_true_of(replace(job, started=at + timedelta(minutes=1)), at + timedelta(minutes=2))


def test_a_moment_is_missed_by_what_is_open_at_it() -> None:
    rule = parse_rule("by:2026-11-23T08:00+00:00")
    job = a_job(state=State.RUNNING)
    assert not rule.is_true_of(job, datetime(2026, 11, 23, 7, 59, tzinfo=UTC))
    assert rule.is_true_of(job, datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


def test_a_cause_is_the_same_whatever_ids_and_numbers_are_in_it() -> None:
    rule = parse_rule('cause:"ticket 88 not found"')
    failed = a_job(state=State.FAILED, ended=True, why="Ticket 4711 not found")
    assert rule.is_true_of(failed, NOW)
    assert not rule.is_true_of(replace(failed, why="disk full"), NOW)


def test_messages_are_heard_by_pattern_level_and_step() -> None:
    rule = parse_rule(r'says:"disk (full|quota)" level:warning step:7')
    assert rule.hears(_message("DISK FULL on /srv", Level.ERROR, "7"))
    assert not rule.hears(_message("disk full", Level.INFO, "7"))
    assert not rule.hears(_message("disk ok", Level.ERROR, "7"))
    assert not rule.hears(_message("disk full", Level.ERROR, "8"))
    assert parse_rule("level:error").hears(_message("anything", Level.ERROR))


def test_a_step_is_named_by_its_id_or_a_part_of_its_title() -> None:
    rule = parse_rule('step:"qa rev" fails job:field:Zk1')
    step = Step("s5", "QA review", State.FAILED)
    assert rule.is_true_of_step(step, NOW)
    assert not rule.is_true_of_step(structs.replace(step, state=State.SUCCEEDED), NOW)
    assert parse_rule("step:s5").is_true_of_step(structs.replace(step, state=State.SUCCEEDED), NOW)
    assert not parse_rule("step:s6").is_true_of_step(step, NOW)
    assert not rule.is_true_of(a_job("Zk1", source="field", state=State.FAILED), NOW)


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_any_job_and_step_can_be_named_by_its_ref(job_id: str, step_id: str) -> None:
    job = a_job(job_id, source="tiles", state=State.SUCCEEDED, ended=True)
    assert parse_rule(f"{word_of(job.ref)} ends").is_true_of(job, NOW)
    rule = parse_rule(f"{word_of(StepRef(job.ref, step_id))} ends")
    assert rule.is_about(job, NOW)
    assert rule.is_true_of_step(Step(step_id, "x", State.SUCCEEDED), NOW)
    assert not rule.is_true_of_step(Step(step_id + "x", step_id, State.SUCCEEDED), NOW)


def test_a_pattern_typed_with_quotes_finds_them() -> None:
    word = pattern_word('said "no|never"')
    rule = parse_rule(f"job:tiles:1 {word}")
    assert rule.hears(_message('he said "no'))
    assert rule.hears(_message('never"'))
    assert not rule.hears(_message("he said never"))


def test_a_step_that_runs_too_long_is_told() -> None:
    step = Step("s5", "QA review", State.RUNNING, started=NOW)
    rule = parse_rule("step:s5 open>10m")
    assert not rule.is_true_of_step(step, NOW + timedelta(minutes=10))
    assert rule.is_true_of_step(step, NOW + timedelta(minutes=11))


def test_actions_are_as_written_each_once_or_the_usual_ones() -> None:
    assert parse_rule("fails").do == ("bell", "notify")
    assert parse_rule("fails -> run:pager,bell, bell").do == ("run:pager", "bell")
    assert str(parse_rule("fails   source:a  ->  bell")) == "fails source:a -> bell"


@pytest.mark.parametrize(
    ("rule", "clause"),
    [
        ("", "says nothing"),
        ("-> bell", "says nothing"),
        ("fails ->", "nothing stands behind"),
        ("fails -> email", "“email” is no action"),
        ("fails -> run:", "is no action"),
        ("fails->bell", "a space before and behind"),
        ("fails -> bell -> bell", "more than one"),
        ("fails ends", "two rules"),
        ("state:faild", "no state begins with"),
        ("age>soon", "is no age"),
        ("open>soon", "not a duration"),
        ("by:25:00", "is no time"),
        ("says:(a", "never closed"),
        ('says:""', "nothing stands behind"),
        ("level:loud", "none of the levels"),
        ("alike>many", "no number of jobs"),
        ("step:x stalls", "a step is told when"),
        ("job:17", "is not a ref"),
        ("fails " + "x" * 600, "longer than 500"),
    ],
)
def test_a_bad_rule_is_refused_with_a_sentence_that_says_where(rule: str, clause: str) -> None:
    with pytest.raises(BadRule, match="rule") as error:
        parse_rule(rule)
    assert clause in str(error.value)
    assert isinstance(error.value, UsageError)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_rule_or_refused(text: str) -> None:
    try:
        said = parse_rule(text).sentence
    except BadRule as error:
        said = str(error)
    assert said.isprintable()


@given(st.lists(st.sampled_from([word for word, _ in HELP[:8]]), min_size=1, max_size=1))
def test_every_example_of_the_help_can_be_typed(words: list[str]) -> None:
    for example in words[0].replace("[#STEP]", "#s1").split(", "):
        assert parse_rule(example).sentence


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("fails source:prod -> bell", "any job of “source:prod” fails: ring the bell"),
        ("job:prod:7 ends -> notify", "prod:7 ends: notify"),
        ("step:QA job:field:Z waits -> run:pager", "step “QA” of field:Z waits: run pager"),
        ("open>90m -> bell", "any job is still open after 90m: ring the bell"),
        (
            'says:"disk full" level:error -> run:x',
            "any job says “disk full” at level error or worse: run x",
        ),
        ("alike>5 -> bell", "any job is one of more than 5 that failed for the same cause: ring the bell"),
    ],
)
def test_a_rule_says_itself_in_a_plain_sentence(rule: str, sentence: str) -> None:
    assert parse_rule(rule).sentence == sentence


def test_quiet_hours_may_go_over_midnight() -> None:
    quiet = parse_quiet("22:00-07:00")
    evening, morning = datetime(2026, 11, 22, 22, 0, tzinfo=UTC), datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert quiet.holds(evening)
    assert quiet.holds(morning - second)
    assert not quiet.holds(evening - second)
    assert not quiet.holds(morning)
    assert quiet.began(morning - second) == evening
    assert quiet.ended(morning + second) == morning
    assert str(quiet) == "22:00-07:00"


@pytest.mark.parametrize("text", ["", "22-07", "25:00-07:00", "22:00-22:00", "nights"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"22:00-07:00"):
        parse_quiet(text)
