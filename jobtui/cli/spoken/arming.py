"""Rules by question and answer: what is to be told, what is armed, and taking it back."""

from __future__ import annotations

from functools import partial

from jobtui.cli.spoken.desk import Choice, Desk
from jobtui.cli.spoken.keyboard import BACK
from jobtui.errors import UsageError
from jobtui.insight.rule_help import BRIEF
from jobtui.insight.rules import Rule
from jobtui.model import StepRef, Target
from jobtui.monitor.armed import Armed, Origin
from jobtui.text import plain
from jobtui.tui.format.tripwires import Wire, wires_of


class Arming:
    """Arms rules with the monitor's alarms, as the screen does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ask(self, target: Target | None = None) -> None:
        """Offer what can be armed on a job or step, or on whichever jobs; and to take back what is armed."""
        await self._desk.choose(lambda: self._choices(target), subject="Rules")

    def _choices(self, target: Target | None) -> list[Choice]:
        job = None if target is None else self._desk.monitor.store.get(target.job)
        choices: list[Choice] = []
        offered: set[str] = set()
        for wire in wires_of(target, job):
            # At its number it stays, armed or not: the next number is still what was said.
            text, armed = wire.text.removesuffix(" …"), self._armed_by(wire)
            if armed is None:
                choices.append((f"arm: {text}", partial(self._arm, wire, target)))
            else:
                offered.add(armed.rule.condition)
                choices.append((f"armed, take back: {text}", partial(self._take_back, armed.rule)))
        return [
            *choices,
            *(
                (f"take back: {_named(one)}", partial(self._take_back, one.rule))
                for one in self._desk.monitor.alarms.armed
                if one.rule.condition not in offered
            ),
        ]

    def _armed_by(self, wire: Wire) -> Armed | None:
        if wire.asks:
            return None
        condition = wire.rule().condition
        return next((one for one in self._desk.monitor.alarms.armed if one.rule.condition == condition), None)

    async def _arm(self, wire: Wire, target: Target | None) -> None:
        typed = ""
        if wire.asks:
            if not wire.condition:
                for word, meaning in BRIEF:
                    self._desk.say(f"{word}: {meaning}.")
            typed = await self._desk.keyboard.ask(f"{wire.asks[0].upper()}{wire.asks[1:]}; 0 goes back:")
            if not typed or typed.lower() in BACK:
                return
        try:
            rule = wire.rule(typed)
            if rule.is_once and self._is_so(rule, target):
                self._desk.say("That is so already.")
                return
            self._desk.monitor.alarms.arm(rule)
        except UsageError as error:
            self._desk.say(f"{plain(str(error))}.")
        else:
            self._desk.say(f"Armed: {plain(rule.sentence)}.")

    def _is_so(self, rule: Rule, target: Target | None) -> bool:
        if target is None:
            return False
        now = self._desk.now()
        if isinstance(target, StepRef):
            detail = self._desk.monitor.detail(target.job)
            step = None if detail is None else detail.step(target.step_id)
            return step is not None and rule.is_true_of_step(step, now)
        job = self._desk.monitor.store.get(target)
        return job is not None and rule.is_true_of(job, now)

    async def _take_back(self, rule: Rule) -> None:
        is_found = self._desk.monitor.alarms.disarm(rule)
        self._desk.say(f"Taken back: {plain(rule.occasion)}." if is_found else "It is not armed any more.")


def _named(armed: Armed) -> str:
    name = f"{plain(armed.rule.name)}: " if armed.rule.name else ""
    origin = "" if armed.origin is Origin.SCREEN else f", of the {armed.origin.value}"
    return f"{name}{plain(armed.rule.sentence)}{origin}"
