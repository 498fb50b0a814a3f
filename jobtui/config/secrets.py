"""Where a secret is, as written in the file."""

from __future__ import annotations

import shlex
from pathlib import Path

from msgspec import Struct

from jobtui.config.values import Wrong, nearest, path, text
from jobtui.credentials import SecretPlace, Way
from jobtui.model import Secret
from jobtui.text import plain

WAYS = tuple(way.value for way in Way if way is not Way.LITERAL)

_OTHERS_READ = 0o077
_OTHERS_WRITE = 0o002


class Around(Struct, frozen=True):
    """What is around a value: the file it stands in."""

    file: Path
    mode: int
    """Who may do what with the file, as in ``chmod``."""

    @property
    def folder(self) -> Path:
        """Where paths in the file start."""
        return self.file.absolute().parent


def secret_place(value: object, around: Around) -> SecretPlace:
    """Read ``{ env = … }`` (or ``command``, ``file``, ``keyring``), or a literal secret."""
    if isinstance(value, str):
        return _literal(value, around)
    if not isinstance(value, dict):
        raise Wrong('must be a table such as { env = "VARIABLE" }')
    unknown = [key for key in value if key not in WAYS]
    if unknown:
        raise Wrong(f"unknown key “{plain(unknown[0])}”{nearest(unknown[0], WAYS)}", key=unknown[0])
    if len(value) != 1:
        raise Wrong(f"must have exactly one of {', '.join(WAYS)}")
    (way, where), *_ = value.items()
    return _place(Way(way), where, around)


def _literal(value: str, around: Around) -> SecretPlace:
    if around.mode & _OTHERS_READ:
        shown = plain(shlex.quote(str(around.file)))
        raise Wrong(
            "a secret may stand in the file itself only when nobody else can read it; "
            f"run: chmod 600 {shown}, or name where it is with {{ env = … }}"
        )
    if not value or not value.isprintable():
        raise Wrong("must not be empty or have line breaks or control characters in it")
    return SecretPlace(Way.LITERAL, literal=Secret(value))


def _place(way: Way, where: object, around: Around) -> SecretPlace:
    if way is not Way.COMMAND and around.mode & _OTHERS_WRITE:
        shown = plain(shlex.quote(str(around.file)))
        raise Wrong(f"would go where anyone may send it who changes this file; run: chmod o-w {shown}")
    try:
        if way is Way.FILE:
            return SecretPlace(way, str(path(where, around.folder)))
        return SecretPlace(way, _command(where, around) if way is Way.COMMAND else text(where))
    except Wrong as wrong:
        raise Wrong(f"{way.value} {wrong}", key=way.value) from None


def words_of(where: object, around: Around) -> list[str]:
    """Read a command line, or a list of words; refused in a file that anybody may write to."""
    if around.mode & _OTHERS_WRITE:
        shown = plain(shlex.quote(str(around.file)))
        raise Wrong(f"would be run, and anyone can change this file; run: chmod o-w {shown}")
    try:
        words = [text(word) for word in where] if isinstance(where, list) else shlex.split(text(where))
    except Wrong:
        raise
    except ValueError:
        raise Wrong("has a quote that is never closed") from None
    if not words:
        raise Wrong("must not be empty")
    return words


def _command(where: object, around: Around) -> str:
    return shlex.join(words_of(where, around))
