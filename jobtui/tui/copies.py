"""What can be copied of the job that is looked at: frozen when the menu opens, written out when chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from jobtui.insight.export import message_lines
from jobtui.insight.links import command_to_open, harmless_address, job_in_words, note_for_colleague
from jobtui.insight.why import why
from jobtui.model import Job, JobMessage, Step, Target
from jobtui.text import plain

LAST = 20
"""Messages of “the last”."""


class Copy(Struct, frozen=True):
    """One thing that can be copied."""

    key: str
    name: str
    shown: str
    """What it is, in a line; why there is none, when there is none."""
    text: Callable[[], str] | None
    """Writes it out; None when there is none."""

    @property
    def stem(self) -> str:
        """A name for its file."""
        return self.name.replace(" ", "-")


class LookedAt(Struct, frozen=True):
    """What somebody looks at when the menu opens."""

    job: Job
    target: Target
    step: Step | None
    """The step under the cursor, where the steps have the focus."""
    messages: Sequence[JobMessage]
    """Those that are shown, oldest first."""
    visible: Sequence[JobMessage]
    """Those of them that are on the screen."""
    listing: str
    """The command that lists the jobs that are shown."""
    at: datetime
    """The moment that is looked at: where the messages are being read, else now."""


def copies_of(seen: LookedAt, now: datetime, handoff: str | None = None) -> list[Copy]:
    """List what can be copied, the quickest first; ``handoff`` is the hand-off note written last."""
    job, reason = seen.job, why(seen.job, now)
    address, ref = harmless_address(job.url), str(seen.target)
    command = command_to_open(seen.target, seen.at)
    said = _step_in_words(seen) or job_in_words(job, reason)
    note = note_for_colleague(job, reason, seen.target, seen.at, address)
    return [
        _exact("y", "ref", ref),
        _line("i", "id", seen.target.job.job_id if seen.step is None else seen.step.id),
        _line("l", "line", said),
        _messages("m", "last messages", seen.messages[-LAST:]),
        _messages("v", "visible messages", seen.visible),
        _messages("M", "all messages", seen.messages),
        _exact("a", "address", address, "none is known"),
        _exact("p", "permalink", command),
        _line("s", "list as command", seen.listing),
        Copy("c", "for a colleague", f"{len(note)} lines: what it is, where, how to open it", _joined(note)),
        _handoff("n", "hand-off note", handoff),
    ]


def _line(key: str, name: str, text: str) -> Copy:
    line = plain(text)
    return Copy(key, name, line, lambda: line)


def _exact(key: str, name: str, text: str | None, why_none: str = "its id is too long for a line") -> Copy:
    """Offer what is worth nothing unless it is whole."""
    if text is None or plain(text) != text:
        return Copy(key, name, why_none, None)
    return Copy(key, name, text, lambda: text)


def _messages(key: str, name: str, messages: Sequence[JobMessage]) -> Copy:
    if not messages:
        return Copy(key, name, "there are none", None)
    kept = tuple(messages)
    count = "1 message" if len(kept) == 1 else f"{len(kept)} messages"
    return Copy(
        key, name, f"{count} as shown", lambda: "\n".join(line for one in kept for line in message_lines(one))
    )


def _handoff(key: str, name: str, text: str | None) -> Copy:
    if text is None:
        return Copy(key, name, "h writes one first", None)
    return Copy(key, name, "as it was written last", lambda: text)


def _joined(lines: Sequence[str]) -> Callable[[], str]:
    return lambda: "\n".join(lines)


def _step_in_words(seen: LookedAt) -> str | None:
    step = seen.step
    if step is None:
        return None
    message = f", {step.message}" if step.message else ""
    return f"{seen.target}  {step.title}: {step.state}{message}"
