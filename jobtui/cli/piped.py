"""Jobs named on standard input: refs, addresses and ids in lines of text, and the JSON of other tools.

Whatever starts a job answers with its id: ``curl … | jobtui watch -`` follows it. What cannot be read is
said, naming its line, and costs nothing else.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from jobtui.backends.naming import Named, error_in, names_in
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.errors import RefError, UsageError
from jobtui.model import JobRef
from jobtui.monitor.monitor import Monitor
from jobtui.text import plain

STDIN = "-"
_AROUND = "\"'`<>()[]{},;"
"""What people and tools put around a word, and no id begins or ends with."""
_ID = re.compile(r"[\w.-]*\d[\w.-]*")
"""What a bare id among several words looks like; a sentence has other words, too."""
_SHOWN = 60


class Piece(Struct, frozen=True):
    """A line of text, or a JSON document and the line where it begins."""

    line: int
    text: str = ""
    value: object = None
    is_json: bool = False
    is_broken: bool = False
    """Whether it begins like JSON and cannot be read as such."""
    is_head: bool = False
    """Whether it is of the head of an HTTP answer, as ``curl -i`` prints it: only an address in it counts."""


class Found(Struct):
    """The jobs that were named, each once."""

    refs: dict[JobRef, None] = field(default_factory=dict)
    unread: int = 0
    """How many pieces of standard input named none; each was said."""

    def code(self, code: Exit) -> Exit:
        """Give an exit code that does not hide what was not read."""
        return Exit.USAGE if code is Exit.GOOD and self.unread else code


def stdin_for(texts: Sequence[str]) -> str:
    """Read standard input to its end if refs are to come from there.

    To be called where no event loop runs, which would take Ctrl-C for itself.
    """
    if STDIN not in texts:
        return ""
    raw = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read() if raw is None else str(raw.read().decode("utf-8", "replace"))


async def jobs(monitor: Monitor, texts: Sequence[str], stdin: str, out: Output) -> Found:
    """Place refs of jobs, those of standard input in the place of ``-``. Raises UsageError."""
    found = Found()
    for text in texts:
        if text != STDIN:
            found.refs |= dict.fromkeys(await session.jobs(monitor, [text], out))
            continue
        # Ids without a source are placed by what is known, and that is in the journal.
        await monitor.load()
        for piece in pieces(stdin):
            try:
                found.refs |= dict.fromkeys(await _placed(monitor, piece, out))
            except UsageError as error:
                if piece.is_head:
                    continue
                found.unread += 1
                out.say(f"stdin, line {piece.line}: {error}")
    if not found.refs:
        raise UsageError("stdin had no refs")
    return found


def pieces(text: str) -> Iterator[Piece]:
    """Part a text into JSON documents, each on one line or on several, and lines of anything else."""
    text = text.removeprefix("\ufeff")
    decoder = json.JSONDecoder()
    at, line, in_head = 0, 1, False
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        # Documents may follow each other without a line between them.
        words = text[at:end].strip().lstrip(", \t")
        stop = end + 1
        in_head = words.startswith("HTTP/") or (in_head and bool(words))
        if in_head:
            yield Piece(line, words, is_head=True)
        elif words[:1] in ("{", "["):
            start = text.index(words[0], at)
            try:
                value, stop = decoder.raw_decode(text, start)
                yield Piece(line, value=value, is_json=True)
            except (ValueError, RecursionError) as error:
                yield Piece(line, words, is_broken=True)
                stop = _after_broken(text, end, getattr(error, "pos", start))
        elif words:
            yield Piece(line, words)
        line += text.count("\n", at, stop)
        at = stop


def _after_broken(text: str, end: int, broke_at: int) -> int:
    """Go on behind a document that broke off: one of several lines has more of them, which are no news."""
    broke_at = len(text[:broke_at].rstrip())
    if broke_at <= end:
        return end + 1
    stop = text.find("\n", broke_at)
    while 0 <= stop < len(text) - 1 and text[stop + 1] in ' \t"}]':
        stop = text.find("\n", stop + 1)
    return len(text) if stop < 0 else stop + 1


async def _placed(monitor: Monitor, piece: Piece, out: Output) -> list[JobRef]:
    """Say which jobs a piece names. Raises UsageError when it names none that can be placed."""
    if piece.is_json:
        return await _of_document(monitor, piece, out)
    marked = [word for word in map(_bare, piece.text.split()) if _is_marked(monitor, word)]
    if marked:
        return await _of_names(monitor, [Named(None, word) for word in marked], piece, out)
    if piece.is_broken:
        raise RefError("this JSON cannot be read; does it end too early?")
    words = [_bare(word) for word in piece.text.split()]
    if len(words) > 1 and not all(map(_ID.fullmatch, words)):
        raise RefError(f"“{plain(piece.text, limit=_SHOWN)}” names no job")
    return await _of_names(monitor, [Named(None, word) for word in words], piece, out)


async def _of_document(monitor: Monitor, piece: Piece, out: Output) -> list[JobRef]:
    names, error = names_in(piece.value), error_in(piece.value)
    if not names:
        raise RefError("this JSON names no job" if error is None else f"this is an error, not a job: {error}")
    refs = await _of_names(monitor, names, piece, out)
    if error is not None:
        out.say(f"stdin, line {piece.line}: this is an error: {error}; the jobs that it names are taken")
    return refs


async def _of_names(monitor: Monitor, names: Sequence[Named], piece: Piece, out: Output) -> list[JobRef]:
    """Place all that can be placed. Raises the error of the first when none can."""
    refs: list[JobRef] = []
    errors: dict[str, UsageError] = {}
    for name in names:
        try:
            placed = await monitor.place(name)
            monitor.source(placed.job.source)
        except UsageError as error:
            errors.setdefault(str(error), error)
            continue
        if placed != placed.job:
            out.say(f"{placed} is a step; this is about its job {placed.job}")
        refs.append(placed.job)
    if not refs:
        raise next(iter(errors.values()))
    for text in errors:
        out.say(f"stdin, line {piece.line}: {text}")
    return refs


def _is_marked(monitor: Monitor, word: str) -> bool:
    """Whether a word is an address, or a ref of a source that there is."""
    source, colon, rest = word.partition(":")
    return "://" in word or bool(colon and rest and (source in monitor.sources or source in monitor.broken))


def _bare(word: str) -> str:
    return word.strip(_AROUND).rstrip(".") or word
