"""What a campaign did, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.killing.place import Faults


@dataclass
class Figures:
    """Every count that is printed."""

    kills: int = 0
    by_moment: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    ended_alone: int = 0
    orders: int = 0
    reached: int = 0
    intents: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    left_unanswered: int = 0
    """Controls whose answer a kill kept from being written."""
    said: int = 0
    settled: int = 0
    confirmed: int = 0
    messages: int = 0
    faults: Faults = field(default_factory=Faults)
