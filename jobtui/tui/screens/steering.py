"""From a key to a control: freeze the target, ask the person, let the monitor carry it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.app import App

from jobtui.errors import JobtuiError
from jobtui.model import Control, ControlRequest, Target
from jobtui.monitor.monitor import Monitor, Proposal
from jobtui.text import plain
from jobtui.tui.format.asking import Facts, facts_of
from jobtui.tui.format.footer import Standing
from jobtui.tui.format.receipts import target_text
from jobtui.tui.format.states import Glyphs
from jobtui.tui.format.times import utc_now
from jobtui.tui.keymap import control_keys
from jobtui.tui.screens.confirm import confirm_screen
from jobtui.tui.screens.hold import HoldScreen


class Steering:
    """What stands between a control's key and the monitor."""

    def __init__(
        self,
        app: App[object],
        monitor: Monitor,
        *,
        say: Callable[[str], None],
        now: Callable[[], datetime],
        glyphs: Glyphs,
    ) -> None:
        """``say`` answers a key with one sentence."""
        self._app = app
        self._monitor = monitor
        self._say = say
        self._now = now
        self._glyphs = glyphs

    def standings(self, target: Target | None) -> list[Standing]:
        """Say of each control that this kind of job can ever be asked, whether it can be now."""
        if target is None:
            return []
        possible = self._monitor.controls(target.job.source)
        return [
            Standing(key, reason.text if (reason := self._monitor.why_not(key.control, target)) else None)
            for key in control_keys()
            if key.control is not None and key.control in possible
        ]

    async def steer(self, control: Control, target: Target) -> None:
        """Ask for one control; what is sent is what the key was pressed on, and only after a yes."""
        if not await self._is_read(control, target):
            return
        proposal = self._monitor.propose(control, target)
        if proposal.refusal is not None:
            self._refuse(proposal.request, proposal.refusal.text)
            return
        if control is Control.HOLD:
            held = await self._ask_hold(proposal)
            if held is None:
                return
            proposal = held
            if proposal.refusal is not None:
                self._refuse(proposal.request, proposal.refusal.text)
                return
        if await self._confirm(proposal):
            try:
                await self._monitor.carry_out(proposal.request)
            except JobtuiError as error:
                self._say(f"{control}: {error}")

    async def _is_read(self, control: Control, target: Target) -> bool:
        """Have the job read whole before anything is asked: a row of a list does not tell what speaks against
        a control."""
        if self._monitor.detail(target.job) is not None or self._monitor.why_never(control, target.job):
            return True
        self._say(f"{control}: reading {target.job} first")
        try:
            await self._monitor.read(target.job)
        except JobtuiError as error:
            self._say(f"{control}: not sent, {target.job} cannot be read just now: {plain(str(error))}")
            return False
        return True

    async def _ask_hold(self, proposal: Proposal) -> Proposal | None:
        request = proposal.request
        name = proposal.job.title if proposal.job is not None else ""
        choice = await self._app.push_screen_wait(
            HoldScreen(
                f"Hold {plain(name)}  {target_text(request)}",
                request.named or request.ref,
                jobs=lambda: self._monitor.store.of_source(request.ref.source),
                target_of=self._monitor.target_of,
                # What a person types is meant by the clock that this machine shows.
                now=lambda: utc_now().astimezone(),
                glyphs=self._glyphs,
            )
        )
        if choice is None:
            return None
        return self._monitor.propose(
            request.control,
            request.named or request.ref,
            until=choice.until,
            after=choice.after,
            step_ids=request.parameters.step_ids,
        )

    async def _confirm(self, proposal: Proposal) -> bool:
        ref = proposal.request.ref
        return await self._app.push_screen_wait(
            confirm_screen(
                proposal,
                self._monitor.source(ref.source),
                self._monitor.detail(ref),
                facts=lambda: self._facts(proposal.request),
                now=self._now,
                glyphs=self._glyphs,
            )
        )

    def _facts(self, request: ControlRequest) -> Facts:
        """Gather what is known now of a frozen request's target."""
        ref, parameters = request.ref, request.parameters
        again = self._monitor.propose(
            request.control,
            ref,
            until=parameters.until,
            after=parameters.after,
            step_ids=parameters.step_ids,
        )
        return facts_of(
            request, self._monitor.store.get(ref), self._monitor.detail(ref), again.refusal, self._now()
        )

    def _refuse(self, request: ControlRequest, reason: str) -> None:
        self._say(f"{request.control.value} {target_text(request)}: not sent, {plain(reason)}")
