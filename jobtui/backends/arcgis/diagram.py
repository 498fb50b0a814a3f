"""The plan that a job follows: its JSON, and how it is laid out as a tree. Pure.

Source: the project's notes on the REST API, 3.6.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from jobtui.backends.arcgis.fields import Record, decode_object, flag, records, text
from jobtui.errors import UnexpectedReply

DEEPEST = 24
"""Branches nested deeper than this go on at their parent's level: no screen could show them."""


class PlannedStep(Struct, frozen=True):
    """A node of the diagram."""

    id: str
    name: str
    type: str | None = None
    """The server's word for what it does; free text."""
    automatic: bool | None = None
    can_skip: bool | None = None
    proceeds: bool | None = None
    """Whether running it finishes it, too."""
    following: tuple[str, ...] = ()
    """Where its paths lead, in the server's order, each once; may name steps that do not exist."""


class Diagram(Struct, frozen=True):
    """The steps by id, in the server's order, and where the flow begins."""

    steps: Mapping[str, PlannedStep] = field(default_factory=dict)
    initial: str | None = None

    @property
    def names(self) -> Mapping[str, str]:
        """The titles of the steps by id."""
        return {step.id: step.name for step in self.steps.values()}

    def following(self, step_id: str) -> tuple[str, ...]:
        """Return the steps that come right after one; empty when it is the last, or not known."""
        step = self.steps.get(step_id)
        return tuple(name for name in step.following if name in self.steps) if step else ()

    def ahead_of(self, step_ids: Iterable[str]) -> frozenset[str]:
        """Return every step that can still be reached from these; one of them only when it is in a cycle."""
        reached: set[str] = set()
        pending = [following for step_id in step_ids for following in self.following(step_id)]
        while pending:
            step_id = pending.pop()
            if step_id not in reached:
                reached.add(step_id)
                pending.extend(self.following(step_id))
        return frozenset(reached)


class Place(Struct, frozen=True):
    """Where a step stands in the tree."""

    step_id: str
    parent: str | None
    """The step whose branch it is on, or None at the outermost level."""


def decode_diagram(source: str, body: bytes) -> Diagram:
    """Read ``GET /jobs/{id}/diagram``. Raises UnexpectedReply."""
    diagram = decode_object(source, body, "diagram")
    if not isinstance(diagram.get("steps"), list):
        raise UnexpectedReply(source, "the diagram has no steps")
    steps: dict[str, PlannedStep] = {}
    for record in records(diagram["steps"]):
        step = _step(record)
        if step is not None:
            steps.setdefault(step.id, step)
    return Diagram(steps, text(diagram.get("initialStepId")))


def _step(record: Record) -> PlannedStep | None:
    step_id = text(record.get("id"))
    if step_id is None:
        return None
    action = record.get("action")
    following = (text(path.get("nextStep")) for path in records(record.get("paths")))
    return PlannedStep(
        step_id,
        text(record.get("name")) or step_id,
        text(action.get("actionType")) if isinstance(action, dict) else None,
        flag(record.get("automatic")),
        flag(record.get("canSkip")),
        flag(record.get("proceedNext")),
        tuple(dict.fromkeys(name for name in following if name)),
    )


def outline(diagram: Diagram) -> tuple[Place, ...]:
    """Lay the steps out in path order, every one exactly once.

    A chain of steps stands at one level. A step with several ways out has the chains of its branches below
    it, one after the other; where all of them meet again, the chain goes on at the step's own level. A path
    that leads back is not followed. What cannot be reached from the first step comes last.
    """
    layout = _Layout(diagram)
    for start in _starts(diagram):
        layout.place_from(start)
    return tuple(layout.places)


def _starts(diagram: Diagram) -> Iterator[str]:
    if diagram.initial in diagram.steps and diagram.initial is not None:
        yield diagram.initial
    entered = {step_id for step in diagram.steps.values() for step_id in step.following}
    yield from (step_id for step_id in diagram.steps if step_id not in entered)
    yield from diagram.steps


class _Chain(Struct, frozen=True):
    """A chain still to be laid out."""

    start: str
    parent: str | None
    depth: int
    is_join: bool = False
    """It begins where branches meet, a place kept free until they are all laid out."""


class _Layout:
    """Walks a diagram with a stack of chains, so that no depth of nesting exhausts the interpreter's."""

    def __init__(self, diagram: Diagram) -> None:
        self.places: list[Place] = []
        self._diagram = diagram
        self._placed: set[str] = set()
        self._kept_free: set[str] = set()

    def place_from(self, start: str) -> None:
        stack = [_Chain(start, None, 0)]
        while stack:
            chain = stack.pop()
            if chain.is_join:
                self._kept_free.discard(chain.start)
            stack.extend(reversed(self._place_chain(chain)))

    def _place_chain(self, chain: _Chain) -> list[_Chain]:
        """Place a chain up to its first branching; return what comes after it, in order."""
        step_id = chain.start
        while self._is_free(step_id):
            self._placed.add(step_id)
            self.places.append(Place(step_id, chain.parent))
            ways = [way for way in self._diagram.following(step_id) if way not in self._placed]
            if len(ways) > 1:
                return self._branches(step_id, ways, chain)
            if not ways:
                break
            step_id = ways[0]
        return []

    def _branches(self, step_id: str, ways: list[str], chain: _Chain) -> list[_Chain]:
        join = self._join(ways)
        nests = chain.depth < DEEPEST
        parent, depth = (step_id, chain.depth + 1) if nests else (chain.parent, chain.depth)
        branches = [_Chain(way, parent, depth) for way in ways if way != join]
        if join is not None:
            self._kept_free.add(join)
            branches.append(_Chain(join, chain.parent, chain.depth, is_join=True))
        return branches

    def _join(self, ways: list[str]) -> str | None:
        """Return the step where all ways meet: the one that the longest way there reaches soonest."""
        distances = [self._distances(way) for way in ways]
        common = [step_id for step_id in distances[0] if all(step_id in each for each in distances[1:])]
        return min(common, key=lambda step_id: max(each[step_id] for each in distances), default=None)

    def _distances(self, start: str) -> dict[str, int]:
        if not self._is_free(start):
            return {}
        found = {start: 0}
        pending = deque([start])
        while pending:
            step_id = pending.popleft()
            for way in self._diagram.following(step_id):
                if way not in found and self._is_free(way):
                    found[way] = found[step_id] + 1
                    pending.append(way)
        return found

    def _is_free(self, step_id: str) -> bool:
        return step_id not in self._placed and step_id not in self._kept_free
