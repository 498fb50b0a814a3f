"""Polling as lines: what each source is asked and answers, which rules are armed, how this screen draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from jobtui.monitor.events import Link
from jobtui.monitor.traffic import Traffic
from jobtui.text import plain
from jobtui.tui.format.sources import LINK_LOOKS, Known, is_old, wait_text
from jobtui.tui.format.spans import Line, Span, fit, wrap
from jobtui.tui.format.times import age

_NAME = 12


def polling_lines(
    known: Sequence[Known],
    traffic: Mapping[str, Traffic],
    rules: Sequence[str],
    screen: Sequence[str],
    now: datetime,
    width: int,
) -> list[Line]:
    """List sources, then the armed rules, then how this screen draws, each in a sentence."""
    head = f"{'SOURCE':<{_NAME}} {'LINK':<8} {'/MIN':>5} {'OF':>5} {'AGE':>5} {'ROUND':>6} {'ERR/5m':>6}"
    lines: list[Line] = [(Span(head, "dim"),)]
    for one in known:
        lines += _source_lines(one, traffic.get(one[1].source), now, width)
    lines.append(())
    lines.append((Span(f"rules (armed {len(rules)})" if rules else "no rule is armed", "dim"),))
    lines += [(Span("  "), Span(part)) for rule in rules for part in wrap(plain(rule), max(4, width - 2))]
    lines.append(())
    lines += [(Span(part, "dim"),) for text in screen for part in wrap(text, width)]
    return lines


def _source_lines(known: Known, traffic: Traffic | None, now: datetime, width: int) -> Iterator[Line]:
    source, health = known
    old = "warn" if is_old(known, now) else ""
    link = "BROKEN" if source is None else health.link.value.upper()
    yield (
        Span(fit(plain(health.source), _NAME) + " ", "strong"),
        Span(f"{link:<8} ", "bad" if source is None else LINK_LOOKS[health.link]),
        Span(f"{_number(traffic.per_minute if traffic else None):>5} "),
        Span(f"{_number(round(traffic.budget) if traffic else None):>5} ", "dim"),
        Span(f"{age(health.fresh_at, now, unknown='-'):>5} ", old),
        Span(f"{_round(health.answer_s):>6} "),
        Span(f"{_number(traffic.failures if traffic else None):>6}", "bad" if _failing(traffic) else ""),
    )
    for text in _said(known, now):
        for part in wrap(text, max(4, width - 2)):
            yield (Span("  "), Span(part, "warn"))


def _said(known: Known, now: datetime) -> Iterator[str]:
    source, health = known
    if health.error:
        yield f"{plain(health.error)}{wait_text(health.next_at, now)}"
    if source is not None and not health.has_list:
        yield "it has no list of jobs: only ids on watch are read"
    if health.truncated:
        yield f"it has more jobs than the limit: the first {health.jobs} are shown"
    if health.is_told is False and health.link in (Link.LIVE, Link.SLOW):
        yield f"polled: {plain(health.told_text or 'it does not push')}"
    yield from (f"it warns: {plain(text)}" for text in health.warnings)


def _failing(traffic: Traffic | None) -> bool:
    return traffic is not None and traffic.failures > 0


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def _round(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.0f}ms" if seconds < 1 else f"{seconds:.1f}s"
