"""Who a job or a step is: identity, and its text form ``source:job-id#step-id``."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote

from msgspec import Struct

from jobtui.errors import RefError
from jobtui.text import plain

# What would end the id early or be lost in a shell; everything else of an id stays readable.
_ESCAPED = {"%": "%25", "#": "%23", " ": "%20"}


class JobRef(Struct, frozen=True, order=True, gc=False):
    """A job of a source."""

    source: str
    """The name the user gave to the source: letters, digits, ``-`` and ``_``."""
    job_id: str
    """The server's id, verbatim; never empty."""

    def __str__(self) -> str:
        return f"{self.source}:{_escape(self.job_id, after_colon=True)}"

    @property
    def job(self) -> JobRef:
        """This job itself, so that a target of either kind has a ``job``."""
        return self


class StepRef(Struct, frozen=True, order=True):
    """A step of a job."""

    job: JobRef
    step_id: str
    """The server's id of the step, verbatim; never empty."""

    def __str__(self) -> str:
        return f"{self.job}#{_escape(self.step_id)}"


Target = JobRef | StepRef


def parse_ref(text: str) -> Target:
    """Read the text form of a ref.

    Raises RefError when there is no source before the first colon or no id after it.
    """
    source, colon, rest = text.strip().partition(":")
    job_part, hash_, step_part = rest.partition("#")
    is_address = job_part.startswith("//") and source in ("http", "https", "ws", "wss")
    if not (source and colon and job_part) or "/" in source or is_address:
        raise RefError(f"“{text}” is not a ref; write SOURCE:JOB-ID or SOURCE:JOB-ID#STEP-ID")
    job = JobRef(source, unquote(job_part))
    if not hash_:
        return job
    if not step_part:
        raise RefError(f"“{text}” names no step after the #")
    return StepRef(job, unquote(step_part))


def _escape(identifier: str, *, after_colon: bool = False) -> str:
    # A text with :// in it would be read as an address.
    if after_colon and identifier.startswith("//"):
        return f"%2F{_escape(identifier[1:])}"
    return "%3A//".join(map(_readable, identifier.split("://")))


def _readable(identifier: str) -> str:
    if identifier.isascii() and identifier.isprintable() and not any(mark in identifier for mark in _ESCAPED):
        return identifier
    return "".join(_ESCAPED.get(one) or (one if _is_shown(one) else _quoted(one)) for one in identifier)


@lru_cache(4_096)
def _is_shown(character: str) -> bool:
    """Whether it is drawn as it is: a ref is copied from where it is shown, so nothing of it may be lost."""
    return unicodedata.category(character)[0] != "M" and plain(character) == character


def _quoted(character: str) -> str:
    # Half a character, which a command line may carry, has no bytes of its own.
    return quote(character, errors="replace")
