"""What leaves the dialogue: refs, addresses, messages, lists, the hand-off note; read out or in a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from jobtui.cli.spoken.desk import Choice, Desk, count_of
from jobtui.errors import JobtuiError
from jobtui.model import Job, JobMessage, JobRef, Level, StepRef, Target
from jobtui.text import plain
from jobtui.tui.copies import Copy, LookedAt, copies_of
from jobtui.tui.exports import (
    FORMATS,
    SUFFIXES,
    Export,
    export_of_jobs,
    export_of_messages,
    export_of_steps,
)

_OF_A_SCREEN = frozenset({"visible messages", "list as command", "hand-off note"})
"""Copies of what only a screen shows, or what is asked for elsewhere."""
_LINES = 20
"""Lines read out at a time."""
_WAYS = ("read it out", "write it to a file for you alone")


class Sharing:
    """Gives somebody else what is known here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def job(self, target: Target) -> None:
        """Offer what can be passed on of a job or step."""
        job = self._desk.monitor.store.get(target.job)
        if job is None:
            self._desk.say("It is not known any more.")
            return
        messages = await self._messages(target.job)
        detail = self._desk.monitor.detail(target.job)
        step = detail.step(target.step_id) if detail is not None and isinstance(target, StepRef) else None
        now = self._desk.now()
        copies = copies_of(LookedAt(job, target, step, messages, (), "", now), now)
        choices: list[Choice] = [
            (f"{copy.name}: {plain(copy.shown, limit=120)}", partial(self._give, copy))
            for copy in copies
            if copy.text is not None and copy.name not in _OF_A_SCREEN
        ]
        if messages:
            choices.append(("all messages as a table", lambda: self._export(export_of_messages(messages))))
        if detail is not None and detail.steps:
            export = export_of_steps(detail, self._desk.monitor, now)
            choices.append(("the job and its steps as a table", lambda: self._export(export)))
        await self._desk.choose(lambda: choices, subject="To pass on")

    async def _messages(self, ref: JobRef) -> list[JobMessage]:
        try:
            messages = await self._desk.monitor.read_messages(ref)
        except JobtuiError as error:
            self._desk.say(f"Its messages cannot be read just now: {plain(str(error))}.")
            return []
        return [one for one in messages if one.level is not Level.DEBUG]

    async def _give(self, copy: Copy) -> None:
        if copy.text is not None:
            await self._say_or_save(f"jobtui-{copy.stem}", ".txt", copy.text(), copy.name)

    async def _say_or_save(self, stem: str, suffix: str, text: str, what: str) -> None:
        way = await self._desk.one_of(_WAYS)
        if way == 0:
            await self._read_out(text.splitlines())
        elif way == 1:
            await self._desk.save(stem, suffix, f"{text.rstrip()}\n", what)

    async def _read_out(self, lines: Sequence[str]) -> None:
        for place, line in enumerate(lines):
            if place and place % _LINES == 0:
                left = count_of(len(lines) - place, "line")
                if await self._desk.number(f"Enter reads on, {left} more, 0 goes back:") == 0:
                    return
            if line:
                self._desk.say(plain(line, limit=10_000))

    async def jobs(self, jobs: Sequence[Job]) -> None:
        """Write jobs to a file."""
        await self._export(export_of_jobs(jobs, self._desk.now()))

    async def _export(self, export: Export) -> None:
        formats = [name for name in FORMATS.values() if name != "svg"]
        self._desk.say(f"{export.what}, as what?")
        chosen = await self._desk.one_of([name.upper() if name != "text" else name for name in formats])
        if chosen is not None:
            text = await asyncio.to_thread(export.write, formats[chosen])
            await self._desk.save(export.stem, SUFFIXES[formats[chosen]], text, export.what)

    async def handoff(self) -> None:
        """Write the hand-off note of this shift."""
        try:
            lines = await self._desk.monitor.handoff()
        except JobtuiError as error:
            self._desk.say(f"There is no hand-off note: {plain(str(error))}.")
            return
        self._desk.say(f"The hand-off note of the last 8 hours has {len(lines)} lines.")
        await self._say_or_save("jobtui-handoff", ".md", "\n".join(lines), "the hand-off note")
