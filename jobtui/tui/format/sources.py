"""Sources as lines: how each is, and how old what we know of it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.model import Kind, Source
from jobtui.monitor.events import Link, SourceHealth
from jobtui.text import plain
from jobtui.tui.format.badge import are_mixed, badge, common_badge
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import age, span
from jobtui.tui.keymap import key_of

_CODES = {Kind.NEXTSPACE: "NS", Kind.ZENDESK: "ZD", Kind.ARCGIS: "AW"}
LINK_LOOKS = {
    Link.STARTING: "dim",
    Link.LIVE: "good",
    Link.SLOW: "warn",
    Link.LIMITED: "warn",
    Link.OFFLINE: "bad",
    Link.REFUSED: "bad",
}

_PROMISED_POLLS = 3
_LEAST_REASON = 24
_LEAST_S = 5.0
"""The least time in which an age reads differently."""
_SLACK_S = 0.05
"""A timer may be that much too early."""

Known = tuple[Source | None, SourceHealth]
"""A source and its health; None for one whose configuration is broken, so that it is never asked."""


def summary_line(
    known: Sequence[Known],
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
    *,
    read_only: bool = False,
) -> Line:
    """Draw all sources on one line: first the risk, then each with its age, in full words where they fit.

    Where there are too many for the line, those that are well are counted and the others named.
    ``read_only`` says that nothing can be asked of any of them.
    """
    head = _risk(known, read_only=read_only)
    zone = Span(f"  {now:%H:%M} {now.tzname() or ''}".rstrip(), "dim")
    is_mixed = are_mixed(source for source, _ in known if source is not None)
    for short in (False, True):
        line = (*head, *_all(known, now, glyphs, short=short, marks_risk=is_mixed))
        if width_of(line) <= width:
            room = width - width_of(line) - width_of([zone])
            return line if room < 0 else (*line, Span(" " * room), zone)
    return _within((*head, *_counted(known, now, glyphs)), width)


def news_line(known: Sequence[Known], now: datetime, width: int) -> Line:
    """Say in one line what ails the worst source, why, and what can be done; how many others have news.

    Empty when none has any.
    """
    news = sorted((one for one in known if _urgency(one[1])), key=lambda one: -_urgency(one[1]))
    if not news:
        return ()
    more = f"  +{len(news) - 1} more: 7" if len(news) > 1 else ""
    return (*_news(news[0], now, width - len(more)), *([Span(more, "key")] if more else []))


def is_old(known: Known, now: datetime) -> bool:
    """Whether what is shown of a source is older than its polls promise, and none has come since."""
    source, health = known
    if health.fresh_at is None or source is None:
        return True
    is_answering = health.link in (Link.LIVE, Link.SLOW)
    return not is_answering and (now - health.fresh_at).total_seconds() > _PROMISED_POLLS * source.poll_s


def next_age_change_s(known: Sequence[Known], now: datetime) -> float:
    """Give the seconds until the age of a source reads differently: at 10 s, each 5 s, then each minute."""
    ages = [(now - health.fresh_at).total_seconds() for _, health in known if health.fresh_at is not None]
    changes = [_changes_in_s(seconds) for seconds in ages if seconds >= 0]
    return max(_LEAST_S, min(changes, default=_LEAST_S) + _SLACK_S)


def _changes_in_s(age_s: float) -> float:
    if age_s < 2 * _LEAST_S:
        return 2 * _LEAST_S - age_s
    step = _LEAST_S if age_s < 60 else 60.0
    return step - age_s % step


def _urgency(health: SourceHealth) -> int:
    if health.error:
        return 4 if health.link is Link.REFUSED else 3
    return 2 if health.offered else 1 if health.warnings else 0


def _risk(known: Sequence[Known], *, read_only: bool) -> list[Span]:
    """Say the risk before all else: whether something is in production, and whether keys can change it."""
    sources = [source for source, _ in known if source is not None]
    spans = common_badge(sources)
    can_ask = not read_only and any(not source.read_only for source in sources)
    is_word = can_ask or (not sources and not read_only)
    return [*spans, Span("CONTROL ", "strong") if is_word else Span("READ-ONLY ", "risk")]


def _all(known: Sequence[Known], now: datetime, glyphs: Glyphs, *, short: bool, marks_risk: bool) -> Line:
    spans: list[Span] = []
    for source, health in known:
        if spans:
            spans.append(Span(f" {glyphs.dot} ", "dim"))
        spans.extend(_one(source, health, now, short=short, marks_risk=marks_risk))
    return tuple(spans) or (Span("no sources", "dim"),)


def _counted(known: Sequence[Known], now: datetime, glyphs: Glyphs) -> Line:
    """Name the sources that are not well, and count the others."""
    well = [one for one in known if one[1].link is Link.LIVE and not _urgency(one[1])]
    others = [one for one in known if one not in well]
    line = _named(others, now, glyphs)
    if not well:
        return line
    oldest = min((health.fresh_at for _, health in well if health.fresh_at is not None), default=None)
    spans = [
        Span(f"{len(well)} sources ", "strong"),
        Span("LIVE", "good"),
        Span(f" {age(oldest, now)}", "dim"),
    ]
    return (*spans, *([Span(f" {glyphs.dot} ", "dim")] if line else []), *line)


def _named(known: Sequence[Known], now: datetime, glyphs: Glyphs) -> Line:
    spans: list[Span] = []
    for source, health in known:
        word = "BROKEN" if source is None else health.link.value.upper()
        spans += [Span(f" {glyphs.dot} ", "dim")] if spans else []
        spans += [Span(f"{plain(health.source)} ", "strong"), Span(word, LINK_LOOKS[health.link])]
        spans.append(Span(f" {age(health.fresh_at, now, unknown='never')}", "warn"))
    return tuple(spans)


def _within(line: Line, width: int) -> Line:
    spans: list[Span] = []
    for span_ in line:
        room = width - width_of(spans)
        spans.append(Span(cut(span_.text, room), span_.look))
    return tuple(one for one in spans if one.text)


def _one(
    source: Source | None, health: SourceHealth, now: datetime, *, short: bool, marks_risk: bool = True
) -> list[Span]:
    if source is None:
        return [Span(f"{plain(health.source)} ", "strong"), Span("BROKEN", "bad")]
    kind = _CODES[source.kind] if short else source.kind.value
    spans = badge(source) if marks_risk else []
    spans += [Span(f"{plain(source.name)} ", "strong"), Span(f"{kind} ", "dim")]
    spans.append(Span(health.link.value.upper(), LINK_LOOKS[health.link]))
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
        return "no good answer yet" if health.error else "never" if short else "no answer yet"
    old = "" if short and not health.error else " old"
    return f"{age(health.fresh_at, now)}{old}"


def _news(known: Known, now: datetime, width: int) -> Line:
    """Say in one line which source, how it is, how old, why, and what can be done or awaited."""
    health = known[1]
    head = [*([Span("! ", "bad")] if health.error else []), *_one(*known, now, short=True), Span(": ")]
    press = f"press {key_of('watch').face}"
    offer = f"{len(health.offered)} jobs the server named can be watched: {press}" if health.offered else ""
    if not health.error:
        warned = plain("; ".join(health.warnings))
        said = f"the server warns: {warned}{'; ' if offer else ''}" if warned else ""
        said = cut(said, max(0, width - width_of(head) - len(offer)))
        return (*head, Span(said, "warn"), Span(cut(offer, width - width_of(head)), "key"))
    said = _without_name(plain(health.error), plain(health.source))
    offer = f"; {press} to watch the {len(health.offered)} it names" if health.offered else ""
    wait = wait_text(health.next_at, now)
    room = width - width_of(head) - len(offer) - len(wait)
    if room < min(len(said), _LEAST_REASON):
        room, wait = room + len(wait), ""  # why matters more than when it is asked again
    return (*head, Span(cut(said, room)), Span(offer, "key"), Span(wait, "dim"))


def _without_name(text: str, name: str) -> str:
    """Leave out a name that stands just before."""
    return text.removeprefix(f"source {name}").removeprefix(name).removeprefix(":").strip() or text


def wait_text(at: datetime | None, now: datetime) -> str:
    """Say when a source is asked again, to follow what is wrong with it; empty when that is not known."""
    if at is None:
        return ""
    seconds = (at - now).total_seconds()
    return "; asking again now" if seconds < 1 else f"; next try in {span(seconds)}"
