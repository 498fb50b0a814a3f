"""The JSON documents: shapes that scripts rely on, whatever the server wrote."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui import documents
from jobtui.model import (
    Control,
    ControlRequest,
    Effect,
    Flag,
    Hold,
    Job,
    JobDetail,
    JobMessage,
    JobRef,
    Kind,
    Level,
    Outcome,
    Parameters,
    Progress,
    Reason,
    State,
    Step,
    StepOutcome,
    StepRef,
    Target,
    Verdict,
)

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
REF = JobRef("field", "Zk19")
HOSTILE = "a\x1b[31mred\x1b[0m\u202eback\x07\nnext"
JOB_FIELDS = {
    "ref",
    "source",
    "kind",
    "id",
    "title",
    "state",
    "raw_state",
    "ended",
    "flags",
    "why",
    "progress",
    "created",
    "started",
    "updated",
    "ended_at",
    "owner",
    "application",
    "url",
    "as_of",
    "items_failed",
    "result",
}
STEP_FIELDS = {
    "id",
    "title",
    "type",
    "state",
    "raw_state",
    "current",
    "assigned_to",
    "can_skip",
    "holds",
    "controls",
    "children",
}
JOB = Job(
    ref=REF,
    kind=Kind.ARCGIS,
    title="Inspect",
    state=State.HELD,
    raw_state="open",
    ended=False,
    as_of=NOW,
)


@dataclass(frozen=True)
class Entry:
    """A journal entry, as the audit needs it."""

    request: ControlRequest
    outcome: Outcome | None = None
    effect: Effect | None = None
    effect_at: datetime | None = None
    who: str = "me@here"
    asked_at: datetime = NOW


def never(control: Control, target: Target) -> Reason | None:
    return Reason("it runs") if control is Control.HOLD and isinstance(target, StepRef) else None


def test_a_job_has_every_promised_field_and_null_for_what_is_unknown() -> None:
    document = documents.job_document(JOB, NOW)
    assert set(document) >= JOB_FIELDS
    assert document["ref"] == "field:Zk19"
    assert document["as_of"] == "2026-11-21T20:00:00+00:00"
    unknown = (
        "progress",
        "created",
        "started",
        "updated",
        "ended_at",
        "owner",
        "url",
        "items_failed",
        "result",
    )
    assert {name: document[name] for name in unknown} == dict.fromkeys(unknown)


def test_progress_without_a_measure_is_null_and_never_zero() -> None:
    job = replace(JOB, progress=Progress(done=35), flags=frozenset({Flag.STALE, Flag.BRIEF}))
    document = documents.job_document(job, NOW)
    assert document["progress"] == {"fraction": None, "done": 35, "total": None}
    assert document["flags"] == ["brief", "stale"]


def test_show_nests_steps_and_gives_each_control_its_reason_or_null() -> None:
    hold = Hold(id="h1", step_id="s1", by="dortiz", since=NOW, after=JobRef("field", "Other"))
    child = Step(id="s2", title="Branch", state=State.QUEUED)
    step = Step(id="s1", title="Survey", state=State.HELD, current=True, holds=(hold,), children=(child,))
    document = documents.show_document(
        JobDetail(JOB, (step,)), NOW, controls=frozenset({Control.HOLD, Control.RUN}), why_not=never
    )
    assert document["controls"] == {"hold": None, "run": None}
    (shown,) = cast("list[documents.Document]", document["steps"])
    assert set(shown) >= STEP_FIELDS
    assert shown["controls"] == {"hold": "it runs", "run": None}
    assert shown["holds"] == [
        {
            "id": "h1",
            "by": "dortiz",
            "since": "2026-11-21T20:00:00+00:00",
            "until": None,
            "after": "field:Other",
            "hook": None,
            "active": True,
        }
    ]
    assert [cast("documents.Document", c)["id"] for c in cast("list[object]", shown["children"])] == ["s2"]


def test_parts_of_a_result_are_never_offered_a_control() -> None:
    job = replace(JOB, kind=Kind.NEXTSPACE)
    detail = JobDetail(job, (Step(id="Output", title="Output", state=State.RUNNING),))
    document = documents.show_document(detail, NOW, controls=frozenset({Control.CANCEL}), why_not=never)
    assert document["controls"] == {"cancel": None}
    assert cast("list[documents.Document]", document["steps"])[0]["controls"] == {}


def test_steps_deeper_than_anyone_draws_are_listed_not_lost() -> None:
    step = Step(id="s0", title="deep", state=State.QUEUED)
    for number in range(1, 2_000):
        step = Step(id=f"s{number}", title="deep", state=State.QUEUED, children=(step,))
    document = documents.show_document(
        JobDetail(JOB, (step,)), NOW, controls=frozenset(), why_not=lambda *_: None
    )
    assert json.dumps(document).count('"title": "deep"') == 2_000


def test_hostile_text_reaches_no_document() -> None:
    job = replace(
        JOB,
        title=HOSTILE,
        raw_state=HOSTILE,
        why=HOSTILE,
        owner=HOSTILE,
        result={HOSTILE: [HOSTILE, {"x": HOSTILE}]},
    )
    message = JobMessage(REF, "1", NOW, Level.INFO, HOSTILE, HOSTILE, step=HOSTILE, sender=HOSTILE)
    outcome = Outcome(
        ControlRequest(Control.HOLD, REF, NOW),
        Verdict.REFUSED,
        sent=True,
        at=NOW,
        reason=HOSTILE,
        steps=(StepOutcome("s1", HOSTILE, HOSTILE, Verdict.REFUSED),),
    )
    for document in (
        documents.job_document(job, NOW),
        documents.message_document(message),
        documents.outcome_document(outcome),
    ):
        written = json.dumps(document, ensure_ascii=False)
        assert written.isprintable()
        assert "\\u" not in json.dumps(written).replace("\\u00b7", "")


def test_an_outcome_names_what_was_asked_for_as_the_person_did() -> None:
    named = StepRef(REF, "s1")
    request = ControlRequest(Control.HOLD, REF, NOW, Parameters(step_ids=("s1",)), named=named)
    outcome = Outcome(request, Verdict.ACCEPTED, sent=True, at=NOW)
    assert documents.outcome_document(outcome) == {
        "ref": "field:Zk19#s1",
        "control": "hold",
        "verdict": "accepted",
        "sent": True,
        "at": "2026-11-21T20:00:00+00:00",
        "reason": None,
        "steps": [],
    }


@pytest.mark.parametrize(
    ("entry", "verdict", "confirmed_at", "detail"),
    [
        ({}, "unknown", None, "no answer was ever written"),
        ({"verdict": Verdict.REFUSED}, "refused", None, "because"),
        ({"verdict": Verdict.REFUSED, "effect": Effect("cancelled")}, "refused", None, "because"),
        ({"verdict": Verdict.ACCEPTED, "effect": Effect("held")}, "confirmed", NOW, "held"),
        (
            {"verdict": Verdict.ACCEPTED, "effect": Effect("ended as succeeded", as_asked=False)},
            "accepted",
            None,
            "ended as succeeded",
        ),
    ],
)
def test_the_audit_tells_what_was_asked_and_how_it_ended(
    entry: dict[str, object], verdict: str, confirmed_at: datetime | None, detail: str
) -> None:
    until = NOW + timedelta(hours=1)
    request = ControlRequest(Control.HOLD, REF, NOW, Parameters(("s1", "s2"), until, REF), reason="storm")
    answered = cast("Verdict | None", entry.get("verdict"))
    outcome = None if answered is None else Outcome(request, answered, sent=True, at=NOW, reason="because")
    effect = cast("Effect | None", entry.get("effect"))
    document = documents.audit_document(Entry(request, outcome, effect, NOW if effect else None))
    assert document == {
        "at": NOW.isoformat(),
        "who": "me@here",
        "ref": "field:Zk19",
        "control": "hold",
        "parameters": {"steps": ["s1", "s2"], "until": until.isoformat(), "after": "field:Zk19"},
        "reason": "storm",
        "verdict": verdict,
        "sent": True,
        "confirmed_at": None if confirmed_at is None else confirmed_at.isoformat(),
        "detail": detail,
    }


@pytest.mark.parametrize("sent", [True, False])
def test_the_audit_tells_a_refusal_of_ours_from_one_of_the_server(sent: bool) -> None:
    request = ControlRequest(Control.HOLD, REF, NOW, Parameters())
    document = documents.audit_document(Entry(request, Outcome(request, Verdict.REFUSED, sent, NOW)))
    assert document["sent"] is sent


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_JSON)
def test_any_result_becomes_json_that_every_reader_takes(value: object) -> None:
    written = json.dumps(documents.json_value(value), allow_nan=False, ensure_ascii=False)
    assert not {unicodedata.category(character) for character in written} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_an_endless_result_is_cut_not_followed() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    assert "…" in json.dumps(documents.json_value(value), ensure_ascii=False)
