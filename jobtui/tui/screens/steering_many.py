"""One control of several marked jobs: a frozen list, one question, sent one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from msgspec import structs
from msgspec.structs import replace

from jobtui.errors import JobtuiError
from jobtui.model import Control, JobRef, Verdict
from jobtui.monitor.bulk import Asked, Bulk
from jobtui.monitor.monitor import Proposal
from jobtui.tui.errand import Errand
from jobtui.tui.format.many import WHAT, Able, Many, Unable, jobs_text, many_lines
from jobtui.tui.format.menu import Offer
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.question import Question, Toll, toll_of_many, toll_of_one
from jobtui.tui.screens.confirm import confirm_screen
from jobtui.tui.screens.hold import HoldChoice
from jobtui.tui.screens.menu import MenuScreen
from jobtui.tui.screens.sending import SendingScreen
from jobtui.tui.screens.steering import Steering
from jobtui.tui.together import Together
from jobtui.tui.widgets.receipt_bar import ReceiptBar

_DONE = frozenset({Verdict.ACCEPTED, Verdict.CONFIRMED})
_MOST_NAMED = 3
_MOST_READ = 80
_PATIENCE_S = 4.0
"""How long somebody who pressed a key is kept waiting for what is known of all its jobs."""


class SteeringMany:
    """Steers a list of jobs that was frozen when a key was pressed; jobs that come later are not in it."""

    def __init__(
        self, steering: Steering, receipt: ReceiptBar, unmark: Callable[[frozenset[JobRef]], None]
    ) -> None:
        """``unmark`` takes the marks of those away that were accepted."""
        self._one = steering
        self._receipt = receipt
        self._unmark = unmark

    async def menu(self, refs: Sequence[JobRef], errand: Errand, note: str = "") -> None:
        """Show every control with how many of the jobs can take it, and ask for the one that is chosen."""
        await self._read(refs, errand)
        what = f"{jobs_text(len(refs))} marked"
        control = await errand.open(MenuScreen(what, lambda: self._offers(refs)))
        if control is not None:
            await self.steer(control, refs, errand, note)

    async def steer(self, control: Control, refs: Sequence[JobRef], errand: Errand, note: str = "") -> None:
        """Ask for one control of these jobs, and send it to those that can take it after a yes; ``note`` is
        what is to be known of the list beside."""
        await self._read([ref for ref in refs if self._one.monitor.why_never(control, ref) is None], errand)
        if not errand.stands():
            return
        many = self._many(control, refs)
        choice = HoldChoice()
        if many.able and control is Control.HOLD:
            asked = await self._one.ask_hold(
                f"Hold {_of_marked(many)}", [one.ref for one in many.able], errand
            )
            if asked is None:
                return
            choice = asked
            many = self._many(control, refs, choice)
        if not many.able:
            self._receipt.say(_none_can(many))
            return
        yes = await errand.open(confirm_screen(self._question(many, note)), is_last=True)
        if yes is not None:
            await self._send(many, yes.reason)

    async def _read(self, refs: Sequence[JobRef], errand: Errand) -> None:
        """Read those that only a list has told of, as far as budgets and patience reach: a row of a list does
        not tell what speaks against a control."""
        monitor = self._one.monitor
        unread = [ref for ref in refs if monitor.detail(ref) is None and monitor.controls(ref.source)]
        if unread:
            self._receipt.say(f"reading {jobs_text(len(unread))} first", "key")
        with suppress(TimeoutError):
            await self._read_in_time(unread, errand)
        if unread and errand.stands():
            known = sum(monitor.detail(ref) is not None for ref in unread)
            self._receipt.say(f"{known} of {jobs_text(len(unread))} read whole before asking", "key")

    async def _read_in_time(self, unread: Sequence[JobRef], errand: Errand) -> None:
        monitor = self._one.monitor
        async with asyncio.timeout(_PATIENCE_S):
            for ref in unread[:_MOST_READ]:
                if errand.stands() and monitor.has_room(ref.source):
                    with suppress(JobtuiError):  # said of it when it is judged just before it is sent
                        await monitor.read(ref)

    # --- what is asked --------------------------------------------------------------------------------
    def _many(self, control: Control, refs: Sequence[JobRef], choice: HoldChoice = HoldChoice()) -> Many:  # noqa: B008 - frozen
        able, unable = [], []
        for ref in refs:
            proposal = self._one.monitor.propose(control, ref, until=choice.until, after=choice.after)
            if (why := self._one.why_not(proposal)) is None:
                able.append(self._able(proposal))
            else:
                unable.append(Unable(ref, proposal.job.title if proposal.job is not None else "", why))
        return Many(control, tuple(able), tuple(unable))

    def _able(self, proposal: Proposal) -> Able:
        is_read = self._one.monitor.detail(proposal.request.ref) is not None
        return Able(proposal, self._one.facts(proposal.request) if is_read else None)

    def _offers(self, refs: Sequence[JobRef]) -> list[Offer]:
        return [self._offer(offer, refs) for offer in self._one.offers(refs[0])]

    def _offer(self, offer: Offer, refs: Sequence[JobRef]) -> Offer:
        many = self._many(offer.control, refs)
        if not many.able:
            return structs.replace(offer, reason=_why_none(many), consequence="", doubts=())
        return structs.replace(
            offer,
            reason=None,
            consequence=f"asks about {jobs_text(len(many.able))}, and names those that cannot take it",
            doubts=tuple(sorted({f"{each.ref}: {each.reason}" for each in many.unable}))[:_MOST_NAMED],
            how_many=f"{len(many.able)} of {len(many)}",
        )

    def _question(self, many: Many, note: str) -> Question:
        sources = [self._one.monitor.source(name) for name in {each.ref.source for each in many.able}]
        production = sorted(source.name for source in sources if source.production)

        def lines(width: int) -> list[Line]:
            changed, now = self._changed(many), self._one.now()
            lines = many_lines(many, changed, now, width, self._one.glyphs, production=production)
            return [lines[0], *((Span(part, "warn"),) for part in wrap(note, width) if note), *lines[1:]]

        return Question(
            "PROD" if production else "Ask the servers?",
            many.control.value,
            lines,
            toll=self._toll(many, production=bool(production)),
            production=bool(production),
        )

    def _toll(self, many: Many, *, production: bool) -> Toll:
        """One job that is left costs what one job costs."""
        if len(many.able) > 1:
            return toll_of_many(many.control, len(many.able), production=production)
        ref = many.able[0].ref
        return toll_of_one(many.control, self._one.monitor.source(ref.source), ref)

    def _changed(self, many: Many) -> dict[JobRef, str]:
        """Say of the jobs that have moved since what is different: these are not sent."""
        found = {
            each.ref: each.facts.difference(self._one.facts(each.proposal.request))
            for each in many.able
            if each.facts is not None
        }
        return {ref: text for ref, text in found.items() if text is not None}

    # --- sending --------------------------------------------------------------------------------------
    async def _send(self, many: Many, reason: str | None) -> None:
        bulk = Bulk(self._one.monitor, [self._asked(each, reason) for each in many.able])
        together = Together(many.control, [each.request for each in bulk.asked], self._one.now())
        self._receipt.together = together
        screen = SendingScreen(f"{WHAT[many.control]} {jobs_text(len(many.able))}", bulk)
        self._one.app.push_screen(screen)
        try:
            await bulk.run(screen.show)
        finally:
            together.is_over = True
            self._unmark(frozenset(each.request.ref for each in bulk.outcomes if each.verdict in _DONE))
            self._receipt.sum_up(self._one.now())
            screen.over()

    def _asked(self, able: Able, reason: str | None) -> Asked:
        request = able.proposal.request
        sent = replace(request, reason=reason)
        return Asked(sent) if able.facts is None else Asked(sent, self._one.still(request, able.facts))


def _of_marked(many: Many) -> str:
    """Say how many can take it, and of how many."""
    return f"{len(many.able)} of {jobs_text(len(many))}" if many.unable else jobs_text(len(many.able))


def _none_can(many: Many) -> str:
    return f"{many.control}: none of {jobs_text(len(many))} can take it: {_why_none(many)}"


def _why_none(many: Many) -> str:
    """Say why none can: the reason that all share, else the first ones by name."""
    reasons = {each.reason for each in many.unable}
    if len(reasons) == 1:
        return reasons.pop()
    return "; ".join(f"{each.ref}: {each.reason}" for each in many.unable[:_MOST_NAMED])
