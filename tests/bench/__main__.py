"""``python -m tests.bench [NAME]...``: measure, and print plain tables; all of them unless named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.bench.noise import Noise
from tests.bench.registry import NAMES, Options, benchmark


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    usual = Options()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long traffic is counted")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="how often a time is taken")
    parser.add_argument("--poll", type=float, default=usual.poll_s, help="poll interval in seconds")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parsed = parser.parse_args(argv)
    if unknown := [name for name in parsed.names if name not in NAMES]:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(NAMES)}")
    if parsed.seconds <= 0 or parsed.rounds < 1 or parsed.poll <= 0:
        parser.error("--seconds and --poll must be more than 0, --rounds at least 1")
    return parsed


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main(argv: Sequence[str]) -> int:
    """Run the benchmarks that are named, in that order."""
    parsed = _parsed(argv)
    names = parsed.names or NAMES
    if parsed.list:
        _say(*(f"{name:10}{benchmark(name).SAYS}" for name in names))
        return 0
    for name in names:
        noise = Noise()
        for table in benchmark(name).run(Options(parsed.seconds, parsed.rounds, parsed.poll)):
            _say("", *table.lines())
        _say("", f"  {noise.line()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
