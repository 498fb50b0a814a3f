"""`python -m tests.soak --hours 24`: prints the report, and what is wrong with it if anything is."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.day import soak


def main() -> int:
    """Soak, and say what came of it; 1 when something was lost, doubled or invented."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--hours", type=float, default=24.0, help="simulated hours (default 24)")
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        calm = asked.hours >= 4
        report = soak(Path(folder), hours=asked.hours, jobs=asked.jobs, seed=asked.seed, calm=calm)
    sys.stdout.write("\n".join(report.lines()) + "\n")
    wrong = report.wrong()
    sys.stdout.write("".join(f"WRONG: {line}\n" for line in wrong[:40]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
