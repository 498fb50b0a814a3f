"""What can be fuzzed, by name: each takes any bytes at all, and raises only when a promise is broken."""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from jobtui import text
from jobtui.backends.naming import error_in, names_in
from jobtui.cli.piped import pieces
from jobtui.config import load
from jobtui.errors import ConfigError, RefError
from jobtui.insight.when import parse_when
from jobtui.model import parse_ref
from tests.fuzz.decoders import NOW, one_kind

Target = Callable[[bytes], None]
_HARMFUL = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Cf"})
_LIMIT = 200


def plain(data: bytes) -> None:
    """Nothing that could move a cursor or grow without bound comes out; a second time changes nothing."""
    given = data.decode("utf-16-le", "surrogatepass" if len(data) % 2 == 0 else "replace")
    line = text.plain(given, limit=_LIMIT)
    assert not any(unicodedata.category(character) in _HARMFUL for character in line)
    assert len(line) <= 4 * _LIMIT + 40
    if len(given) <= _LIMIT:
        assert text.plain(line) == line
    for each in text.plain_lines(given, limit=_LIMIT):
        assert "\n" not in each


def ref(data: bytes) -> None:
    """A ref or a RefError; what was read can be written and is read again as the same."""
    try:
        target = parse_ref(data.decode("utf-8", "replace"))
    except RefError:
        return
    again = parse_ref(str(target))
    assert again == target, (str(target), target, again)


def when(data: bytes) -> None:
    """A moment to come, in UTC, or a ValueError with a sentence."""
    try:
        moment = parse_when(data.decode("utf-8", "replace"), NOW, UTC)
    except ValueError:
        return
    assert moment.tzinfo is UTC
    assert NOW < moment <= datetime.max.replace(tzinfo=UTC)


def config(data: bytes) -> None:
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
            return
        assert all(str(entry.error) for entry in loaded.broken)


def piped(data: bytes) -> None:
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


TARGETS: Mapping[str, Target] = {
    "nextspace": one_kind("nextspace"),
    "zendesk": one_kind("zendesk"),
    "arcgis": one_kind("arcgis"),
    "text": plain,
    "ref": ref,
    "when": when,
    "config": config,
    "piped": piped,
}
