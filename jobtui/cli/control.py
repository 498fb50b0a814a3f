"""The controls: one request from the command line to its outcome, refused in the documented order."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from datetime import datetime

from msgspec import Struct

from jobtui import documents
from jobtui.cli import exits, plain, session
from jobtui.cli.confirm import confirmed
from jobtui.cli.exits import Exit
from jobtui.cli.output import CannotWrite, Output
from jobtui.cli.parse import Command
from jobtui.errors import JobtuiError, UsageError
from jobtui.insight.when import parse_when
from jobtui.model import Cause, Control, ControlRequest, JobRef, Outcome, Parameters, StepRef, Target, Verdict
from jobtui.monitor.monitor import Monitor, Proposal

_UNCONFIRMED = "without a terminal a control needs --yes"
_DECLINED = "not confirmed"


class _Asked(Struct, frozen=True):
    """What the command line asks for, placed and checked."""

    control: Control
    target: Target
    step_ids: tuple[str, ...]
    until: datetime | None
    after: Target | None
    reason: str | None

    @property
    def ref(self) -> JobRef:
        return self.target.job

    def proposed_by(self, monitor: Monitor) -> Proposal:
        return monitor.propose(
            self.control,
            self.target,
            until=self.until,
            after=self.after,
            step_ids=self.step_ids,
            reason=self.reason,
        )


def control(command: Command, out: Output) -> int:
    """Carry out one control and print its outcome."""
    return asyncio.run(_control(Control(command.name), command.options, out))


async def _control(name: Control, options: Namespace, out: Output) -> Exit:
    async with session.monitor_of(options, out) as monitor:
        asked = await _asked(monitor, name, options)
        if options.dry_run:
            return await _dry_run(monitor, asked, out)
        outcome = await _outcome(monitor, asked, options, out)
        _print_outcome(outcome, out)
        return exits.of_outcome(outcome)


async def _asked(monitor: Monitor, name: Control, options: Namespace) -> _Asked:
    target = await session.target(monitor, options.ref)
    steps = [target.step_id] if isinstance(target, StepRef) else []
    step_ids = tuple(dict.fromkeys([*steps, *options.step]))
    if name is Control.SET_CURRENT and len(step_ids) != 1:
        raise UsageError(
            f"jobtui set-current takes exactly one step, not {len(step_ids)}; name it with --step"
        )
    return _Asked(name, target, step_ids, _until(options), await _after(monitor, options), options.reason)


def _until(options: Namespace) -> datetime | None:
    text = getattr(options, "until", None)
    if text is None:
        return None
    try:
        return parse_when(text, session.now())
    except ValueError as error:
        raise UsageError(f"--until: {error}") from error


async def _after(monitor: Monitor, options: Namespace) -> Target | None:
    text = getattr(options, "after", None)
    if text is None:
        return None
    after = await session.target(monitor, text)
    source = (await session.target(monitor, options.ref)).job.source
    if after.job.source != source:
        raise UsageError(f"--after: {after} is of another source; a hold waits for a job of {source}")
    return after


async def _outcome(monitor: Monitor, asked: _Asked, options: Namespace, out: Output) -> Outcome:
    """Go through the reasons in their order: read-only, kind, ``--yes``, unreadable job, state."""
    parameters = Parameters(asked.step_ids, asked.until, asked.after)
    bare = ControlRequest(
        asked.control, asked.ref, session.now(), parameters, reason=asked.reason, named=asked.target
    )
    never = monitor.why_never(asked.control, asked.ref)
    if never is not None:
        return await monitor.refuse(bare, never.text)
    if options.yes:
        request = asked.proposed_by(monitor).request
    elif not (sys.stdin.isatty() and sys.stderr.isatty()):
        return await monitor.refuse(bare, _UNCONFIRMED)
    else:
        fault = await _fault_of_reading(monitor, asked)
        if fault is not None and not asked.step_ids:
            return await monitor.refuse(bare, str(fault), exits.cause_of(fault))
        proposal = asked.proposed_by(monitor)
        request = proposal.request
        if proposal.refusal is not None:
            return await monitor.refuse(request, proposal.refusal.text)
        if not await confirmed(proposal, monitor.source(asked.ref.source), fault, out):
            return await monitor.refuse(request, _DECLINED)
    return await _sent(monitor, request, options, out)


async def _sent(monitor: Monitor, request: ControlRequest, options: Namespace, out: Output) -> Outcome:
    try:
        try:
            outcome = await monitor.carry_out(request)
        except JobtuiError as error:
            # Only what happens before sending is raised: no credential, or no journal for the intent.
            return await monitor.refuse(request, str(error), exits.cause_of(error))
        if options.wait is None or outcome.verdict not in (Verdict.ACCEPTED, Verdict.UNKNOWN):
            return outcome
        return await monitor.wait_for_effect(outcome, options.wait.total_seconds())
    except asyncio.CancelledError:
        _print_outcome(monitor.standing(request), out)
        raise


async def _fault_of_reading(monitor: Monitor, asked: _Asked) -> JobtuiError | None:
    try:
        await monitor.read(asked.ref)
    except JobtuiError as error:
        return error
    return None


async def _dry_run(monitor: Monitor, asked: _Asked, out: Output) -> Exit:
    """Say what would be sent, or why it would not be; nothing is sent or written."""
    never = monitor.why_never(asked.control, asked.ref)
    fault = None if never else await _fault_of_reading(monitor, asked)
    proposal = asked.proposed_by(monitor)
    reason: str | None = None
    cause = Cause.RULE
    if never is not None:
        reason = never.text
    elif fault is not None and not asked.step_ids:
        reason, cause = str(fault), exits.cause_of(fault)
    elif proposal.refusal is not None:
        reason = proposal.refusal.text
    doubts = [doubt.text for doubt in proposal.doubts]
    doubts += [f"could not be checked first ({fault})"] if fault is not None and reason is None else []
    outcome = Outcome(proposal.request, Verdict.REFUSED, False, session.now(), reason=reason, cause=cause)
    document = {
        **documents.outcome_document(outcome),
        "verdict": None if reason is None else Verdict.REFUSED.value,
        "dry_run": True,
        "parameters": documents.parameters_document(proposal.request.parameters),
        "consequence": documents.json_value(proposal.consequence),
        "doubts": documents.json_value(doubts),
    }
    if out.as_json:
        out.document(document)
    else:
        out.lines(plain.dry_run_lines(document))
    return Exit.GOOD if reason is None else exits.of_outcome(outcome)


def _print_outcome(outcome: Outcome, out: Output) -> None:
    document = documents.outcome_document(outcome)
    try:
        if out.as_json:
            out.document(document)
        else:
            out.lines(plain.outcome_lines(document, out))
    except CannotWrite as error:
        # Whoever asked must not ask again for want of an answer.
        said = f"{document['control']} {document['ref']} {document['verdict']}"
        raise CannotWrite(f"{error}; {said}, as jobtui audit has it") from error
