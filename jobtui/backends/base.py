"""What a backend is: the contract that the monitor holds, whatever the API behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn, Protocol, Self, runtime_checkable

from msgspec import Struct, field

from jobtui.errors import BackendError
from jobtui.model import (
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
    SecretSource,
    Target,
)


class Connection(Struct, frozen=True):
    """How a backend reaches its source: what the configuration says, decoded and checked."""

    url: str
    """Root address without a trailing slash; may carry a path and, for nextspace, a query string."""
    secrets: Mapping[str, SecretSource] = field(default_factory=dict)
    """By configuration key: ``token``, ``login``, ``password``, ``code``."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What only one kind knows, by configuration key: ``header``, ``account``, ``email``, ``auth``, ``user``,
    ``query``, ``portal``."""
    timeout_s: float = 10.0
    ca: Path | None = None
    """A file of certificates to trust beside the system's."""
    client_cert: Path | None = None
    proxy: str | None = None


class Scope(Struct, frozen=True):
    """Which jobs of a source are wanted: the open ones, and those that ended since a moment."""

    ended_since: datetime
    """Aware UTC; jobs that ended before it are not wanted."""
    limit: int
    """The most jobs wanted, newest first."""
    known_ended: frozenset[str] = frozenset()
    """Ids of ended jobs already known: a page that holds nothing but these ends the paging."""


class Rows(tuple[Job, ...]):
    """Listed jobs, of which those that say what they said before are the very same objects as then."""

    as_of: datetime
    """When the answer that says so now had been asked for; such a job still has the age of before."""

    @classmethod
    def told(cls, jobs: Iterable[Job], as_of: datetime) -> Self:
        """Give jobs as told by one answer."""
        rows = cls(jobs)
        rows.as_of = as_of
        return rows


class ManyJobs(Struct, frozen=True):
    """The answer to a question about several ids."""

    found: tuple[Job, ...]
    missing: tuple[str, ...]
    """Asked for, and not known to the server (any more, or not yet)."""
    failed: Mapping[str, BackendError] = field(default_factory=dict)
    """By id, why it could not be read, where the fault is that job's own: no right to it, no readable answer.
    A fault of the whole source is raised, or is the ``error``."""
    error: BackendError | None = None
    """What ended the asking; what was told before stands, and of the other ids nothing is said."""
    messages: tuple[JobMessage, ...] = ()
    """Messages that came to light in reading them, in no order."""


class PushState(Struct, frozen=True):
    """Whether a server can tell us now what happens."""

    is_open: bool
    text: str | None = None
    """Why it is not open, in one sentence; None while it is, or before the first try."""


class Identity(Struct, frozen=True):
    """Whom the source takes us for."""

    user: str | None
    """A name to show, or None when the API does not tell."""
    rights: str | None = None
    """What may be done, in words, where the API tells."""
    version: str | None = None
    address: str | None = None
    """Where the source is, when that was looked up and not configured."""
    total: int | None = None
    """How many jobs the source would list without a limit, where its API counts them: the open ones, or what
    a query of the user's own finds."""
    push: PushState | None = None
    """Whether its notifications can be had; None where it has none, or they are switched off."""
    names: frozenset[str] = frozenset()
    """What else jobs of the source may name the same user by: an id, a login, an address."""

    @property
    def called(self) -> frozenset[str]:
        """Everything that jobs of the source may call us."""
        return frozenset(filter(None, [self.user, *self.names]))


class Pushed(Struct, frozen=True):
    """What a server told of a job without being asked."""

    ref: JobRef
    messages: tuple[JobMessage, ...] = ()
    """New messages, oldest first; a later read may bring them again under the same ids."""
    is_hint: bool = True
    """Whether the job stands differently now and should be read again; False for mere progress."""


class Push(Protocol):
    """A server's own voice: says what happens to the jobs that are wanted, as it happens."""

    def want(self, job_ids: Sequence[str]) -> None:
        """Name all the jobs to be told of, in place of those named before."""
        ...

    async def run(self, heard: Callable[[Pushed], None], stands: Callable[[PushState], None]) -> NoReturn:
        """Listen until cancelled; connects again after every drop, and never gives up or raises."""
        ...


class Backend(Protocol):
    """One source, spoken to in its own API.

    Reads raise BackendError (and only that). Implementations keep no job state; whatever they remember is
    about the connection: tokens, budgets, what the server is able to do, and what its last words became.
    """

    @property
    def source(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def controls(self) -> frozenset[Control]:
        """What this kind can ever be asked to do."""
        ...

    @property
    def requests(self) -> int:
        """How many requests the server was sent so far, those asked again and controls included."""
        ...

    def pages(self, scope: Scope) -> AsyncIterator[Sequence[Job]]:
        """Read the listed jobs of a scope, newest first, page by page; jobs may carry the flag brief.

        Where a page is ``Rows``, its jobs may be the same objects as before.
        """
        ...

    async def get(self, job_id: str) -> JobDetail:
        """Read one job whole, with its steps. Raises NoSuchJob when the server does not know it."""
        ...

    async def get_many(self, job_ids: Sequence[str]) -> ManyJobs:
        """Read several jobs, in batches where the API has them; no id is asked twice. Raises BackendError
        only for what is wrong with the whole source."""
        ...

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        """Read the messages after a cursor, oldest first; an empty cursor starts at the beginning."""
        ...

    def freeze(
        self, control: Control, detail: JobDetail | None, ref: JobRef, parameters: Parameters, now: datetime
    ) -> ControlRequest:
        """Fix what would be sent: fill in the steps meant, the dependency a release needs, and the marks.

        ``detail`` is None when the job could not be read; then only what was named is sent.
        """
        ...

    def reasons(self, request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[Reason, ...]:
        """Say why a request cannot (hard, first) or should perhaps not (soft) be sent; pure, no I/O."""
        ...

    def consequence(self, request: ControlRequest, detail: JobDetail | None, now: datetime) -> str:
        """Say in one sentence what the request would do, for the dialog."""
        ...

    async def control(self, request: ControlRequest) -> Outcome:
        """Send a control, once. Never raises BackendError: every ending is an Outcome."""
        ...

    def effect(self, request: ControlRequest, detail: JobDetail, now: datetime) -> Effect | None:
        """Say what a read that was asked after the control shows of it; None when nothing yet. Pure."""
        ...

    async def identity(self) -> Identity:
        """Prove the credential and say whom it belongs to."""
        ...

    def push(self) -> Push | None:
        """The server's voice, the same object each time; None where it has none or is not to be used."""
        ...

    def target_of(self, address: str) -> Target | None:
        """Read a pasted web or API address of this source; None when it is not one of ours."""
        ...

    async def aclose(self) -> None:
        """Close the connections; later calls raise Unreachable."""
        ...


@runtime_checkable
class Remarking(Protocol):
    """A backend whose server warns of things beside its lists."""

    remarks: tuple[str, ...]
    """What it warned of beside the last list that was read to its end."""


@runtime_checkable
class Locating(Protocol):
    """A backend whose own address may have to be looked up before it knows which addresses are its own."""

    async def locate(self) -> None:
        """Look it up unless it is known. Raises BackendError."""
        ...
