"""Pending Actions over HTTP: list, show, progress messages, cancel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from msgspec import structs

from jobtui.backends.address import path_within, segment_text
from jobtui.backends.base import Connection, Identity, ManyJobs, Push, Rows, Scope
from jobtui.backends.http import Reply, segment
from jobtui.backends.many import each_of
from jobtui.backends.nextspace import rules
from jobtui.backends.nextspace.messages import MessageRows, decode_messages, last_error
from jobtui.backends.nextspace.paging import AMOUNT, Listing
from jobtui.backends.nextspace.place import Place
from jobtui.backends.nextspace.reading import AMOUNT as MESSAGES_AMOUNT
from jobtui.backends.nextspace.reading import Reading, mark_of
from jobtui.backends.nextspace.replies import decode_cancel
from jobtui.backends.nextspace.sameness import Sameness
from jobtui.backends.nextspace.wire import Page, decode_action
from jobtui.backends.outcomes import outcome_of_error
from jobtui.errors import BackendError, CredentialError, SignInRefused
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Cursor,
    Effect,
    Job,
    JobDetail,
    JobMessage,
    JobRef,
    Kind,
    MessagePage,
    Outcome,
    Parameters,
    Reason,
    Source,
    State,
    Target,
    Verdict,
)
from jobtui.turns import give_way

_OPEN = "IN_PROGRESS"
_LAST = 30
"""Newest messages looked through for the reason of a failure."""


class NextspaceBackend:
    """One Bruce API of one account."""

    kind = Kind.NEXTSPACE
    controls = rules.CONTROLS

    def __init__(self, source: Source, connection: Connection) -> None:
        self.source = source.name
        self._place = Place(source.name, connection)
        self._sameness = Sameness(source.name)
        self._amount = AMOUNT
        """How many rows of the list its server was last seen to be good for."""
        self.remarks: tuple[str, ...] = ()
        """What the server warned of beside its last list."""

    @property
    def requests(self) -> int:
        """How many requests the jobs' own address was sent so far; signing in is another's budget."""
        return self._place.requests

    async def pages(self, scope: Scope) -> AsyncIterator[Sequence[Job]]:
        """Read the list as far as it has news, then the open jobs that stand behind what is known."""
        walk = Listing(scope, amount=self._amount)
        remarks: dict[str, None] = {}
        async for jobs in self._walk(walk, None, remarks):
            yield jobs
        if not walk.saw_all:
            rest = Listing(scope, walk.given(), amount=walk.amount)
            async for jobs in self._walk(rest, _OPEN, remarks):
                yield jobs
        self._amount = walk.amount
        self._sameness.forget_unmet()
        self.remarks = tuple(remarks)

    async def get(self, job_id: str) -> JobDetail:
        """Read one record, and what its messages tell better: why it failed, and whether it has begun."""
        detail = await self._record(job_id)
        if detail.job.state is State.QUEUED and (first := await self._some_messages(job_id, 1, "ASC")).rows:
            running = replace(detail.job, state=State.RUNNING)
            return replace(detail, job=running, messages=first.messages)
        return detail

    async def _record(self, job_id: str) -> JobDetail:
        asked = datetime.now(UTC)
        reply = await self._read(f"pendingAction/{segment(job_id)}", {"Result": "JSON"})
        detail = decode_action(self.source, reply.body, as_of=asked, root=self._place.root)
        if detail.job.state is not State.FAILED:
            return detail
        last = (await self._some_messages(job_id, _LAST, "DESC")).messages
        why = last_error(last) or detail.job.why
        return replace(detail, job=replace(detail.job, why=why), messages=last)

    async def get_many(self, job_ids: Sequence[str]) -> ManyJobs:
        """Read several records, side by side: the API has no batch."""
        messages: list[JobMessage] = []

        async def job(job_id: str) -> Job:
            detail = await self._record(job_id)
            messages.extend(detail.messages)
            return detail.job

        return structs.replace(await each_of(job_ids, job), messages=tuple(messages))

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        """Read on after the cursor, some messages again: their order follows the job host's clock."""
        reading = Reading(mark_of(cursor))
        while not reading.is_over:
            page = await self._messages(job_id, start=reading.start, amount=MESSAGES_AMOUNT, order="ASC")
            reading.take(page)
        return MessagePage(reading.messages, reading.mark.cursor(), reading.more)

    def freeze(
        self, control: Control, detail: JobDetail | None, ref: JobRef, parameters: Parameters, now: datetime
    ) -> ControlRequest:
        """Fix what would be sent."""
        return rules.freeze(control, ref, parameters, now)

    def reasons(self, request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[Reason, ...]:
        """Say why it cannot or should perhaps not be sent."""
        return rules.reasons(request, detail)

    def consequence(self, request: ControlRequest, detail: JobDetail | None, now: datetime) -> str:
        """Say what it would do."""
        return rules.consequence(request, detail)

    async def control(self, request: ControlRequest) -> Outcome:
        """Send a cancel, once."""
        if request.control not in self.controls or request.ref.job_id in ("", "0"):
            why = f"there is no {request.control} for this pending action"
            return Outcome(request, Verdict.REFUSED, False, datetime.now(UTC), why, Cause.RULE)
        try:
            http = await self._place.http()
        except BackendError as error:
            cause = Cause.SIGN_IN if isinstance(error, SignInRefused) else Cause.UNREACHABLE
            return Outcome(request, Verdict.REFUSED, False, datetime.now(UTC), str(error), cause)
        try:
            reply = await http.send_once("DELETE", f"pendingAction/{segment(request.ref.job_id)}")
            answer = decode_cancel(self.source, reply.public)
        except (BackendError, CredentialError) as error:
            return outcome_of_error(request, error, datetime.now(UTC))
        now = datetime.now(UTC)
        if answer.refusal is not None:
            return Outcome(request, Verdict.REFUSED, True, now, answer.refusal, Cause.SERVER)
        return Outcome(request, Verdict.ACCEPTED, True, now, answer.remark)

    def effect(self, request: ControlRequest, detail: JobDetail, now: datetime) -> Effect | None:
        """Say what a later read shows of it."""
        return rules.effect(detail)

    def push(self) -> Push | None:
        """None: this API has no voice of its own."""
        return None

    async def identity(self) -> Identity:
        """Prove the credential with a list of one, and ask whose it is."""
        await self._page(0, 1, None)
        return await self._place.whoami()

    def target_of(self, address: str) -> Target | None:
        """Read ``…/pendingAction/ID`` and what lies below it."""
        path = path_within(self._place.root, address)
        word, _, rest = (path or "").partition("/")
        job_id = segment_text(rest.partition("/")[0])
        return JobRef(self.source, job_id) if word == "pendingAction" and job_id else None

    async def locate(self) -> None:
        """Look up where the account's jobs are, unless that is known."""
        if not self._place.root:
            await self._place.http()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._place.aclose()

    async def _read(self, path: str, query: Mapping[str, str]) -> Reply:
        return await (await self._place.http()).read(path, query=query)

    async def _walk(
        self, listing: Listing, status: str | None, remarks: dict[str, None]
    ) -> AsyncIterator[Rows]:
        while not listing.is_over:
            is_first = listing.start == 0
            page, asked = await (
                self._first_page(listing.amount, status)
                if is_first
                else self._page(listing.start, listing.amount, status)
            )
            remarks |= dict.fromkeys(page.remarks)
            await give_way()
            if jobs := listing.take(page):
                yield Rows.told(jobs, asked)

    async def _page(self, start: int, amount: int, status: str | None) -> tuple[Page, datetime]:
        """Read one page of the list; gives with it when it had been asked for."""
        query = {"StartIndex": str(start), "Amount": str(amount), **({"Status": status} if status else {})}
        asked = datetime.now(UTC)
        reply = await self._read("pendingActions", query)
        await give_way()
        address, root = (start, status), self._place.root
        return await self._sameness.page(address, reply.body, as_of=asked, root=root), asked

    async def _first_page(self, amount: int, status: str | None) -> tuple[Page, datetime]:
        """Read the beginning of the list; an empty one is what a token that has ended may get, too."""
        page, asked = await self._page(0, amount, status)
        if page.rows == 0 and status is None and await self._place.renewed():
            return await self._page(0, amount, status)
        return page, asked

    async def _messages(self, job_id: str, *, start: int, amount: int, order: str) -> MessageRows:
        path = f"pendingAction/{segment(job_id)}/progressMessages"
        query = {"StartIndex": str(start), "Amount": str(amount), "Order": order}
        reply = await self._read(path, query)
        return decode_messages(JobRef(self.source, job_id), reply.body)

    async def _some_messages(self, job_id: str, amount: int, order: str) -> MessageRows:
        """Read the first or the last messages; none when they cannot be read, as the record itself was."""
        try:
            return await self._messages(job_id, start=0, amount=amount, order=order)
        except BackendError:
            return MessageRows(())
