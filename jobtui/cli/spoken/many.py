"""One control of several marked jobs: a frozen list, one question, sent one at a time until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from msgspec.structs import replace

from jobtui.cli.spoken.desk import Choice, Desk, count_of
from jobtui.cli.spoken.many_sentences import question_sentences, why_none
from jobtui.cli.spoken.steering import NO_END, End, Steering
from jobtui.errors import JobtuiError
from jobtui.model import Control, JobRef, Verdict
from jobtui.monitor.bulk import Asked, Bulk
from jobtui.monitor.monitor import Proposal
from jobtui.tui.format.many import Able, Many, Unable
from jobtui.tui.question import Toll, toll_of_many, toll_of_one
from jobtui.tui.together import Together

_DONE = frozenset({Verdict.ACCEPTED, Verdict.CONFIRMED})
_MOST_READ = 80
_PATIENCE_S = 4.0
"""How long somebody is kept waiting for what is known of all the jobs."""


class SteeringMany:
    """Steers a list of jobs that was frozen when a choice was made; jobs that come later are not in it."""

    def __init__(self, desk: Desk, steering: Steering) -> None:
        self._desk = desk
        self._one = steering

    async def read(self, refs: Sequence[JobRef]) -> None:
        """Read those that only a list has told of, as far as budgets and patience reach."""
        monitor = self._desk.monitor
        unread = [ref for ref in refs if monitor.detail(ref) is None and monitor.controls(ref.source)]
        if unread:
            self._desk.say(f"Reading {count_of(len(unread))} first.")
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                for ref in unread[:_MOST_READ]:
                    if monitor.has_room(ref.source):
                        with suppress(JobtuiError):  # said of it when it is judged just before it is sent
                            await monitor.read(ref)

    def choices(self, refs: Sequence[JobRef]) -> tuple[list[Choice], list[str]]:
        """Give the controls that some of the jobs can take, and a sentence for each that none can."""
        monitor = self._desk.monitor
        possible: list[Choice] = []
        refused: list[str] = []
        for control in Control:
            if not any(control in monitor.controls(ref.source) for ref in refs):
                continue
            many = self._many(control, refs)
            if many.able:
                text = f"{control.value}, {len(many.able)} of {len(refs)} can take it"
                possible.append((text, partial(self.steer, control, refs)))
            else:
                refused.append(f"{control.value}: none of them now, {why_none(many)}.")
        if not possible and not refused:
            refused.append("Jobs of this kind have no controls; they can be watched only.")
        return possible, refused

    async def steer(self, control: Control, refs: Sequence[JobRef]) -> None:
        """Ask for one control of these jobs, and send it to those that can take it after a typed yes."""
        many = self._many(control, refs)
        if many.able and control is Control.HOLD:
            ends = await self._one.ask_until()
            if ends is None:
                self._desk.say("Nothing was sent.")
                return
            many = self._many(control, refs, ends)
        if not many.able:
            self._desk.say(f"Not sent: {why_none(many)}.")
            return
        names = {each.ref.source for each in many.able}
        production = sorted(name for name in names if self._desk.monitor.source(name).production)
        for sentence in question_sentences(many, production, self._desk.now()):
            self._desk.say(sentence)
        reason = await self._one.pay(self._toll(many, is_production=bool(production)))
        if reason is None:
            self._desk.say("Nothing was sent.")
            return
        await self._send(many, reason)

    def _many(self, control: Control, refs: Sequence[JobRef], ends: End = NO_END) -> Many:
        able, unable = [], []
        for ref in refs:
            proposal = self._desk.monitor.propose(control, ref, until=ends.at, after=ends.after)
            if (why := self._one.why_not(proposal)) is None:
                able.append(self._able(proposal))
            else:
                unable.append(Unable(ref, proposal.job.title if proposal.job is not None else "", why))
        return Many(control, tuple(able), tuple(unable))

    def _able(self, proposal: Proposal) -> Able:
        is_read = self._desk.monitor.detail(proposal.request.ref) is not None
        return Able(proposal, self._one.known_facts(proposal.request) if is_read else None)

    def _toll(self, many: Many, *, is_production: bool) -> Toll:
        """One job that is left costs what one job costs."""
        if len(many.able) > 1:
            return toll_of_many(many.control, len(many.able), production=is_production)
        ref = many.able[0].ref
        return toll_of_one(many.control, self._desk.monitor.source(ref.source), ref)

    # --- sending --------------------------------------------------------------------------------------
    async def _send(self, many: Many, reason: str) -> None:
        bulk = Bulk(self._desk.monitor, [self._asked(each, reason or None) for each in many.able])
        together = Together(many.control, [each.request for each in bulk.asked], self._desk.now())
        self._desk.news.put_together(together)
        await self._until_sent(bulk)
        together.is_over = True
        done = {outcome.request.ref for outcome in bulk.outcomes if outcome.verdict in _DONE}
        marks = self._desk.marks
        marks.keep(marks.refs - done)
        # What the monitor has announced of the last one is heard before all are summed up.
        await self._desk.news.caught_up()
        self._desk.say(self._desk.news.sum_up(together))
        if marks:
            self._desk.say(f"{count_of(len(marks))} {'stays' if len(marks) == 1 else 'stay'} marked.")

    async def _until_sent(self, bulk: Bulk) -> None:
        sending = asyncio.create_task(bulk.run(lambda: None))
        question = f"Sending {len(bulk.asked)}, one at a time. Enter stops what is not sent yet:"
        stopping = asyncio.create_task(self._desk.keyboard.ask(question))
        try:
            await asyncio.wait({sending, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                bulk.stop()
                self._desk.say("No more are sent; the one under way is followed to its end.")
            else:
                self._desk.say("")
            await sending
        finally:
            bulk.stop()
            stopping.cancel()
            await asyncio.gather(sending, stopping, return_exceptions=True)

    def _asked(self, able: Able, reason: str | None) -> Asked:
        request = able.proposal.request
        sent = replace(request, reason=reason)
        return Asked(sent) if able.facts is None else Asked(sent, self._one.still(request, able.facts))
