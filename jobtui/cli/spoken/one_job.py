"""One job, or one of its steps: what is known of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from jobtui import documents
from jobtui.cli import plain as lines_of
from jobtui.cli.spoken.arming import Arming
from jobtui.cli.spoken.desk import Choice, Desk, count_of
from jobtui.cli.spoken.groups import causes_of
from jobtui.cli.spoken.reading import PAGE, Reading
from jobtui.cli.spoken.sentences import job_sentence, step_sentence
from jobtui.cli.spoken.sharing import Sharing
from jobtui.cli.spoken.steering import Steering
from jobtui.errors import JobtuiError
from jobtui.insight.attention import needs_you
from jobtui.model import Job, JobRef, Level, StepRef, Target
from jobtui.text import plain


class OneJob:
    """Says how a job stands, once, and again only what has changed."""

    def __init__(
        self,
        desk: Desk,
        steering: Steering,
        sharing: Sharing,
        read_alike: Callable[[JobRef], Awaitable[None]],
    ) -> None:
        self._desk = desk
        self._steering = steering
        self._sharing = sharing
        self._arming = Arming(desk)
        self._read_alike = read_alike

    async def open(self, target: Target) -> None:
        """Offer what can be done with one job, or with one of its steps."""
        monitor = self._desk.monitor
        monitor.follow(target.job)
        try:
            await monitor.read(target.job)
        except JobtuiError as error:
            self._desk.say(f"It cannot be read just now: {plain(str(error))}. This is what is known.")
        await self._desk.choose(
            lambda: self._choices(target), subject=self._subject(target), notes=lambda: self._notes(target)
        )

    def _subject(self, target: Target) -> str:
        job, detail = self._desk.monitor.store.get(target.job), self._desk.monitor.detail(target.job)
        step = detail.step(target.step_id) if detail is not None and isinstance(target, StepRef) else None
        if step is not None:
            return f"Step {plain(step.title, limit=60)}"
        return plain(job.title if job is not None else str(target), limit=60)

    def _notes(self, target: Target) -> list[str]:
        monitor, notes = self._desk.monitor, []
        job, detail = monitor.store.get(target.job), monitor.detail(target.job)
        step = detail.step(target.step_id) if detail is not None and isinstance(target, StepRef) else None
        if step is not None:
            notes.append(f"The step: {step_sentence(step, self._desk.now())}")
        elif job is not None:
            notes.append(job_sentence(job, self._desk.now()))
        possible, refused = self._steering.offers(target)
        if not possible and not refused:
            refused = ["Jobs of this kind have no controls; they can be watched only."]
        return [*notes, *refused]

    def _choices(self, target: Target) -> list[Choice]:
        detail, job = self._desk.monitor.detail(target.job), self._desk.monitor.store.get(target.job)
        is_whole = not isinstance(target, StepRef)
        choices: list[Choice] = [
            ("details", lambda: self._details(target.job)),
            ("messages", lambda: self._messages(target.job)),
        ]
        if is_whole and detail is not None and detail.steps:
            choices.append(("choose a step", lambda: self._step(target.job)))
        choices += [
            (control.value, partial(self._steering.steer, control, target))
            for control in self._steering.offers(target)[0]
        ]
        choices.append(("tell me when", lambda: self._arming.ask(target)))
        choices.append(("pass it on: ref, address, messages, files", lambda: self._sharing.job(target)))
        return choices if job is None or not is_whole else [*choices, *self._of_the_job(job)]

    def _of_the_job(self, job: Job) -> list[Choice]:
        marks, mutes = self._desk.marks, self._desk.muting.mutes
        choices: list[Choice] = [
            ("take its mark away" if job.ref in marks else "mark it", lambda: self._mark(job.ref))
        ]
        if needs_you(job, self._desk.now()):
            choices.append(
                ("let it need you again" if mutes.is_muted(job) else "mute it", lambda: self._mute(job.ref))
            )
        if alike := causes_of(self._desk.monitor.store).alike(job.ref):
            others = f"the jobs that failed for the same cause, {count_of(alike, 'other')}"
            choices.append((others, lambda: self._read_alike(job.ref)))
        return choices

    async def _mark(self, ref: JobRef) -> None:
        is_marked = self._desk.marks.toggle(ref)
        count = len(self._desk.marks)
        how = "It is marked" if is_marked else "Its mark is taken away"
        self._desk.say(f"{how}; {count_of(count)} {'is' if count == 1 else 'are'} marked now.")

    async def _mute(self, ref: JobRef) -> None:
        job = self._desk.monitor.store.get(ref)
        self._desk.say(self._desk.muting.toggle([] if job is None else [job], self._desk.now()))

    async def _step(self, ref: JobRef) -> None:
        detail = self._desk.monitor.detail(ref)
        steps = [] if detail is None else detail.all_steps()
        reading = Reading(
            self._desk,
            "a step",
            [partial(step_sentence, step, self._desk.now()) for step in steps],
        )
        while isinstance(answer := await reading.ask(), int):
            await self.open(StepRef(ref, steps[answer].id))

    async def _details(self, ref: JobRef) -> None:
        monitor, now = self._desk.monitor, self._desk.now()
        detail = monitor.detail(ref)
        if detail is None:
            self._desk.say("It has not been read yet.")
            return
        controls = monitor.controls(ref.source)
        document = documents.show_document(detail, now, controls=controls, why_not=monitor.why_not)
        for line in lines_of.show_lines(document, now, self._desk.out):
            self._desk.say(line)

    async def _messages(self, ref: JobRef) -> None:
        try:
            messages = await self._desk.monitor.read_messages(ref)
        except JobtuiError as error:
            self._desk.say(f"The messages cannot be read just now: {plain(str(error))}.")
            return
        shown = [one for one in messages if one.level is not Level.DEBUG]
        if not shown:
            self._desk.say("It has no messages.")
        end = len(shown)
        while end > 0:
            for message in shown[max(0, end - PAGE) : end]:
                self._desk.say(lines_of.message_line(documents.message_document(message), self._desk.out))
            end -= PAGE
            if end <= 0 or await self._desk.number(f"{end} older, Enter for them, 0 for back?") == 0:
                return
