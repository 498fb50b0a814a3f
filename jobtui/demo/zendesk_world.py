"""The batch jobs of the world: each one planned when it is made, forgotten a day later."""

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from jobtui.demo.dice import dice_for, token_for
from jobtui.demo.scenarios import Scenario

KEPT_S = 24 * 3600.0
LONGEST_S = 280.0
SHIFT_BEGAN = -40 * 60.0
AT_ONCE = 30
"""Queued or running jobs before the next one is refused."""
TITLES = (
    "Laser jams",
    "Badge does not open door 4",
    "Refund for order 8812",
    "VPN drops every hour",
    "New starter kit",
)
CAUSES = {
    "update": ("TicketUpdateFailed", "Status: closed prevents ticket update"),
    "create": ("TicketCreateFailed", "Description: cannot be blank"),
    "upsert": ("UserUpsertFailed", "Email: is already being used by another user"),
}
TYPES = {
    "update": "BulkTicketUpdate",
    "create": "BulkTicketCreate",
    "delete": "TicketDelete",
    "upsert": "UserBulkUpdateJobV2",
}


@dataclass
class Batch:
    """One job status."""

    seed: int
    number: int
    kind: str
    """update, create, delete or upsert."""
    created: float
    starts: float
    ends: float
    outcome: str
    """completed, failed or killed."""
    size: int
    failed_items: int
    cause: str | None = None
    """The one reason that all its failed items give, where a story decides that."""

    @cached_property
    def batch_id(self) -> str:
        """Give the opaque id; some carry a version before the digits, as real ones do."""
        digits = token_for(self.seed, "batch", self.number)
        return f"V3-{digits}" if self.number % 4 == 0 else digits

    def status(self, now: float) -> str:
        """Give the server's word."""
        if now < self.starts:
            return "queued"
        return "working" if now < self.ends else self.outcome

    def has_ended(self, now: float) -> bool:
        """Say whether it reached its end."""
        return now >= self.ends

    def done(self, now: float) -> int:
        """Give the number of tasks done."""
        if self.outcome != "completed":
            now = min(now, self.starts + (self.ends - self.starts) * 0.4)
        share = (min(now, self.ends) - self.starts) / max(self.ends - self.starts, 0.001)
        return max(0, min(self.size, int(self.size * share)))

    @cached_property
    def results(self) -> Any:
        """Give the results of the ended job: an array, an object for deletions, None when it was killed."""
        if self.outcome == "killed":
            return None
        if self.kind == "delete":
            return {"success": self.outcome == "completed"}
        dice = dice_for(self.seed, "items", self.number)
        bad = set(dice.sample(range(self.size), min(self.size, self.failed_items)))
        rows = [self._failed(n, dice) if n in bad else self._good(n, dice) for n in range(self.size)]
        if self.kind == "create":
            dice.shuffle(rows)
        return rows

    def _item_id(self, index: int) -> int:
        return 91_000 + self.number * 100 + index

    def _good(self, index: int, dice: Random) -> dict[str, Any]:
        item = self._item_id(index)
        if self.kind == "create":
            return {"index": index, "id": item, "account_id": 15745908}
        if self.kind == "upsert":
            word = dice.choice(("Updated", "Created"))
            return {"index": index, "id": item, "status": word, "email": f"user{item}@acme.example"}
        row = {"id": item, "action": "update", "status": "Updated", "success": True}
        return {**row, "title": dice.choice(TITLES), "errors": ""} if self.number % 3 == 0 else row

    def _failed(self, index: int, dice: Random) -> dict[str, Any]:
        # All that any published model of a failure requires; real servers leave some of it out.
        row = {"index": index, "id": self._item_id(index), "action": self.kind, "success": False}
        if self.cause is not None:
            return {**row, "error": self.cause}
        code, details = CAUSES[self.kind]
        return {**row, "error": code, "details": details}


class Batches:
    """Hold every job status that the service still knows."""

    def __init__(self, seed: int, scenario: Scenario, filler: int = 0) -> None:
        self.seed, self.scenario = seed, scenario
        self.by_id: dict[str, Batch] = {}
        self._dice = dice_for(seed, "desk")
        self._next_at, self._next_number, self._next_spare = SHIFT_BEGAN, 1_000, 500_000
        self._fill(filler)
        if scenario.is_peopled:
            self._arrive(0.0)
        if scenario.has_cast:
            self._cast()

    def catch_up(self, now: float) -> None:
        """Let the work of the time until now arrive, and what is a day old leave."""
        if self.scenario.is_alive:
            self._arrive(now)
        for batch in [b for b in self.by_id.values() if b.created < now - KEPT_S]:
            del self.by_id[batch.batch_id]

    def in_order(self, now: float) -> list[Batch]:
        """List all as the service does: unfinished first, then by completion, each newest first."""

        def order(batch: Batch) -> tuple[float, float, str]:
            ended = batch.ends if batch.has_ended(now) else float("inf")
            return (-ended, -batch.created, batch.batch_id)

        return sorted(self.by_id.values(), key=order)

    def unfinished(self, now: float) -> list[Batch]:
        """List those that are queued or working."""
        return [batch for batch in self.by_id.values() if not batch.has_ended(now)]

    def add(
        self,
        now: float,
        kind: str,
        size: int,
        *,
        failed_items: int = 0,
        outcome: str = "completed",
        wait: float = 3.0,
    ) -> Batch:
        """Start a job now, for a bulk call or a test."""
        self._next_spare += 1
        starts = now + wait
        ends = starts + min(LONGEST_S - wait, 5.0 + size * 0.5)
        row = (self.seed, self._next_spare, kind, now, starts, ends, outcome, size, failed_items)
        return self._keep(Batch(*row))

    def _keep(self, batch: Batch) -> Batch:
        self.by_id[batch.batch_id] = batch
        return batch

    def _arrive(self, now: float) -> None:
        while self._next_at <= now:
            self._next_number += 1
            self._keep(self._planned(self._next_number, self._next_at))
            self._next_at += self._dice.uniform(80.0, 120.0)

    def _planned(self, number: int, created: float) -> Batch:
        dice = dice_for(self.seed, "plan", number)
        kind = dice.choices(("update", "create", "delete", "upsert"), (5, 3, 1, 2))[0]
        starts = created + dice.uniform(1.0, 15.0)
        ends = starts + dice.uniform(150.0, LONGEST_S - 20.0)
        if not self.scenario.is_alive:
            ends = min(ends, -dice.uniform(1.0, 600.0))
            starts = min(starts, ends)
        failing = 0.1 if self.scenario.failing is None else self.scenario.failing
        has_failed = dice.random() < failing
        size = dice.randint(5, 100)
        outcome, bad = ("failed", size) if has_failed else ("completed", 0)
        if self.scenario.is_alive and not has_failed and dice.random() < 0.25:
            bad = dice.randint(1, max(1, size // 5))
        return Batch(self.seed, number, kind, created, starts, ends, outcome, size, bad)

    def _fill(self, count: int) -> None:
        for number in range(count):
            created = SHIFT_BEGAN - 900.0 - 20 * 3600.0 * number / count
            batch = self._planned(200_000 + number, created)
            batch.ends = min(batch.ends, -1.0)
            self._keep(batch)

    def _cast(self) -> None:
        rows = (
            ("update", -1500.0, 5.0, 90.0, "completed", 40, 4),
            ("create", -1400.0, 5.0, 60.0, "failed", 6, 6),
            ("delete", -1300.0, 2.0, 30.0, "completed", 12, 0),
            ("upsert", -1200.0, 2.0, 45.0, "completed", 20, 1),
            ("update", -1100.0, 2.0, 120.0, "killed", 100, 0),
            ("create", -10.0, 40.0, 100.0, "completed", 30, 0),
            ("update", 600.0 - KEPT_S, 3.0, 30.0, "completed", 9, 0),
        )
        for number, (kind, created, wait, length, outcome, size, bad) in enumerate(rows, 1):
            starts = created + wait
            self._keep(
                Batch(
                    self.seed,
                    number,
                    kind,
                    created,
                    starts,
                    starts + length,
                    outcome,
                    size,
                    bad,
                )
            )
