"""Every command and what it takes, as data for the parser."""

from __future__ import annotations

import argparse
import re
from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from jobtui import __version__
from jobtui.insight.rule_help import HELP as RULE_HELP

if TYPE_CHECKING:  # a command loads what it takes: --help is to be instant
    from datetime import timedelta

    from jobtui.model import State

AddArguments = Callable[[ArgumentParser], None]
_WHAT = "what to wait for; - reads refs, or the JSON that an API answered with, from stdin"
_FAULTS = "slow 401 429 500 hangup html, each with a rate if wanted: 429:0.2,slow"


class CommandHelp(NamedTuple):
    """One command: what it is for, and how its arguments are declared."""

    help: str
    add_arguments: AddArguments


def add_global_options(parser: ArgumentParser) -> None:
    """Declare what every command takes, before or after its name."""
    group = parser.add_argument_group("everywhere")
    group.add_argument("--config", metavar="PATH", help="the configuration to use instead of your own")
    group.add_argument(
        "--source", action="append", default=[], metavar="NAME", help="only this source; may be repeated"
    )
    group.add_argument("--read-only", action="store_true", help="send no control, whatever is asked")
    group.add_argument("--no-color", action="store_true", help="no colours (so does NO_COLOR)")
    group.add_argument(
        "--mouse",
        type=one_of("one of", "on", "off"),
        metavar="on|off",
        help="whether the screen takes the mouse; over SSH it does not unless asked",
    )
    group.add_argument("--ascii", action="store_true", help="nothing but ASCII characters")
    group.add_argument(
        "--accessible",
        action="store_true",
        help="no screen: one sentence per change, and numbered questions (so does ACCESSIBLE=1)",
    )
    group.add_argument("--version", action="version", version=f"jobtui {__version__}", help="print it")
    group.add_argument("-h", "--help", action="help", help="this text")


def duration(text: str) -> timedelta:
    """Read a duration option."""
    from jobtui.insight.when import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def count(text: str) -> int:
    """Read a number of things, at least 1."""
    if not text.isascii() or not text.isdigit() or int(text[:12]) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of 1 or more")
    return int(text[:12])


def one_of(what: str, *known: str) -> Callable[[str], str]:
    """Make a reader of one word out of several."""

    def read(text: str) -> str:
        if text.lower() not in known:
            raise argparse.ArgumentTypeError(f"“{text}” is not {what}: {', '.join(known)}")
        return text.lower()

    return read


def states(text: str) -> frozenset[State]:
    """Read a comma-separated list of states."""
    from jobtui.model import State

    read = one_of("a state", *(state.value for state in State))
    return frozenset(State(read(word.strip())) for word in text.split(",") if word.strip())


def _json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, as documented")


def _nothing(parser: ArgumentParser) -> None:
    del parser  # such a command takes only what all take


def _ls(parser: ArgumentParser) -> None:
    parser.add_argument("--state", type=states, metavar="STATE,…", help="only jobs in these states")
    parser.add_argument("--problems", action="store_true", help="only what failed, ended partial or stalled")
    parser.add_argument(
        "--search",
        metavar="TEXT",
        help="only jobs that pass this filter: words, !not, state:failed, age>2h … as on the screen",
    )
    parser.add_argument("--limit", type=count, metavar="N", help="at most so many")
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="print JSON, as documented")
    known = ("text", "json", "csv", "svg")
    formats.add_argument("--output", type=one_of("a format", *known), metavar="|".join(known), help="as what")


def _ref(parser: ArgumentParser) -> None:
    parser.add_argument("ref", metavar="REF", help="SOURCE:JOB-ID[#STEP-ID], a pasted address, or a bare id")


def _open(parser: ArgumentParser) -> None:
    _ref(parser)
    parser.add_argument("--at", metavar="TIME", help="where to read its messages: 14:31, Fri 14:31, 2h, ISO")


def _refs(parser: ArgumentParser) -> None:
    parser.add_argument(
        "refs",
        metavar="REF",
        nargs="+",
        help="SOURCE:JOB-ID, a pasted address, or a bare id; - reads refs, or the JSON of an API, from stdin",
    )


def _show(parser: ArgumentParser) -> None:
    _ref(parser)
    _json(parser)


def _logs(parser: ArgumentParser) -> None:
    _ref(parser)
    parser.add_argument("--follow", action="store_true", help="go on until the job has ended")
    from jobtui.model import Level

    levels = [level.value for level in Level]
    parser.add_argument("--level", type=one_of("a level", *levels), help=f"the quietest: {', '.join(levels)}")
    _json(parser)


def _wait(parser: ArgumentParser) -> None:
    parser.add_argument("refs", metavar="REF", nargs="+", help=_WHAT)
    parser.add_argument("--timeout", type=duration, metavar="10m", help="give up after this long (exit 124)")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first bad end; jobs go on")


def _watch(parser: ArgumentParser) -> None:
    parser.add_argument("refs", metavar="REF", nargs="*", help=f"{_WHAT}; with a rule and no REF: any job")
    parser.add_argument("--timeout", type=duration, metavar="10m", help="give up after this long (exit 124)")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first bad end; jobs go on")
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="RULE",
        help="tell what comes true: 'fails source:prod -> bell,notify', or the name of a rule in the "
        "configuration; may be repeated",
    )
    _json(parser)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    width = max(len(word) for word, _ in RULE_HELP)
    rows = "\n".join(f"  {word:<{width}}  {meaning}" for word, meaning in RULE_HELP)
    parser.epilog = f"what a rule says, as CONDITION -> ACTIONS:\n{rows}"


def _control(parser: ArgumentParser) -> None:
    _ref(parser)
    parser.add_argument(
        "--step", action="append", default=[], metavar="ID", help="only this step; may be repeated"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask (needed without a terminal)")
    parser.add_argument(
        "--wait", type=duration, metavar="SECONDS", help="wait until the effect is seen (30 s unless said)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    parser.add_argument("--reason", metavar="TEXT", help="your own words, kept in the journal")
    _json(parser)


def _hold(parser: ArgumentParser) -> None:
    _control(parser)
    parser.add_argument(
        "--until", metavar="TIME", help="18:00, +2h, tomorrow 08:00, Mon 08:00 or an ISO time"
    )
    parser.add_argument("--after", metavar="REF", help="the job or step that is waited for")


def _release(parser: ArgumentParser) -> None:
    _control(parser)
    parser.add_argument("--after", metavar="REF", help="only the hold that waits for this job or step")


def _audit(parser: ArgumentParser) -> None:
    parser.add_argument("--since", metavar="8h", help="how far back: 8h, 2d or an ISO time")
    _json(parser)


def _since(parser: ArgumentParser) -> None:
    parser.add_argument("--since", metavar="8h", help="how far back, 8h unless said: 8h, 2d or an ISO time")


def _source(parser: ArgumentParser) -> None:
    parser.add_argument("action", type=one_of("one of", "ls", "test"), metavar="ls|test")
    parser.add_argument("name", nargs="?", metavar="NAME", help="only this source")
    _json(parser)


def _config(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        type=one_of("one of", "path", "check", "init", "show", "keys"),
        metavar="path|check|init|show|keys",
    )
    _json(parser)


def _theme(parser: ArgumentParser) -> None:
    parser.add_argument("action", type=one_of("one of", "ls", "preview"), metavar="ls|preview")
    parser.add_argument("name", nargs="?", metavar="NAME", help="only this theme")
    _json(parser)


def size(text: str) -> int:
    """Read a size in bytes: 200MB, 1.5 GB, 500k."""
    found = re.fullmatch(
        r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)(i?)b?", text.strip(), re.IGNORECASE | re.ASCII
    )
    if found is None:
        raise argparse.ArgumentTypeError(f"“{text}” is not a size: write 200MB or 1.5GB")
    power = " kmgt".index(found[2].lower() or " ")
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def _journal(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action", type=one_of("one of", "info", "prune", "export"), metavar="info|prune|export"
    )
    parser.add_argument("--older", type=duration, metavar="30d", help="prune: jobs unchanged for longer")
    parser.add_argument(
        "--larger", type=size, metavar="200MB", help="prune: the oldest jobs beyond this size"
    )
    parser.add_argument("--dry-run", action="store_true", help="prune: say what would go, and keep it")
    parser.add_argument("--since", metavar="8h", help="export: only what was told since: 8h, 2d, an ISO time")
    parser.add_argument("--ref", metavar="REF", help="export: only this job")
    parser.add_argument("--out", metavar="FILE", help="export: into a new file instead of stdout")
    _json(parser)


def _demo(parser: ArgumentParser) -> None:
    parser.add_argument("--serve", action="store_true", help="only serve, until stopped")
    parser.add_argument("--port", metavar="N", help="instead of a free one")
    parser.add_argument("--seed", metavar="N", help="same seed and speed, same world")
    parser.add_argument("--speed", metavar="X", help="how fast the world's clock runs")
    parser.add_argument("--jobs", metavar="N", help="how many jobs to begin with")
    parser.add_argument("--faults", metavar="LIST", help=_FAULTS)
    parser.add_argument("--scenario", metavar="NAME", help="a story: shift, quiet, incident, empty")
    parser.add_argument("--for", dest="for_", type=duration, metavar="SECONDS", help="end after this long")


def _completion(parser: ArgumentParser) -> None:
    shells = ("bash", "zsh", "fish")
    parser.add_argument("shell", type=one_of("a shell known here", *shells), metavar="bash|zsh|fish")


COMMANDS = {
    "screen": CommandHelp("One live screen for the jobs your services run for you.", _nothing),
    "demo": CommandHelp("try it on three pretend services on this machine", _demo),
    "ls": CommandHelp("list jobs, problems first", _ls),
    "show": CommandHelp("show one job: steps, holds, result, what can be done", _show),
    "logs": CommandHelp("print a job's messages, oldest first", _logs),
    "watch": CommandHelp("print one line per change until all have ended", _watch),
    "wait": CommandHelp("wait silently; the exit code is the result", _wait),
    "cancel": CommandHelp("ask the server to cancel a job", _control),
    "hold": CommandHelp("keep a step: until a time, or after another job or step", _hold),
    "release": CommandHelp("release the holds of a step", _release),
    "finish": CommandHelp("finish a step", _control),
    "run": CommandHelp("run a step", _control),
    "stop": CommandHelp("stop a step (pauses a manual one, cancels an automatic one)", _control),
    "set-current": CommandHelp("make one step the current one", _control),
    "refresh": CommandHelp("have the server look at a step again", _control),
    "open": CommandHelp("the screen, on that job or step, at a moment gone by if one is named", _open),
    "add": CommandHelp("watch ids that no list returns", _refs),
    "forget": CommandHelp("stop watching them", _refs),
    "audit": CommandHelp("every control ever asked here, and how it ended", _audit),
    "source": CommandHelp("the configured sources: ls, or test what they answer", _source),
    "config": CommandHelp("the configuration: path, check, init, show, keys", _config),
    "theme": CommandHelp("the themes: ls, or preview with the words of every state in their colours", _theme),
    "handoff": CommandHelp("a Markdown note: what failed, what was done and why, what is still held", _since),
    "journal": CommandHelp("what is remembered: info, prune what is old, export as JSON lines", _journal),
    "doctor": CommandHelp("versions, terminal, files and their rights, and what is wrong with them", _json),
    "reset-terminal": CommandHelp("give a terminal back to its shell, when a line dropped", _nothing),
    "completion": CommandHelp("a script for your shell that completes commands and options", _completion),
}
CONTROLS = ("cancel", "hold", "release", "finish", "run", "stop", "set-current", "refresh")
