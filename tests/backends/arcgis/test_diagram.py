"""The layout of a diagram as a tree: path order, every step once."""

from __future__ import annotations

import pytest

from jobtui.backends.arcgis.diagram import DEEPEST, Diagram, PlannedStep, decode_diagram, outline
from jobtui.errors import UnexpectedReply
from tests.backends.arcgis.invented import SOURCE, bare, plan


def drawn(diagram: Diagram) -> str:
    """The tree as text: each step's branches in brackets behind it."""
    below: dict[str | None, list[str]] = {}
    for place in outline(diagram):
        below.setdefault(place.parent, []).append(place.step_id)

    def level(parent: str | None) -> str:
        return " ".join(f"{each}({level(each)})" if each in below else each for each in below.get(parent, []))

    return level(None)


@pytest.mark.parametrize(
    ("edges", "tree"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, "a b c"),
        # Two branches that meet: the chain goes on at the level of the step that branches.
        ({"a": ["b", "c"], "b": ["j"], "c": ["j"], "j": ["k"], "k": []}, "a(b c) j k"),
        # One of the ways leads straight to where they meet.
        ({"a": ["b", "j"], "b": ["j"], "j": []}, "a(b) j"),
        # They never meet.
        ({"a": ["b", "c"], "b": ["d"], "c": [], "d": []}, "a(b d c)"),
        # They meet at steps of different depth: the first common one counts, not one behind it.
        (
            {"a": ["b", "c"], "b": ["x"], "x": ["j"], "c": ["j"], "j": ["k"], "k": []},
            "a(b x c) j k",
        ),
        # Branches within a branch; the inner ones meet only where the outer ones do.
        ({"a": ["b", "c"], "b": ["d", "e"], "d": ["j"], "e": ["j"], "c": ["j"], "j": []}, "a(b(d e) c) j"),
        # The inner ones meet before.
        (
            {"a": ["b", "c"], "b": ["d", "e"], "d": ["i"], "e": ["i"], "i": ["j"], "c": ["j"], "j": []},
            "a(b(d e) i c) j",
        ),
        # A way back is not followed and makes no branch.
        ({"a": ["b"], "b": ["a", "c"], "c": []}, "a b c"),
        # Rework on a step of its own.
        ({"a": ["b"], "b": ["r", "c"], "r": ["a"], "c": []}, "a b(r c)"),
        ({"a": ["a"]}, "a"),
        # Unreachable steps come last, a chain of them in its own order.
        ({"y": [], "a": ["b"], "b": [], "x": ["y"]}, "a b x y"),
        ({"a": [], "x": ["y"], "y": ["x"]}, "a x y"),
        # Paths to steps that do not exist.
        ({"a": ["nowhere", "b"], "b": []}, "a b"),
        # Three ways, of which two meet: shown under the first.
        ({"a": ["b", "c", "d"], "b": ["j"], "c": ["j"], "d": [], "j": []}, "a(b j c d)"),
    ],
)
def test_steps_stand_in_path_order_and_branches_below_their_step(
    edges: dict[str, list[str]], tree: str
) -> None:
    assert drawn(plan(edges, initial="a")) == tree


def test_without_an_initial_step_the_flow_begins_where_no_path_leads() -> None:
    assert drawn(plan({"b": [], "a": ["b"]})) == "a b"
    assert drawn(plan({"b": ["a"], "a": ["b"]}, initial="gone")) == "b a"


def test_branches_nested_past_all_sense_go_on_at_one_level() -> None:
    depth = 300
    edges = {f"s{n}": (f"s{n + 1}", f"t{n}") for n in range(depth)} | {f"t{n}": () for n in range(depth)}
    steps = {name: PlannedStep(name, name, following=following) for name, following in edges.items()}
    places = outline(Diagram(steps, "s0"))

    assert sorted(place.step_id for place in places) == sorted(steps)
    assert len({place.parent for place in places}) == DEEPEST + 1


def test_a_step_named_twice_is_read_once_and_one_without_an_id_never() -> None:
    body = {"steps": [{"id": "a", "name": "First"}, {"id": "a", "name": "Second"}, {"name": "No id"}, 7]}
    diagram = decode_diagram(SOURCE, bare(body))
    assert [step.name for step in diagram.steps.values()] == ["First"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"steps": 4}', b'{"success": true}', b"<html>"])
def test_what_is_no_diagram_is_an_unexpected_reply(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        decode_diagram(SOURCE, body)


def test_what_lies_ahead_of_a_step_includes_itself_only_in_a_cycle() -> None:
    diagram = plan({"a": ["b"], "b": ["c"], "c": ["b", "d"], "d": []})
    assert diagram.ahead_of(["a"]) == {"b", "c", "d"}
    assert diagram.ahead_of(["c"]) == {"b", "c", "d"}
    assert diagram.ahead_of(["d", "unknown"]) == frozenset()
