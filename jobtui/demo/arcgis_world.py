"""The workflow item: its jobs, its agenda of things to come, and those who listen to it."""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from jobtui.demo.arcgis_job import Hold, Job, Turn
from jobtui.demo.dice import dice_for
from jobtui.demo.scenarios import Scenario

USER = "dortiz"
COLLEAGUES = ("mlindqvist", "rpatel", "jokafor", "lead")
GROUPS = {"editors": (USER, "rpatel", "jokafor"), "surveyors": ("mlindqvist",)}

Frame = dict[str, Any]
Deed = Callable[[float], None]
"""Something that happens, given the world second at which it does."""


class Item:
    """Hold every workflow job; time moves only by `run_until`."""

    def __init__(self, seed: int, scenario: Scenario, started: float) -> None:
        self.seed, self.scenario = seed, scenario
        self.now = started
        self.jobs: dict[str, Job] = {}
        self.dependents: defaultdict[str, list[tuple[Job, Hold]]] = defaultdict(list)
        """The dependency holds that wait for each job or one of its steps."""
        self.listeners: list[Callable[[str, Frame], None]] = []
        """Called with a message type and its message, at the moment it happens."""
        self.on_current: Callable[[Job, Turn], None] = lambda job, turn: None
        """Called when a step could be worked on: it became current, or its last hold went."""
        self.on_failed: Callable[[Job, Turn], None] = lambda job, turn: None
        """Called when an automatic step has failed."""
        self._agenda: list[tuple[float, str, int, Deed]] = []
        self._order = itertools.count()

    def at(self, when: float, key: str, deed: Deed) -> None:
        """Put a deed on the agenda; of two at one moment the lower key goes first."""
        heapq.heappush(self._agenda, (max(when, self.now), key, next(self._order), deed))

    def later(self, delay: float, job: Job, turn: Turn, deed: Callable[[], None]) -> None:
        """Plan what happens to a turn, dropped if anything else happens to it before."""
        moves = turn.moves

        def if_untouched(_: float) -> None:
            is_same = job.current.get(turn.step.step_id) is turn and turn.moves == moves
            if is_same and not job.closed:
                deed()

        self.at(self.now + delay, job.job_id, if_untouched)

    def run_until(self, now: float) -> None:
        """Let everything happen that is due, in order of time."""
        while self._agenda and self._agenda[0][0] <= now:
            when, _, _, deed = heapq.heappop(self._agenda)
            self.now = max(self.now, when)
            deed(self.now)
        self.now = max(self.now, now)

    def tell(self, kind: str, job: Job, **message: Any) -> Frame:
        """Send a message about a job to all listeners."""
        frame = {"jobId": job.job_id, **message}
        for listener in tuple(self.listeners):
            listener(kind, frame)
        return frame

    def fresh_dice(self, job_id: str) -> Any:
        """Give a job its own generator."""
        return dice_for(self.seed, "job", job_id)
