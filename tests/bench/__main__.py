"""``python -m tests.bench [NAME]...``: measure, and print plain tables; all of them unless named.

The last table holds what was measured against what is aimed for.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence

from tests.bench.aims import aims
from tests.bench.noise import Noise
from tests.bench.registry import NAMES, Options, benchmark

_ALL = "all"


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    usual = Options()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(NAMES)}; or all")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long traffic is counted")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="how often a time is taken")
    parser.add_argument("--poll", type=float, default=usual.poll_s, help="poll interval in seconds")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parsed = parser.parse_args(argv)
    parsed.names = list(NAMES) if _ALL in parsed.names else parsed.names or list(NAMES)
    if unknown := [name for name in parsed.names if name not in NAMES]:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(NAMES)}")
    if parsed.seconds <= 0 or parsed.rounds < 1 or parsed.poll <= 0:
        parser.error("--seconds and --poll must be more than 0, --rounds at least 1")
    return parsed


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main(argv: Sequence[str]) -> int:
    """Run the benchmarks that are named, in that order; 1 when one of them could not be run."""
    parsed = _parsed(argv)
    if parsed.list:
        _say(*(f"{name:10}{benchmark(name).SAYS}" for name in parsed.names))
        return 0
    options = Options(parsed.seconds, parsed.rounds, parsed.poll)
    figures: dict[str, float | None] = {}
    with Noise() as noise:
        failed = [name for name in parsed.names if not _ran(name, options, figures)]
        summary = aims(figures, only_measured=set(parsed.names) != set(NAMES))
        if summary is not None:
            _say("", *summary.lines(), "", f"  {noise.line()}")
    _say(*(f"  {name} could not be run" for name in failed))
    return 1 if failed else 0


def _ran(name: str, options: Options, figures: dict[str, float | None]) -> bool:
    """Run one benchmark and print it; one that breaks costs none of the others."""
    with Noise() as noise:
        try:
            tables = benchmark(name).run(options)
        except Exception:  # noqa: BLE001 - an hour of measuring is not thrown away for one of them
            traceback.print_exc()
            return False
        for table in tables:
            _say("", *table.lines())
            figures.update(table.figures)
        _say("", f"  {noise.line()}")
        return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
