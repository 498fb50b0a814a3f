"""The demo as a witness: what is there to be steered, and every control that reached it."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from jobtui.demo import DemoServer
from jobtui.demo import arcgis_flow as flow
from jobtui.demo.arcgis_job import Job
from jobtui.demo.config_file import config_text
from jobtui.model import ControlRequest

SPEED = 4.0
_HOLDS = 7
_ACTION_LASTS_S = 200.0
_APART = timedelta(seconds=30)
"""Between the ends of two holds: near ones are taken for the same."""
_ON_A_JOB = (
    ("run", "not-started", "s-1"),
    ("finish", "free-question", "s-1"),
    ("stop", "started", "s-1"),
    ("release", "held-manual", "s-3"),
    ("set-current", "not-started", "s-2"),
)
_CONTROLS = {
    "Hold": "hold",
    "ReleaseHold": "release",
    "Run": "run",
    "Finish": "finish",
    "Stop": "stop",
    "SetCurrentStep": "set-current",
}

Key = tuple[str, str, str, tuple[str, ...], str | None]
"""Source, job, control, steps and end of a control: no two that are asked for here have the same."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A control that reached the server."""

    key: Key
    at: float
    entry: dict[str, Any]
    """The demo's own line of it; its status follows."""


class Ground:
    """The demo, with jobs made to be steered."""

    def __init__(self, seed: int) -> None:
        self.demo = DemoServer(seed=seed, speed=SPEED, scenario="quiet")
        self.reached: list[Reached] = []
        self.victim: int | None = None
        """Who is killed when a control of his arrives."""
        self._victim_after = 0
        self._made: list[list[Job]] = []
        self._until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
        log = self.demo._services.log
        self._begin, log.begin = log.begin, self._noting  # type: ignore[method-assign]
        self._lock = threading.Lock()

    def write_config(self, path: Path) -> Path:
        """Write the configuration of the demo, polled as quickly as is polite to oneself."""
        tables = config_text(self.demo.sources).split("\n\n")
        text = "\n\n".join(
            [tables[0], *(f"{table.rstrip()}\npoll = 0.5\nbudget = 1200" for table in tables[1:])]
        )
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")
        return path

    # --- what is there to be steered ----------------------------------------------------------------------
    def orders(self, dice: Random) -> list[dict[str, Any]]:
        """Make jobs, and controls to be sent to them, in any order."""
        world = self.demo.world
        held, action = world.add_workflow_job("not-started"), world.add_action(lasts=_ACTION_LASTS_S)
        control, condition, step = dice.choice(_ON_A_JOB)
        other = world.add_workflow_job(condition)
        self._made.append([held, other])
        orders = [_order("hold", f"field:{held.job_id}", "s-1", self._next_until()) for _ in range(_HOLDS)]
        orders.append(_order("cancel", f"tiles:{action.action_id}", "", ""))
        orders.append(_order(control, f"field:{other.job_id}", step, ""))
        dice.shuffle(orders)
        return orders

    def read(self) -> list[str]:
        """Jobs that say much: those made last, and pending actions that run."""
        world = self.demo.world
        with world.at_now() as now:
            running = [action for action in world.actions.newest_first() if action.is_running(now)][:3]
        jobs = [job.job_id for made in self._made[-2:] for job in made]
        return [*(f"tiles:{action.action_id}" for action in running), *(f"field:{each}" for each in jobs)]

    def close(self, *, all_but: int) -> None:
        """Close the jobs of earlier lives, so that what was never sent to them is over."""
        world = self.demo.world
        done, self._made = self._made[: len(self._made) - all_but], self._made[len(self._made) - all_but :]
        with world.at_now():
            for job in (job for made in done for job in made):
                if not job.closed:
                    flow.close(world.item, job, "lead")

    def end(self) -> None:
        """Let everything end, in the world's own time."""
        self.demo.set_faults("")
        self.close(all_but=0)
        self.demo.world.advance(_ACTION_LASTS_S * 2)

    def _next_until(self) -> str:
        self._until += _APART
        return self._until.isoformat()

    # --- what reached it ----------------------------------------------------------------------------------
    def kill_on_arrival(self, pid: int, number: int) -> None:
        """Kill a process at the moment when its control of this number, from 1, has arrived."""
        with self._lock:
            self.victim, self._victim_after = pid, number

    def spare(self) -> None:
        """Kill nobody any more."""
        with self._lock:
            self.victim = None

    def _noting(self, scope: Any, source: str, body: bytes) -> dict[str, Any]:
        entry = self._begin(scope, source, body)
        if (key := _key_of_request(entry)) is not None:
            with self._lock:
                self._kill()
                self.reached.append(Reached(key, entry["at"], entry))
        return entry

    def _kill(self) -> None:
        if self.victim is None:
            return
        self._victim_after -= 1
        if self._victim_after == 0:
            with suppress(ProcessLookupError):
                os.kill(self.victim, signal.SIGKILL)


def _order(control: str, ref: str, step: str, until: str) -> dict[str, Any]:
    return {"control": control, "ref": ref, "step": step, "until": until}


def key_of_order(order: dict[str, Any]) -> Key:
    """Say how an order will be recognised when it reaches the server."""
    source, _, job_id = order["ref"].partition(":")
    steps = (order["step"],) if order["step"] else ()
    return source, job_id, order["control"], steps, order["until"] or None


def key_of_intent(request: ControlRequest) -> Key:
    """Recognise an order in the journal."""
    until = request.parameters.until
    ends = None if until is None else until.astimezone(UTC).replace(microsecond=0).isoformat()
    return request.ref.source, request.ref.job_id, request.control.value, request.parameters.step_ids, ends


def _key_of_request(entry: dict[str, Any]) -> Key | None:
    """Recognise an order on the wire; None for what only reads."""
    place = entry["path"].rstrip("/").split("/")
    if entry["method"] == "DELETE" and place[-2] == "pendingAction":
        return "tiles", place[-1], "cancel", (), None
    if entry["method"] == "POST" and place[-1] == "action":
        body = entry["body"] or {}
        until = body.get("holdScheduledRelease")
        ends = None if until is None else datetime.fromisoformat(until).isoformat()
        return "field", place[-2], _CONTROLS[body["type"]], tuple(body.get("stepIds", ())), ends
    assert entry["method"] in ("GET", "WEBSOCKET") or place[-1] in ("search", "statistics"), entry
    return None


def age_of(moment: datetime, at: float) -> float:
    """Seconds from a moment until a time of the demo's log."""
    return at - moment.timestamp()


def now() -> float:
    """The demo's log's own clock."""
    return time.time()
