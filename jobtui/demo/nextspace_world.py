"""The pending actions of the world: who is there at the start, who comes, who leaves."""

from dataclasses import dataclass
from random import Random

from jobtui.demo.dice import dice_for
from jobtui.demo.nextspace_action import CANCELLED, COMPLETE, FAILED, PendingAction
from jobtui.demo.scenarios import Scenario

KEPT_S = 24 * 3600.0
KEPT_AT_MOST = 400
STILL_RUNNING = 2
"""Running pending actions promised at any moment."""
FIRST_ID, FIRST_OLD_ID, FIRST_SPARE_ID = 48_001, 1_001, 900_001
SHIFT_BEGAN = -45 * 60.0
HANGS_SINCE = -25 * 60.0
"""When one job of the cast has said its last for an hour and a half."""


@dataclass
class _Lane:
    """A stream of arrivals: seconds between two, and seconds each one takes."""

    dice: Random
    gaps: tuple[float, float]
    lengths: tuple[float, float]
    next_at: float = SHIFT_BEGAN


class Actions:
    """Hold every pending action that the service still knows."""

    def __init__(self, seed: int, scenario: Scenario, filler: int = 0) -> None:
        self.seed, self.scenario = seed, scenario
        self.by_id: dict[int, PendingAction] = {}
        self._open: list[PendingAction] = []
        self._in_order: list[PendingAction] | None = None
        """The newest first, while nobody comes or goes."""
        self._tidied = 0.0
        self._kept_at_most = KEPT_AT_MOST + filler
        self._next_id, self._next_old, self._next_spare = FIRST_ID, FIRST_OLD_ID, FIRST_SPARE_ID
        self._lanes = [
            _Lane(dice_for(seed, "lane", "long"), (100.0, 140.0), (420.0, 1500.0)),
            _Lane(dice_for(seed, "lane", "short"), (240.0, 400.0), (20.0, 120.0)),
        ]
        self._fill(filler)
        if scenario.is_peopled:
            self._arrive(0.0)
        if scenario.has_cast:
            self._cast()

    def catch_up(self, now: float) -> None:
        """Let the work of the time until now arrive, and what is old leave."""
        if not self.scenario.is_alive:
            return
        self._arrive(now)
        self._forget(now)
        self._open = [action for action in self._open if now < action.end]
        while sum(action.is_running(now) for action in self._open) < STILL_RUNNING:
            self.add(now - 1.0, now, now + 900.0, COMPLETE)

    def newest_first(self) -> list[PendingAction]:
        """List all, the newest first."""
        if self._in_order is None:
            self._in_order = sorted(
                self.by_id.values(), key=lambda action: (-action.created, -action.action_id)
            )
        return list(self._in_order)

    def add(
        self, created: float, starts: float, ends: float, outcome: str, *, title: str | None = None
    ) -> PendingAction:
        """Add a job outside the story, for a test or to keep a promise."""
        self._next_spare += 1
        action = PendingAction(self.seed, self._next_spare, created, starts, ends, outcome, title=title)
        return self._keep(action)

    def _keep(self, action: PendingAction) -> PendingAction:
        self.by_id[action.action_id] = action
        self._in_order = None
        self._open.append(action)
        return action

    def _arrive(self, now: float) -> None:
        while True:
            lane = min(self._lanes, key=lambda lane: lane.next_at)
            if lane.next_at > now:
                return
            self._next_id += 1
            self._create(lane, self._next_id)
            lane.next_at += lane.dice.uniform(*lane.gaps)

    def _create(self, lane: _Lane, action_id: int) -> None:
        dice = dice_for(self.seed, "plan", action_id)
        starts = lane.next_at + dice.uniform(1.0, 30.0)
        ends = starts + dice.uniform(*lane.lengths)
        if not self.scenario.is_alive:
            ends = min(ends, -dice.uniform(1.0, 600.0))
        self._keep(self._planned(dice, action_id, lane.next_at, min(starts, ends), ends))

    def _planned(
        self, dice: Random, action_id: int, created: float, starts: float, ends: float
    ) -> PendingAction:
        failing = 0.15 if self.scenario.failing is None else self.scenario.failing
        outcome = FAILED if dice.random() < failing else COMPLETE
        is_partial = outcome == COMPLETE and self.scenario.is_alive and dice.random() < 0.12
        return PendingAction(self.seed, action_id, created, starts, ends, outcome, is_partial)

    def _fill(self, count: int) -> None:
        for number in range(count):
            self._next_old += 1
            dice = dice_for(self.seed, "old", self._next_old)
            created = SHIFT_BEGAN - 600.0 - 18 * 3600.0 * (count - number) / count
            ends = created + dice.uniform(60.0, 600.0)
            self._keep(self._planned(dice, self._next_old, created, created + 5.0, ends))

    def _cast(self) -> None:
        rows = (
            (-3000.0, 5.0, 400.0, COMPLETE, False),
            (-2900.0, 9.0, 300.0, COMPLETE, True),
            (-2800.0, 4.0, 200.0, FAILED, False),
            (-2700.0, 8.0, 100.0, CANCELLED, False),
            (-7.0, 100.0, 700.0, COMPLETE, False),
            (-600.0, 20.0, 1900.0, COMPLETE, False),
            (-500.0, 12.0, 1700.0, COMPLETE, False),
        )
        for created, wait, length, outcome, is_partial in rows:
            self._cast_one(created, wait, length, outcome, is_partial)
        hanging = self._cast_one(-2900.0, 6.0, 6500.0, FAILED, is_partial=False)
        hanging.stalls = HANGS_SINCE

    def _cast_one(
        self, created: float, wait: float, length: float, outcome: str, is_partial: bool
    ) -> PendingAction:
        self._next_old += 1
        starts = created + wait
        ends = starts + length
        action = PendingAction(self.seed, self._next_old, created, starts, ends, outcome, is_partial)
        return self._keep(action)

    def _forget(self, now: float) -> None:
        """Tidy up on the full minute, so that it does not matter who asks when."""
        now -= now % 60.0
        if now <= self._tidied:
            return
        self._tidied = now
        ended = sorted((a for a in self.by_id.values() if a.end <= now), key=lambda action: action.end)
        surplus = len(ended) - self._kept_at_most
        for number, action in enumerate(ended):
            if number < surplus or action.end < now - KEPT_S:
                del self.by_id[action.action_id]
                self._in_order = None
