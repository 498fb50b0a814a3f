"""One pending action: its life is planned when it is made, and only a cancel bends it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jobtui.demo import nextspace_words as words
from jobtui.demo.dice import dice_for

IN_PROGRESS, COMPLETE, FAILED, CANCELLED = "IN_PROGRESS", "COMPLETE", "FAILED", "CANCELLED"
SLOWEST_CANCEL_S = 9.0
"""World seconds within which an obeyed cancel takes effect."""


@dataclass(frozen=True)
class Line:
    """One progress message."""

    line_id: int
    at: float
    kind: str
    text: str


@dataclass
class PendingAction:
    """The record of one job; every question about it takes the world second it is asked at."""

    seed: int
    action_id: int
    created: float
    starts: float
    ends: float
    outcome: str
    """The status it ends with unless it is cancelled."""
    is_partial: bool = False
    cause: str | None = None
    """Why it fails, where the scenario decides that."""
    title: str | None = None
    stalls: float = float("inf")
    """From when on it hangs: it says nothing, and its progress stands, until it ends."""
    cancels: list[float] = field(default_factory=list)
    """When a cancel was asked."""

    def __post_init__(self) -> None:
        dice = dice_for(self.seed, "action", self.action_id)
        self.description = self.title or words.description(dice)
        self.application = dice.choice(words.APPLICATIONS)
        self.user = dice.choice(words.USERS)
        self.job_name = f"bruce-job-{self.action_id}" if dice.random() < 0.6 else None
        self.cancel_delay = dice.uniform(2.0, SLOWEST_CANCEL_S)

    @property
    def obeys_cancel(self) -> bool:
        """Say whether a cancel works; every sixth id never looks."""
        return self.action_id % 6 != 0

    @property
    def end(self) -> float:
        """Give the world second at which it ends, as things stand."""
        return self._cancelled_at if self._is_cancelled else self.ends

    @property
    def _cancelled_at(self) -> float:
        return self.cancels[0] + self.cancel_delay if self.cancels else float("inf")

    @property
    def _is_cancelled(self) -> bool:
        return self.obeys_cancel and self._cancelled_at < self.ends

    def status(self, now: float) -> str:
        """Give the server's word for its state."""
        if now < self.end:
            return IN_PROGRESS
        return CANCELLED if self._is_cancelled else self.outcome

    def is_running(self, now: float) -> bool:
        """Say whether it has started and not ended."""
        return self.starts <= now < self.end

    def progress(self, now: float) -> int:
        """Give percent, 0–100; work that did not complete stays where it stopped."""
        if now < self.starts:
            return 0
        done = (min(now, self.end, self.stalls) - self.starts) / max(self.ends - self.starts, 0.001)
        if self.outcome == FAILED:
            done *= 0.8
        return 100 if self.status(now) == COMPLETE else max(1, min(99, int(done * 100)))

    def updated(self, now: float) -> float | None:
        """Give the world second of the last sign of life, or None while it waits to start."""
        if now >= self.end:
            return self.end
        lines = self.lines(now)
        return lines[-1].at if lines else None

    @cached_property
    def _planned(self) -> list[tuple[float, str, str]]:
        dice = dice_for(self.seed, "lines", self.action_id)
        length = self.ends - self.starts
        count = max(4, min(40, int(length / 25)))
        step = length / (count + 1)
        middle = words.progress_lines(dice, count)
        plan = [(self.starts, "STATUS", f"Pod ready, starting to process: {self.description}")]
        plan += [(self.starts + (n + 1) * step, kind, text) for n, (kind, text) in enumerate(middle)]
        return [*plan, *self._last_words()]

    def _last_words(self) -> list[tuple[float, str, str]]:
        if self.outcome == FAILED:
            return [(self.ends, "ERROR", self.why_failed)]
        if self.outcome == CANCELLED:
            return [(self.ends, "STATUS", "Cancelled on request")]
        if self.is_partial:
            return [(self.ends, "WARNING", "Finished, some rows were left out; see the result")]
        return [(self.ends, "STATUS", "Finished")]

    @cached_property
    def why_failed(self) -> str:
        """Give the one reason of its failure."""
        return self.cause or dice_for(self.seed, "cause", self.action_id).choice(words.CAUSES)

    def _cancel_lines(self) -> list[tuple[float, str, str]]:
        if not self.obeys_cancel:
            text = "Cancel was asked, but this step cannot be interrupted; it runs on to its end"
            return [(at, "WARNING", text) for at in self.cancels]
        lines = [(at, "STATUS", "Cancel was asked; stopping after the current batch") for at in self.cancels]
        return (
            [*lines, (self._cancelled_at, "STATUS", "Cancelled on request")] if self._is_cancelled else lines
        )

    def _is_said(self, at: float) -> bool:
        return at < self.stalls or at >= self.ends

    def lines(self, now: float) -> list[Line]:
        """Give the messages written until now, oldest first; ids grow with time."""
        until = self._cancelled_at if self._is_cancelled else float("inf")
        planned = [line for line in self._planned if line[0] < until and self._is_said(line[0])]
        written = sorted((*planned, *self._cancel_lines()), key=lambda line: line[0])
        return [Line(self.action_id * 1000 + n, *line) for n, line in enumerate(written, 1) if line[0] <= now]

    @cached_property
    def _planned_result(self) -> Any:
        dice = dice_for(self.seed, "result", self.action_id)
        if self.outcome == FAILED:
            return words.bad_result(dice, self.why_failed)
        if self.outcome == CANCELLED:
            return ""
        return words.partial_result(dice) if self.is_partial else words.good_result(dice, self.action_id)

    def result(self, now: float) -> Any:
        """Give what it left behind: an object, another JSON value, a sentence, or "" while there is none."""
        if now < self.end or self._is_cancelled:
            return ""
        return self._planned_result
