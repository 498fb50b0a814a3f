"""What has become of controls that were sent together, in one line that goes on until all is known."""

from __future__ import annotations

from datetime import datetime

from jobtui.model import Control, ControlRequest, JobRef, Verdict
from jobtui.monitor.events import Controlled, Stage
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import clock

_MOST_NAMED = 3


class Together:
    """The stages of controls that were sent together."""

    def __init__(self, control: Control, requests: list[ControlRequest], at: datetime) -> None:
        self._control = control
        self._at = at
        self._asked: dict[tuple[JobRef, datetime], Controlled | None] = {
            (request.ref, request.asked_at): None for request in requests
        }
        self.is_over = False
        """Whether no more are sent."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is to be sent, on its way or awaited any more."""
        heard = [event for event in self._asked.values() if event is not None]
        return self.is_over and not any(map(_is_awaited, heard))

    def note(self, event: Controlled) -> bool:
        """Take over how far one of them has come; False when it is none of them."""
        request = event.outcome.request
        same = (request.ref, request.asked_at)
        if request.control is not self._control or same not in self._asked:
            return False
        self._asked[same] = event
        return True

    def line(self, now: datetime, glyphs: Glyphs = UNICODE) -> Line:
        """Say how many were accepted, and of these confirmed; which were refused, and why."""
        heard = [event for event in self._asked.values() if event is not None]
        refused = [event for event in heard if event.outcome.verdict is Verdict.REFUSED]
        head = f"{clock(self._at, now)} {self._control.value.upper()} {_jobs(len(self._asked))} "
        said = [*_of_accepted(heard), *_refused(refused), *self._unsent()]
        look = "bad" if refused else "warn" if _open(heard) or self._unsent() else "good"
        return (Span(head), Span(f"{glyphs.arrow} {', '.join(said) or 'sending'}", look))

    def _unsent(self) -> list[str]:
        count = sum(event is None for event in self._asked.values())
        if not count:
            return []
        return [f"{count} not sent" if self.is_over else f"{count} to be sent"]


def _of_accepted(heard: list[Controlled]) -> list[str]:
    sent = [event for event in heard if event.outcome.verdict is not Verdict.REFUSED]
    accepted = [event for event in sent if event.outcome.verdict is not Verdict.UNKNOWN]
    said = []
    if accepted:
        parts = [
            _count(accepted, Stage.CONFIRMED, "confirmed"),
            _count(accepted, Stage.OTHERWISE, "ended another way"),
            _count(accepted, Stage.NOT_VISIBLE, "not visible after 40s"),
            _count(accepted, Stage.ANSWERED, "awaited"),
        ]
        said.append(f"{len(accepted)} accepted ({', '.join(filter(None, parts))})")
    unknown = [event for event in sent if event.outcome.verdict is Verdict.UNKNOWN]
    under_way = sum(event.stage is Stage.SENDING for event in unknown)
    if under_way:
        said.append(f"{under_way} on its way")
    if len(unknown) > under_way:
        said.append(f"{len(unknown) - under_way} unknown: may or may not have happened")
    return said


def _count(events: list[Controlled], stage: Stage, word: str) -> str:
    count = sum(event.stage is stage for event in events)
    return f"{count} {word}" if count else ""


def _refused(events: list[Controlled]) -> list[str]:
    if not events:
        return []
    sent = "refused" if all(event.outcome.sent for event in events) else "refused or not sent"
    named = [
        f"{plain(str(event.outcome.request.ref))} ({plain(event.outcome.reason or 'no reason given')})"
        for event in events[:_MOST_NAMED]
    ]
    more = f" and {len(events) - _MOST_NAMED} more" if len(events) > _MOST_NAMED else ""
    return [f"{len(events)} {sent}: {'; '.join(named)}{more}"]


def _open(events: list[Controlled]) -> bool:
    return any(event.stage in (Stage.SENDING, Stage.NOT_VISIBLE, Stage.OTHERWISE) for event in events)


def _is_awaited(event: Controlled) -> bool:
    is_refused = event.outcome.verdict is Verdict.REFUSED
    return event.stage is Stage.SENDING or (event.stage is Stage.ANSWERED and not is_refused)


def _jobs(count: int) -> str:
    return f"{count} job{'' if count == 1 else 's'}"
