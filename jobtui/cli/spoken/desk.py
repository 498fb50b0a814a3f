"""The desk: what every part of the dialogue works with, and how it puts a question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from msgspec import Struct, field

from jobtui.cli.output import Output
from jobtui.cli.spoken.keyboard import BACK, Keyboard
from jobtui.cli.spoken.muting import Muting
from jobtui.cli.spoken.news import News
from jobtui.insight.attention import rank
from jobtui.model import Job
from jobtui.monitor.monitor import Monitor
from jobtui.outlet import Outlet
from jobtui.text import plain
from jobtui.tui.marking import Marks

Choice = tuple[str, Callable[[], Awaitable[None]]]


class Desk(Struct, frozen=True):
    """The monitor and its news, the keyboard, and what somebody has marked and muted."""

    monitor: Monitor
    news: News
    keyboard: Keyboard
    out: Output
    outlet: Outlet
    muting: Muting
    now: Callable[[], datetime]
    marks: Marks = field(default_factory=Marks)

    def say(self, text: str) -> None:
        """Print one sentence."""
        self.out.line(text)

    def in_order(self, jobs: Sequence[Job]) -> list[Job]:
        """Order jobs as the screen does: what needs a person first, what is muted last."""
        now, mutes = self.now(), self.muting.mutes
        return sorted(jobs, key=lambda job: (mutes.is_muted(job), rank(job, now)))

    def offer(self, choices: Sequence[Choice], leave: str) -> None:
        """Say what can be chosen, each with its number."""
        for number, (text, _) in enumerate(choices, 1):
            self.say(f"{number}, {text}.")
        self.say(f"0, {leave}.")

    def _offer_changed(self, said: Sequence[str], choices: Sequence[Choice], leave: str) -> None:
        """Say the choices that are not what their numbers stood for; all when most are not."""
        changed = [
            (number, text)
            for number, (text, _) in enumerate(choices, 1)
            if number > len(said) or said[number - 1] != text
        ]
        if len(choices) < len(said) or 2 * len(changed) > len(choices):
            self.offer(choices, leave)
        else:
            for number, text in changed:
                self.say(f"{number}, {text}.")

    async def choose(
        self,
        choices: Callable[[], list[Choice]],
        *,
        subject: str = "",
        notes: Callable[[], Sequence[str]] = tuple,
        leave: str = "back",
        is_idle: bool = True,
    ) -> None:
        """Let somebody choose, with a ``subject`` in the question, until they leave.

        What was said already is said again only at an empty answer; a number is the choice that was said.
        """
        question = f"{subject}. What next?" if subject else "What next?"
        said: list[str] = []
        noted: frozenset[str] = frozenset()
        while True:
            here, known = choices(), notes()
            for note in known:
                if note not in noted:
                    self.say(note)
            noted = frozenset(known)
            self._offer_changed(said, here, leave)
            said = [text for text, _ in here]
            number = await self.number(question, is_idle=is_idle)
            if number == 0:
                return
            if number is None:
                said, noted = [], frozenset[str]()
            elif number > len(here):
                self.say(f"{number} is none of the choices; Enter alone repeats them.")
            else:
                await here[number - 1][1]()

    async def number(self, question: str, *, is_idle: bool = False) -> int | None:
        """Ask for a number, 0 to leave; None when the answer is none."""
        answer = (await self.keyboard.ask(question, is_idle=is_idle)).lower()
        return 0 if answer in BACK else number_of(answer)

    async def one_of(self, texts: Sequence[str], leave: str = "back") -> int | None:
        """Have one thing chosen by number, once; None for none."""
        for number, text in enumerate(texts, 1):
            self.say(f"{number}, {text}.")
        self.say(f"0, {leave}.")
        while True:
            chosen = await self.number("Number?")
            if chosen is not None and chosen <= len(texts):
                return chosen - 1 if chosen else None
            self.say(f"A number from 0 to {len(texts)} is needed.")

    async def save(self, stem: str, suffix: str, text: str, what: str) -> None:
        """Write a private file and say where it is, or why it is not."""
        try:
            path = await asyncio.to_thread(self.outlet.save, stem, suffix, text)
        except OSError as error:
            where = f": {error.filename}" if error.filename else ""
            self.say(f"Not written: {plain(f'{error.strerror or error}{where}')}.")
        else:
            self.say(f"Written for you alone to {plain(str(path))}: {what}.")


def number_of(answer: str) -> int | None:
    """Read a number as it is typed; None when it is none."""
    return int(answer) if answer.isascii() and answer.isdigit() and len(answer) < 9 else None


def count_of(number: int, what: str = "job") -> str:
    """Say how many of something."""
    return f"{number} {what}{'' if number == 1 else 's'}"
