"""The followed job: its details and messages, read again and again while somebody looks."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import islice
from typing import NoReturn

from msgspec import Struct, field

from jobtui.errors import JobtuiError, NoSuchJob, RateLimited
from jobtui.insight.order import in_order, is_in_turn
from jobtui.model import Cursor, Job, JobDetail, JobMessage, JobRef
from jobtui.monitor.events import DetailChanged, FollowFailed, MessagesArrived
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader

log = logging.getLogger(__name__)

SETTLE_S = 0.15
"""How long a selection must last before the server is asked: a cursor that runs down a list asks nothing."""
_ENDED_S = 60.0
_REMEMBERED = 30
_MOST_MESSAGES = 100_000
_TOLD_AT_ONCE = 200
_EARLIER_AT_ONCE = 200
_MOST_FOLLOWED = 10_000
"""Messages held of a job that somebody follows: the journal has the rest."""


class Log(Struct):
    """The messages read of one job so far, oldest first, each once."""

    cursor: Cursor = field(default_factory=Cursor)
    messages: list[JobMessage] = field(default_factory=list)
    ids: dict[str, None] = field(default_factory=dict)
    """In the order of coming, and more of them than messages: servers repeat themselves."""
    is_read: bool = False
    most: int = _MOST_MESSAGES

    def take(self, messages: tuple[JobMessage, ...]) -> tuple[JobMessage, ...]:
        """Add what is new; gives what was new."""
        new: list[JobMessage] = []
        for message in messages:
            if message.id not in self.ids:
                self.ids[message.id] = None
                new.append(message)
        if is_in_turn(self.messages, new):
            self.messages.extend(new)
        else:
            self.messages = in_order(self.messages, new)
        del self.messages[: max(0, len(self.messages) - self.most)]
        for old in list(islice(self.ids, max(0, len(self.ids) - _MOST_MESSAGES))):
            del self.ids[old]
        return tuple(new)

    def before(self, message: JobMessage) -> list[JobMessage]:
        """Give the messages before one of them; none when that is no longer held."""
        for number in range(len(self.messages) - 1, -1, -1):
            if self.messages[number] is message:
                return self.messages[:number]
        return []


class Follower:
    """Follows at most one job at a time; what was read of earlier ones is remembered."""

    def __init__(self, reader_of: Callable[[str], Reader | None], known: Known) -> None:
        self._reader_of = reader_of
        self._known = known
        self._logs: OrderedDict[JobRef, Log] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self.ref: JobRef | None = None
        self._first_told: JobMessage | None = None
        """Of the newest messages, the first, while those before it are still to be announced."""
        self._rest: list[JobMessage] = []
        """What is left of those."""
        self._announced: JobDetail | None = None
        known.on_detail(lambda detail, _: self._announce(detail))

    def follow(self, ref: JobRef | None) -> None:
        """Follow a job; what is known of it is announced at once, of many messages the newest.

        The others are once the selection has lasted: a cursor that runs down a list does not bring them all.
        """
        if ref == self.ref:
            return
        self.stop()
        self.ref = ref
        if ref is None:
            return
        self._announced = None
        if (detail := self._known.detail(ref)) is not None:
            self._announce(detail)
        if (log_ := self._logs.get(ref)) is not None and (log_.is_read or log_.messages):
            told = log_.messages[-_TOLD_AT_ONCE:]
            self._first_told = told[0] if told else None
            self._tell(ref, told)
        self._task = asyncio.create_task(self._run(ref))

    def refresh(self) -> None:
        """Read the followed job again now."""
        self._wake.set()

    def tell_rest(self) -> None:
        """Announce now what was read of the followed job and is still to be announced."""
        while self._tell_earlier():
            pass

    def stop(self) -> None:
        self.ref = self._first_told = None
        self._rest = []
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def take_told(self, ref: JobRef, messages: tuple[JobMessage, ...]) -> None:
        """Take over messages that the server told by itself."""
        log_ = self._logs.get(ref)
        new = messages if log_ is None else log_.take(messages)
        self._known.keep_messages(new)
        if new and ref == self.ref:
            self._tell(ref, new)

    def _tell(self, ref: JobRef, messages: Sequence[JobMessage]) -> None:
        """Announce messages, of very many a part at a time: whoever shows them has more to do."""
        for start in range(0, max(1, len(messages)), _TOLD_AT_ONCE):
            self._known.publish(MessagesArrived(ref, tuple(messages[start : start + _TOLD_AT_ONCE])))

    async def read_messages(self, ref: JobRef) -> list[JobMessage]:
        """Read all messages of a job that are not read yet; gives all, oldest first. Raises BackendError."""
        reader = self._reader_of(ref.source)
        log_ = self._log_of(ref)
        while reader is not None:
            page = await reader.backend.messages(ref.job_id, log_.cursor)
            log_.cursor = page.cursor
            new = log_.take(page.messages)
            if not log_.messages and not page.more and ref == self.ref and not log_.is_read:
                self._known.publish(MessagesArrived(ref, ()))
            log_.is_read = True
            if new:
                self._known.keep_messages(new)
                if ref == self.ref:
                    self._tell(ref, new)
            if not page.more:
                break
        return list(log_.messages)

    def _tell_earlier(self) -> bool:
        """Announce some of the messages before those that are; whether there are more."""
        if self.ref is None:
            return False
        if self._first_told is not None:
            self._rest, self._first_told = self._log_of(self.ref).before(self._first_told), None
        if self._rest:
            part = tuple(self._rest[-_EARLIER_AT_ONCE:])
            del self._rest[-_EARLIER_AT_ONCE:]
            self._known.publish(MessagesArrived(self.ref, part, are_earlier=True))
        return bool(self._rest)

    async def _run(self, ref: JobRef) -> NoReturn:
        await asyncio.sleep(SETTLE_S)
        while self._tell_earlier():  # noqa: ASYNC110 - it waits for nothing, and lets others in
            await asyncio.sleep(0)
        self._log_of(ref).most = _MOST_FOLLOWED
        await self._recall(ref)
        failures = 0
        while True:
            self._wake.clear()
            try:
                wait_s = await self._read(ref)
                failures = 0
            except JobtuiError as error:
                failures += 1
                self._known.publish(FollowFailed(ref, str(error)))
                wait_s = self._after(error, failures)
            except Exception as error:
                # As in the poller: a bug is said and logged, and the following goes on.
                log.exception("following %s", ref)
                failures += 1
                self._known.publish(FollowFailed(ref, f"internal error: {type(error).__name__}"))
                wait_s = self._after(error, failures)
            await self._wait(wait_s)

    async def _recall(self, ref: JobRef) -> None:
        """Show what the journal has of a job, before its server says anything."""
        log_, recorder, job = self._log_of(ref), self._known.recorder, self._known.store.get(ref)
        try:
            if job is not None and self._known.detail(ref) is None:
                await self._recall_steps(job)
            if log_.is_read or log_.messages:
                return
            kept = await recorder.run(lambda: recorder.journal.pages.newest(ref, _MOST_FOLLOWED))
        except JobtuiError as error:
            log.warning("not read from the journal: %s", error)
            return
        if (new := log_.take(tuple(kept))) and ref == self.ref:
            self._tell(ref, new)

    async def _recall_steps(self, job: Job) -> None:
        recorder = self._known.recorder
        kept = await recorder.run(lambda: recorder.journal.detail(job.ref))
        if kept is not None and kept.steps:
            self._announce(JobDetail(job, kept.steps))

    async def _read(self, ref: JobRef) -> float:
        reader = self._reader_of(ref.source)
        if reader is None:
            return _ENDED_S
        asked_at = self._known.clock()
        try:
            detail = await reader.read(ref)
        except NoSuchJob:
            job = reader.take_missing(ref, asked_at)
            recalled = self._announced.steps if self._announced is not None else ()
            self._announce(self._known.detail(ref) or JobDetail(job, recalled))
            return _ENDED_S if job.ended else reader.source.poll_s
        await self.read_messages(ref)
        again_s = _ENDED_S if detail.job.ended else reader.wants.reread_after_s(ref)
        took_s = (self._known.clock() - asked_at).total_seconds()
        return max(again_s - min(took_s, again_s / 2), reader.wait_s())

    def _announce(self, detail: JobDetail) -> None:
        if detail.job.ref == self.ref and detail != self._announced:
            self._announced = detail
            self._known.publish(DetailChanged(detail))

    def _after(self, error: Exception, failures: int) -> float:
        ours_s = min(60.0, 5.0 * 2 ** min(failures - 1, 5))
        asked_s = error.retry_after_s if isinstance(error, RateLimited) else None
        # Asked to wait a second, again and again, one job would else eat the requests of the whole source.
        return float(max(ours_s, asked_s or 0.0))

    async def _wait(self, delay_s: float) -> None:
        try:
            async with asyncio.timeout(delay_s):
                await self._wake.wait()
        except TimeoutError:
            return

    def _log_of(self, ref: JobRef) -> Log:
        log_ = self._logs.setdefault(ref, Log())
        self._logs.move_to_end(ref)
        if len(self._logs) > _REMEMBERED:
            self._logs.popitem(last=False)
        return log_
