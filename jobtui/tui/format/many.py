"""One control of several jobs as a question: how many, which can take it, which cannot and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from jobtui.model import Control, JobRef
from jobtui.monitor.monitor import Proposal
from jobtui.text import plain
from jobtui.tui.format.asking import parameter_lines
from jobtui.tui.format.facts import Facts
from jobtui.tui.format.spans import Line, Span, cut, width_of, wrap
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of

MOST_SHOWN = 200
_MOST_SENTENCES = 3
WHAT = {
    Control.CANCEL: "Cancel",
    Control.HOLD: "Hold",
    Control.RELEASE: "Release what holds",
    Control.FINISH: "Finish the current steps of",
    Control.RUN: "Run the current steps of",
    Control.STOP: "Stop the current steps of",
    Control.SET_CURRENT: "Set the current step of",
    Control.REFRESH: "Refresh the status of",
}


class Able(Struct, frozen=True):
    """A job that can be asked, with what is known of it now."""

    proposal: Proposal
    facts: Facts | None
    """None when the job was not read whole: then nothing can be told of what changes."""

    @property
    def ref(self) -> JobRef:
        return self.proposal.request.ref


class Unable(Struct, frozen=True):
    """A job that is not asked, and why."""

    ref: JobRef
    title: str
    reason: str


class Many(Struct, frozen=True):
    """One control of several jobs, frozen."""

    control: Control
    able: tuple[Able, ...]
    unable: tuple[Unable, ...]

    def __len__(self) -> int:
        return len(self.able) + len(self.unable)


def jobs_text(count: int) -> str:
    """Say how many jobs."""
    return f"{count} job{'' if count == 1 else 's'}"


def many_lines(
    many: Many,
    changed: dict[JobRef, str],
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
    *,
    production: Sequence[str] = (),
) -> list[Line]:
    """Lay the question out; ``changed`` says of which jobs what is different since it was put."""
    head = [Span("PROD  ", "risk")] if production else []
    title = f"{WHAT[many.control]} {jobs_text(len(many.able))}?"
    lines: list[Line] = [(*head, Span(title, "strong"))]
    if production:
        lines.append((Span(cut(f"production: {', '.join(map(plain, production))}", width), "risk"),))
    lines += parameter_lines(many.able[0].proposal.request, now, width) if many.able else []
    lines += [(), *_sentences(many, width), ()]
    lines.append((Span(f"can take it: {len(many.able)} of {len(many)}", "good"),))
    lines += _shown([_able_line(each, changed.get(each.ref), width, glyphs) for each in many.able])
    if many.unable:
        lines += [
            (),
            (Span(cut(f"cannot, and is not asked: {len(many.unable)} of {len(many)}", width), "bad"),),
        ]
        lines += _shown(list(_unable_lines(many.unable, width)))
    return lines


def _sentences(many: Many, width: int) -> Iterator[Line]:
    """Say what it would do, once for jobs alike; and what is not known of them."""
    said = Counter(in_general(each.proposal) for each in many.able if each.facts is not None)
    for text, count in said.most_common(_MOST_SENTENCES):
        each = f"{count} of them: " if count < len(many.able) else ""
        yield from ((Span(part),) for part in wrap(each + text, width))
    if len(said) > _MOST_SENTENCES:
        left = sum(said.values()) - sum(count for _, count in said.most_common(_MOST_SENTENCES))
        yield (Span(f"{left} of them: something else again; x on one alone tells", "dim"),)
    doubts = Counter(plain(doubt.text) for each in many.able for doubt in each.proposal.doubts)
    for text, count in doubts.most_common(_MOST_SENTENCES):
        yield from ((Span(part, "warn"),) for part in wrap(f"! {count} of them: {text}", width))
    unread = sum(each.facts is None for each in many.able)
    if unread:
        said_of = f"! {unread} of them not read yet: each is read, and judged, just before it is sent"
        yield from ((Span(part, "warn"),) for part in wrap(said_of, width))


def in_general(proposal: Proposal) -> str:
    """Give the sentence of one job without the names of its own, so that jobs alike share it."""
    job = proposal.job
    text = proposal.consequence
    if job is not None:
        text = text.replace(f"pending action {job.ref.job_id} ({job.title}, {job.state})", "each of them")
    return plain(text)


def _able_line(able: Able, changed: str | None, width: int, glyphs: Glyphs) -> Line:
    job = able.proposal.job
    if job is None:
        return (Span("  "), Span(cut(plain(str(able.ref)), width - 2), "key"))
    look = look_of(job)
    steps = able.proposal.request.parameters.step_ids
    where = f"#{','.join(steps)}" if steps else ""
    head = (
        Span("  "),
        Span(label(look, glyphs) + " ", look),
        Span(cut(plain(f"{able.ref}{where}"), _name_width(width)) + "  ", "key"),
    )
    left = width - width_of(head)
    if changed is not None:
        return (*head, Span(cut(f"! not sent: {changed}", left), "bad"))
    return (*head, Span(cut(plain(job.title), left)))


def _unable_lines(unable: Sequence[Unable], width: int) -> Iterator[Line]:
    """Name those that are not asked, below the reason that they share."""
    by_reason: dict[str, list[Unable]] = {}
    for each in unable:
        by_reason.setdefault(plain(each.reason), []).append(each)
    for reason, those in by_reason.items():
        count = f" ({len(those)})" if len(those) > 1 else ""
        yield from ((Span("  "), Span(part, "bad")) for part in wrap(f"{reason}{count}", width - 2))
        for each in those:
            name = cut(plain(str(each.ref)), _name_width(width))
            title = cut(plain(each.title), width - width_of([Span(name)]) - 6)
            yield (Span(f"    {name}  ", "key"), Span(title, "dim"))


def _name_width(width: int) -> int:
    return min(28, width // 3)


def _shown(lines: list[Line]) -> list[Line]:
    left = len(lines) - MOST_SHOWN
    return lines if left <= 0 else [*lines[:MOST_SHOWN], (Span(f"  {left} lines more", "dim"),)]
