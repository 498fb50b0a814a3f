"""The result of a pending action: JSON in a string, plain text, or a value; and its parts as steps. Pure."""

from __future__ import annotations

from typing import Any

from jobtui.backends.lenient import bounded, compact, json_of, text_of, texts_of
from jobtui.errors import UnexpectedReply
from jobtui.model import State, Step

_DEEPEST_STEP = 6
_MOST_STEPS = 500
_REASONS = ("Output", "Message", "message", "Error", "Errors", "error", "ERROR")


def parsed_result(value: Any) -> Any:
    """Return the result as JSON values, the same whichever way it was asked for; None when there is none.

    Without ``Result=JSON`` it is a string, which may hold JSON; with it, a text comes as ``{"Output": …}``.
    """
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, dict) and list(value) == ["Output"] and isinstance(value["Output"], str):
        value = value["Output"]
    if isinstance(value, str):
        return value if value.strip() else None
    if value == {} or not isinstance(value, dict | list | int | float):
        return None
    return bounded(value)


def result_errors(result: object) -> tuple[str, ...]:
    """Return what a result calls its errors; empty for a clean one."""
    if not isinstance(result, dict):
        return ()
    return texts_of(result.get("Error")) + texts_of(result.get("Errors"))


def result_warnings(result: object) -> tuple[str, ...]:
    """Return what a result warns of."""
    if not isinstance(result, dict):
        return ()
    return texts_of(result.get("Warning")) + texts_of(result.get("Warnings"))


def remarks_of(value: object) -> tuple[str, ...]:
    """Return what an answer that holds several things says beside them."""
    faults = texts_of(value.get("ERROR")) if isinstance(value, dict) else ()
    return beside(result_warnings(value), result_errors(value) + faults)


def beside(warnings: tuple[str, ...], errors: tuple[str, ...]) -> tuple[str, ...]:
    """Join what is said beside an answer, each once: with an error among it, the answer is not whole."""
    return tuple(dict.fromkeys([*warnings, *(f"not all was answered: {text}" for text in errors)]))


def result_text(result: object) -> str | None:
    """Return the reason that a failed job's result gives, as one text."""
    if isinstance(result, dict):
        found = (text for key in _REASONS for text in texts_of(result.get(key)))
        return next(found, None) or compact(result)
    return text_of(compact(result)) if result is not None else None


def result_steps(result: object, state: State) -> tuple[Step, ...]:
    """Return one step per top-level entry, nested ones as children; all have the state of the job."""
    left = [_MOST_STEPS]
    return _steps(result, "", state, _DEEPEST_STEP, left)


def _steps(value: object, prefix: str, state: State, depth: int, left: list[int]) -> tuple[Step, ...]:
    if isinstance(value, dict):
        entries = [(_escaped(str(key)), str(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        entries = [(str(place), f"item {place + 1}", item) for place, item in enumerate(value)]
    else:
        return ()
    steps: list[Step] = []
    for key, title, item in entries:
        if left[0] <= 0:
            break
        left[0] -= 1
        steps.append(_step(f"{prefix}{key}", title, item, state, depth - 1, left))
    return tuple(steps)


def _step(step_id: str, title: str, value: object, state: State, depth: int, left: list[int]) -> Step:
    is_nested = isinstance(value, dict | list) and bool(value) and depth > 0
    return Step(
        id=step_id,
        title=title,
        state=state,
        message=None if is_nested else compact(value),
        children=_steps(value, f"{step_id}/", state, depth, left) if is_nested else (),
    )


def _escaped(key: str) -> str:
    """Keep ids of nested parts distinct, in the manner of JSON pointers; an id is never empty."""
    return key.replace("~", "~0").replace("/", "~1") or "~"


def _from_text(text: str) -> Any:
    if text.lstrip()[:1] not in tuple('{["'):
        return text
    try:
        return json_of("", text.encode("utf-8", "replace"))
    except UnexpectedReply:
        return text
