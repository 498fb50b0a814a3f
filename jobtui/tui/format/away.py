"""What happened while nobody looked: in one line, and as a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from jobtui.insight.when import moment
from jobtui.monitor.away import Digest, News, Sort
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of, wrap
from jobtui.tui.format.times import span

_LOOKS = {Sort.FAILED: "bad", Sort.PARTIAL: "warn", Sort.CANCELLED: "cancelled", Sort.HELD: "held"}
_TOLD_OF_OTHERS = frozenset({Sort.HELD, Sort.RELEASED, Sort.ASSIGNED})
"""What we did ourselves is no news in the line."""
_KEYS = "A: list  Esc: dismiss"
_SHORT_KEYS = "A list  Esc"


def away_line(digest: Digest, now: datetime, width: int) -> Line:
    """Say in one line how long nobody looked and what happened: “3 failed, 1 held by dortiz”."""
    away = span((now - digest.since).total_seconds())
    told = counts_text(digest)
    head, keys = Span(f"while you were away ({away}): ", "strong"), Span(f"  {_KEYS}", "key")
    if width_of([head, Span(told), keys]) > width:
        head, keys = Span(f"away {away}: ", "strong"), Span(f"  {_SHORT_KEYS}", "key")
    return (head, Span(cut(told, width - width_of([head, keys]))), keys)


def away_lines(digest: Digest, now: datetime, width: int) -> list[Line]:
    """List all that happened, what matters most first, each with its moment."""
    since = moment(digest.since, now)
    lines: list[Line] = [(Span(f"Since {since}, when somebody last looked here", "dim"),)]
    for sort in Sort:
        news = [one for one in digest.news if one.sort is sort]
        if news:
            lines += [(), (Span(f"{sort.value.capitalize()} ({len(news)})", _LOOKS.get(sort, "strong")),)]
            for one in reversed(news):
                lines += _one(one, now, width)
    return lines


def nothing_text(digest: Digest | None, now: datetime) -> str:
    """Say why nothing is listed; what was not seen may have happened all the same."""
    if digest is None:
        return "no earlier look at these jobs is on record, so what happened before this one cannot be told"
    return (
        f"since {moment(digest.since, now)}, when somebody last looked here, no end, failure, hold or "
        "assignment has been seen; all else that may have changed is in the list"
    )


def counts_text(digest: Digest) -> str:
    """Say what happened by sorts, what matters most first: “3 failed, 1 held by dortiz”."""
    return ", ".join(_counts(digest)) or "only what you asked for"


def _counts(digest: Digest) -> Iterator[str]:
    for sort in Sort:
        news = [one for one in digest.news if one.sort is sort]
        if sort in _TOLD_OF_OTHERS:
            news = [one for one in news if not one.ours]
        if news:
            yield f"{len(news)} {sort.value}{_who(news)}"


def _who(news: list[News]) -> str:
    """Name who stands behind some news, the one of most first."""
    word = "to" if news[0].sort is Sort.ASSIGNED else "by"
    if news[0].sort not in (Sort.HELD, Sort.ASSIGNED):
        return ""
    names = [name for name, _ in Counter(plain(one.who) for one in news if one.who).most_common()]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f" {word} {names[0]}{more}" if names else ""


def _one(one: News, now: datetime, width: int) -> Iterator[Line]:
    who = "" if one.who is None else f" {'to' if one.sort is Sort.ASSIGNED else 'by'} {plain(one.who)}"
    ours = " (asked here)" if one.ours else ""
    head = f"{moment(one.at, now):<10} {plain(str(one.ref))}  {plain(one.title)}{who}{ours}"
    for number, text in enumerate(wrap(head, width)):
        yield (Span(text if number == 0 else f"  {text}"),)
    if one.why:
        yield (Span(" " * 11), Span(cut(plain(one.why), width - 11), "dim"))
