"""``python -m tests.killing [--kills 300] [--seed N]``: kill, look, and print what was found."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.killing.campaign import run
from tests.killing.figures import Figures


def main(argv: Sequence[str] | None = None) -> int:
    """Run a campaign; 1 when anything was lost, doubled or said wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.killing", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="jobtui-killing-") as folder:
        figures = run(Path(folder), options.kills, options.seed)
    sys.stdout.write("\n".join(lines(figures)) + "\n")
    return 1 if figures.faults else 0


def lines(figures: Figures) -> list[str]:
    """Write the figures down, and each fault in its words."""
    faults = figures.faults
    table: list[tuple[str, object]] = [
        ("kills (SIGKILL)", figures.kills),
        *((f"    {name}", count) for name, count in figures.by_moment.most_common()),
        ("    of a monitor that watches and sends", figures.by_kind["watch"]),
        ("    of the command line", figures.by_kind["commands"]),
        ("    of the screen, at a terminal", figures.by_kind["screen"]),
        ("processes that had ended before they were killed", figures.ended_alone),
        ("controls ordered", figures.orders),
        ("controls that reached the server", figures.reached),
        ("intents in the journal", figures.intents),
        *((f"    {name}", count) for name, count in figures.outcomes.most_common()),
        ("that reached the server without an intent", len(faults.without_intent)),
        ("that reached the server before their intent", len(faults.late)),
        ("that reached the server, and are said not to have been sent", len(faults.denied)),
        ("sent twice", len(faults.sent_twice)),
        ("intents lost after they had been written", len(faults.lost)),
        ("left without an answer by a kill", figures.left_unanswered),
        ("    adopted and settled by a later start", figures.settled),
        ("    of these seen to have happened", figures.confirmed),
        ("    still awaited in the end", len(faults.unsettled)),
        ("    said at the starts that had to say them", figures.said),
        ("    starts that did not say all", len(faults.unsaid)),
        ("said to have happened, and never arrived", len(faults.false)),
        ("journals that would not open", len(faults.not_opened)),
        ("journals not whole (integrity_check)", len(faults.not_whole)),
        ("messages compared with what the server says", figures.messages),
        ("messages doubled", len(faults.doubled)),
        ("messages missing", len(faults.missing)),
        ("processes that crashed", len(faults.crashed)),
    ]
    width = max(len(name) for name, _ in table)
    written = [f"{name:<{width}}  {count:>6}" for name, count in table]
    return [*written, *faults.sentences()]


if __name__ == "__main__":
    sys.exit(main())
