"""What is still to be written to the journal: bounded, whatever the journal does."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import TypeVar

from msgspec.structs import replace

from jobtui.journal.batch import Batch
from jobtui.journal.told import HoldTold, StepTold, Told, steps_of, told_of
from jobtui.model import Job, JobDetail, JobMessage, JobRef

_K = TypeVar("_K")
_T = TypeVar("_T")

AT_ONCE = 2_000
"""Of each kind, the most that is written in one go: a control never waits for longer than that takes."""
MOST_STATES = 200_000
MOST_MESSAGES = 100_000
MOST_CHARACTERS = 64_000_000
"""Of the messages together."""
MOST_JOBS = 100_000
MOST_DETAILS = 1_000


class Pending:
    """Collects what was told until it is written.

    Jobs and details are coalesced to the latest of each; how they stood in between is kept answer by answer.
    Beyond the bounds the oldest is given up, and counted.
    """

    def __init__(self) -> None:
        self.lost_states = 0
        self.lost_messages = 0
        """What was given up and is not yet written down as lost."""
        self._jobs: dict[JobRef, Job] = {}
        self._details: OrderedDict[JobRef, JobDetail] = OrderedDict()
        self._told: deque[Told] = deque()
        self._steps: deque[StepTold] = deque()
        self._holds: dict[tuple[JobRef, str, str], HoldTold] = {}
        self._messages: deque[JobMessage] = deque()
        self._characters = 0
        self._looks: dict[JobRef, datetime] = {}

    def __bool__(self) -> bool:
        kinds = (self._jobs, self._details, self._told, self._steps, self._holds, self._messages, self._looks)
        return any(kinds) or bool(self.lost_states or self.lost_messages)

    def __len__(self) -> int:
        """The number of states and messages that wait."""
        return len(self._told) + len(self._steps) + len(self._messages)

    def add_jobs(self, jobs: Iterable[Job], asked_at: datetime | None = None) -> None:
        """Take the latest of each job, and how it stands by an answer to a question asked then.

        That may be later than what is known of the job as a whole.
        """
        for job in jobs:
            self._jobs[job.ref] = job
            told = told_of(job)
            if asked_at is not None and asked_at > told.at:
                told = replace(told, at=asked_at)
            self._told.append(told)
            for hold in job.holds:
                self._holds[job.ref, hold.step_id, hold.id] = HoldTold(job.ref, job.as_of, hold)
        self._bound_states()

    def add_told(self, jobs: Iterable[Job]) -> None:
        """Take how jobs stood by answers that came too late to be believed as the latest."""
        self._told.extend(map(told_of, jobs))
        self._bound_states()

    def add_detail(self, detail: JobDetail) -> None:
        """Take the latest of a job read whole, and how its steps stand."""
        job = detail.job
        self.add_jobs([job])
        self._steps.extend(steps_of(detail))
        for step in detail.all_steps():
            for hold in step.holds:
                self._holds[job.ref, step.id, hold.id] = HoldTold(job.ref, job.as_of, hold)
        self._details[job.ref] = detail
        self._details.move_to_end(job.ref)
        if len(self._details) > MOST_DETAILS:
            self._details.popitem(last=False)
        self._bound_states()

    def add_messages(self, messages: Iterable[JobMessage]) -> None:
        """Take messages."""
        for message in messages:
            self._messages.append(message)
            self._characters += len(message.text)
        while len(self._messages) > MOST_MESSAGES or self._characters > MOST_CHARACTERS:
            self._characters -= len(self._messages.popleft().text)
            self.lost_messages += 1

    def add_look(self, ref: JobRef, at: datetime) -> None:
        """Take when the person looked at a job."""
        self._looks[ref] = at

    def take(self) -> Batch:
        """Take out what is written next."""
        messages = _first(self._messages)
        self._characters -= sum(len(message.text) for message in messages)
        batch = Batch(
            jobs=_some(self._jobs),
            told=_first(self._told),
            holds=_some(self._holds),
            details=_some(self._details),
            steps=_first(self._steps),
            messages=messages,
            looks=self._looks,
            lost_states=self.lost_states,
            lost_messages=self.lost_messages,
        )
        self._looks = {}
        self._jobs = self._jobs or {}  # what has been emptied keeps the memory of what was in it
        self.lost_states = self.lost_messages = 0
        return batch

    def put_back(self, batch: Batch) -> None:
        """Take back what could not be written; what has been told of a job since is newer."""
        self._jobs = {job.ref: job for job in batch.jobs} | self._jobs
        self._holds = {
            (each.ref, each.hold.step_id, each.hold.id): each for each in batch.holds
        } | self._holds
        older = {detail.job.ref: detail for detail in batch.details}
        self._details = OrderedDict(older | self._details)
        self._told.extendleft(reversed(batch.told))
        self._steps.extendleft(reversed(batch.steps))
        self._messages.extendleft(reversed(batch.messages))
        self._characters += sum(len(message.text) for message in batch.messages)
        self._looks = {**batch.looks, **self._looks}
        self.lost_states += batch.lost_states
        self.lost_messages += batch.lost_messages
        self.add_messages(())
        self._bound_states()

    def _bound_states(self) -> None:
        while len(self._told) > MOST_STATES:
            self._told.popleft()
            self.lost_states += 1
        while len(self._steps) > MOST_STATES:
            self._steps.popleft()
            self.lost_states += 1
        while len(self._jobs) > MOST_JOBS:
            self._jobs.pop(next(iter(self._jobs)))
            self.lost_states += 1
        while len(self._holds) > MOST_STATES:
            self._holds.pop(next(iter(self._holds)))


def _first(waiting: deque[_T]) -> list[_T]:
    return [waiting.popleft() for _ in range(min(AT_ONCE, len(waiting)))]


def _some(waiting: dict[_K, _T]) -> list[_T]:
    return [waiting.pop(key) for key in list(islice(waiting, AT_ONCE))]
