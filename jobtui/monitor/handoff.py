"""The hand-off note: what failed, what was done and why, what is still held; all from the journal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from jobtui import __version__
from jobtui.documents import Document, audit_document
from jobtui.insight.attention import needs_you, rank
from jobtui.insight.when import moment_and_zone
from jobtui.insight.why import age, holds_text, why
from jobtui.journal.journal import Journal
from jobtui.model import Flag, Job, State
from jobtui.monitor.away import News, Sort, digest_of
from jobtui.text import plain

SHIFT = timedelta(hours=8)
"""How far back a note goes unless somebody says."""
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!])")
_BAD = frozenset({Sort.FAILED, Sort.PARTIAL, Sort.CANCELLED})
_LONGEST = 400


def note_lines(journal: Journal, names: Sequence[str], since: datetime, now: datetime) -> Iterator[str]:
    """Write the note in Markdown, a line at a time; ``names`` are the sources it is about."""
    jobs = [job for name in names for job in journal.jobs(name)]
    news = [one for one in digest_of(journal, since).news if one.ref.source in names]
    asked = [entry for entry in journal.audit(since) if entry.request.ref.source in names]
    yield f"# Hand-off, {moment_and_zone(now, now)}"
    yield ""
    unheard = _unheard(names, jobs)
    yield f"Since {moment_and_zone(since, now)}, on {_listed(names)}. {_known_at(jobs, now)}{unheard}."
    calm = f"Nothing that is known needs anybody{unheard}."
    yield from _section("Needs somebody now", _needs(jobs, now), calm)
    yield from _section("Failed, or ended in part", _failed(news, now), "Nothing.")
    titles = {str(job.ref): job.title for job in jobs}
    done = [
        _control(audit_document(entry), titles.get(str(entry.request.ref), ""), now)
        for entry in reversed(asked)
    ]
    yield from _section("Done, and why", done, "No control was asked for.")
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
    """Say of each source how old what is known of it is."""
    heard: dict[str, datetime] = {}
    for job in jobs:
        heard[job.ref.source] = max(job.as_of, heard.get(job.ref.source, job.as_of))
    if not heard:
        return "The journal knows no job"
    return "Last heard: " + ", ".join(f"{_text(name)} {age(now - at)} ago" for name, at in heard.items())


def _unheard(names: Sequence[str], jobs: Sequence[Job]) -> str:
    """Go on about the sources of which nothing is known: silence of theirs is no good news."""
    heard = {job.ref.source for job in jobs}
    silent = [name for name in names if name not in heard]
    return f"; no job of {_listed(silent)} was ever heard of" if silent else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_text, names)) or "no source"


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


def _control(entry: Document, title: str, now: datetime) -> str:
    reason = f", because “{_text(str(entry['reason']))}”" if entry["reason"] else ""
    detail = f": {_text(str(entry['detail']))}" if entry["detail"] else ""
    seen = ", seen to have happened" if entry["confirmed_at"] else ""
    at = moment_and_zone(datetime.fromisoformat(str(entry["at"])).astimezone(), now)
    who = _text(str(entry["who"]))
    asked = f"{entry['control']} {_code(str(entry['ref']))} {_text(title)}".rstrip()
    sent = ", not sent" if entry["verdict"] == "refused" and not entry["sent"] else ""
    return f"{at} {who}: {asked}{reason} → {entry['verdict']}{sent}{seen}{detail}"


def _job(source: str, job_id: str, title: str) -> str:
    return f"{_code(f'{source}:{job_id}')} {_text(title)}".rstrip()


def _because(reason: str | None) -> str:
    return f" – {_text(reason)}" if reason else ""


def _code(text: str) -> str:
    return f"`{plain(text, limit=_LONGEST).replace('`', 'ˋ')}`"


def _text(text: str) -> str:
    """Say a server's text so that Markdown makes nothing of it."""
    return _MARKUP.sub(r"\\\1", plain(text, limit=_LONGEST))
