"""Every decoder of the three kinds, found by its name, so that none can be forgotten."""

from __future__ import annotations

import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any

from jobtui import documents
from jobtui.backends import lenient
from jobtui.backends.arcgis import consequences, effects, meant, rules
from jobtui.backends.arcgis.diagram import decode_diagram
from jobtui.backends.arcgis.history import UNREADABLE, decode_history
from jobtui.backends.arcgis.steps import detail_of
from jobtui.backends.arcgis.wire import decode_job
from jobtui.errors import UnexpectedReply
from jobtui.journal import codec
from jobtui.model import Control, ControlRequest, Job, JobDetail, JobMessage, JobRef, Outcome, Parameters
from tests.fuzz.building import built
from tests.fuzz.corpus import words
from tests.hostile.harmless import harm_in, strings_in

KINDS = ("nextspace", "zendesk", "arcgis")
NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
_REF = JobRef("field", "Qm7x")
_FIELDS = ("jobId", "jobName", "jobStatus", "closed", "percentComplete", "startedDate", "endDate")
_KNOWN: Mapping[str, object] = {
    "source": "field",
    "ref": _REF,
    "root": "https://acme.example/api",
    "as_of": NOW,
    "at": NOW,
    "now": NOW,
    "now_s": NOW.timestamp(),
    "asked": _FIELDS,
    "closed": False,
    "what": "thing",
    "account": "acme",
    "job_id": "1",
    "guardian": "https://guardian.example",
    "request": ControlRequest(Control.FINISH, _REF, NOW, Parameters(("s-1",))),
}
"""What decoders take beside the bytes, by the name of the parameter."""
_BYTES = ("body", "frame", "data", "raw")
_TEXT = ("text",)


def decoders(kind: str) -> Iterator[tuple[str, Callable[[bytes], object]]]:
    """Give every function of a kind that turns bytes into our nouns, with its name."""
    package = import_module(f"jobtui.backends.{kind}")
    for module in pkgutil.iter_modules(package.__path__):
        name = f"{package.__name__}.{module.name}"
        for word, function in sorted(vars(import_module(name)).items()):
            if word.startswith("decode_") and getattr(function, "__module__", "") == name:
                yield f"{name}.{word}", _bound(function)


def _bound(function: Callable[..., object]) -> Callable[[bytes], object]:
    """Fill in all but the bytes; a value from within a document is given parsed."""
    parameters = inspect.signature(function).parameters
    given: dict[str, Any] = {name: _KNOWN[name] for name in parameters if name in _KNOWN}
    left = [
        name
        for name, each in parameters.items()
        if name not in _KNOWN and each.default is inspect.Parameter.empty
    ]
    if len(left) != 1:
        raise TypeError(f"{function.__qualname__}: say in tests/fuzz/decoders.py what {left} are")
    (last,) = left
    if last in _BYTES:
        return lambda data: function(**{**given, last: data})
    if last in _TEXT:
        return lambda data: function(**{**given, last: data.decode("utf-8", "replace")})
    return lambda data: function(**{**given, last: lenient.json_of("field", data)})


def one_kind(kind: str, *, taking: bytes | None = None) -> Callable[[bytes], list[str]]:
    """Make the target of a kind: each decoder gives a value or one named error, and the value can be kept.

    ``taking`` leaves only the decoders that make something of this body.
    """
    found = [*decoders(kind), *_beyond(kind)]
    if taking is not None:
        found = [(name, decode) for name, decode in found if _takes(decode, taking)]
    known = words(kind)

    def run(data: bytes) -> list[str]:
        data = built(data, known)
        refusals = []
        for _, decode in found:
            try:
                value = decode(data)
            except UnexpectedReply as error:
                refusals.append(type(error).__name__)
                continue
            for part in _parts(value):
                _keep(part)
        return refusals

    return run


def _takes(decode: Callable[[bytes], object], body: bytes) -> bool:
    try:
        return decode(body) is not None
    except UnexpectedReply:
        return False


def _beyond(kind: str) -> Iterator[tuple[str, Callable[[bytes], object]]]:
    """Give what else is made of a body: reasons of errors, and of several bodies one job."""
    package = import_module(f"jobtui.backends.{kind}")
    for module in pkgutil.iter_modules(package.__path__):
        for word in ("explain", "status_of"):
            function = vars(import_module(f"{package.__name__}.{module.name}")).get(word)
            if function is not None:
                yield word, partial(function, 400)
    if kind == "arcgis":
        yield "whole", _whole_job


def _whole_job(data: bytes) -> object:
    """Put a job together from its record, diagram and history, all in one document."""
    record = decode_job(_REF, data)
    try:
        plan = decode_diagram("field", data)
    except UnexpectedReply:
        plan = None
    try:
        log = decode_history("field", data)
    except UnexpectedReply:
        log = UNREADABLE
    detail = detail_of(record, plan, log, user="dortiz", as_of=NOW)
    for control in Control:
        request = meant.freeze(control, detail, _REF, Parameters(), NOW)
        rules.reasons(request, detail, NOW)
        consequences.consequence(request, detail, NOW, plan)
        effects.effect(request, detail, NOW)
    return detail


def _parts(value: object) -> Iterator[object]:
    """Give the jobs, messages and outcomes in what was decoded."""
    inside = [value, *(getattr(value, name, None) for name in ("detail", "message", "jobs", "messages"))]
    for each in inside:
        yield from each if isinstance(each, list | tuple) else [each]


def _keep(part: object) -> None:
    """Do with a noun what is done with every one: describe it, print it, write it, read it back."""
    if isinstance(part, JobDetail):
        document = documents.show_document(part, NOW, controls=frozenset(), why_not=lambda *_: None)
        assert codec.decode_steps(codec.encode(part.steps)) == part.steps
        _keep(part.job)
    elif isinstance(part, Job):
        document = documents.job_document(part, NOW)
        assert codec.decode_job(codec.encode(part)).ref == part.ref
    elif isinstance(part, JobMessage):
        document = documents.message_document(part)
        assert codec.decode_message(codec.encode(part)).id == part.id
    elif isinstance(part, Outcome):
        document = documents.outcome_document(part)
        assert codec.decode_outcome(codec.encode(part)).verdict is part.verdict
    else:
        return
    json.dumps(document, allow_nan=False).encode("ascii")
    assert (harm := next(filter(None, map(harm_in, strings_in(document))), None)) is None, harm
