"""One control from intent to confirmation: in the journal first, sent once, followed until seen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobtui.backends.base import Backend
from jobtui.errors import BackendError, Forbidden, JobtuiError, JournalError, NoSuchJob, SignInRefused
from jobtui.journal.journal import Entry
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Effect,
    Flag,
    JobDetail,
    JobRef,
    Outcome,
    Reason,
    Verdict,
)
from jobtui.monitor.events import Controlled, Stage
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader

log = logging.getLogger(__name__)

NOT_VISIBLE_AFTER = timedelta(seconds=40)
_LOOKS_S = (0.3, 0.7, 1.0, 2.0, 3.0, 5.0)
"""Seconds between looks for the effect of a control; the last goes on."""
_LATER_S = 15.0
_RECEIPTS = 200


@dataclass(slots=True)
class Pending:
    """A control whose effect nobody has seen yet."""

    entry_id: int
    outcome: Outcome
    seen: asyncio.Event
    since: datetime
    effect: Effect | None = None


class Controls:
    """Carries out controls of every source."""

    def __init__(self, reader_of: Callable[[str], Reader | None], known: Known, who: str) -> None:
        self._reader_of = reader_of
        self._known = known
        self._who = who
        self._pending: dict[int, Pending] = {}
        self._sending: set[asyncio.Task[Outcome]] = set()
        self._looking: set[asyncio.Task[None]] = set()
        self._receipts: list[Outcome] = []
        known.on_detail(self._settle)

    # --- before sending -------------------------------------------------------------------------------
    def is_cancelling(self, ref: JobRef) -> bool:
        """Whether a cancel of this job was accepted and its end is still to be seen."""
        return any(
            pending.outcome.request.ref == ref
            and pending.outcome.request.control is Control.CANCEL
            and pending.outcome.verdict is Verdict.ACCEPTED
            for pending in self._pending.values()
        )

    def reasons(self, request: ControlRequest, detail: JobDetail, backend: Backend) -> tuple[Reason, ...]:
        """Say why a request cannot or should perhaps not be sent: hard reasons first."""
        now = self._known.clock()
        if request.control is Control.CANCEL and self.is_cancelling(request.ref) and not detail.job.ended:
            return (Reason("a cancel was already accepted; waiting for the server to show the end"),)
        return backend.reasons(request, detail, now)

    # --- sending --------------------------------------------------------------------------------------
    async def carry_out(self, request: ControlRequest) -> Outcome:
        """Carry one control to its outcome; a caller that stops waiting does not stop the sending."""
        task = asyncio.create_task(self._carry_out(request))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return await asyncio.shield(task)

    async def refuse(self, request: ControlRequest, reason: str, cause: Cause = Cause.RULE) -> Outcome:
        """End a control that is not sent; it goes into the journal all the same."""
        outcome = Outcome(request, Verdict.REFUSED, False, self._known.clock(), reason=reason, cause=cause)
        journal = self._known.recorder.journal
        try:
            await self._known.recorder.run(lambda: journal.refused(outcome, self._who))
        except JournalError as error:
            log.error("a refusal was not written: %s", error)
        self._announce(Stage.ANSWERED, outcome)
        return outcome

    async def _carry_out(self, request: ControlRequest) -> Outcome:
        reader = self._reader_of(request.ref.source)
        if reader is None:
            return await self.refuse(request, "this source cannot be asked", Cause.UNREACHABLE)
        unchecked = ""
        try:
            detail = await reader.read(request.ref)
        except BackendError as error:
            if not request.parameters.step_ids:
                return await self.refuse(request, f"not sent: {error}", _cause_of(error))
            unchecked = f"could not be checked first ({error})"
        else:
            request = self._refreeze(request, detail, reader.backend)
            hard = next((r for r in self.reasons(request, detail, reader.backend) if r.hard), None)
            if hard is not None:
                return await self.refuse(request, hard.text)
        return await self._send(request, reader, unchecked)

    def _refreeze(self, request: ControlRequest, detail: JobDetail, backend: Backend) -> ControlRequest:
        """Renew the marks; name the steps where the request was made before the job had been read.

        What was frozen from a read stays: filling it in again could turn “release the manual hold” into the
        release of another hold, once somebody else has released the first.
        """
        now = self._known.clock()
        again = backend.freeze(request.control, detail, request.ref, request.parameters, now)
        parameters = request.parameters if request.marks else again.parameters
        return replace(request, parameters=parameters, marks=again.marks)

    async def _send(self, request: ControlRequest, reader: Reader, unchecked: str) -> Outcome:
        recorder = self._known.recorder
        try:
            entry_id = await recorder.run(lambda: recorder.journal.asked(request, self._who))
        except JournalError as error:
            return await self.refuse(
                request, f"not sent, because it could not be written down first: {error}"
            )
        self._announce(Stage.SENDING, Outcome(request, Verdict.UNKNOWN, True, self._known.clock()))
        reader.spend(1)
        outcome = await reader.backend.control(request)
        if unchecked:
            outcome = replace(outcome, reason="; ".join(filter(None, [outcome.reason, unchecked])))
        self._known.store.distrust(request.ref, self._known.clock())
        await self._record(entry_id, outcome)
        self._announce(Stage.ANSWERED, outcome)
        self._look_for_effect(entry_id, outcome)
        return outcome

    async def _record(self, entry_id: int, outcome: Outcome) -> None:
        recorder = self._known.recorder
        try:
            await recorder.run(lambda: recorder.journal.answered(entry_id, outcome))
        except JournalError as error:
            # The server has answered; a full disk must not turn that into a lost answer.
            recorder.fault = str(error)
            log.error("outcome not written: %s", error)

    # --- after sending --------------------------------------------------------------------------------
    def adopt(self, entries: list[Entry]) -> None:
        """Take over controls of earlier or other processes whose effect nobody has seen."""
        for entry in entries:
            if entry.id in self._pending:
                continue
            outcome = entry.outcome or Outcome(
                entry.request, Verdict.UNKNOWN, True, entry.asked_at, reason="no answer was ever written"
            )
            self._pend(entry.id, outcome)

    async def look_for_adopted(self) -> None:
        """Read the jobs of adopted controls until their effects are seen."""
        for pending in list(self._pending.values()):
            self._start_looking(pending)

    async def wait_for_effect(self, outcome: Outcome, timeout_s: float) -> Outcome:
        """Wait until a control's effect is seen; gives it confirmed, or as it was when time is up."""
        pending = next((p for p in self._pending.values() if p.outcome.request == outcome.request), None)
        if pending is None:
            return next((r for r in self._receipts if r.request == outcome.request), outcome)
        try:
            await asyncio.wait_for(pending.seen.wait(), timeout_s)
        except TimeoutError:
            return outcome
        return pending.outcome

    def awaited(self) -> list[JobRef]:
        """The jobs with a control whose effect nobody has seen yet."""
        return [pending.outcome.request.ref for pending in self._pending.values()]

    def receipts(self) -> list[Outcome]:
        return list(reversed(self._receipts))

    async def stop(self) -> None:
        """Give controls on their way a moment to be answered, then stop looking."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=1.0)
        for task in (*self._looking, *self._sending):
            task.cancel()

    def _pend(self, entry_id: int, outcome: Outcome) -> Pending:
        pending = Pending(entry_id, outcome, asyncio.Event(), self._known.clock())
        self._pending[entry_id] = pending
        request = outcome.request
        if request.control is Control.CANCEL and outcome.verdict is Verdict.ACCEPTED:
            self._known.mark(request.ref, Flag.CANCELLING, on=True)
        return pending

    def _look_for_effect(self, entry_id: int, outcome: Outcome) -> None:
        if outcome.verdict is Verdict.REFUSED:
            return
        pending = self._pend(entry_id, outcome)
        if outcome.request.control is Control.REFRESH and outcome.verdict is Verdict.ACCEPTED:
            self._saw(pending, Effect("refreshed"))
        else:
            self._start_looking(pending)

    def _start_looking(self, pending: Pending) -> None:
        task = asyncio.create_task(self._look(pending))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self, pending: Pending) -> None:
        """Read the job until the effect is seen; every read settles what it can (see _settle)."""
        ref = pending.outcome.request.ref
        reader = self._reader_of(ref.source)
        looks, told = iter(_LOOKS_S), False
        while reader is not None and not pending.seen.is_set():
            await asyncio.sleep(_LATER_S if told else next(looks, _LOOKS_S[-1]))
            asked_at = self._known.clock()
            try:
                await reader.read(ref)
            except NoSuchJob:
                reader.take_missing(ref, asked_at)
            except JobtuiError as error:
                log.info("looking for the effect on %s: %s", ref, error)
            if not told and not pending.seen.is_set() and asked_at - pending.since > NOT_VISIBLE_AFTER:
                told = True
                self._announce(Stage.NOT_VISIBLE, pending.outcome)

    def _settle(self, detail: JobDetail, asked_at: datetime) -> None:
        """See what a read shows of the controls sent before it was asked."""
        for pending in list(self._pending.values()):
            request = pending.outcome.request
            reader = self._reader_of(request.ref.source)
            if request.ref != detail.job.ref or reader is None or asked_at < pending.since:
                continue
            effect = reader.backend.effect(request, detail, self._known.clock())
            if effect is not None:
                self._saw(pending, effect)

    def _saw(self, pending: Pending, effect: Effect) -> None:
        now = self._known.clock()
        del self._pending[pending.entry_id]
        pending.effect = effect
        if effect.as_asked:
            pending.outcome = replace(pending.outcome, verdict=Verdict.CONFIRMED, reason=effect.text)
        else:
            pending.outcome = replace(pending.outcome, reason=effect.text)
        pending.seen.set()
        ref = pending.outcome.request.ref
        if pending.outcome.request.control is Control.CANCEL and not self.is_cancelling(ref):
            self._known.mark(ref, Flag.CANCELLING, on=False)
        journal = self._known.recorder.journal
        self._known.recorder.soon(lambda: journal.settled(pending.entry_id, effect, now))
        self._announce(Stage.CONFIRMED if effect.as_asked else Stage.OTHERWISE, pending.outcome, effect)

    def _announce(self, stage: Stage, outcome: Outcome, effect: Effect | None = None) -> None:
        if stage is not Stage.SENDING:
            self._receipts = [r for r in self._receipts if r.request != outcome.request][-_RECEIPTS:]
            self._receipts.append(outcome)
        self._known.publish(Controlled(stage, outcome, self._known.clock(), effect))


def _cause_of(error: BackendError) -> Cause:
    if isinstance(error, SignInRefused | Forbidden):
        return Cause.SIGN_IN
    return Cause.NO_SUCH_JOB if isinstance(error, NoSuchJob) else Cause.UNREACHABLE
