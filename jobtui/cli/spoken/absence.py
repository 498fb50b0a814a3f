"""Absence: what happened while nobody looked, said at the start and read out when asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from jobtui.cli.spoken.desk import Desk
from jobtui.cli.spoken.reading import Reading
from jobtui.errors import JobtuiError
from jobtui.insight.when import moment
from jobtui.model import Target
from jobtui.monitor.away import Digest, News, Sort
from jobtui.text import plain
from jobtui.tui.format.away import counts_text, nothing_text
from jobtui.tui.format.times import span
from jobtui.tui.homecoming import Homecoming


class Absence:
    """Takes over when somebody last looked, and notes that somebody does now."""

    def __init__(self, desk: Desk, open_job: Callable[[Target], Awaitable[None]]) -> None:
        self._desk = desk
        self._open = open_job
        self._digest: Digest | None = None
        self._homecoming = Homecoming(desk.monitor.away, show=self._take, now=desk.now)

    async def begin(self) -> None:
        """Say in a sentence what happened since somebody last looked, if anything did."""
        try:
            await self._homecoming.begin()
        except JobtuiError as error:
            self._desk.say(f"What happened while you were away cannot be told: {plain(str(error))}.")
        if self._digest is not None:
            self._desk.say(digest_sentence(self._digest, self._desk.now()))

    def looked(self, *, at_once: bool = False) -> None:
        """Note that somebody listens."""
        self._homecoming.looked(at_once=at_once)

    async def read_out(self) -> None:
        """Read out what happened, what matters most first."""
        try:
            # Anew: details of what the first lists named have been read since.
            await self._homecoming.tell()
        except JobtuiError as error:
            self._desk.say(f"It cannot be read just now: {plain(str(error))}.")
            return
        digest = self._homecoming.digest
        if digest is None or not digest.news:
            said = nothing_text(digest, self._desk.now())
            self._desk.say(f"{said[0].upper()}{said[1:]}.")
            return
        self._desk.say(digest_sentence(digest, self._desk.now()))
        order = list(Sort)
        news = sorted(digest.news, key=lambda one: (order.index(one.sort), -one.at.timestamp()))
        reading = Reading(
            self._desk, "a job", [partial(news_sentence, one, self._desk.now()) for one in news]
        )
        while isinstance(answer := await reading.ask(), int):
            await self._open(news[answer].ref)

    def _take(self, digest: Digest) -> None:
        self._digest = digest


def digest_sentence(digest: Digest, now: datetime) -> str:
    """Say how long nobody looked and what happened."""
    away = span((now - digest.since).total_seconds())
    return f"While you were away, since {moment(digest.since, now)}, {away}: {counts_text(digest)}."


def news_sentence(one: News, now: datetime) -> str:
    """Say one thing that happened to one job."""
    who = "" if one.who is None else f" {'to' if one.sort is Sort.ASSIGNED else 'by'} {plain(one.who)}"
    ours = ", as was asked here" if one.ours else ""
    reason = f"; because: {plain(one.why)}" if one.why else ""
    title, ref = plain(one.title), plain(str(one.ref))
    return f"{moment(one.at, now)}: {title}, {ref}, {one.sort.value}{who}{ours}{reason}."
