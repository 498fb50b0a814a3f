"""What the demo answered, read by other eyes than jobtui's: its own log of bodies and frames, made small.

Only what left whole counts as answered: a body that was cut, held back or refused told nobody anything.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobtui.demo.door import source_of

NAMES = {"nextspace": "tiles", "zendesk": "desk", "arcgis": "field"}
_CONTROL = re.compile(r"[^\w .,:;()-]")
Fact = tuple[object, ...]
"""How a job stood, in the server's own words."""


@dataclass
class Run:
    """For how long the answers about a job said the same."""

    fact: Fact
    first: float
    last: float


@dataclass
class Ledger:
    """The answers, by what they were about; times are seconds of the loop when the request arrived."""

    clock: Callable[[], float]
    stood: dict[tuple[str, str], list[Run]] = field(default_factory=lambda: defaultdict(list))
    """By source and job: how it stood, in the order of asking."""
    perhaps: dict[tuple[str, str], list[Run]] = field(default_factory=lambda: defaultdict(list))
    """What may have been taken over of how a job stood, or not."""
    said: dict[tuple[str, str], dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    """By source and job: what each of its messages said, by its own id."""
    events: dict[str, Counter[tuple[str, str, str | None]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    """By workflow job: the lines of its history, when, what, which step, and how many are alike in these."""
    frames: int = 0
    exchanges: int = 0
    whole: int = 0
    """Answers that left whole, with a 200."""
    statuses: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    is_open: bool = True
    """Whether what is answered still counts: not while the watcher hangs up on everything."""

    def close(self) -> None:
        """Count no further answer."""
        self.is_open = False

    def take(self, source: str, path: str, at: float, body: bytes) -> None:
        """Take over one whole answer."""
        try:
            value = json.loads(body)
        except ValueError:
            return
        if isinstance(value, dict):
            _READERS[source](self, path, at, value)

    def stands(self, source: str, job_id: str, fact: Fact, at: float) -> None:
        runs = self.stood[NAMES[source], job_id]
        if runs and runs[-1].fact == fact:
            runs[-1].last = max(runs[-1].last, at)
        else:
            runs.append(Run(fact, at, at))


def _take_actions(ledger: Ledger, path: str, at: float, value: Mapping[str, Any]) -> None:
    items = value.get("Items")
    rows = [row for row in (items if isinstance(items, list) else [value]) if isinstance(row, dict)]
    if path.endswith("/progressMessages"):
        for row in rows:
            job_id = str(row["PendingAction.ID"])
            ledger.said["tiles", job_id][str(row["ID"])].add(harmless(row["Message"]))
        return
    for record in rows:
        if "Status" in record:
            fact = (record["Status"], _percent(record.get("Progress")))
            ledger.stands("nextspace", str(record["ID"]), fact, at)


def _take_batches(ledger: Ledger, path: str, at: float, value: Mapping[str, Any]) -> None:
    one = value.get("job_status")
    for row in [one, *(value.get("job_statuses") or [])]:
        if isinstance(row, dict) and "status" in row:
            ledger.stands("zendesk", row["id"], (row["status"], row.get("progress")), at)
    if isinstance(one, dict) and one.get("message"):
        ledger.said["desk", one["id"]][harmless(one["message"])].add(harmless(one["message"]))


def _take_workflow(ledger: Ledger, path: str, at: float, value: Mapping[str, Any]) -> None:
    if path.endswith("/history"):
        job_id = path.split("/")[-2]
        told = value["jobHistory"] if isinstance(value.get("jobHistory"), list) else []
        ledger.events[job_id] |= Counter((e["date"], e["action"], e.get("stepId")) for e in told)
    names = [each["name"] if isinstance(each, dict) else each for each in value.get("fields") or []]
    if path.endswith("/search") and "percentComplete" in names:
        for row in value.get("results") or []:
            record = dict(zip(names, row, strict=True)) if isinstance(row, list) else row
            ledger.stands("arcgis", record["jobId"], _workflow_fact(record), at)
    if "jobId" in value and "percentComplete" in value:
        # What came of this one hangs on the parts that were asked for beside it.
        ledger.perhaps["field", value["jobId"]].append(Run(_workflow_fact(value), at, at))


def _workflow_fact(record: Mapping[str, Any]) -> Fact:
    word = "closed" if record.get("closed") or record.get("endDate") else "open"
    return (word, _percent(record["percentComplete"]))


_READERS = {"nextspace": _take_actions, "zendesk": _take_batches, "arcgis": _take_workflow}


def _percent(value: object) -> int | None:
    return round(float(value)) if isinstance(value, int | float) else None


def harmless(text: str) -> str:
    """Take out of a text all that could be read in two ways, for comparing."""
    return _CONTROL.sub("", text)


class Listening:
    """The outermost application: writes into the ledger what leaves the server."""

    def __init__(self, app: ASGIApp, ledger: Ledger) -> None:
        self._app, self._ledger = app, ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        source = source_of(scope["path"]) if scope["type"] in ("http", "websocket") else None
        if source is None:
            await self._app(scope, receive, send)
            return
        at, status, body = self._ledger.clock(), 0, bytearray()
        self._ledger.exchanges += 1

        async def noting(message: Message) -> None:
            nonlocal status
            await send(message)
            if message["type"] == "websocket.send":
                self._ledger.frames += 1
            elif message["type"] == "http.response.start":
                status = message["status"]
                self._ledger.statuses[f"{source} {status}"] += 1
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body") and status == 200 and self._ledger.is_open:
                    self._ledger.whole += 1
                    self._ledger.take(source, scope["path"], at, bytes(body))

        # The faults find the connection to cut as the owner of ``send``.
        noting.__self__ = getattr(send, "__self__", None)  # type: ignore[attr-defined]
        await self._app(scope, receive, noting)
