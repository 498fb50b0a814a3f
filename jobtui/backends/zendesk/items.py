"""The results of a job status: which items failed, why, and one step per item. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from jobtui.backends.lenient import compact, text_of, texts_of, whole_of
from jobtui.model import State, Step

NO_ERROR = "no reason given"
MOST_STEPS = 5_000
"""Items shown as steps; all are counted, and all stand in the result. A batch has a hundred."""


class Items(Struct, frozen=True):
    """What the elements of ``results`` say together."""

    elements: tuple[Mapping[str, object], ...]
    failed: int
    total: int
    """How many the batch has, never fewer than there are elements."""
    commonest: str | None
    """The error that most failed items share, the earlier of two as common; None when none is told."""

    @property
    def summary(self) -> str:
        """“4 of 100 items failed: …”."""
        return f"{self.failed} of {self.total} items failed: {self.commonest or NO_ERROR}"

    def steps(self) -> tuple[Step, ...]:
        """Give one step per element, ordered by ``index`` where all have one; ids are unique.

        Of more than ``MOST_STEPS`` the failed ones come before the others.
        """
        taken: set[str] = set()
        places = list(enumerate(_ordered(self.elements)))
        if len(places) > MOST_STEPS:
            places.sort(key=lambda one: not has_failed(one[1]))
        return tuple(_step(element, place, taken) for place, element in places[:MOST_STEPS])


def items_of(results: object, total: int | None) -> Items | None:
    """Read ``results``: an array, an object (deletions) or nothing; None when it says nothing."""
    if isinstance(results, Mapping):
        results = [results] if results else None
    if not isinstance(results, list):
        return None
    elements = tuple(element for element in results if isinstance(element, Mapping))
    errors = [error_of(element) for element in elements if has_failed(element)]
    told = Counter(error for error in errors if error is not None)
    commonest = told.most_common(1)[0][0] if told else None
    return Items(elements, len(errors), max(total or 0, len(elements)), commonest)


def has_failed(element: Mapping[str, object]) -> bool:
    """Whether a task failed: ``success`` is false, else ``error``, else ``errors`` is not empty."""
    return element.get("success") is False or bool(element.get("error")) or bool(element.get("errors"))


def error_of(element: Mapping[str, object]) -> str | None:
    """Return the error of one element in one line: code and details, or the old ``errors``."""
    code, details = _joined(element.get("error")), _joined(element.get("details"))
    if code and details:
        return f"{code}: {details}"
    return code or details or _joined(element.get("errors"))


def _joined(value: object) -> str | None:
    return "; ".join(texts_of(value)) or None


def _ordered(elements: Sequence[Mapping[str, object]]) -> Sequence[Mapping[str, object]]:
    places = [whole_of(element.get("index")) for element in elements]
    if any(place is None for place in places):
        return elements
    order = sorted(range(len(elements)), key=lambda row: (places[row] or 0, row))
    return [elements[row] for row in order]


def _step(element: Mapping[str, object], place: int, taken: set[str]) -> Step:
    failed = has_failed(element)
    raw_state = text_of(element.get("status")) or text_of(element.get("error")) or ""
    return Step(
        id=_unique(element, place, taken),
        title=_title(element, place),
        state=State.FAILED if failed else State.SUCCEEDED,
        raw_state=raw_state,
        type=text_of(element.get("action")),
        message=(error_of(element) or NO_ERROR) if failed else _value(element),
    )


def _unique(element: Mapping[str, object], place: int, taken: set[str]) -> str:
    """The position in the request where it is told, else in the answer; made unique when told twice."""
    index = whole_of(element.get("index"))
    wanted = str(place if index is None else index)
    step_id, again = wanted, 2
    while step_id in taken:
        step_id, again = f"{wanted}-{again}", again + 1
    taken.add(step_id)
    return step_id


def _title(element: Mapping[str, object], place: int) -> str:
    index = whole_of(element.get("index"))
    parts = [text_of(element.get("title")), text_of(element.get("email"))]
    name = next(filter(None, parts), None)
    item_id = text_of(element.get("id"))
    number = f"#{item_id}" if item_id else f"item {(place if index is None else index) + 1}"
    return f"{number} {name}" if name else number


def _value(element: Mapping[str, object]) -> str | None:
    known = ("id", "index", "status", "success", "action", "title", "email", "errors", "error", "account_id")
    rest = {key: value for key, value in element.items() if key not in known}
    return text_of(element.get("status")) or (compact(rest, longest=300) if rest else None)
