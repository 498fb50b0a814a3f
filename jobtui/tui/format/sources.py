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
_MOST_OWN_LINES = 3
"""Sources that get a line of their own; the others share one."""
_LEAST_REASON = 24

Known = tuple[Source | None, SourceHealth]
"""A source and its health; None for one whose configuration is broken, so that it is never asked."""


def source_lines(
    known: Sequence[Known],
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
    *,
    read_only: bool = False,
) -> list[Line]:
    """Draw all sources on one line, in full words where they fit; one with news has its own line instead.

    So many sources take so many lines at most: what is said is shortened before a source is left out.
    ``read_only`` says at the head that nothing can be asked of any of them.
    """
    if read_only:
        mark = Span("READ-ONLY ", "risk")
        first, *rest = source_lines(known, now, width - len(mark.text), glyphs)
        return [(mark, *first), *rest]
    own = [one for one in known if one[1].error or one[1].offered or one[1].warnings][:_MOST_OWN_LINES]
    others = [one for one in known if one not in own]
    lines = [_news(one, now, width) for one in own]
    if not others and own:
        return lines
    for short in (False, True):
        summary = _summary(others, now, glyphs, short=short)
        if width_of(summary) <= width:
            break
    return [summary, *lines]


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
        return "never answered" if health.error else "never" if short else "no answer yet"
    old = "" if short and not health.error else " old"
    return f"{age(health.fresh_at, now)}{old}"


def _news(known: Known, now: datetime, width: int) -> Line:
    """Say in one line which source, how it is, how old, why, and what can be done or awaited."""
    health = known[1]
    head = [*([Span("! ", "bad")] if health.error else []), *_one(*known, now, short=True), Span(": ")]
    offer = f"{len(health.offered)} jobs the server named can be watched: press W" if health.offered else ""
    if not health.error:
        warned = plain("; ".join(health.warnings))
        said = f"the server warns: {warned}{'; ' if offer else ''}" if warned else ""
        said = cut(said, max(0, width - width_of(head) - len(offer)))
        return (*head, Span(said, "warn"), Span(cut(offer, width - width_of(head)), "key"))
    said = _without_name(plain(health.error), plain(health.source))
    offer = f"; press W to watch the {len(health.offered)} it names" if health.offered else ""
    wait = "" if health.next_at is None else _next(health.next_at, now)
    room = width - width_of(head) - len(offer) - len(wait)
    if room < min(len(said), _LEAST_REASON):
        room, wait = room + len(wait), ""  # why matters more than when it is asked again
    return (*head, Span(cut(said, room)), Span(offer, "key"), Span(wait, "dim"))


def _without_name(text: str, name: str) -> str:
    """Leave out a name that stands just before."""
    return text.removeprefix(f"source {name}").removeprefix(name).removeprefix(":").strip() or text


def _next(at: datetime, now: datetime) -> str:
    seconds = (at - now).total_seconds()
    return "; asking again now" if seconds < 1 else f"; next try in {span(seconds)}"
