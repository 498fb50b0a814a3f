"""The quieting board: updates of the list stopped while somebody reads, known problems muted."""

from __future__ import annotations

from msgspec.structs import replace

from jobtui.insight.attention import needs_you
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.tui.screens.finding import FindingBoard


class QuietingBoard(FindingBoard):
    """The board, and how somebody gets peace on it. Nothing here is told to a server."""

    def action_freeze(self) -> None:
        """Stop the updates of the list, or let all that has waited be shown."""
        self._catch_up()
        if self.shown.is_frozen:
            waited = self.shown.resume()
            self.jobs.apply(waited)
            self.marks.apply(waited)
            self.receipt.say(f"the list is live again; {len(waited)} jobs had waited", "good")
        else:
            self.shown.freeze(self.now())
            self.receipt.say(
                "the list stands still; keys act on what a job is now, not on what it was", "warn"
            )
        self._show()

    def action_mute(self) -> None:
        """Mute what is marked, else what is selected, until its state changes; again: let it need you."""
        refs = self._refs_to_mute()
        known = [job for ref in refs if (job := self.monitor.store.get(ref)) is not None]
        jobs = [job for job in known if needs_you(job, self.now())]
        if not jobs:
            self.receipt.say("nothing here needs you, so there is nothing to mute")
            return
        stays, top = self._beside(refs), self.jobs.scroll_offset.y
        is_muted = self.muting.toggle(jobs)
        self._look_again(jobs)
        if stays is not None:
            self.jobs.scroll_lines_to(top)
            self.jobs.select(stays)
        what = "1 job" if len(jobs) == 1 else f"{len(jobs)} jobs"
        text = "muted until its state changes, at the end of the list" if is_muted else "muted no more"
        self.receipt.say(f"{what} {text}", "key")
        self._keep_mutes()

    def _refs_to_mute(self) -> list[JobRef]:
        if self.marks:
            return self.marks.listed(self.view)
        if self.jobs.head is not None:
            return list(self.jobs.head.refs)
        return [] if self.jobs.selected is None else [self.jobs.selected]

    def _beside(self, refs: list[JobRef]) -> JobRef | None:
        """Give the job that the cursor goes on to when its own is sent to the end of the list."""
        if self.jobs.selected not in refs or len(refs) > 1:
            return None
        return next((ref for ref in self.jobs.below_first() if ref != self.jobs.selected), None)

    def _look_again(self, jobs: list[Job]) -> None:
        self._changes.extend(Change(job.ref, job, job) for job in jobs)
        self._flush()

    def _keep_mutes(self) -> None:
        self.lay_out(replace(self.chosen, muted=self.muting.conditions))

    def _take_over(self, changes: list[Change]) -> None:
        """Take over changes of jobs; what ends a mute ends it for the next start too."""
        now = [change for change in changes if self.monitor.store.get(change.ref) is change.after]
        over = [change for change in now if self.muting.notice(change.ref, change.after)]
        super()._take_over(changes)
        if over:
            self._keep_mutes()
