"""argv → a command. Imports nothing heavy, so that ``--help`` and ``--version`` are instant."""

from __future__ import annotations

import argparse
import re
from argparse import Namespace
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, NoReturn

from jobtui.cli.options import COMMANDS, add_global_options
from jobtui.errors import UsageError

_VALUE_OPTIONS = frozenset({"--config", "--source", "--mouse"})
"""Global options that are followed by a value, so that the value is not taken for the command."""
_SECONDS = re.compile(r"\d+(\.\d+)?[smhdw]?", re.IGNORECASE)


class Command(NamedTuple):
    """What was typed: the command's name, ``screen`` when there is none, and its options."""

    name: str
    options: Namespace


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        required = re.fullmatch(r"the following arguments are required: (.*)", message)
        said = f"needs {required[1]}" if required else message.removeprefix("argument ")
        raise UsageError(f"{self.prog}: {said}; see “{self.prog} --help”")


def parse(argv: Sequence[str]) -> Command:
    """Read a command line.

    Raises UsageError with one sentence, naming the nearest command or option. Raises SystemExit(0) after
    printing help or the version.
    """
    name, rest = _split(argv)
    parser = parser_of(name)
    options, unknown = parser.parse_known_intermixed_args(_with_wait_value(rest))
    if unknown:
        raise UsageError(_no_seconds(parser, rest, unknown[0]) or _unknown_argument(parser, unknown[0]))
    return Command(name, options)


def _split(argv: Sequence[str]) -> tuple[str, list[str]]:
    """Take the command out of argv; global options may stand on either side of it."""
    skip = False
    for position, word in enumerate(argv):
        if skip:
            skip = False
        elif word in _VALUE_OPTIONS:
            skip = True
        elif not word.startswith("-"):
            if word not in COMMANDS:
                raise UsageError(_unknown_command(word))
            return word, [*argv[:position], *argv[position + 1 :]]
    return "screen", list(argv)


def parser_of(name: str) -> argparse.ArgumentParser:
    """Make the parser of a command."""
    command = COMMANDS[name]
    parser = _Parser(
        prog="jobtui" if name == "screen" else f"jobtui {name}",
        description=command.help,
        epilog=_overview() if name == "screen" else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    command.add_arguments(parser)
    add_global_options(parser)
    return parser


def _overview() -> str:
    shown = [(name, command.help) for name, command in COMMANDS.items() if name != "screen"]
    width = max(len(name) for name, _ in shown)
    rows = [f"  {name:<{width}}  {text}" for name, text in shown]
    return "\n".join(
        [
            "commands:",
            *rows,
            "",
            "exit codes: 0 good · 1 a watched job failed, was cancelled or ended partial · 2 usage or",
            "configuration · 3 cannot reach the source · 4 sign-in or rights · 5 no such job, or forgotten ·",
            "6 refused · 7 sent, outcome unknown · 70 crash · 124 timed out · 130 interrupted",
        ]
    )


def _with_wait_value(words: Sequence[str]) -> list[str]:
    """Give ``--wait`` its default where what follows is no number, so that it never swallows a ref."""
    fixed: list[str] = []
    for position, word in enumerate(words):
        following = words[position + 1] if position + 1 < len(words) else ""
        is_bare = word == "--wait" and not _SECONDS.fullmatch(following)
        fixed.append("--wait=30" if is_bare else word)
    return fixed


def _no_seconds(parser: argparse.ArgumentParser, words: Sequence[str], unknown: str) -> str | None:
    """Say that what follows ``--wait`` is no number, where that made one word too many."""
    following = next((after for word, after in pairwise(words) if word == "--wait"), "-")
    if unknown.startswith("-") or following.startswith("-") or _SECONDS.fullmatch(following):
        return None
    return f"{parser.prog}: --wait: “{following}” is not a number of seconds; see “{parser.prog} --help”"


def _unknown_command(word: str) -> str:
    near = nearest(word, [name for name in COMMANDS if name != "screen"])
    hint = f"did you mean “{near}”?" if near else "see “jobtui --help”"
    return f"“{word}” is not a command; {hint}"


def _unknown_argument(parser: argparse.ArgumentParser, word: str) -> str:
    if not word.startswith("-"):
        return f"{parser.prog} takes no further “{word}”; see “{parser.prog} --help”"
    option = word.partition("=")[0]
    near = nearest(option, re.findall(r"--[a-z-]+", parser.format_usage()))
    hint = f"did you mean {near}?" if near else f"see “{parser.prog} --help”"
    return f"{parser.prog} has no option {option}; {hint}"


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Give the known word most like a mistyped one; None when none is near."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return found[0] if found else None
