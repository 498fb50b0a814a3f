"""The pretend world: three services' jobs on one clock, for several threads to ask."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from jobtui.demo import arcgis_cast, incident
from jobtui.demo.arcgis_job import Job
from jobtui.demo.arcgis_life import Life
from jobtui.demo.arcgis_world import Item
from jobtui.demo.clock import Calendar, Clock, ScaledClock
from jobtui.demo.dice import token_for
from jobtui.demo.nextspace_action import COMPLETE, PendingAction
from jobtui.demo.nextspace_world import Actions
from jobtui.demo.scenarios import scenario_named
from jobtui.demo.zendesk_world import Batch, Batches

USUAL_SHARE = 40
"""Jobs per service that the story itself brings to the start, about."""
FIELD_BEGAN = -75 * 60.0
ITEM_BEGAN = -3 * 86_400.0 - 3600.0


class World:
    """A seeded world. Same seed and speed: same ids, titles and story, whoever asks and when.

    `jobs` is the number of jobs wanted at the start over all three services together, in equal parts; the
    story's own forty or so of each service are always there, so a smaller number changes nothing.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        clock: Clock | None = None,
        speed: float = 1.0,
        start: datetime | None = None,
        scenario: str = "shift",
        jobs: int = 0,
    ) -> None:
        self.seed, self.lock = seed, threading.RLock()
        self.scenario = scenario_named(scenario)
        filler = max(0, jobs // 3 - USUAL_SHARE) if self.scenario.is_peopled else 0
        self.actions = Actions(seed, self.scenario, filler)
        self.batches = Batches(seed, self.scenario, filler)
        self.item = Item(seed, self.scenario, ITEM_BEGAN)
        self.life = Life(self.item, 300 + filler)
        self.stage = arcgis_cast.Stage(self.item, self.life)
        self._populate(filler)
        self._ahead = 0.0
        self.clock = clock or ScaledClock(speed)
        moment = start or datetime.now(UTC)
        whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        self.calendar = Calendar(whole, speed)
        self.catch_up()

    def _populate(self, filler: int) -> None:
        if not self.scenario.is_peopled:
            return
        if filler or not self.scenario.has_cast:
            is_quiet = not self.scenario.is_alive
            arcgis_cast.fill(self.item, self.life, filler or 20, all_done=is_quiet)
        if self.scenario.is_alive:
            self.life.begin(FIELD_BEGAN)
        if self.scenario.has_cast:
            arcgis_cast.set_the_scene(self.stage)
        if self.scenario.has_incident:
            incident.set_the_scene(self.stage, self.actions, self.batches)
        self.item.run_until(0.0)

    @property
    def now(self) -> float:
        """World seconds since the start."""
        return self.clock() + self._ahead

    def catch_up(self) -> float:
        """Let everything happen that is due; gives the world second it is then."""
        with self.lock:
            now = max(self.now, self.item.now)
            self.item.run_until(now)
            if self.scenario.is_alive:
                self.life.keep_promises()
            self.actions.catch_up(now)
            self.batches.catch_up(now)
            return now

    @contextmanager
    def at_now(self) -> Iterator[float]:
        """Hold the world still at this moment, to read or to change it; promises are kept again after."""
        with self.lock:
            yield self.catch_up()
            if self.scenario.is_alive:
                self.life.keep_promises()

    def advance(self, seconds: float) -> float:
        """Move the world's clock forward at once."""
        with self.lock:
            self._ahead += max(0.0, seconds)
            return self.catch_up()

    def secret(self, name: str) -> str:
        """Give a credential of this world."""
        return token_for(self.seed, "secret", name)

    def add_action(
        self,
        *,
        starts_in: float = 0.0,
        lasts: float = 600.0,
        outcome: str = COMPLETE,
        title: str | None = None,
    ) -> PendingAction:
        """Add a pending action made now, for a test."""
        with self.at_now() as now:
            starts = now + starts_in
            return self.actions.add(now, starts, starts + lasts, outcome, title=title)

    def add_batch(
        self, kind: str = "update", size: int = 20, *, failed_items: int = 0, outcome: str = "completed"
    ) -> Batch:
        """Start a batch job now, for a test."""
        with self.at_now() as now:
            return self.batches.add(now, kind, size, failed_items=failed_items, outcome=outcome)

    def add_workflow_job(self, condition: str = "free-question") -> Job:
        """Add a workflow job in one of `arcgis_cast.CONDITIONS`, for a test."""
        with self.at_now():
            self.stage.pace = 0.0
            return self.stage.create(condition)
