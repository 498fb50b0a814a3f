"""What can be fuzzed, by name: each takes any bytes at all, and raises only when a promise is broken.

What it gives are the names of the errors by which the bytes were refused, as they should be.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jobtui import text
from jobtui.backends.naming import error_in, names_in
from jobtui.cli.piped import pieces
from jobtui.config import load
from jobtui.errors import ConfigError, UsageError
from jobtui.insight import search
from jobtui.insight.when import parse_duration, parse_since, parse_when
from jobtui.model import Flag, State, parse_ref
from tests.factory import a_job
from tests.fuzz.decoders import NOW, one_kind
from tests.fuzz.placing import placed

Target = Callable[[bytes], Sequence[str]]
_HARMFUL = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Cf"})
_LIMIT = 200
_EARLIER = NOW - timedelta(hours=3)
_JOBS = [
    *(a_job(each.value, state=each, title=f"Harbour {each}", ended_at=NOW) for each in State),
    a_job("stalled", source="desk", flags=frozenset({Flag.STALLED}), owner="Mia", started=_EARLIER),
    a_job("\ud800#!:", title="İß\u2028ŉ !", raw_state="", application="\x1b[2J", why="disk full"),
]


def plain(data: bytes) -> Sequence[str]:
    """Nothing that could move a cursor or grow without bound comes out; a second time changes nothing."""
    given = data.decode("utf-16-le", "surrogatepass" if len(data) % 2 == 0 else "replace")
    line = text.plain(given, limit=_LIMIT)
    assert not any(unicodedata.category(character) in _HARMFUL for character in line)
    assert len(line) <= 4 * _LIMIT + 40
    if len(given) <= _LIMIT:
        assert text.plain(line) == line
    for each in text.plain_lines(given, limit=_LIMIT):
        assert "\n" not in each
    return ()


def ref(data: bytes) -> Sequence[str]:
    """A ref, an address, an id, or an error that says why not; what was read is written to be read again."""
    typed = data.decode("utf-8", "replace")
    refusals = []
    for read in (parse_ref, placed):
        try:
            target = read(typed)
        except UsageError as error:
            refusals.append(type(error).__name__)
            continue
        again = read(str(target))
        assert again == target, (str(target), target, again)
    return refusals


def when(data: bytes) -> Sequence[str]:
    """A moment to come, one gone by, a duration; or a ValueError that quotes what was typed."""
    typed = data.decode("utf-8", "replace")
    refusals = []
    for read in (_to_come, _gone_by, _lasting):
        try:
            read(typed)
        except ValueError as error:
            if not str(error).startswith("“"):
                raise
            refusals.append(type(error).__name__)
    return refusals


def _to_come(typed: str) -> None:
    moment = parse_when(typed, NOW, UTC)
    assert moment.tzinfo is UTC
    assert NOW < moment <= datetime.max.replace(tzinfo=UTC)


def _gone_by(typed: str) -> None:
    assert parse_since(typed, NOW, UTC).tzinfo is UTC


def _lasting(typed: str) -> None:
    assert timedelta(0) <= parse_duration(typed) < timedelta(days=3_661)


def filtered(data: bytes) -> Sequence[str]:
    """Any text is a test of every job or says why not; a second word only narrows, ``!`` turns one round."""
    typed = data.decode("utf-8", "replace")
    query = search.read(typed)
    assert text.plain(query.trouble) == query.trouble
    if query.trouble:
        return ("unreadable",)
    found = _found(typed)
    if '"' not in typed:
        assert _found(f"{typed} harbour") == found & _found("harbour")
        if query and len(typed.casefold().split()) == 1:
            assert _found(f"!{typed.strip()}") == set(range(len(_JOBS))) - found
    return ()


def _found(typed: str) -> set[int]:
    """Give the places of the jobs that are let through."""
    query = search.read(typed)
    return {number for number, job in enumerate(_JOBS) if query.matches(job, NOW)}


def config(data: bytes) -> Sequence[str]:
    """A configuration, its broken sources set apart with their reasons, or a ConfigError that says where."""
    with tempfile.TemporaryDirectory(prefix="jobtui-fuzz-") as folder:
        path = Path(folder, "config.toml")
        path.write_bytes(data)
        path.chmod(0o600)
        try:
            loaded = load(path)
        except ConfigError as error:
            if str(path) not in str(error):
                raise
            return (type(error).__name__,)
        assert all(str(entry.error) for entry in loaded.broken)
        return [type(entry.error).__name__ for entry in loaded.broken]


def piped(data: bytes) -> Sequence[str]:
    """Each line of standard input is in one piece at most, in order; documents name ids that can be kept."""
    given = data.decode("utf-8", "replace")
    line = 0
    for piece in pieces(given):
        assert line <= piece.line <= given.count("\n") + 1
        line = piece.line
        for name in names_in(piece.value):
            assert name.text.encode("utf-8")
        error = error_in(piece.value)
        assert error is None or text.plain(error) == error
    return ()


TARGETS: Mapping[str, Target] = {
    "nextspace": one_kind("nextspace"),
    "zendesk": one_kind("zendesk"),
    "arcgis": one_kind("arcgis"),
    "text": plain,
    "ref": ref,
    "filter": filtered,
    "when": when,
    "config": config,
    "piped": piped,
}
