"""Whatever bytes arrive: a value or UnexpectedReply. Whatever graph: every step exactly once."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from jobtui.backends.arcgis.consequences import consequence
from jobtui.backends.arcgis.diagram import Diagram, PlannedStep, decode_diagram, outline
from jobtui.backends.arcgis.effects import effect
from jobtui.backends.arcgis.history import EventLog, decode_history
from jobtui.backends.arcgis.meant import freeze
from jobtui.backends.arcgis.messages import decode_comments, history_messages
from jobtui.backends.arcgis.refusals import decode_outcome, explain, status_of
from jobtui.backends.arcgis.rows import decode_search
from jobtui.backends.arcgis.rules import reasons
from jobtui.backends.arcgis.steps import detail_of
from jobtui.backends.arcgis.wire import decode_job
from jobtui.errors import UnexpectedReply
from jobtui.model import Control, ControlRequest, Parameters
from tests.backends.arcgis.invented import NOW, REF, SOURCE

KEYS = st.sampled_from(
    [
        "jobId",
        "jobName",
        "jobStatus",
        "closed",
        "percentComplete",
        "createdDate",
        "startedDate",
        "endDate",
        "currentSteps",
        "holds",
        "stepId",
        "stepName",
        "assignedType",
        "assignedTo",
        "canSkip",
        "manualHold",
        "holdScheduledRelease",
        "dependencies",
        "holdId",
        "setBy",
        "setDate",
        "scheduledRelease",
        "releasedBy",
        "releasedDate",
        "dependentJobId",
        "dependentStepId",
        "diagramId",
        "diagramVersion",
        "fields",
        "results",
        "start",
        "nextStart",
        "name",
        "steps",
        "initialStepId",
        "id",
        "paths",
        "nextStep",
        "action",
        "actionType",
        "automatic",
        "jobHistory",
        "username",
        "date",
        "result",
        "startDate",
        "jobComments",
        "commentId",
        "comment",
        "lastModified",
        "success",
        "stepResponses",
        "status",
        "statusDescription",
        "error",
        "code",
        "message",
        "details",
        "type",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["a", "b", "User", "Group", "Started", "Finished", "Held", "Success"])
    | st.datetimes().map(lambda at: at.isoformat() + "Z")
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=8)
        | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=40,
)
BODIES = st.binary(max_size=60) | st.dictionaries(KEYS, JSON, max_size=14).map(
    lambda value: json.dumps(value).encode()
)
IDS = st.sampled_from("abcdefgh")
GRAPHS = st.dictionaries(IDS, st.lists(st.sampled_from("abcdefghz"), max_size=4), max_size=8)
REQUEST = ControlRequest(Control.RUN, REF, NOW)


def diagram_of(graph: dict[str, list[str]], initial: str | None = None) -> Diagram:
    steps = {name: PlannedStep(name, name, following=tuple(dict.fromkeys(to))) for name, to in graph.items()}
    return Diagram(steps, initial)


def complaint_of(decode: Callable[[], object]) -> str:
    """What an UnexpectedReply says; empty when there is none. Any other error is a failure."""
    try:
        decode()
    except UnexpectedReply as error:
        return str(error)
    return ""


@settings(max_examples=150, deadline=None)
@given(body=BODIES)
def test_any_bytes_are_a_value_or_an_unexpected_reply(body: bytes) -> None:
    for decode in (
        lambda: decode_job(REF, body),
        lambda: decode_search(SOURCE, body, ("jobId", "jobName"), closed=False, as_of=NOW),
        lambda: decode_diagram(SOURCE, body),
        lambda: decode_history(SOURCE, body),
        lambda: decode_comments(REF, body),
        lambda: decode_outcome(REQUEST, body, NOW),
    ):
        assert complaint_of(decode).isprintable()
    assert 200 <= status_of(200, body) < 600
    assert isinstance(explain(400, body), str | None)


@settings(max_examples=200, deadline=None)
@given(graph=GRAPHS, initial=st.none() | st.sampled_from("abz"))
def test_any_graph_shows_every_step_exactly_once_and_parents_before_children(
    graph: dict[str, list[str]], initial: str | None
) -> None:
    places = outline(diagram_of(graph, initial))
    assert sorted(place.step_id for place in places) == sorted(graph)
    seen: set[str | None] = {None}
    for place in places:
        assert place.parent in seen
        seen.add(place.step_id)


@settings(max_examples=200, deadline=None)
@given(graph=GRAPHS)
def test_a_step_is_below_another_only_where_that_one_branches(graph: dict[str, list[str]]) -> None:
    diagram = diagram_of(graph)
    for place in outline(diagram):
        if place.parent is not None:
            assert len(diagram.following(place.parent)) > 1


RECORDS = st.fixed_dictionaries(
    {"jobId": st.just("x")},
    optional={
        "closed": st.booleans(),
        "percentComplete": SCALARS,
        "startedDate": SCALARS,
        "endDate": SCALARS,
        "currentSteps": st.lists(
            st.fixed_dictionaries(
                {"stepId": IDS},
                optional={
                    "assignedType": SCALARS,
                    "assignedTo": SCALARS,
                    "canSkip": SCALARS,
                    "manualHold": SCALARS,
                    "holdScheduledRelease": SCALARS,
                },
            ),
            max_size=4,
        ),
        "holds": st.lists(
            st.fixed_dictionaries(
                {"stepId": IDS, "holdId": st.sampled_from(["h-1", "h-2", "h-3"])},
                optional={"scheduledRelease": SCALARS, "releasedDate": SCALARS, "dependentJobId": SCALARS},
            ),
            max_size=5,
        ),
    },
)
WORDS = st.sampled_from(["Started", "Paused", "Finished", "Error", "Activated", "Cancelled", "Held", "Odd"])
HISTORIES = st.lists(
    st.fixed_dictionaries({"action": WORDS, "stepId": st.none() | IDS, "date": SCALARS, "result": SCALARS}),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(
    record=RECORDS,
    entries=st.none() | HISTORIES,
    graph=st.none() | GRAPHS,
    control=st.sampled_from(Control),
    named=st.lists(IDS, max_size=2),
)
def test_any_job_can_be_shown_and_any_control_of_it_judged(
    record: dict[str, object],
    entries: list[dict[str, object]] | None,
    graph: dict[str, list[str]] | None,
    control: Control,
    named: list[str],
) -> None:
    log = EventLog(readable=False)
    if entries is not None:
        log = decode_history(SOURCE, json.dumps({"jobHistory": entries}).encode())
    diagram = None if graph is None else diagram_of(graph)
    job = decode_job(REF, json.dumps(record).encode())
    found = detail_of(job, diagram, log, user="a", as_of=NOW)

    shown = [step.id for step in found.all_steps()]
    assert len(shown) == len(set(shown))
    assert {step.step_id for step in job.current} == {step.id for step in found.current_steps()}

    request = freeze(control, found, REF, Parameters(tuple(named)), NOW)
    said = reasons(request, found, NOW)
    assert [reason.hard for reason in said] == sorted((reason.hard for reason in said), reverse=True)
    assert all(reason.text.isprintable() for reason in said)
    assert consequence(request, found, NOW, diagram).isprintable()
    effect(request, found, NOW)
    messages = history_messages(REF, log, {})
    assert len({message.id for message in messages}) == len(messages)
