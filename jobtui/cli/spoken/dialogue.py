"""The dialogue: numbered questions over the same monitor as the screen, and a sentence for every change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from jobtui import documents
from jobtui.cli import plain as lines_of
from jobtui.cli.output import Output
from jobtui.cli.spoken.keyboard import Keyboard
from jobtui.cli.spoken.news import News
from jobtui.cli.spoken.sentences import counts, job_sentence, source_sentence, step_sentence, summary
from jobtui.cli.spoken.steering import Steering
from jobtui.errors import JobtuiError
from jobtui.insight.attention import needs_you, rank
from jobtui.insight.search import read as read_filter
from jobtui.model import Control, Job, JobRef, Kind, Level, StepRef, Target
from jobtui.monitor.events import Link
from jobtui.monitor.monitor import Monitor
from jobtui.text import plain

PAGE = 10
"""Jobs and messages read out at a time."""
Choice = tuple[str, Callable[[], Awaitable[None]]]


class Dialogue:
    """What somebody can ask for by number."""

    def __init__(
        self, monitor: Monitor, news: News, out: Output, keyboard: Keyboard, now: Callable[[], datetime]
    ) -> None:
        self._monitor = monitor
        self._news = news
        self._out = out
        self._keyboard = keyboard
        self._now = now
        self._steering = Steering(monitor, keyboard, news.awaited, self._say, now)

    async def run(self, select: Target | None = None) -> None:
        """Go on until somebody leaves, from ``select`` if given. Raises Gone when nobody types any more."""
        self._say("jobtui, as spoken lines. Answer with a number and Enter. Enter alone repeats the choices.")
        choices: list[Choice] = [
            ("jobs that need you", self._needy),
            ("all jobs", self._all),
            ("find jobs", self._find),
            ("holds", self._held),
            ("sources", self._sources),
            ("what was asked here", self._asked),
        ]
        if select is not None:
            await self._job(select)
        self._offer(choices, "leave")
        while (number := await self._number("What next?", is_idle=True)) != 0:
            if number is None or number > len(choices):
                self._offer(choices, "leave")
            else:
                await choices[number - 1][1]()
        if (said := self._news.awaited.text(self._now())) is not None:
            self._say(said.removesuffix(" q again leaves").removesuffix(";") + ".")

    # --- lists ----------------------------------------------------------------------------------------
    async def _needy(self) -> None:
        await self._list([job for job in self._sorted() if needs_you(job, self._now())], "Nothing needs you.")

    async def _all(self) -> None:
        await self._list(self._sorted(), "No job is known yet.")

    async def _held(self) -> None:
        now = self._now()
        held = [job for job in self._sorted() if any(hold.is_active(now) for hold in job.holds)]
        await self._list(held, "No hold is known.")

    async def _find(self) -> None:
        text = await self._keyboard.ask(
            "Find: words, or as on the screen: state:failed, source:NAME, age>2h:"
        )
        query = read_filter(text)
        if query.trouble:
            self._say(f"{plain(query.trouble)}.")
            return
        now = self._now()
        await self._list([job for job in self._sorted() if query.matches(job, now)], "No job fits.")

    def _sorted(self) -> list[Job]:
        now = self._now()
        return sorted(self._monitor.store, key=lambda job: rank(job, now))

    async def _list(self, jobs: Sequence[Job], if_none: str) -> None:
        """Read a frozen list out by pages; a number goes to its job, whatever moves meanwhile."""
        if not jobs:
            self._say(if_none)
            return
        self._say(counts(jobs))
        refs, start = [job.ref for job in jobs], 0
        while True:
            page = refs[start : start + PAGE]
            for number, ref in enumerate(page, start + 1):
                if (job := self._monitor.store.get(ref)) is not None:
                    self._say(f"{number}. {job_sentence(job, self._now())}")
            more = len(refs) > start + PAGE
            answer = await self._number(f"Number of a job{', Enter for more' if more else ''}, 0 for back?")
            if answer == 0 or (answer is None and not more):
                return
            if answer is None:
                start += PAGE
            elif answer <= len(refs):
                await self._job(refs[answer - 1])

    # --- one job --------------------------------------------------------------------------------------
    async def _job(self, target: Target) -> None:
        """Offer what can be done with one job, or with one of its steps."""
        self._monitor.follow(target.job)
        try:
            await self._monitor.read(target.job)
        except JobtuiError as error:
            self._say(f"It cannot be read just now: {plain(str(error))}. This is what is known.")
        while True:
            self._describe(target)
            choices = self._choices(target)
            self._offer(choices, "back")
            number = await self._number("What next?")
            if number == 0:
                return
            if number is None or number > len(choices):
                continue
            if choices[number - 1][0] == "choose a step":
                target = await self._step(target)
            else:
                await choices[number - 1][1]()

    def _describe(self, target: Target) -> None:
        job = self._monitor.store.get(target.job)
        if job is not None:
            self._say(job_sentence(job, self._now()))
        detail = self._monitor.detail(target.job)
        step = detail.step(target.step_id) if detail is not None and isinstance(target, StepRef) else None
        if step is not None:
            self._say(f"The step: {step_sentence(step, self._now())}")

    def _choices(self, target: Target) -> list[Choice]:
        possible, refused = self._steering.offers(target)
        for sentence in refused:
            self._say(sentence)
        if not possible and not refused:
            self._say("Jobs of this kind have no controls; they can be watched only.")
        job, detail = self._monitor.store.get(target.job), self._monitor.detail(target.job)
        steps: list[Choice] = []
        if job is not None and job.kind is Kind.ARCGIS and detail is not None and detail.steps:
            steps.append(("choose a step", self._nothing))
        return [
            ("details", lambda: self._details(target.job)),
            ("messages", lambda: self._messages(target.job)),
            *steps,
            *((control.value, self._control(control, target)) for control in possible),
        ]

    def _control(self, control: Control, target: Target) -> Callable[[], Awaitable[None]]:
        return lambda: self._steering.steer(control, target)

    async def _nothing(self) -> None:
        return

    async def _step(self, target: Target) -> Target:
        detail = self._monitor.detail(target.job)
        steps = [] if detail is None else detail.all_steps()
        for number, step in enumerate(steps, 1):
            self._say(f"{number}. {step_sentence(step, self._now())}")
        answer = await self._number("Number of a step, 0 for the job as a whole?")
        if answer is None or not 0 < answer <= len(steps):
            return target.job
        return StepRef(target.job, steps[answer - 1].id)

    async def _details(self, ref: JobRef) -> None:
        detail = self._monitor.detail(ref)
        if detail is None:
            self._say("It has not been read yet.")
            return
        document = documents.show_document(
            detail, self._now(), controls=self._monitor.controls(ref.source), why_not=self._monitor.why_not
        )
        for line in lines_of.show_lines(document, self._now(), self._out):
            self._say(line)

    async def _messages(self, ref: JobRef) -> None:
        try:
            messages = await self._monitor.read_messages(ref)
        except JobtuiError as error:
            self._say(f"The messages cannot be read just now: {plain(str(error))}.")
            return
        shown = [one for one in messages if one.level is not Level.DEBUG]
        if not shown:
            self._say("It has no messages.")
        end = len(shown)
        while end > 0:
            for message in shown[max(0, end - PAGE) : end]:
                self._say(lines_of.message_line(documents.message_document(message), self._out))
            end -= PAGE
            if end <= 0 or await self._number(f"{end} older, Enter for them, 0 for back?") == 0:
                return

    # --- what is known of the watch -------------------------------------------------------------------
    async def _sources(self) -> None:
        traffic = {one.source: one for one in self._monitor.traffic()}
        for name in self._monitor.sources:
            self._say(source_sentence(self._monitor.health(name), traffic.get(name), self._now()))
        for name, text in self._monitor.broken.items():
            self._say(f"{plain(name)} cannot be used: {plain(text)}.")
        for rule in self._monitor.alarms.rules:
            self._say(f"Armed: {plain(rule.sentence)}.")

    async def _asked(self) -> None:
        sentences = self._news.asked_sentences()
        for sentence in sentences or ["Nothing was asked of a server in this session."]:
            self._say(sentence)

    # --- speaking -------------------------------------------------------------------------------------
    def _offer(self, choices: Sequence[Choice], leave: str) -> None:
        for number, (text, _) in enumerate(choices, 1):
            self._say(f"{number}, {text}.")
        self._say(f"0, {leave}.")

    async def _number(self, question: str, *, is_idle: bool = False) -> int | None:
        """Ask for a number; None when the answer is none."""
        answer = await self._keyboard.ask(question, is_idle=is_idle)
        if answer.lower() in ("q", "quit", "b", "back"):
            return 0
        return int(answer) if answer.isascii() and answer.isdigit() and len(answer) < 9 else None

    def _say(self, text: str) -> None:
        self._out.line(text)


def first_words(monitor: Monitor, now: datetime) -> list[str]:
    """Say how things stand once every source has answered, or failed to."""
    heard = [monitor.health(name) for name in monitor.sources]
    return [
        *(source_sentence(health, None, now) for health in heard if health.link is not Link.STARTING),
        summary(monitor.store, now),
    ]
