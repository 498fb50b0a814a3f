"""completion: a script for bash, zsh or fish, made from the very parsers that read a command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from msgspec import Struct

from jobtui.cli.exits import Exit
from jobtui.cli.options import COMMANDS
from jobtui.cli.output import Output
from jobtui.cli.parse import Command, parser_of
from jobtui.model import Level, State

FILES = ("--config", "--out")
"""Options whose value is a path."""
_WORDS = {
    "--state": tuple(state.value for state in State),
    "--level": tuple(level.value for level in Level),
}
_ASKED = {
    # The names as the user has them now; quiet where there is no configuration.
    "--source": 'jobtui source ls 2>/dev/null | tail -n +2 | cut -d " " -f 1',
    "theme": 'jobtui theme ls 2>/dev/null | tail -n +2 | cut -d " " -f 1',
}
_NAMED = {"source": "--source", "theme": "theme"}
"""Commands whose second word is a name, and of what."""


class Flag(Struct, frozen=True):
    """One option of a command."""

    name: str
    help: str
    takes_value: bool


class Spec(Struct, frozen=True):
    """One command, as far as a shell completes it."""

    name: str
    help: str
    flags: tuple[Flag, ...]
    words: tuple[str, ...]
    """What its first word may be, where that is one of a few."""


def completion(command: Command, out: Output) -> int:
    """Print the script for a shell."""
    made = {"bash": bash, "zsh": zsh, "fish": fish}[command.options.shell]
    out.lines(list(made(specs())))
    return Exit.GOOD


def specs() -> list[Spec]:
    """Give every command with its options, as the parsers have them."""
    return [_spec(name) for name in COMMANDS]


def _spec(name: str) -> Spec:
    flags: list[Flag] = []
    words: tuple[str, ...] = ()
    for action in parser_of(name)._actions:
        if action.help == argparse.SUPPRESS:
            continue
        if action.option_strings:
            takes = action.nargs != 0
            flags += [Flag(each, action.help or "", takes) for each in action.option_strings]
        elif isinstance(action.metavar, str) and "|" in action.metavar:
            words = tuple(action.metavar.split("|"))
    return Spec(name, COMMANDS[name].help, tuple(flags), words)


def _all_commands(found: Sequence[Spec]) -> list[Spec]:
    return [spec for spec in found if spec.name != "screen"]


# --- bash -------------------------------------------------------------------------------------------------
def bash(found: Sequence[Spec]) -> Iterator[str]:
    """Make the script for bash."""
    yield "# jobtui for bash: jobtui completion bash > ~/.local/share/bash-completion/completions/jobtui"
    yield "_jobtui() {"
    yield "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}"
    yield '    local cmd=screen at=0 i words=""'
    yield "    for ((i = 1; i < COMP_CWORD; i++)); do"
    yield "        case ${COMP_WORDS[i]} in"
    yield "            --config|--source) i=$((i + 1)) ;;"
    yield "            -*) ;;"
    yield "            *) cmd=${COMP_WORDS[i]} at=$i; break ;;"
    yield "        esac"
    yield "    done"
    sources, files = _ASKED["--source"], "|".join(FILES)
    yield "    case $prev in"
    yield f'        {files}) COMPREPLY=($(compgen -f -- "$cur")); return ;;'
    for flag, values in _WORDS.items():
        listed = " ".join(values)
        yield f'        {flag}) COMPREPLY=($(compgen -W "{listed}" -- "$cur")); return ;;'
    yield f'        --source) COMPREPLY=($(compgen -W "$({sources})" -- "$cur")); return ;;'
    yield "    esac"
    yield "    case $cmd in"
    for spec in found:
        yield f"        {spec.name}) words={_single(' '.join(flag.name for flag in spec.flags))}"
        yield from (f"            {line}" for line in _bash_words(spec, found))
        yield "            ;;"
    yield "    esac"
    yield '    COMPREPLY=($(compgen -W "$words" -- "$cur"))'
    yield "}"
    yield "complete -o default -F _jobtui jobtui"


def _bash_words(spec: Spec, found: Sequence[Spec]) -> Iterator[str]:
    if spec.name == "screen":
        names = " ".join(each.name for each in _all_commands(found))
        yield f'[[ $cur == -* ]] || words="{names}"'
    if spec.words:
        listed = " ".join(spec.words)
        yield f'((COMP_CWORD == at + 1)) && words="{listed} $words"'
    if spec.name in _NAMED:
        yield f'((COMP_CWORD == at + 2)) && words="$({_ASKED[_NAMED[spec.name]]}) $words"'


# --- zsh --------------------------------------------------------------------------------------------------
def zsh(found: Sequence[Spec]) -> Iterator[str]:
    """Make the script for zsh."""
    yield "#compdef jobtui"
    yield "# jobtui for zsh: jobtui completion zsh > a folder of your fpath, as _jobtui"
    yield "_jobtui() {"
    yield "    local cmd=screen i at=1"
    yield "    local -a flags names"
    yield "    for ((i = 2; i < CURRENT; i++)); do"
    yield "        case $words[i] in"
    yield "            (--config|--source) i=$((i + 1)) ;;"
    yield "            (-*) ;;"
    yield "            (*) cmd=$words[i]; at=$i; break ;;"
    yield "        esac"
    yield "    done"
    yield "    case $words[CURRENT-1] in"
    yield f"        ({'|'.join(FILES)}) _files; return ;;"
    for flag, values in _WORDS.items():
        yield f"        ({flag}) compadd -- {' '.join(values)}; return ;;"
    yield f'        (--source) compadd -- ${{(f)"$({_ASKED["--source"]})"}}; return ;;'
    yield "    esac"
    yield "    case $cmd in"
    for spec in found:
        flags = " ".join(_described(each.name, each.help) for each in spec.flags)
        yield f"        ({spec.name}) flags=({flags})"
        yield from (f"            {line}" for line in _zsh_words(spec, found))
        yield "            ;;"
    yield "    esac"
    yield "    ((${#names})) && _describe command names"
    yield "    _describe -o option flags"
    yield "}"
    yield 'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _jobtui "$@"; else compdef _jobtui jobtui; fi'


def _zsh_words(spec: Spec, found: Sequence[Spec]) -> Iterator[str]:
    if spec.name == "screen":
        commands = " ".join(_described(each.name, each.help) for each in _all_commands(found))
        yield f"names=({commands})"
    if spec.words:
        yield f"((CURRENT == at + 1)) && names=({' '.join(spec.words)})"
    if spec.name in _NAMED:
        yield f'((CURRENT == at + 2)) && names=(${{(f)"$({_ASKED[_NAMED[spec.name]]})"}})'


def _described(name: str, text: str) -> str:
    return _single(f"{name}:{text}".replace(":", "\\:").replace("\\:", ":", 1))


# --- fish -------------------------------------------------------------------------------------------------
def fish(found: Sequence[Spec]) -> Iterator[str]:
    """Make the script for fish."""
    names = " ".join(spec.name for spec in _all_commands(found))
    none = f"not __fish_seen_subcommand_from {names}"
    yield "# jobtui for fish: jobtui completion fish > ~/.config/fish/completions/jobtui.fish"
    yield "complete -c jobtui -f"
    for spec in _all_commands(found):
        yield f"complete -c jobtui -n {_single(none)} -a {spec.name} -d {_single(spec.help)}"
    for spec in found:
        when = none if spec.name == "screen" else f"__fish_seen_subcommand_from {spec.name}"
        for flag in spec.flags:
            yield f"complete -c jobtui -n {_single(when)} {_fish_flag(flag)}"
        if spec.words:
            yield f"complete -c jobtui -n {_single(when)} -a {_single(' '.join(spec.words))}"
        if spec.name in _NAMED:
            asked = f"({_ASKED[_NAMED[spec.name]]})"
            yield f"complete -c jobtui -n {_single(when)} -a {_single(asked)}"


def _fish_flag(flag: Flag) -> str:
    kind = "-l" if flag.name.startswith("--") else "-s"
    words = [kind, flag.name.lstrip("-")]
    if flag.name in FILES:
        words.append("-rF")
    elif flag.name in _WORDS:
        words += ["-x", "-a", _single(" ".join(_WORDS[flag.name]))]
    elif flag.name in _ASKED:
        words += ["-x", "-a", _single(f"({_ASKED[flag.name]})")]
    elif flag.takes_value:
        words.append("-x")
    return " ".join([*words, "-d", _single(flag.help)])


def _single(text: str) -> str:
    """Quote a text for any of the shells; no quote of one survives, which no help text needs."""
    return "'" + text.replace("'", "’") + "'"
