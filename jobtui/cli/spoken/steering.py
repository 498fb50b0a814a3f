"""Controls by question and answer: the same facts and tolls as on the screen, and the same reading before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from jobtui.cli.spoken.keyboard import BACK, Keyboard
from jobtui.errors import JobtuiError, UsageError
from jobtui.insight.when import parse_when
from jobtui.model import Control, ControlRequest, JobDetail, Reason, Target
from jobtui.monitor.controls import Still
from jobtui.monitor.monitor import Monitor, Proposal
from jobtui.text import plain
from jobtui.tui.awaited import Awaited
from jobtui.tui.format.facts import Facts, facts_of
from jobtui.tui.question import Toll, toll_of_one


class End(Struct, frozen=True):
    """What ends a hold: a moment, or the end of a job or step; with neither it lasts until it is released."""

    at: datetime | None = None
    after: Target | None = None


NO_END = End()


class Steering:
    """What stands between a spoken wish and the monitor."""

    def __init__(
        self,
        monitor: Monitor,
        keyboard: Keyboard,
        awaited: Awaited,
        say: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._monitor = monitor
        self._keyboard = keyboard
        self._awaited = awaited
        self._say = say
        self._now = now

    def offers(self, target: Target) -> tuple[list[Control], list[str]]:
        """Give the controls that can be asked now, and a sentence for those that cannot for one reason."""
        possible: list[Control] = []
        refused: dict[str, list[str]] = {}
        for control in Control:
            if control not in self._monitor.controls(target.job.source):
                continue
            why = self.why_not(self._monitor.propose(control, target))
            if why is None:
                possible.append(control)
            else:
                refused.setdefault(plain(why), []).append(control.value)
        return possible, [f"{' and '.join(names)}: not now, {why}." for why, names in refused.items()]

    async def steer(self, control: Control, target: Target) -> None:
        """Ask for one control, frozen now; only after a typed yes is it sent. Raises Gone."""
        try:
            await self._monitor.read(target.job)
        except JobtuiError as error:
            self._say(f"Not sent: {plain(str(target.job))} cannot be read just now: {plain(str(error))}.")
            return
        proposal = self._monitor.propose(control, target)
        frozen = self.known_facts(proposal.request)
        if control is Control.HOLD and self.why_not(proposal) is None:
            if (end := await self.ask_until()) is None:
                self._say("Nothing was sent.")
                return
            proposal = self._with_end(proposal.request, end)
        if (why := self.why_not(proposal)) is not None:
            self._say(f"Not sent: {plain(why)}.")
            return
        reason = await self._yes(proposal)
        if reason is None:
            self._say("Nothing was sent.")
            return
        await self._send(replace(proposal.request, reason=reason or None), frozen)

    async def _send(self, request: ControlRequest, frozen: Facts) -> None:
        if (changed := frozen.difference(self.known_facts(request))) is not None:
            self._say(f"Nothing was sent: while you answered, {plain(changed)}. Look, then ask again.")
            return
        try:
            await self._monitor.carry_out(request, self.still(request, frozen))
        except JobtuiError as error:
            self._say(f"{request.control.value}: {plain(str(error))}.")

    async def ask_until(self) -> End | None:
        """Ask what ends a hold; None when somebody goes back."""
        self._say("What ends the hold? Enter: it lasts until it is released.")
        self._say("Or a time, as 18:00 or +2h. Or the reference of the job that it waits for. 0 goes back.")
        while True:
            answer = await self._keyboard.ask("Until:")
            if answer.lower() in BACK:
                return None
            try:
                return self._end(answer)
            except (UsageError, ValueError) as error:
                self._say(f"{plain(str(error))}.")

    def _with_end(self, request: ControlRequest, end: End) -> Proposal:
        return self._monitor.propose(
            request.control,
            request.named or request.ref,
            until=end.at,
            after=end.after,
            step_ids=request.parameters.step_ids,
        )

    def _end(self, answer: str) -> End:
        if not answer:
            return NO_END
        try:
            return End(parse_when(answer, self._now()))
        except ValueError:
            if not any(character in answer for character in ":/#"):
                raise
            return End(after=self._monitor.target_of(answer))

    async def _yes(self, proposal: Proposal) -> str | None:
        """Put the question; gives the reason, maybe empty, or None for anything but a yes."""
        request, job = proposal.request, proposal.job
        source = self._monitor.source(request.ref.source)
        toll = toll_of_one(request.control, source, request.ref)
        if source.production:
            self._say(f"{plain(source.name)} is production.")
        if job is not None:
            self._say(
                f"{plain(job.title)}, {plain(str(request.named or request.ref))}, is {job.state.value}."
            )
        self._say(f"To {request.control.value}: {plain(proposal.consequence)}.")
        for doubt in proposal.doubts:
            self._say(f"Note: {plain(doubt.text)}.")
        return await self.pay(toll)

    async def pay(self, toll: Toll) -> str | None:
        """Have a yes typed, as dear as it is; gives the reason, maybe empty, or None for anything else."""
        reason = ""
        if toll.asks_reason:
            reason = await self._keyboard.ask("Why? Your own words, kept in the audit; Enter for none:")
        if toll.typed:
            said = await self._keyboard.ask(f"{toll.typed_why} Anything else is no:", drop_earlier=True)
            return reason if said == toll.typed else None
        said = await self._keyboard.ask("Send it? Type y and Enter; anything else is no:", drop_earlier=True)
        return reason if said.lower() in ("y", "yes") else None

    def why_not(self, proposal: Proposal) -> str | None:
        """Say why a control cannot be asked now; None when it can."""
        if proposal.refusal is not None:
            return proposal.refusal.text
        request = proposal.request
        return self._awaited.lock(request.control, request.ref, request.parameters.step_ids, self._now())

    def known_facts(self, request: ControlRequest) -> Facts:
        """Gather what is known now of a frozen request's target."""
        parameters = request.parameters
        again = self._monitor.propose(
            request.control,
            request.ref,
            until=parameters.until,
            after=parameters.after,
            step_ids=parameters.step_ids,
        )
        return self._facts(request, self._monitor.detail(request.ref), again.refusal)

    def still(self, request: ControlRequest, frozen: Facts) -> Still:
        """Give what looks, just before sending, whether all is still as the person was told."""
        return lambda detail: frozen.difference(self._facts(request, detail, None))

    def _facts(self, request: ControlRequest, detail: JobDetail | None, refusal: Reason | None) -> Facts:
        job = detail.job if detail is not None else self._monitor.store.get(request.ref)
        return facts_of(request, job, detail, refusal, self._now())
