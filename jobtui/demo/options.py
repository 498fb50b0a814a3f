"""The command line of `python -m jobtui.demo`."""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass

from jobtui.demo.faults import parse as parse_faults
from jobtui.demo.scenarios import SCENARIOS, scenario_named


@dataclass(frozen=True)
class Options:
    """What a demo process was asked for."""

    port: int = 0
    """0 lets the system choose."""
    seed: int = 7
    speed: float = 1.0
    jobs: int = 0
    """Jobs wanted at the start over all services; fewer than the story's own changes nothing."""
    faults: str = ""
    scenario: str = "shift"
    seconds: float | None = None
    """Real seconds to serve, or None until stopped."""
    stop_with_stdin: bool = False


def parse_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the arguments; bad ones end the program with 2 and one sentence."""
    parser = argparse.ArgumentParser(
        prog="python -m jobtui.demo", usage="%(prog)s [options]", description=__doc__
    )
    parser.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--seed", type=int, default=Options.seed, help="same seed and speed, same world")
    parser.add_argument("--speed", type=_positive, default=1.0, help="how much faster the world's clock runs")
    parser.add_argument("--jobs", type=_count, default=0, help="jobs at the start, over all three services")
    parser.add_argument("--faults", type=_faults, default="", help="for example 429:0.2,zendesk/hangup:0.1")
    parser.add_argument("--scenario", type=_scenario, default="shift", help=", ".join(SCENARIOS))
    parser.add_argument("--for", type=_positive, default=None, dest="seconds", help="seconds to serve")
    parser.add_argument("--stop-with-stdin", action="store_true", help="end when standard input does")
    return Options(**vars(parser.parse_args(arguments)))


def _port(text: str) -> int:
    number = _number(text)
    if number != int(number) or not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port")
    return int(number)


def _count(text: str) -> int:
    number = _number(text)
    if number != int(number) or number < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a count")
    return int(number)


def _positive(text: str) -> float:
    number = _number(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return number


def _faults(text: str) -> str:
    try:
        parse_faults(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem
    return text


def _scenario(text: str) -> str:
    try:
        return scenario_named(text).name
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem
