"""Commands: everything that can be asked for by name, found by what is typed, the likeliest first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, fit


class Command(Struct, frozen=True):
    """One thing that can be chosen."""

    kind: str
    """What sort: ``key``, ``view``, ``theme``, ``source``, ``job``."""
    name: str
    """What it is known by among its sort: the id of a key, a name, a ref."""
    text: str
    """What it does, in words."""
    hint: str = ""
    """The key that does the same, as a person writes it."""
    reason: str | None = None
    """Why it cannot be done now; it then answers with that."""
    sends: bool = False
    """Whether it asks something of a server (after a question)."""

    @property
    def words(self) -> str:
        """All that it can be found by."""
        return f"{self.kind} {self.name} {self.text}".casefold()


def found(commands: Iterable[Command], typed: str) -> list[Command]:
    """Give what has every word that was typed, the likeliest first, else in the given order."""
    words = typed.casefold().split()
    ranked = [(_rank(command, typed.strip(), words), command) for command in commands]
    return [command for rank, command in sorted(ranked, key=lambda each: each[0]) if rank < _NOT]


_NOT = 9


def _rank(command: Command, typed: str, words: Sequence[str]) -> int:
    if typed and typed in command.hint.split():
        return 0
    if not all(word in command.words for word in words):
        return _NOT
    if not words:
        return 1
    if command.name.casefold().startswith(words[0]) or command.text.casefold().startswith(words[0]):
        return 1
    return 2 if f" {words[0]}" in command.words else 3


def command_line(command: Command, width: int) -> Line:
    """Draw one: what it does, why not where it cannot, and its key at the right edge."""
    hint = fit(command.hint, 12, right=True)
    room = width - len(hint) - 1
    said = plain(command.text)
    if command.reason is not None:
        return (Span(fit(f"{said}: {plain(command.reason)}", room) + " ", "off"), Span(hint, "off"))
    look = "strong" if command.sends else ""
    return (Span(fit(cut(said, room), room) + " ", look), Span(hint, "key"))
