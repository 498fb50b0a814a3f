"""One function per sort of value: what stands in the file → what is used, or one sentence why not."""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from jobtui.backends.address import is_loopback
from jobtui.insight.when import parse_duration
from jobtui.text import plain

_LONGEST_QUOTED = 24
"""Characters of a wrong word that are shown: what is longer may be a secret in the wrong place."""
_LONGEST_S = 10 * 366 * 86_400.0


class Wrong(ValueError):
    """A value that cannot be used; the text continues “<key>: …” and never holds a secret."""

    def __init__(self, sentence: str, key: str | None = None) -> None:
        super().__init__(sentence)
        self.key = key
        """The key inside the value that is at fault, if it is one."""


def nearest(word: str, valid: Iterable[str]) -> str:
    """Continue “unknown … “word”” with the nearest valid word, or with all of them when none is near."""
    known = list(valid)
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean “{near[0]}”?"
    return f"; valid are {', '.join(known)}"


def text(value: object) -> str:
    """Read a text that is not empty and has no control characters."""
    if not isinstance(value, str):
        raise Wrong(f"must be a text in quotes, not {_shown(value)}")
    if not value.strip():
        raise Wrong("must not be empty")
    if not value.isprintable():
        raise Wrong("must not have line breaks or control characters in it")
    return value


def one_of(value: object, valid: Iterable[str]) -> str:
    """Read one of several words."""
    word = text(value)
    if word not in valid:
        shown = f" “{plain(word)}”" if len(word) <= _LONGEST_QUOTED else ""
        raise Wrong(f"unknown value{shown}{nearest(word, valid)}")
    return word


def yes_no(value: object) -> bool:
    """Read a boolean."""
    if not isinstance(value, bool):
        raise Wrong(f"must be true or false, not {_shown(value)}")
    return value


def seconds(value: object) -> float:
    """Read a duration: a number of seconds, or “5s”, “10m”, “24h”, “7d”; more than nothing."""
    if isinstance(value, str):
        if len(value) > _LONGEST_QUOTED:
            raise Wrong("is not a duration such as “10s”")
        try:
            found = parse_duration(value).total_seconds()
        except ValueError as error:
            raise Wrong(plain(str(error))) from None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = _finite(value)
    else:
        raise Wrong(f"must be a duration such as “10s” or a number of seconds, not {_shown(value)}")
    if not 0 < found <= _LONGEST_S:
        raise Wrong("must be more than no time and at most ten years")
    return found


def rate(value: object) -> float:
    """Read a number of requests per minute, more than 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"must be a number of requests per minute, not {_shown(value)}")
    found = _finite(value)
    if found <= 0:
        raise Wrong("must be more than 0 requests per minute")
    return found


def whole(value: object, most: int) -> int:
    """Read a whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(f"must be a whole number, not {_shown(value)}")
    if not 1 <= value <= most:
        raise Wrong(f"must be from 1 to {most}")
    return value


def path(value: object, folder: Path) -> Path:
    """Read a path; one that is not absolute starts at the configuration's folder."""
    return folder.absolute() / os.path.expanduser(text(value))


def existing_file(value: object, folder: Path) -> Path:
    """Read the path of a file that is there."""
    found = path(value, folder)
    if not found.is_file():
        raise Wrong(f"there is no file {plain(str(found))}")
    return found


def address(value: object, *, insecure: bool, query: bool = False) -> str:
    """Read a server's address, without a slash at its end; https, unless it is this machine or asked for."""
    whole_text = text(value)
    parts = _split(whole_text)
    if parts.username is not None or parts.password is not None:
        raise Wrong("must not carry a user or password; use the keys that are meant for them")
    if parts.fragment or (parts.query and not query):
        raise Wrong("must end before any “?” or “#”")
    if parts.scheme == "http" and not insecure and not is_loopback(parts.hostname):
        raise Wrong("http would show the token to everyone on the way; write https, or set insecure = true")
    return whole_text if parts.query else whole_text.rstrip("/")


def proxy(value: object) -> str:
    """Read a proxy's address; http is usual there, as what passes is encrypted by itself."""
    return address(value, insecure=True)


def _split(whole_text: str) -> SplitResult:
    try:
        parts = urlsplit(whole_text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in whole_text):
        # The text itself is not repeated: a secret may have slipped into it.
        raise Wrong("is not an address; write https://HOST, with a port or path where needed")
    return parts


def _finite(value: float) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise Wrong("must be a finite number")
    return found


def _shown(value: object) -> str:
    """Name the sort of a value, not the value: it may be a secret in the wrong place."""
    names: dict[type, str] = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")
