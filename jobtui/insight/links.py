"""What a job can be reached by elsewhere: its address, and a command that opens it as it was seen. Pure."""

from __future__ import annotations

import shlex
from datetime import datetime
from urllib.parse import urlsplit

from jobtui.model import Job, StepRef, Target
from jobtui.text import plain

_LONGEST = 2_000
"""Characters of an address: more than any job's."""
_SCHEMES = ("http", "https")
_NEVER = frozenset("\"'`<>\\^{|} ")
"""Never in an address as it is sent; in a shell or a document each could end it."""


def harmless_address(address: str | None) -> str | None:
    """Give a web address back if it can be nothing else, to a terminal, a shell and a browser; else None."""
    if address is None or len(address) > _LONGEST or not address.isascii() or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return None
    is_web = parts.scheme in _SCHEMES and bool(parts.hostname)
    return None if not is_web or "@" in parts.netloc or _NEVER & set(address) else address


def command_to_open(target: Target, at: datetime | None) -> str | None:
    """Write the command that opens a job, or a step of it, at a moment; it can be pasted into a shell.

    None when it is longer than a line may be: a shell would wait for the end of one that was cut.
    """
    words = ["jobtui", "open", str(target)]
    words += ["--at", at.astimezone().isoformat(timespec="seconds")] if at is not None else []
    command = shlex.join(words)
    return command if plain(command) == command else None


def command_to_list(search: str, *, problems: bool) -> str:
    """Write the command that lists what a filter shows; it can be pasted into a shell."""
    words = ["jobtui", "ls"]
    words += ["--problems"] if problems else []
    # Joined: what begins with a dash would be read as an option.
    words += [f"--search={plain(search)}"] if search.strip() else []
    return shlex.join(words)


def job_in_words(job: Job, why: str | None) -> str:
    """Say in one line which job it is and how it stands."""
    said = f"{job.ref}  {job.title}: {job.state}{f', {why}' if why else ''}"
    return plain(said)


def note_for_colleague(
    job: Job, why: str | None, target: Target, at: datetime | None, address: str | None
) -> list[str]:
    """Write what somebody else needs to look at the same thing, with jobtui or without."""
    step = f" (step {plain(target.step_id)})" if isinstance(target, StepRef) else ""
    lines = [f"{job_in_words(job, why)}{step}", address, command_to_open(target, at)]
    return [line for line in lines if line]
