"""After a control was sent: what later reads show of it, and the receipts that say so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from jobtui.errors import JobtuiError, NoSuchJob, RateLimited
from jobtui.journal.journal import Entry
from jobtui.model import (
    Control,
    ControlRequest,
    Effect,
    Flag,
    JobDetail,
    JobRef,
    Outcome,
    Parameters,
    Verdict,
)
from jobtui.monitor.events import Controlled, Stage
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader

log = logging.getLogger(__name__)

NOT_VISIBLE_AFTER = timedelta(seconds=40)
_LOOKS_S = (0.3, 0.7, 1.0, 2.0, 3.0, 5.0)
"""Seconds between looks for the effect of a control; the last goes on until it is called not visible."""
_LATER_S = 60.0
_FEW = 3
"""So many awaited controls of one source are looked for at once, whatever its budget; more wait for room."""
_MOMENTS_APART = timedelta(seconds=2)
"""What is closer a server that keeps whole seconds may take for the same moment."""
_RECEIPTS = 200
_NOT_TOLD_APART = Effect(
    "may or may not have happened: the same was asked again and accepted, and nothing tells the two apart",
    as_asked=False,
)


class Pending(Struct):
    """A control whose effect nobody has seen yet."""

    entry_id: int
    outcome: Outcome
    seen: asyncio.Event
    since: datetime
    """Only what is asked after this moment can show the effect."""
    is_late: bool = False
    """Whether it has been called not visible."""
    is_unanswered: bool = False
    """Whether the process that sent it died before it could write an answer down."""


class Effects:
    """Follows controls of every source until the server shows what became of them."""

    def __init__(self, reader_of: Callable[[str], Reader | None], known: Known) -> None:
        self._reader_of = reader_of
        self._known = known
        self._pending: dict[int, Pending] = {}
        self._looking: dict[JobRef, asyncio.Task[None]] = {}
        self._receipts: list[Outcome] = []
        known.on_detail(self._settle)

    # --- what is under way ----------------------------------------------------------------------------
    def is_cancelling(self, request: ControlRequest) -> bool:
        """Whether a cancel of the same job, or of a step that this one means too, was accepted already."""
        return request.control is Control.CANCEL and any(
            self._is_accepted_cancel(pending, request.ref)
            and _overlap(pending.outcome.request.parameters.step_ids, request.parameters.step_ids)
            for pending in self._pending.values()
        )

    def awaited(self) -> list[JobRef]:
        """The jobs with a control whose effect nobody has seen yet."""
        return [pending.outcome.request.ref for pending in self._pending.values()]

    def receipts(self) -> list[Outcome]:
        """The outcomes of this session, newest first."""
        return list(reversed(self._receipts))

    def announce(self, stage: Stage, outcome: Outcome, effect: Effect | None = None) -> None:
        """Tell whoever listens how far a control has come, and keep its receipt."""
        if stage is not Stage.SENDING:
            self._receipts = [each for each in self._receipts if each.request != outcome.request]
            self._receipts = [*self._receipts[-_RECEIPTS:], outcome]
        self._known.publish(Controlled(stage, outcome, self._known.clock(), effect))

    # --- following ------------------------------------------------------------------------------------
    def adopt(self, entries: list[Entry]) -> None:
        """Take over controls of earlier or other processes whose effect nobody has seen."""
        for entry in entries:
            if entry.id in self._pending:
                continue
            outcome = entry.outcome or Outcome(
                entry.request, Verdict.UNKNOWN, True, entry.asked_at, reason="no answer was ever written"
            )
            pending = self._pend(entry.id, outcome)
            pending.is_late = self._known.clock() - outcome.at > NOT_VISIBLE_AFTER
            pending.is_unanswered = entry.outcome is None

    def look_for_adopted(self) -> None:
        """Say of which adopted controls nobody knows the outcome; read their jobs until effects are seen."""
        for pending in list(self._pending.values()):
            if pending.is_unanswered:
                self.announce(Stage.ANSWERED, pending.outcome)
        for ref in self.awaited():
            self._look_at(ref)

    def await_effect(self, entry_id: int, outcome: Outcome) -> None:
        """Follow a control that was sent; a refused one has no effect to wait for."""
        if outcome.verdict is Verdict.REFUSED:
            return
        pending = self._pend(entry_id, outcome)
        if outcome.request.control is Control.REFRESH and outcome.verdict is Verdict.ACCEPTED:
            self._saw(pending, Effect("refreshed"))
        else:
            self._look_at(outcome.request.ref, afresh=True)

    async def wait_for_effect(self, outcome: Outcome, timeout_s: float) -> Outcome:
        """Wait until a control's effect is seen; gives it confirmed, or as it was when time is up."""
        pending = next((p for p in self._pending.values() if p.outcome.request == outcome.request), None)
        if pending is None:
            return next((r for r in self._receipts if r.request == outcome.request), outcome)
        try:
            async with asyncio.timeout(timeout_s):
                await pending.seen.wait()
        except TimeoutError:
            return outcome
        return pending.outcome

    async def stop(self) -> None:
        """Stop looking; any later process goes on."""
        tasks = list(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _pend(self, entry_id: int, outcome: Outcome) -> Pending:
        pending = Pending(entry_id, outcome, asyncio.Event(), self._known.clock())
        self._pending[entry_id] = pending
        if self._is_accepted_cancel(pending, outcome.request.ref):
            self._known.mark(outcome.request.ref, Flag.CANCELLING, on=True)
        return pending

    def _is_accepted_cancel(self, pending: Pending, ref: JobRef) -> bool:
        outcome = pending.outcome
        is_cancel = outcome.request.control is Control.CANCEL and outcome.request.ref == ref
        return is_cancel and outcome.verdict is Verdict.ACCEPTED

    def _of(self, ref: JobRef) -> list[Pending]:
        return [pending for pending in self._pending.values() if pending.outcome.request.ref == ref]

    # --- looking --------------------------------------------------------------------------------------
    def _look_at(self, ref: JobRef, *, afresh: bool = False) -> None:
        """Have one task look at a job, however many of its controls are awaited."""
        task = self._looking.get(ref)
        if task is not None and not task.done():
            if not afresh:
                return
            task.cancel()
        self._looking[ref] = asyncio.create_task(self._look(ref))

    async def _look(self, ref: JobRef) -> None:
        """Read the job until every effect is seen; each read settles what it can (see _settle)."""
        reader = self._reader_of(ref.source)
        looks = iter(_LOOKS_S)
        wait_s = next(looks)
        while reader is not None and self._of(ref):
            # However long ago it was sent: what an earlier process left is looked at soon.
            await asyncio.sleep(wait_s)
            if self._is_pressing(ref) or reader.may_look():
                await self._look_once(reader, ref)
                self._call_late(ref)
            wait_s = _LATER_S if self._is_late(ref) else next(looks, _LOOKS_S[-1])

    def _is_pressing(self, ref: JobRef) -> bool:
        """Whether somebody waits for this effect, and not for that of a whole heap of controls."""
        waited_for = [pending for pending in self._pending.values() if not pending.is_late]
        of_source = sum(pending.outcome.request.ref.source == ref.source for pending in waited_for)
        return of_source <= _FEW and not self._is_late(ref)

    def _is_late(self, ref: JobRef) -> bool:
        return all(pending.is_late for pending in self._of(ref))

    async def _look_once(self, reader: Reader, ref: JobRef) -> None:
        asked_at = self._known.clock()
        try:
            await reader.read(ref)
        except NoSuchJob:
            job = reader.take_missing(ref, asked_at)
            if job.ended:
                gone = Effect("the server no longer knows the job", as_asked=False)
                for pending in self._of(ref):
                    self._saw(pending, gone)
        except RateLimited as error:
            await asyncio.sleep(min(_LATER_S, error.retry_after_s or _LATER_S))
        except JobtuiError as error:
            log.info("looking for the effect on %s: %s", ref, error)

    def _call_late(self, ref: JobRef) -> None:
        for pending in self._of(ref):
            if not pending.is_late and self._known.clock() - pending.since > NOT_VISIBLE_AFTER:
                pending.is_late = True
                self.announce(Stage.NOT_VISIBLE, pending.outcome)

    def _settle(self, detail: JobDetail, asked_at: datetime) -> None:
        """See what a read shows of the controls sent before it was asked."""
        reader = self._reader_of(detail.job.ref.source)
        if reader is None:
            return
        now = self._known.clock()
        asked = [pending for pending in self._of(detail.job.ref) if asked_at >= pending.since]
        shown = [(pending, reader.backend.effect(pending.outcome.request, detail, now)) for pending in asked]
        seen = [(pending, effect) for pending, effect in shown if effect is not None]
        sure = [pending.outcome for pending, _ in seen if pending.outcome.verdict is Verdict.ACCEPTED]
        for pending, effect in seen:
            is_explained = any(_would_show_the_same(pending.outcome, other) for other in sure)
            self._saw(pending, _NOT_TOLD_APART if is_explained else effect)

    def _saw(self, pending: Pending, effect: Effect) -> None:
        now, request = self._known.clock(), pending.outcome.request
        self._pending.pop(pending.entry_id, None)
        verdict = Verdict.CONFIRMED if effect.as_asked else pending.outcome.verdict
        pending.outcome = replace(pending.outcome, verdict=verdict, reason=effect.text)
        pending.seen.set()
        if not any(self._is_accepted_cancel(other, request.ref) for other in self._pending.values()):
            self._known.mark(request.ref, Flag.CANCELLING, on=False)
        journal = self._known.recorder.journal
        self._known.recorder.soon(lambda: journal.settled(pending.entry_id, effect, now))
        self.announce(Stage.CONFIRMED if effect.as_asked else Stage.OTHERWISE, pending.outcome, effect)


def _would_show_the_same(unsure: Outcome, sure: Outcome) -> bool:
    """Whether a control that the server accepted leaves no evidence for one that may never have arrived."""
    one, other = unsure.request, sure.request
    is_alike = one.control is other.control and _overlap(one.parameters.step_ids, other.parameters.step_ids)
    return unsure.verdict is Verdict.UNKNOWN and is_alike and _end_alike(one.parameters, other.parameters)


def _end_alike(one: Parameters, other: Parameters) -> bool:
    """Whether two holds are for as long and after the same, as far as a server shows it."""
    if (one.until is None) != (other.until is None) or (one.after is None) != (other.after is None):
        return False
    if one.until is not None and other.until is not None and abs(one.until - other.until) > _MOMENTS_APART:
        return False
    return one.after is None or other.after is None or one.after.job == other.after.job


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or not set(one).isdisjoint(other)
