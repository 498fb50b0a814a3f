"""One control from intent to outcome: in the journal first, sent once, never in doubt about what was sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from jobtui.backends.base import Backend
from jobtui.errors import BackendError, Forbidden, JournalError, NoSuchJob, SignInRefused
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    JobDetail,
    JobRef,
    Outcome,
    Reason,
    Verdict,
)
from jobtui.monitor.effects import Effects
from jobtui.monitor.events import Stage
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader

log = logging.getLogger(__name__)

_LAST_WORDS_S = 1.0
"""How long somebody who stops waiting, or quits, waits for a control that is on its way."""
_INTERRUPTED = "interrupted before sending"
_Same = tuple[JobRef, Control, tuple[str, ...]]
Still = Callable[[JobDetail], str | None]
"""Says what of a job is no longer as the person was told; None when all of it is."""


class _Flight(Struct):
    """A control between being asked for and its outcome."""

    request: ControlRequest
    still: Still
    is_sent: bool = False
    is_given_up: bool = False
    """Whether the person has gone: what has not been sent yet will not be."""
    task: asyncio.Task[Outcome] | None = None


class Controls:
    """Carries out controls of every source."""

    def __init__(
        self, reader_of: Callable[[str], Reader | None], known: Known, effects: Effects, who: str
    ) -> None:
        self._reader_of = reader_of
        self._known = known
        self._effects = effects
        self._who = who
        self._flights: dict[_Same, _Flight] = {}
        self._is_closing = False

    # --- before sending -------------------------------------------------------------------------------
    def reasons(self, request: ControlRequest, detail: JobDetail, backend: Backend) -> tuple[Reason, ...]:
        """Say why a request cannot or should perhaps not be sent: hard reasons first."""
        if not detail.job.ended and self._effects.is_cancelling(request):
            return (Reason("a cancel was already accepted; waiting for the server to show the end"),)
        return backend.reasons(request, detail, self._known.clock())

    # --- sending --------------------------------------------------------------------------------------
    async def carry_out(self, request: ControlRequest, still: Still = lambda _: None) -> Outcome:
        """Carry one control to its outcome; not sent when the job is not ``still`` as it was.

        A caller that stops waiting stops what has not been sent; what has been is followed to its end.
        """
        same = (request.ref, request.control, request.parameters.step_ids)
        if same in self._flights:
            return await self.refuse(request, "the same control is on its way")
        flight = self._flights[same] = _Flight(request, still)
        flight.task = asyncio.create_task(self._fly(flight))
        flight.task.add_done_callback(lambda _: self._flights.pop(same, None))
        try:
            return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            flight.is_given_up = True
            await asyncio.wait({flight.task}, timeout=_LAST_WORDS_S)
            raise

    def standing(self, request: ControlRequest) -> Outcome:
        """Say how a control stands that its caller stopped waiting for."""
        asked = (request.ref, request.control, request.asked_at)
        for outcome in self._effects.receipts():
            other = outcome.request
            if (other.ref, other.control, other.asked_at) == asked:
                return outcome
        flights = (flight for flight in self._flights.values() if flight.request == request)
        is_sent = any(flight.is_sent for flight in flights)
        now = self._known.clock()
        if is_sent:
            return Outcome(request, Verdict.UNKNOWN, True, now, "interrupted before the server answered")
        return Outcome(request, Verdict.REFUSED, False, now, _INTERRUPTED, Cause.RULE)

    async def refuse(self, request: ControlRequest, reason: str, cause: Cause = Cause.RULE) -> Outcome:
        """End a control that is not sent; it goes into the journal all the same."""
        outcome = Outcome(request, Verdict.REFUSED, False, self._known.clock(), reason=reason, cause=cause)
        journal = self._known.recorder.journal
        try:
            await self._known.recorder.run(lambda: journal.refused(outcome, self._who))
        except JournalError as error:
            log.error("a refusal was not written: %s", error)
        self._effects.announce(Stage.ANSWERED, outcome)
        return outcome

    async def stop(self) -> None:
        """Send nothing more; give what is on its way a moment to be answered."""
        self._is_closing = True
        tasks = {flight.task for flight in self._flights.values() if flight.task is not None}
        if tasks:
            await asyncio.wait(tasks, timeout=_LAST_WORDS_S)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _fly(self, flight: _Flight) -> Outcome:
        request = flight.request
        reader = self._reader_of(request.ref.source)
        if reader is None:
            return await self.refuse(request, "this source cannot be asked", Cause.UNREACHABLE)
        unchecked = ""
        try:
            detail = await reader.read(request.ref)
        except BackendError as error:
            if not request.parameters.step_ids:
                return await self.refuse(request, str(error), _cause_of(error))
            unchecked = f"could not be checked first ({error})"
        else:
            request = flight.request = self._refreeze(request, detail, reader.backend)
            hard = next((r for r in self.reasons(request, detail, reader.backend) if r.hard), None)
            if hard is not None:
                return await self.refuse(request, hard.text)
            if (changed := flight.still(detail)) is not None:
                return await self.refuse(request, f"since it was asked {changed}; look, then ask again")
        return await self._send(flight, reader, unchecked)

    def _refreeze(self, request: ControlRequest, detail: JobDetail, backend: Backend) -> ControlRequest:
        """Renew the marks; name the steps where the request was made before the job had been read.

        What was frozen from a read stays: filling it in again could turn “release the manual hold” into the
        release of another hold, once somebody else has released the first.
        """
        now = self._known.clock()
        again = backend.freeze(request.control, detail, request.ref, request.parameters, now)
        parameters = request.parameters if request.marks else again.parameters
        return replace(request, parameters=parameters, marks=again.marks)

    async def _send(self, flight: _Flight, reader: Reader, unchecked: str) -> Outcome:
        request, recorder = flight.request, self._known.recorder
        if flight.is_given_up or self._is_closing:
            return await self.refuse(request, _INTERRUPTED)
        try:
            entry_id = await recorder.run(lambda: recorder.journal.asked(request, self._who))
        except JournalError as error:
            return await self.refuse(request, f"it could not be written down first: {error}")
        flight.is_sent = True
        self._effects.announce(Stage.SENDING, Outcome(request, Verdict.UNKNOWN, True, self._known.clock()))
        outcome = await self._asked_of(reader.backend, request)
        if unchecked:
            outcome = replace(outcome, reason="; ".join(filter(None, [outcome.reason, unchecked])))
        self._known.store.distrust(request.ref, self._known.clock())
        await self._record(entry_id, outcome)
        self._effects.announce(Stage.ANSWERED, outcome)
        if outcome.verdict is Verdict.ACCEPTED and request.control is Control.CANCEL:
            self._known.cancelled_by[request.ref] = self._who
        self._effects.await_effect(entry_id, outcome)
        return outcome

    async def _asked_of(self, backend: Backend, request: ControlRequest) -> Outcome:
        try:
            return await backend.control(request)
        except Exception as error:
            # Whatever broke, the request may have left: a person must know, and be told what became of it.
            log.exception("sending %s to %s", request.control, request.ref)
            reason = f"internal error while sending ({type(error).__name__}); it may or may not have happened"
            return Outcome(request, Verdict.UNKNOWN, True, self._known.clock(), reason)

    async def _record(self, entry_id: int, outcome: Outcome) -> None:
        recorder = self._known.recorder
        try:
            await recorder.run(lambda: recorder.journal.answered(entry_id, outcome))
        except JournalError as error:
            # The server has answered; a full disk must not turn that into a lost answer.
            recorder.fault = str(error)
            log.error("outcome not written yet: %s", error)
            recorder.soon(lambda: recorder.journal.answered(entry_id, outcome))


def _cause_of(error: BackendError) -> Cause:
    if isinstance(error, SignInRefused | Forbidden):
        return Cause.SIGN_IN
    return Cause.NO_SUCH_JOB if isinstance(error, NoSuchJob) else Cause.UNREACHABLE
