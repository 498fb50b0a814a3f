"""Zendesk job statuses over HTTP: list, show, show many; nothing to control."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from jobtui.backends.address import path_within, segment_text
from jobtui.backends.auth import Auth, basic, bearer
from jobtui.backends.base import Connection, Identity, ManyJobs, Push, Rows, Scope
from jobtui.backends.http import Http, segment
from jobtui.backends.same_pages import SamePages
from jobtui.backends.zendesk import rules
from jobtui.backends.zendesk.batches import BATCH, Batches
from jobtui.backends.zendesk.complaints import explain, refine
from jobtui.backends.zendesk.showing import Showing
from jobtui.backends.zendesk.wire import (
    Page,
    Told,
    decode_list,
    decode_listed,
    decode_person,
    decode_status,
)
from jobtui.errors import (
    CredentialError,
    NoSuchAddress,
    NoSuchJob,
    RequestRefused,
    ServerTrouble,
    SignInRefused,
    UnexpectedReply,
)
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Cursor,
    Effect,
    Job,
    JobDetail,
    JobRef,
    Kind,
    MessagePage,
    Outcome,
    Parameters,
    Reason,
    Secret,
    Source,
    Target,
    Verdict,
)

_API = "api/v2"
_JUST_READ_S = 2.0
_MOST_PAGES = 1_000
RESERVE = 0.1
"""The share of the account's requests per minute that is left to everybody else who lives on them."""


class ZendeskBackend:
    """One Zendesk account."""

    kind = Kind.ZENDESK
    controls = rules.CONTROLS

    def __init__(
        self,
        source: Source,
        connection: Connection,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.source = source.name
        self._now = now
        base = connection.url.partition("?")[0].rstrip("/")
        self._prefix = "" if base.endswith(f"/{_API}") else f"{_API}/"
        self._root = f"{base}/{self._prefix}".rstrip("/")
        self._http = Http(
            source.name,
            connection,
            _auth(source.name, connection),
            explain=explain,
            refine=refine,
            reserve=RESERVE,
        )
        self._showing = Showing(self._read, self._listed)
        self._batches = Batches(self._many, self._read)
        self._same: SamePages[Page] = SamePages()
        self._just_read: tuple[str, float, Told] | None = None

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""
        return self._http.requests

    async def pages(self, scope: Scope) -> AsyncIterator[Sequence[Job]]:
        """Read the list by its cursors; a server that knows none gives everything at once."""
        seen: set[str] = set()
        cursors: set[str] = set()
        after: str | None = None
        while len(cursors) < _MOST_PAGES:
            page, asked = await self._page(after)
            new = [job for job in page.jobs if job.ref.job_id not in seen]
            wanted = [job for job in new if _is_wanted(job, scope)][: max(0, scope.limit - len(seen))]
            seen |= {job.ref.job_id for job in new}
            if wanted:
                yield Rows.told(wanted, asked)
            after = page.after
            if after is None or after in cursors or not new or len(seen) >= scope.limit:
                break
            if all(_is_no_news(job, scope) for job in new):
                break  # unfinished ones come first, then the ended, those of late before those of old
            cursors.add(after)
        self._same.forget_unmet()

    async def get(self, job_id: str) -> JobDetail:
        """Read one job status with its items as steps."""
        return (await self._told(job_id)).detail

    async def get_many(self, job_ids: Sequence[str]) -> ManyJobs:
        """Read several, a hundred at a time; rows may be abbreviated."""
        return await self._batches.read(job_ids)

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        """Give the one message that a job status carries; with a job read just now nothing is asked."""
        recent = self._just_read
        if recent is not None and recent[0] == job_id and time.monotonic() - recent[1] <= _JUST_READ_S:
            told, self._just_read = recent[2], None
        else:
            told = await self._told(job_id)
        return MessagePage(() if told.message is None else (told.message,), Cursor())

    def freeze(
        self, control: Control, detail: JobDetail | None, ref: JobRef, parameters: Parameters, now: datetime
    ) -> ControlRequest:
        """Fix what was asked."""
        return rules.freeze(control, ref, parameters, now)

    def reasons(self, request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[Reason, ...]:
        """Say why it cannot be sent."""
        return rules.reasons(request)

    def consequence(self, request: ControlRequest, detail: JobDetail | None, now: datetime) -> str:
        """Say what it would do: nothing."""
        return rules.WHY_NOT

    async def control(self, request: ControlRequest) -> Outcome:
        """Refuse: nothing is ever sent."""
        return Outcome(request, Verdict.REFUSED, False, self._now(), rules.WHY_NOT, Cause.RULE)

    def effect(self, request: ControlRequest, detail: JobDetail, now: datetime) -> Effect | None:
        """Say what a later read shows: nothing was sent, so nothing."""
        return None

    def push(self) -> Push | None:
        """None: this API has no voice of its own."""
        return None

    async def identity(self) -> Identity:
        """Prove the credential and say whose it is; who may not ask that is proved by a list."""
        try:
            reply = await self._http.read(f"{self._prefix}users/me")
        except (NoSuchJob, NoSuchAddress):
            await self._page(None)
            return Identity(user=None)
        person = decode_person(self.source, reply.body)
        if person.is_anonymous:
            raise SignInRefused(
                self.source, "the server takes us for an anonymous user: the credential is wrong"
            )
        return Identity(user=person.name, rights=person.role)

    def target_of(self, address: str) -> Target | None:
        """Read ``…/api/v2/job_statuses/ID``, with or without ``.json``."""
        path = path_within(self._root, address)
        word, _, rest = (path or "").partition("/")
        job_id = segment_text(rest.removesuffix(".json")) if "/" not in rest else None
        if word != "job_statuses" or job_id in (None, "show_many"):
            return None
        return JobRef(self.source, job_id)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _told(self, job_id: str) -> Told:
        told = await self._showing.read(job_id)
        # The message stands in the same record as the state: whoever follows a job asks for both, once.
        self._just_read = (job_id, time.monotonic(), told)
        return told

    async def _read(self, job_id: str) -> Told:
        asked = self._now()
        reply = await self._http.read(f"{self._prefix}job_statuses/{segment(job_id)}.json")
        return decode_status(self.source, reply.body, as_of=asked, root=self._root)

    async def _listed(self, job_id: str) -> Told | None:
        """Look for a job among several: by its id, then on the list's first page, where the open ones are."""
        questions = [("/show_many", {"ids": job_id}), ("", {"page[size]": str(BATCH)})]
        for path, query in questions if "," not in job_id else questions[1:]:
            asked = self._now()
            try:
                reply = await self._http.read(f"{self._prefix}job_statuses{path}.json", query=query)
                told = decode_listed(self.source, reply.body, job_id, as_of=asked, root=self._root)
            except (NoSuchJob, RequestRefused, ServerTrouble, UnexpectedReply):
                continue
            if told is not None:
                return told
        return None

    async def _page(self, after: str | None) -> tuple[Page, datetime]:
        """Read a page of the list; gives when it was asked for, too."""
        asked = self._now()
        query = {"page[size]": str(BATCH), **({"page[after]": after} if after else {})}
        reply = await self._http.read(f"{self._prefix}job_statuses.json", query=query)
        decode = partial(decode_list, self.source, reply.body, as_of=asked, root=self._root)
        return self._same.read(after, reply.body, decode), asked

    async def _many(self, job_ids: Sequence[str]) -> Page:
        asked = self._now()
        path = f"{self._prefix}job_statuses/show_many.json"
        reply = await self._http.read(path, query={"ids": ",".join(job_ids)})
        return decode_list(self.source, reply.body, as_of=asked, root=self._root)


def _is_wanted(job: Job, scope: Scope) -> bool:
    return job.ended_at is None or job.ended_at >= scope.ended_since


def _is_no_news(job: Job, scope: Scope) -> bool:
    return job.ended and (job.ref.job_id in scope.known_ended or not _is_wanted(job, scope))


def _auth(source: str, connection: Connection) -> Auth:
    way = connection.options.get("auth", "token")
    fetch = connection.secrets.get("password" if way == "password" else "token") or connection.secrets.get(
        "token"
    )
    email = connection.options.get("email", "")
    if fetch is None or (way != "oauth" and not email):
        what = "token" if fetch is None else "email"

        async def missing() -> Secret:
            raise CredentialError(f"no {what} is configured for {source}")

        return bearer(missing)
    if way == "oauth":
        return bearer(fetch)
    return basic(fetch, email if way == "password" else f"{email}/token")
