"""Reading out: a frozen list by pages, of which one is chosen by its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from jobtui.cli.spoken.desk import Desk, number_of
from jobtui.cli.spoken.keyboard import BACK
from jobtui.text import plain

PAGE = 10
"""Jobs and messages read out at a time."""


class Reading:
    """Reads each page once, and again when asked to; numbers stay with what they were said of."""

    def __init__(self, desk: Desk, what: str, sentences: Sequence[Callable[[], str]]) -> None:
        """``sentences`` say each as it is when it is read out; an empty one is passed over."""
        self._desk = desk
        self._what = what
        self._sentences = sentences
        self._start = self._end = 0
        self._is_due = True

    async def ask(self, letters: Mapping[str, str] | None = None) -> int | str | None:
        """Give the place of what is chosen, one of the letters (each with what it does), or None for back."""
        letters = letters or {}
        while True:
            if self._is_due:
                self._read()
            answer = (await self._desk.keyboard.ask(self._question(letters))).lower()
            number = number_of(answer)
            if answer in BACK:
                return None
            if number is not None and 0 < number <= len(self._sentences):
                return number - 1
            if answer in letters:
                return answer
            self._turn(answer)

    def _read(self) -> None:
        self._is_due = False
        self._end = min(self._start + PAGE, len(self._sentences))
        for number, sentence in enumerate(self._sentences[self._start : self._end], self._start + 1):
            if said := sentence():
                self._desk.say(f"{number}. {said}")

    def _question(self, letters: Mapping[str, str]) -> str:
        left = len(self._sentences) - self._end
        more = [f"Enter reads on, {left} more"] if left else []
        others = [f"{letter} {does}" for letter, does in letters.items()]
        return f"Number of {self._what}? {', '.join([*more, *others, 'r repeats', '0 goes back'])}:"

    def _turn(self, answer: str) -> None:
        if answer == "r":
            self._is_due = True
        elif answer:
            self._desk.say(f"“{plain(answer, limit=40)}” is none of them.")
        elif self._end < len(self._sentences):
            self._start, self._is_due = self._end, True
        else:
            self._desk.say("That was the last.")
