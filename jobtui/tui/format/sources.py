"""Sources as lines: how each is, and how old what we know of it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.model import Kind, Source
from jobtui.monitor.events import Link, SourceHealth
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import age, span

_CODES = {Kind.NEXTSPACE: "NS", Kind.ZENDESK: "ZD", Kind.ARCGIS: "AW"}
_LOOKS = {
    Link.STARTING: "dim",
    Link.LIVE: "good",
    Link.SLOW: "warn",
    Link.LIMITED: "warn",
    Link.OFFLINE: "bad",
    Link.REFUSED: "bad",
}

_PROMISED_POLLS = 3

Known = tuple[Source | None, SourceHealth]
"""A source and its health; None for one whose configuration is broken, so that it is never asked."""


def source_lines(known: Sequence[Known], now: datetime, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Draw all sources on one line, in full words where they fit, and one line for each that has trouble."""
    for short in (False, True):
        summary = _summary(known, now, glyphs, short=short)
        if width_of(summary) <= width:
            break
    return [summary, *(_trouble(one, now, width) for one in known if one[1].error)]


def is_old(known: Known, now: datetime) -> bool:
    """Whether what is shown of a source is older than its polls promise, and none has come since."""
    source, health = known
    if health.fresh_at is None or source is None:
        return True
    is_answering = health.link in (Link.LIVE, Link.SLOW)
    return not is_answering and (now - health.fresh_at).total_seconds() > _PROMISED_POLLS * source.poll_s


def next_age_change_s(known: Sequence[Known], now: datetime) -> float:
    """Give the seconds until an age on the screen reads differently: steps of 5 s, then minutes."""
    ages = [(now - health.fresh_at).total_seconds() for _, health in known if health.fresh_at is not None]
    youngest = min((seconds for seconds in ages if seconds >= 0), default=0.0)
    return 5.0 if youngest < 60 else 60.0 - youngest % 60 + 0.5


def _summary(known: Sequence[Known], now: datetime, glyphs: Glyphs, *, short: bool) -> Line:
    spans: list[Span] = []
    for source, health in known:
        if spans:
            spans.append(Span(f" {glyphs.dot} ", "dim"))
        spans.extend(_one(source, health, now, short=short))
    return tuple(spans) or (Span("no sources", "dim"),)


def _one(source: Source | None, health: SourceHealth, now: datetime, *, short: bool) -> list[Span]:
    if source is None:
        return [Span(f"{plain(health.source)} ", "strong"), Span("BROKEN", "bad")]
    kind = _CODES[source.kind] if short else source.kind.value
    spans = [Span("PROD ", "risk")] if source.production else []
    spans += [Span(f"{plain(source.name)} ", "strong"), Span(f"{kind} ", "dim")]
    spans.append(Span(health.link.value.upper(), _LOOKS[health.link]))
    spans.append(
        Span(f" {_age(health, now, short=short)}", "warn" if is_old((source, health), now) else "dim")
    )
    if health.is_told is not None and health.link in (Link.LIVE, Link.SLOW):
        spans.append(Span(" push" if health.is_told else " polled", "dim" if health.is_told else "warn"))
    if source.read_only:
        spans.append(Span(" RO" if short else " READ-ONLY", "risk"))
    if not health.has_list:
        spans.append(Span(" no list" if short else " no list: ids on watch only", "warn"))
    if health.truncated:
        spans.append(Span("+" if short else f" first {health.jobs} only", "warn"))
    return spans


def _age(health: SourceHealth, now: datetime, *, short: bool) -> str:
    if health.fresh_at is None:
        return "never" if short else "no answer yet"
    return age(health.fresh_at, now) if short else f"{age(health.fresh_at, now)} old"


def _trouble(known: Known, now: datetime, width: int) -> Line:
    health = known[1]
    wait = "" if health.next_at is None else _next(health.next_at, now)
    head = f"! {plain(health.source)}: "
    room = width - len(head) - len(wait)
    return (Span(head, "bad"), Span(cut(plain(health.error or ""), room)), Span(wait, "dim"))


def _next(at: datetime, now: datetime) -> str:
    seconds = (at - now).total_seconds()
    return "; asking again now" if seconds < 1 else f"; next try in {span(seconds)}"
