"""Everything known of a job, as lines to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from jobtui.insight.links import harmless_address
from jobtui.insight.why import holds_alike, is_unheard_of
from jobtui.model import Hold, Job, JobDetail, Outcome, Step
from jobtui.text import plain, plain_lines
from jobtui.tui.format.asked import asked_lines
from jobtui.tui.format.compared import ALONE, Compared, alike_text, usual_text
from jobtui.tui.format.footer import Standing
from jobtui.tui.format.jobs import hold_text, progress, reason_of
from jobtui.tui.format.spans import Line, Span, cut, wrap
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of
from jobtui.tui.format.times import age, moment, stamp
from jobtui.tui.format.tree import Folding, TreeRow, value_rows

_MOST_JSON_LINES = 20_000
_NAME_WIDTH = 12


def detail_lines(
    job: Job,
    detail: JobDetail | None,
    standings: Sequence[Standing],
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
    asked: Sequence[Outcome] = (),
    compared: Compared = ALONE,
) -> list[Line]:
    """Lay out a job: its nouns, controls and why not, what the server said to them, holds, items, result.

    ``asked`` are the outcomes of this session, newest first, of whichever jobs.
    """
    rows = detail_rows(job, detail, standings, now, width, glyphs, asked, compared)
    return [line for line, _ in rows]


def detail_rows(
    job: Job,
    detail: JobDetail | None,
    standings: Sequence[Standing],
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
    asked: Sequence[Outcome] = (),
    compared: Compared = ALONE,
    folding: Folding = Folding(),  # noqa: B008 - frozen
) -> list[TreeRow]:
    """As ``detail_lines``, each line with what of the result it folds."""
    lines = [
        *_nouns(job, now, width, glyphs, compared),
        *_properties(job, width),
        *_controls(standings, width),
        *asked_lines([one for one in asked if one.request.ref == job.ref], now, width),
        *_holds(job, detail, now, width),
        *_failed(detail, width),
    ]
    return [*((line, None) for line in lines), *_result(job, width, folding, glyphs)]


def strip_lines(
    job: Job, standings: Sequence[Standing], now: datetime, width: int, compared: Compared = ALONE
) -> list[Line]:
    """Say in a few lines what the row has no room for: why, who, holds, what can be done."""
    lines: list[Line] = [
        (Span("why   ", "dim"), Span(text)) for text in wrap(reason_of(job, now) or "-", width - 6)[:2]
    ]
    lines[1:] = [(Span(" " * 6), *line[1:]) for line in lines[1:]]
    who = f"  by {plain(job.owner)}" if job.owner else ""
    place = f"  in {plain(job.dispatch)}" if job.dispatch else ""
    when = f"{_when(job, now, usual_text(job, compared, now))}{who}{place}"
    lines.append((Span("when  ", "dim"), Span(when)))
    read = "asked" if is_unheard_of(job) else "read"
    lines.append((Span("says  ", "dim"), Span(f"{_said(job)}, {read} {age(job.as_of, now)} ago")))
    return lines


def _said(job: Job) -> str:
    """Give the server's own word, or that it has none for what it does not know."""
    return "the server knows no such job" if is_unheard_of(job) else plain(job.raw_state) or "no word yet"


def _when(job: Job, now: datetime, usual: str) -> str:
    moments = (("ended", job.ended_at), ("started", job.started), ("created", job.created))
    word, at = next(((word, at) for word, at in moments if at is not None), ("", None))
    if at is None:
        return "-" if is_unheard_of(job) else "the server does not say"
    if usual and not job.ended:
        return f"{word} {moment(at, now)}, {usual}"
    return f"{word} {moment(at, now)}, {age(at, now)} ago{', ' if usual else ''}{usual}"


def head_lines(job: Job, now: datetime, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Head the steps with what the job is and why, in full as far as four lines go."""
    look = look_of(job)
    said = _said(job) + (f"  by {plain(job.owner)}" if job.owner else "")
    said += f"  in {plain(job.dispatch)}" if job.dispatch else ""
    far = progress(job.progress, 22, glyphs) if not job.ended else ""
    lines: list[Line] = [(Span(label(look, glyphs), look), Span(f"  {said}  ", "dim"), Span(far))]
    warned = plain("; ".join(job.warnings))
    lines += [(Span(cut(f"! warns: {warned}", width), "warn"),)] if warned else []
    reason = reason_of(job, now)
    return [*lines, *((Span(text),) for text in wrap(reason, width)[: 5 - len(lines)] if reason)]


def _nouns(job: Job, now: datetime, width: int, glyphs: Glyphs, compared: Compared) -> Iterator[Line]:
    look = look_of(job)
    head = f"{label(look, glyphs).rstrip()}  "
    for number, text in enumerate(wrap(plain(job.title), width - len(head))):
        yield (Span(head if number == 0 else " " * len(head), look), Span(text, "strong"))
    yield ()
    known = {
        "ref": plain(str(job.ref)),
        "kind": job.kind.value,
        "server says": "it knows no such job" if is_unheard_of(job) else plain(job.raw_state) or "-",
        "why": reason_of(job, now),
        "same cause": f"{alike_text(compared.alike)}; c lists them" if compared.alike else "",
        "progress": progress(job.progress, 40, glyphs),
        "usual": usual_text(job, compared, now),
        "failed items": "" if job.items_failed is None else str(job.items_failed),
        "flags": ", ".join(sorted(job.flags)),
        "created": stamp(job.created, unknown=""),
        "started": stamp(job.started, unknown=""),
        "updated": stamp(job.updated, unknown=""),
        "ended": stamp(job.ended_at, unknown=""),
        "owner": plain(job.owner or ""),
        "application": plain(job.application or ""),
        "runs in": plain(job.dispatch or ""),
        "address": plain(job.url or ""),
        "read": f"{stamp(job.as_of)} ({age(job.as_of, now)} ago)",
        "warnings": plain("; ".join(job.warnings)),
    }
    links = {name: harmless_address(job.url) or "" for name in ("ref", "address")}
    for name, value in known.items():
        if value:
            yield from _named(name, value, width, links.get(name, ""))


def _named(name: str, value: str, width: int, link: str = "") -> Iterator[Line]:
    for number, text in enumerate(wrap(value, width - _NAME_WIDTH - 2)):
        head = f"{name if number == 0 else '':<{_NAME_WIDTH}}  "
        yield (Span(head, "dim"), Span(text, link=link))


def _properties(job: Job, width: int) -> Iterator[Line]:
    if not job.properties:
        return
    yield ()
    yield (Span("Properties", "strong"),)
    for name, value in job.properties:
        for text in plain_lines(f"{plain(name)}: {value}"):
            yield from ((Span(part),) for part in wrap(text, width))


def _controls(standings: Sequence[Standing], width: int) -> Iterator[Line]:
    yield ()
    yield (Span("Controls", "strong"),)
    if not standings:
        yield (Span("none: jobs of this kind can only be watched", "dim"),)
    for one in standings:
        name = f"{one.key.face} {one.key.label}"
        if one.reason is None:
            yield from _named(name, "can be asked", width)
        else:
            yield from _named(name, f"not now: {plain(one.reason)}", width)


def _holds(job: Job, detail: JobDetail | None, now: datetime, width: int) -> Iterator[Line]:
    titles = {step.id: plain(step.title) for step in detail.all_steps()} if detail is not None else {}
    holds = [hold for step in detail.all_steps() for hold in step.holds] if detail else list(job.holds)
    if not holds:
        return
    yield ()
    yield (Span("Holds", "strong"),)
    steps: dict[str, list[Hold]] = {}
    for hold in holds:
        steps.setdefault(hold.step_id, []).append(hold)
    for step_id, held in steps.items():
        where = titles.get(step_id, plain(step_id))
        for hold, count in holds_alike(held):
            over = "" if hold.is_active(now) else " (over)"
            for text in wrap(f"{where}: {hold_text(hold, now, count)}{over}", width):
                yield (Span(text, "dim" if over else "held"),)


def _failed(detail: JobDetail | None, width: int) -> Iterator[Line]:
    failed = (
        [step for step in detail.all_steps() if step.message and step.state.value == "failed"]
        if detail
        else []
    )
    if not failed:
        return
    yield ()
    yield (Span(f"Failed ({len(failed)})", "strong"),)
    for step in failed:
        yield from _failure(step, width)


def _failure(step: Step, width: int) -> Iterator[Line]:
    yield from ((Span(text),) for text in wrap(plain(step.title) or plain(step.id), width))
    for text in plain_lines(step.message or ""):
        for part in wrap(text, width - 2):
            yield (Span("  "), Span(part, "bad"))


def _result(job: Job, width: int, folding: Folding, glyphs: Glyphs) -> Iterator[TreeRow]:
    if job.result is None:
        return
    yield (), None
    yield (Span("Result", "strong"),), None
    yield from value_rows(job.result, width, folding, glyphs)


def json_lines(document: object, ref: str, width: int) -> list[Line]:
    """Write a document as JSON, as far as a reader goes."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    lines = [part for line in plain_lines(text) for part in (wrap(line, width) if line.strip() else [""])]
    shown: list[Line] = [(Span(part),) for part in lines[:_MOST_JSON_LINES]]
    left = len(lines) - len(shown)
    return (
        [*shown, (Span(f"{left} lines more; jobtui show --json {ref} prints all", "dim"),)] if left else shown
    )
