"""The stories a world can start in."""

from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Scenario:
    """What a world is filled with at its start, and whether work keeps coming."""

    name: str
    is_peopled: bool = True
    """Has jobs at the start."""
    has_cast: bool = True
    """Has the hand-made jobs that show every state."""
    is_alive: bool = True
    """Keeps creating work, and keeps the standing promises of a shift."""
    failing: float | None = None
    """Share of work that fails, 0–1; None leaves it to each kind of work."""
    has_incident: bool = False
    """Has the scripted incident of `jobtui.demo.incident`."""


SCENARIOS = {
    story.name: story
    for story in (
        Scenario("shift"),
        Scenario("quiet", has_cast=False, is_alive=False, failing=0.0),
        Scenario("incident", has_cast=False, failing=0.0, has_incident=True),
        Scenario("empty", is_peopled=False, has_cast=False, is_alive=False),
    )
}


def scenario_named(name: str) -> Scenario:
    """Find a scenario; raises ValueError with the nearest name."""
    if name in SCENARIOS:
        return SCENARIOS[name]
    nearest = (get_close_matches(name, SCENARIOS, n=1, cutoff=0.0) or ["shift"])[0]
    raise ValueError(f"there is no scenario named {name!r}; the nearest is {nearest!r}")
