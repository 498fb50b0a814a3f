"""Documents → plain lines and columns; the texts of documents are harmless already."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from jobtui.cli.output import Output
from jobtui.cli.table import GAP, Column, table
from jobtui.documents import Document
from jobtui.insight.why import CLOCK_AHEAD, is_ahead, span

NOTHING = "—"
STATE_COLOURS = {
    "failed": "red",
    "partial": "yellow",
    "held": "magenta",
    "stopped": "yellow",
    "waiting": "cyan",
    "running": "blue",
    "succeeded": "green",
    "cancelled": "dim",
    "queued": "dim",
    "skipped": "dim",
}
_VERDICT_COLOURS = {"refused": "red", "unknown": "yellow", "accepted": "green", "confirmed": "green"}
_JOB_COLUMNS = (
    Column("STATE"),
    Column("REF", 20),
    Column("DONE"),
    Column("CHANGED"),
    Column("TITLE", 16),
    Column("WHY", 16),
)
_QUIET_FLAGS = ("brief",)
_MOST_RESULT_LINES = 200


def job_table(jobs: Sequence[Document], now: datetime, out: Output, width: int | None) -> list[str]:
    """Lay out jobs as columns, in the order given; nothing for no jobs."""
    if not jobs:
        return []
    rows = [
        [
            _text(job, "state"),
            _text(job, "ref"),
            done(job),
            _ago(job, now),
            _text(job, "title"),
            _why(job),
        ]
        for job in jobs
    ]
    head, *body = table(_JOB_COLUMNS, rows, width)
    lines = [GAP.join(head).rstrip()]
    for job, (state, *rest) in zip(jobs, body, strict=True):
        painted = out.paint(state, STATE_COLOURS.get(_text(job, "state")))
        lines.append(GAP.join([painted, *rest]).rstrip())
    return lines


def change_line(job: Document, now: datetime, out: Output) -> str:
    """Say in one line how a job is now."""
    state = _text(job, "state")
    parts = [f"{now:%H:%M:%S}", _text(job, "ref"), out.paint(state, STATE_COLOURS.get(state))]
    if done(job) != NOTHING and not job["ended"]:
        parts.append(done(job))
    why = _why(job)
    parts.append(_text(job, "title"))
    return GAP.join(parts) + (f" — {why}" if why else "")


def show_lines(job: Document, now: datetime, out: Output) -> list[str]:
    """Lay out one job whole: facts, steps with their holds, result, what can be done."""
    state, raw = _text(job, "state"), _text(job, "raw_state")
    facts = {
        "state": out.paint(state, STATE_COLOURS.get(state)) + (f" ({raw})" if raw not in ("", state) else ""),
        "why": _why(job),
        "done": done(job),
        "owner": _text(job, "owner"),
        "app": _text(job, "application"),
        "runs in": _text(job, "dispatch"),
        "created": _past(job, "created", now),
        "started": _past(job, "started", now),
        "updated": _past(job, "updated", now),
        "ended": _past(job, "ended_at", now),
        "as of": _clock(job, "as_of"),
        "url": _text(job, "url"),
    }
    lines = [f"{_text(job, 'ref')}{GAP}{_text(job, 'title')}"]
    lines += [f"  {name:<8} {value}" for name, value in facts.items() if value not in ("", NOTHING)]
    lines += [f"  {'warning':<8} {warning}" for warning in _list(job, "warnings")]
    lines += _section("properties", _property_lines(job.get("properties")))
    lines += _section("steps", _step_lines(_documents(job, "steps"), out, "  "))
    lines += _section("result", _result_lines(job["result"]))
    return lines + _section("controls", _control_lines(cast("Document", job["controls"]), "  "))


def _property_lines(properties: object) -> list[str]:
    return (
        [f"  {name}: {value}" for name, value in properties.items()] if isinstance(properties, dict) else []
    )


def message_line(message: Document, out: Output) -> str:
    """Say one message in one line."""
    level = _text(message, "level")
    colour = {"error": "red", "warning": "yellow", "debug": "dim"}.get(level)
    step = f" [{_text(message, 'step')}]" if message["step"] else ""
    sender = f" ({_text(message, 'from')})" if message["from"] else ""
    shown = out.paint(f"{level:<7}", colour)
    return f"{_clock(message, 'at')}{GAP}{shown}{GAP}{_text(message, 'text')}{step}{sender}"


def outcome_lines(outcome: Document, out: Output) -> list[str]:
    """Say how a control ended, then what was said of each step."""
    verdict = _text(outcome, "verdict")
    sent = "" if outcome["sent"] else ", not sent"
    reason = f": {outcome['reason']}" if outcome["reason"] else ""
    painted = out.paint(verdict, _VERDICT_COLOURS.get(verdict))
    lines = [f"{_text(outcome, 'control')} {_text(outcome, 'ref')} {painted}{sent}{reason}"]
    for step in _documents(outcome, "steps"):
        said = f"  step {_text(step, 'id')}: {_text(step, 'verdict')}, {_text(step, 'status')}"
        lines.append(f"{said} — {step['description']}" if step["description"] else said)
    return lines


def dry_run_lines(outcome: Document) -> list[str]:
    """Say what would be sent, or why it would not be."""
    what = f"{_text(outcome, 'control')} {_text(outcome, 'ref')}"
    if outcome["verdict"] is not None:
        return [f"{what} would be refused: {outcome['reason']}"]
    lines = [f"{what} would be sent: {outcome['consequence']}"]
    parameters = cast("Mapping[str, object]", outcome["parameters"])
    lines += [f"  {name}: {_given(value)}" for name, value in parameters.items()]
    return lines + [f"  note: {doubt}" for doubt in _list(outcome, "doubts")]


def audit_line(entry: Document, out: Output) -> str:
    """Say one control of the past in one line."""
    verdict = _text(entry, "verdict")
    parameters = cast("Mapping[str, object]", entry["parameters"])
    given = " ".join(f"{name}={_given(value)}" for name, value in parameters.items())
    shown = out.paint(verdict, _VERDICT_COLOURS.get(verdict))
    if verdict == "refused":
        shown += " by the server" if entry["sent"] else " here, not sent"
    words = [
        _clock(entry, "at"),
        _text(entry, "who"),
        _text(entry, "control"),
        _text(entry, "ref"),
        shown,
        given,
        f"“{entry['reason']}”" if entry["reason"] else "",
        f"— {entry['detail']}" if entry["detail"] else "",
    ]
    return GAP.join(word for word in words if word)


def done(job: Document) -> str:
    """Say how far a job has come: a share, a count, or nothing known."""
    progress = cast("Mapping[str, float | int | None] | None", job["progress"])
    if progress is None:
        return NOTHING
    if progress["fraction"] is not None:
        return f"{progress['fraction']:.0%}"
    if progress["done"] is None:
        return NOTHING
    return f"{progress['done']}" + (f"/{progress['total']}" if progress["total"] is not None else "")


def _step_lines(steps: Sequence[Document], out: Output, indent: str) -> list[str]:
    lines: list[str] = []
    for step in steps:
        state = _text(step, "state")
        mark = ">" if step["current"] else " "
        words = [_text(step, "title"), out.paint(state, STATE_COLOURS.get(state)), f"#{_text(step, 'id')}"]
        words += [f"assigned to {step['assigned_to']}"] if step["assigned_to"] else []
        words += [f"— {step['message']}"] if step["message"] else []
        lines.append(f"{indent}{mark} {GAP.join(words)}")
        lines += [f"{indent}    {_hold(hold)}" for hold in _documents(step, "holds") if hold["active"]]
        if step["current"]:
            lines += _control_lines(cast("Document", step["controls"]), f"{indent}    ")
        lines += _step_lines(_documents(step, "children"), out, indent + "    ")
    return lines


def _hold(hold: Document) -> str:
    words = [f"held by {hold['by'] or 'somebody'}"]
    words += [f"since {_clock(hold, 'since')}"] if hold["since"] else []
    words += [f"until {_clock(hold, 'until')}"] if hold["until"] else []
    words += [f"after {hold['after']}"] if hold["after"] else []
    return ", ".join(words)


def _control_lines(controls: Mapping[str, object], indent: str) -> list[str]:
    possible = [name for name, reason in controls.items() if reason is None]
    lines = [f"{indent}can: {', '.join(possible)}"] if possible else []
    return lines + [
        f"{indent}{name}: no, {reason}" for name, reason in controls.items() if reason is not None
    ]


def _result_lines(result: object) -> list[str]:
    if result is None:
        return []
    if isinstance(result, str):
        return [f"  {result}"]
    lines = json.dumps(result, ensure_ascii=False, indent=2).split("\n")
    shown = [f"  {line}" for line in lines[:_MOST_RESULT_LINES]]
    left = len(lines) - len(shown)
    return [*shown, f"  … {left} lines more; --json gives all"] if left else shown


def _section(title: str, lines: list[str]) -> list[str]:
    return [title, *lines] if lines else []


def _why(job: Document) -> str:
    flags = [flag for flag in _list(job, "flags") if flag not in _QUIET_FLAGS]
    said = [f"[{', '.join(flags)}]"] if flags else []
    return " ".join([*said, *([str(job["why"])] if job["why"] else [])])


def _ago(job: Document, now: datetime) -> str:
    for key in ("ended_at", "updated", "started", "created"):
        if job[key] is not None:
            past = now - datetime.fromisoformat(str(job[key]))
            return f"0s ago ({CLOCK_AHEAD})" if is_ahead(past) else f"{span(past)} ago"
    return NOTHING


def _clock(document: Document, key: str) -> str:
    value = document[key]
    if value is None:
        return NOTHING
    return f"{datetime.fromisoformat(str(value)).astimezone():%Y-%m-%d %H:%M:%S}"


def _past(document: Document, key: str, now: datetime) -> str:
    """Say when something was, marked where our clock says that it is yet to come."""
    value = document[key]
    ahead = value is not None and is_ahead(now - datetime.fromisoformat(str(value)))
    return f"{_clock(document, key)} ({CLOCK_AHEAD})" if ahead else _clock(document, key)


def _text(document: Document, key: str) -> str:
    value = document[key]
    return NOTHING if value is None else str(value)


def _list(document: Document, key: str) -> list[str]:
    return cast("list[str]", document[key])


def _documents(document: Document, key: str) -> list[Document]:
    return cast("list[Document]", document[key])


def _given(value: object) -> str:
    return ",".join(str(item) for item in value) if isinstance(value, list) else str(value)
