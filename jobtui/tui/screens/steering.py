"""From a key to a control: freeze the target, ask the person, let the monitor carry it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace
from textual.app import App

from jobtui.errors import JobtuiError
from jobtui.model import (
    Control,
    ControlRequest,
    Job,
    JobDetail,
    JobRef,
    Outcome,
    Reason,
    Step,
    StepRef,
    Target,
)
from jobtui.monitor.controls import Still
from jobtui.monitor.monitor import Monitor, Proposal
from jobtui.text import plain
from jobtui.tui.awaited import Awaited
from jobtui.tui.errand import Errand, Errands
from jobtui.tui.format.asking import question_lines
from jobtui.tui.format.facts import Facts, facts_of
from jobtui.tui.format.footer import Standing
from jobtui.tui.format.menu import ORDER, Offer
from jobtui.tui.format.receipts import target_text
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import Glyphs
from jobtui.tui.format.times import utc_now
from jobtui.tui.keymap import control_keys
from jobtui.tui.question import Question, toll_of_one
from jobtui.tui.screens.confirm import confirm_screen
from jobtui.tui.screens.hold import HoldChoice, HoldScreen
from jobtui.tui.screens.menu import MenuScreen


class Steering:
    """What stands between a control's key and the monitor."""

    def __init__(
        self,
        app: App[object],
        monitor: Monitor,
        *,
        awaited: Awaited,
        say: Callable[[str], None],
        now: Callable[[], datetime],
        glyphs: Glyphs,
    ) -> None:
        """``awaited`` knows what was asked and is not seen yet; ``say`` answers a key with one sentence."""
        self.app = app
        self.monitor = monitor
        self.say = say
        self.now = now
        self.glyphs = glyphs
        self.errands = Errands(app, say)
        """What was asked for by key, until its question is on the screen."""
        self._awaited = awaited

    # --- what can be asked ----------------------------------------------------------------------------
    def standings(self, target: Target | None) -> list[Standing]:
        """Say of each control that this kind of job can ever be asked, whether it can be now."""
        if target is None:
            return []
        possible = self.monitor.controls(target.job.source)
        return [
            Standing(key, self._why_not(key.control, target))
            for key in control_keys()
            if key.control is not None and key.control in possible
        ]

    def why_not(self, proposal: Proposal) -> str | None:
        """Say why a proposal is not to be sent: what forbids it, or that the same is awaited already."""
        if proposal.refusal is not None:
            return proposal.refusal.text
        request = proposal.request
        return self._awaited.lock(request.control, request.ref, request.parameters.step_ids, self.now())

    def offers(self, target: Target) -> list[Offer]:
        """Say of every control how it stands, with what it would do."""
        faces = {key.control: key.face for key in control_keys() if key.keys}
        proposals = [self.monitor.propose(control, target) for control in ORDER]
        return [
            Offer(
                each.request.control,
                faces.get(each.request.control, ""),
                self.why_not(each),
                each.consequence,
                tuple(doubt.text for doubt in each.doubts),
            )
            for each in proposals
        ]

    def _why_not(self, control: Control, target: Target) -> str | None:
        reason = self.monitor.why_not(control, target)
        if reason is not None:
            return reason.text
        steps = (target.step_id,) if isinstance(target, StepRef) else ()
        return self._awaited.lock(control, target.job, steps, self.now())

    # --- one job --------------------------------------------------------------------------------------
    async def menu(self, target: Target, errand: Errand, note: str = "") -> Outcome | None:
        """Show every control of one job or step, and ask for the one that is chosen; gives how that ended."""
        await self._is_read("actions", target, errand)
        job = self.monitor.store.get(target.job)
        what = f"{job.title if job is not None else ''}  {target}".strip()
        control = await errand.open(MenuScreen(what, lambda: self.offers(target)))
        return None if control is None else await self.steer(control, target, errand, note)

    async def steer(self, control: Control, target: Target, errand: Errand, note: str = "") -> Outcome | None:
        """Ask for one control; what is sent is what the key was pressed on, and only after a yes.

        ``errand`` ends when somebody goes on to something else before they are asked; ``note`` is what is to
        be known of the target beside. Gives how it ended, None when nothing was asked of the monitor.
        """
        can_be = not self.monitor.why_never(control, target.job)
        if (can_be and not await self._is_read(control, target, errand)) or not errand.stands():
            return None
        proposal = self.monitor.propose(control, target)
        if (why := self.why_not(proposal)) is not None:
            self._refuse(proposal.request, why)
            return None
        frozen = self.facts(proposal.request)
        if control is Control.HOLD:
            held = await self._hold(proposal, frozen, errand)
            if held is None:
                return None
            proposal = held
        return await self._ask(proposal, frozen, errand, note)

    async def _ask(self, proposal: Proposal, frozen: Facts, errand: Errand, note: str) -> Outcome | None:
        request = proposal.request
        yes = await errand.open(confirm_screen(self._question(proposal, frozen, note)), is_last=True)
        if yes is None:
            return None
        return await self._send(replace(request, reason=yes.reason), self.still(request, frozen))

    def _question(self, proposal: Proposal, frozen: Facts, note: str) -> Question:
        request = proposal.request
        source, detail = self.monitor.source(request.ref.source), self.monitor.detail(request.ref)

        def lines(width: int) -> list[Line]:
            lines = question_lines(proposal, source, detail, self.now(), width, self.glyphs)
            return [lines[0], *((Span(part, "warn"),) for part in wrap(note, width) if note), *lines[1:]]

        return Question(
            plain(source.word) or "Ask the server?",
            request.control.value,
            lines,
            lambda: frozen.difference(self.facts(request)),
            toll_of_one(request.control, source, request.ref),
            source.production,
            request.ref,
        )

    async def _send(self, request: ControlRequest, still: Still) -> Outcome | None:
        try:
            return await self.monitor.carry_out(request, still)
        except JobtuiError as error:
            self.say(f"{request.control}: {error}")
            return None

    async def _is_read(self, what: str, target: Target, errand: Errand) -> bool:
        """Have the job read whole before anything is asked: a row of a list does not tell what speaks against
        a control."""
        if self.monitor.detail(target.job) is not None:
            return True
        self.say(f"{what}: reading {target.job} first")
        try:
            await self.monitor.read(target.job)
        except JobtuiError as error:
            if errand.stands():
                self.say(f"{what}: not sent, {target.job} cannot be read just now: {plain(str(error))}")
            return False
        if errand.stands():
            self.say(f"{what}: {target.job} is read whole")
        return True

    # --- what ends a hold -----------------------------------------------------------------------------
    async def _hold(self, proposal: Proposal, frozen: Facts, errand: Errand) -> Proposal | None:
        """Ask what ends a hold; gives the proposal of that hold, unless it is refused or left."""
        request = proposal.request
        name = proposal.job.title if proposal.job is not None else ""
        held = request.named or request.ref
        choice = await self.ask_hold(
            f"Hold {plain(name)}  {target_text(request)}",
            [held],
            errand,
            changed=lambda: frozen.difference(self.facts(request)),
        )
        if choice is None:
            return None
        again = self.monitor.propose(
            request.control,
            held,
            until=choice.until,
            after=choice.after,
            step_ids=request.parameters.step_ids,
        )
        if again.refusal is not None:
            self._refuse(again.request, again.refusal.text)
            return None
        return again

    async def ask_hold(
        self,
        what: str,
        held: Sequence[Target],
        errand: Errand,
        *,
        changed: Callable[[], str | None] = lambda: None,
    ) -> HoldChoice | None:
        """Ask what ends a hold of one job or several."""
        sources = {target.job.source for target in held}

        def jobs() -> list[Job]:
            return self.monitor.store.of_source(next(iter(sources))) if len(sources) == 1 else []

        return await errand.open(
            HoldScreen(
                what,
                held,
                jobs=jobs,
                steps_of=self._steps_of,
                target_of=self.monitor.target_of,
                # What a person types is meant by the clock that this machine shows.
                now=lambda: utc_now().astimezone(),
                glyphs=self.glyphs,
                changed=changed,
            )
        )

    async def _steps_of(self, ref: JobRef) -> list[Step]:
        detail = self.monitor.detail(ref) or await self.monitor.read(ref)
        return detail.all_steps()

    # --- what a question rests on ---------------------------------------------------------------------
    def facts(self, request: ControlRequest) -> Facts:
        """Gather what is known now of a frozen request's target."""
        ref, parameters = request.ref, request.parameters
        again = self.monitor.propose(
            request.control,
            ref,
            until=parameters.until,
            after=parameters.after,
            step_ids=parameters.step_ids,
        )
        return self._facts(request, self.monitor.detail(ref), again.refusal)

    def still(self, request: ControlRequest, frozen: Facts) -> Still:
        """Give what looks, just before sending, whether all is still as the person was told."""
        return lambda detail: frozen.difference(self._facts(request, detail, None))

    def _facts(self, request: ControlRequest, detail: JobDetail | None, refusal: Reason | None) -> Facts:
        job = detail.job if detail is not None else self.monitor.store.get(request.ref)
        return facts_of(request, job, detail, refusal, self.now())

    def _refuse(self, request: ControlRequest, reason: str) -> None:
        self.say(f"{request.control.value} {target_text(request)}: not sent, {plain(reason)}")
