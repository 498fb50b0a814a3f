"""handoff: a note for who comes next, in Markdown, from what the journal remembers; asks no server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from jobtui import __version__, wiring
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.documents import Document, audit_document
from jobtui.errors import UsageError
from jobtui.insight.attention import needs_you, rank
from jobtui.insight.when import moment_and_zone, parse_since
from jobtui.insight.why import age, holds_text, why
from jobtui.journal.journal import Journal
from jobtui.model import Flag, Job, State
from jobtui.monitor.away import News, Sort, digest_of
from jobtui.text import plain

_SHIFT = timedelta(hours=8)
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!])")
_BAD = frozenset({Sort.FAILED, Sort.PARTIAL, Sort.CANCELLED})
_LONGEST = 400


def handoff(command: Command, out: Output) -> int:
    """Print what failed, what was done and why, what is still held, and what still needs somebody."""
    options, now = command.options, session.now()
    try:
        since = parse_since(options.since, now) if options.since else now - _SHIFT
    except ValueError as error:
        raise UsageError(str(error)) from error
    config = session.config_of(options)
    names = [config.source(name).name for name in options.source] or [
        source.name for source in config.sources
    ]
    with wiring.open_journal(config) as journal:
        out.lines(list(_note(journal, names, since, now)))
    return Exit.GOOD


def _note(journal: Journal, names: Sequence[str], since: datetime, now: datetime) -> Iterator[str]:
    jobs = [job for name in names for job in journal.jobs(name)]
    news = [one for one in digest_of(journal, since).news if one.ref.source in names]
    asked = [entry for entry in journal.audit(since) if entry.request.ref.source in names]
    yield f"# Hand-off, {moment_and_zone(now, now)}"
    yield ""
    yield f"Since {moment_and_zone(since, now)}, on {', '.join(map(_text, names))}. {_known_at(jobs, now)}"
    yield from _section("Needs somebody now", _needs(jobs, now), "Nothing that is known needs anybody.")
    yield from _section("Failed, or ended in part", _failed(news, now), "Nothing.")
    described = [audit_document(entry) for entry in reversed(asked)]
    yield from _section("Done, and why", map(_control, described), "No control was asked for.")
    yield from _section("Still held", _held(jobs, now), "Nothing is held.")
    others = [one for one in news if one.sort not in _BAD and not one.ours]
    yield from _section("Also happened", _happened(others), "Nothing else.")
    yield ""
    yield f"Written by jobtui {__version__}; `jobtui show REF` has each job whole."


def _section(title: str, lines: Iterable[str], nothing: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    found = list(lines)
    yield from (f"- {line}" for line in found)
    if not found:
        yield nothing


def _known_at(jobs: Sequence[Job], now: datetime) -> str:
    if not jobs:
        return "The journal knows no job."
    return f"The servers were last heard {age(now - max(job.as_of for job in jobs))} ago."


def _needs(jobs: Iterable[Job], now: datetime) -> Iterator[str]:
    open_ = [job for job in jobs if not job.ended and needs_you(job, now)]
    for job in sorted(open_, key=lambda job: rank(job, now)):
        yield f"{_job(job.ref.source, job.ref.job_id, job.title)}: **{job.state}**{_because(why(job, now))}"


def _failed(news: Iterable[News], now: datetime) -> Iterator[str]:
    for one in news:
        if one.sort in _BAD:
            at = moment_and_zone(one.at, now)
            yield f"{_job(one.ref.source, one.ref.job_id, one.title)}: {one.sort} {at}{_because(one.why)}"


def _held(jobs: Iterable[Job], now: datetime) -> Iterator[str]:
    for job in jobs:
        active = [hold for hold in job.holds if hold.is_active(now)]
        if job.state is State.HELD and not job.ended:
            stale = ", not heard of lately" if Flag.STALE in job.flags else ""
            said = holds_text(active, now) or why(job, now)
            yield f"{_job(job.ref.source, job.ref.job_id, job.title)}{_because(said)}{stale}"


def _happened(news: Iterable[News]) -> Iterator[str]:
    for one in news:
        by = f" ({_text(one.who)})" if one.who else ""
        yield f"{_job(one.ref.source, one.ref.job_id, one.title)}: {one.sort}{by}"


def _control(entry: Document) -> str:
    reason = f", because “{_text(str(entry['reason']))}”" if entry["reason"] else ""
    detail = f": {_text(str(entry['detail']))}" if entry["detail"] else ""
    seen = ", seen to have happened" if entry["confirmed_at"] else ""
    at = moment_and_zone(datetime.fromisoformat(str(entry["at"])).astimezone(), session.now())
    who = _text(str(entry["who"]))
    asked = f"{entry['control']} {_code(str(entry['ref']))}"
    return f"{at} {who}: {asked}{reason} → {entry['verdict']}{seen}{detail}"


def _job(source: str, job_id: str, title: str) -> str:
    return f"{_code(f'{source}:{job_id}')} {_text(title)}".rstrip()


def _because(reason: str | None) -> str:
    return f" – {_text(reason)}" if reason else ""


def _code(text: str) -> str:
    return f"`{plain(text, limit=_LONGEST).replace('`', 'ˋ')}`"


def _text(text: str) -> str:
    """Say a server's text so that Markdown makes nothing of it."""
    return _MARKUP.sub(r"\\\1", plain(text, limit=_LONGEST))
