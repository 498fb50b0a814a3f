"""When to kill."""

from __future__ import annotations

from dataclasses import dataclass

from tests.killing import life


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: so long after the process has said a letter for the nth time, or on arrival."""

    name: str
    letter: str
    most: int
    """The number of the occasion is drawn from 1 to this."""
    late_s: float
    """The delay is drawn from 0 to this."""
    early_s: float = 0.0
    kinds: tuple[str, ...] = ("watch", "watch", "commands", "screen")
    """Who is killed then: a monitor that watches and sends, the command line, or the screen."""
    is_old: bool = False
    """Whether the journal is one that the first version of jobtui has left."""


ARRIVAL = "A"
"""In place of a letter: the arrival of a control at the server."""
MOMENTS = (
    Moment("at the start", life.BORN, 1, 0.15),
    Moment("while the journal opens", life.OPENING, 1, 0.02),
    Moment(
        "while the journal is migrated", life.MIGRATING, 14, 0.004, kinds=("watch", "commands"), is_old=True
    ),
    Moment("while an intent is written", life.INTENT, 8, 0.004),
    Moment("as the request leaves", life.INTENT, 8, 0.015, 0.003),
    Moment("as the request arrives", ARRIVAL, 8, 0.0),
    Moment("before its answer", ARRIVAL, 8, 0.01),
    Moment("while the answer is written", life.OUTCOME, 8, 0.006),
    Moment("while an effect is written", life.EFFECT, 3, 0.006, kinds=("watch", "screen")),
    Moment("while messages and states are written", life.BATCH, 60, 0.006, kinds=("watch",)),
    Moment("while the journal is pruned", life.PRUNING, 25, 0.004, kinds=("commands",)),
    Moment("at any time", life.BORN, 1, 2.5),
)
ELSEWHERE = "before the moment chosen came"
