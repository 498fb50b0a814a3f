"""The sharing board: copies, files, links, the hand-off note; what leaves the screen, and where it went."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from textual import work

from jobtui.errors import JobtuiError
from jobtui.insight.export import picture
from jobtui.insight.links import command_to_list, harmless_address
from jobtui.model import Job, JobMessage, StepRef
from jobtui.outlet import Outlet
from jobtui.text import plain
from jobtui.tui.clipboard import MOST_BYTES, Clipboard, copyable, doubt_about
from jobtui.tui.copies import Copy, LookedAt, copies_of
from jobtui.tui.exports import (
    SUFFIXES,
    Export,
    export_of_jobs,
    export_of_messages,
    export_of_steps,
)
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.keymap import key_of
from jobtui.tui.screens.board import Board
from jobtui.tui.screens.copying import CopyScreen
from jobtui.tui.screens.exporting import ExportScreen
from jobtui.tui.screens.reading import ReadingScreen


class SharingBoard(Board):
    """The board, and how what is on it is given to somebody else."""

    _note: str | None = None
    """The hand-off note written last."""

    def on_mount(self) -> None:
        """Take over the moment that was asked for at the start."""
        at = getattr(self.app, "opens_at", None)
        if self._wanted is not None and at is not None:
            self.log_pane.opens_at = (self._wanted.job, at)

    @property
    def outlet(self) -> Outlet:
        """Where files and addresses go."""
        found = getattr(self.app, "outlet", None)
        return found if isinstance(found, Outlet) else Outlet()

    def action_copy(self) -> None:
        """Offer what can be copied of the selected job; its ref at the same key once more."""
        seen = self._looked_at_now()
        if seen is None:
            self.receipt.say("no job is selected")
        else:
            copies = copies_of(seen, self.now(), self._note)
            self.app.push_screen(CopyScreen(copies, f"of {plain(str(seen.target))}"), self._copied)

    def _looked_at_now(self) -> LookedAt | None:
        target = self.target
        job = None if target is None else self.monitor.store.get(target.job)
        if job is None or target is None:
            return None
        step = self.steps.step if self.focused is self.steps else None
        if step is not None:
            target = StepRef(job.ref, step.id)
        log, finding = self.log_pane, self.finding
        listing = command_to_list(finding.text, problems=finding.problems)
        at = log.reading_at() or self.now()
        is_read = job.ref == self.jobs.selected  # in the holds another job may be meant than the one read
        said = (self._all_messages(), log.visible_messages()) if is_read else ([], [])
        return LookedAt(job, target, step, *said, listing, at)

    def _all_messages(self) -> Sequence[JobMessage]:
        """Give the messages shown of the selected job; who has just come back to it gets all, too."""
        self.monitor.tell_rest()
        self.hear_all()
        return self.log_pane.shown_messages()

    def _copied(self, chosen: tuple[Copy, bool] | None) -> None:
        if chosen is not None:
            self._copy(*chosen)

    @work(group="share")
    async def _copy(self, copy: Copy, into_file: bool) -> None:
        if copy.text is None:
            self.receipt.say(f"no {copy.name}: {copy.shown}")
            return
        text = copyable(copy.text())
        clipboard = Clipboard(self.app, wraps=self.outlet.wraps)
        if into_file:
            await self._save(f"jobtui-{copy.stem}", ".txt", text + "\n", copy.name)
        elif clipboard.takes(text):
            clipboard.send(text)
            doubt = doubt_about(self.outlet.environment, wraps=self.outlet.wraps)
            self.receipt.say(f"sent to the terminal: {_named(copy, text)}{doubt}", "key")
        else:
            much = f"{copy.name}, more than the {MOST_BYTES // 1000} kB that a terminal takes"
            await self._save(f"jobtui-{copy.stem}", ".txt", text + "\n", much)

    def action_export(self) -> None:
        """Write what the focused pane shows into a file."""
        export = self._export()
        if export is None:
            self.receipt.say("there is nothing to export here: the job has not been read")
        else:
            asks = ExportScreen(export.what, self.outlet.place_text)
            self.app.push_screen(asks, partial(self._exported, export))

    def _exported(self, export: Export, format_: str | None) -> None:
        if format_ is not None:
            self._write(export, format_)

    @work(group="share")
    async def _write(self, export: Export, format_: str) -> None:
        if format_ == "svg":
            text = picture(self.app.export_screenshot(title="jobtui"))
            await self._save("jobtui-screen", SUFFIXES[format_], text, "a picture of the screen")
        else:
            text = await asyncio.to_thread(export.write, format_)
            await self._save(export.stem, SUFFIXES[format_], text, export.what)

    def _export(self) -> Export | None:
        if self.focused is self.log_pane:
            return export_of_messages(self._all_messages())
        if self.focused is self.steps:
            job = self.job
            detail = self._detail(job)
            return None if detail is None else export_of_steps(detail, self.monitor, self.now())
        store = self.monitor.store
        jobs = [job for ref in self.view if (job := store.get(ref)) is not None]
        return export_of_jobs(jobs, self.now())

    @work(group="share")
    async def action_handoff(self) -> None:
        """Write the hand-off note of this shift into a file."""
        try:
            lines = await self.monitor.handoff()
        except JobtuiError as error:
            self.receipt.say(f"no hand-off note: {error}", "bad")
            return
        text = "".join(f"{line}\n" for line in lines)
        self._note = text
        copies = f"{key_of('copy').face} n copies it"
        await self._save("jobtui-handoff", ".md", text, "the hand-off note;", copies)

    @work(group="share")
    async def action_browse(self) -> None:
        """Open the selected job in a browser, or show its address where no browser would be seen."""
        job = self.job
        address = harmless_address(job.url) if job is not None else None
        if job is None or address is None:
            self.receipt.say("no job is selected" if job is None else f"no address of {job.ref} is known")
        elif self.outlet.can_browse and await asyncio.to_thread(self.outlet.browse, address):
            self.receipt.say(f"a browser was asked to open {address}", "key")
        else:
            self.app.push_screen(
                ReadingScreen(plain(str(job.ref)), lambda width: _address_lines(job, address, width))
            )

    async def _save(self, stem: str, suffix: str, text: str, what: str, keys: str = "") -> None:
        """Write a file and say where it is, or why it is not."""
        try:
            path = await asyncio.to_thread(self.outlet.save, stem, suffix, text)
        except OSError as error:
            self.receipt.say(f"not written: {error.strerror or error}: {error.filename or ''}", "bad")
        else:
            self.receipt.say(f"written to {path}: {what}", "key", keys)


def _named(copy: Copy, text: str) -> str:
    """Say what was sent: a line as it is, else how much of what."""
    lines = text.count("\n") + 1
    return text if lines == 1 else f"{copy.name}, {lines} lines"


def _address_lines(job: Job, address: str, width: int) -> list[Line]:
    lines: list[Line] = [(Span(text, "strong"),) for text in wrap(plain(job.title), width)]
    lines += [(), *((Span(part, "key", address),) for part in wrap(address, width)), ()]
    return [*lines, (Span("no browser here would be seen by you; y a copies the address", "dim"),)]
