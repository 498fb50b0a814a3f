"""The monitor: all that a face ever holds. It watches every source and carries out what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobtui.backends.base import Backend, Identity
from jobtui.journal.journal import Journal
from jobtui.model import (
    Control,
    ControlRequest,
    Job,
    JobDetail,
    JobMessage,
    JobRef,
    Outcome,
    Parameters,
    Reason,
    Source,
    Target,
)
from jobtui.monitor.events import Publish, SourceHealth
from jobtui.monitor.store import Store


@dataclass(frozen=True, slots=True)
class Proposal:
    """A control as it would be sent, for the dialog: frozen when the key was pressed."""

    request: ControlRequest
    job: Job | None
    """The job as known when frozen, None when it could not be read."""
    consequence: str
    """One sentence: what it would do."""
    refusal: Reason | None
    """The first hard reason: the request will not be sent."""
    doubts: tuple[Reason, ...] = ()
    """Soft reasons, to be said in the dialog."""


class Monitor:
    """Watches sources, follows one job, carries out controls; knows nothing of a screen.

    Every method is called on one event loop. Events are published on that loop too.
    """

    store: Store
    """The latest job per ref; faces read it and never write."""

    def __init__(
        self,
        sources: Sequence[Source],
        backends: Mapping[str, Backend],
        journal: Journal,
        *,
        publish: Publish | None = None,
        read_only: bool = False,
        who: str = "",
    ) -> None:
        """``backends`` is by source name; a source without a backend is shown as broken, never asked."""
        raise NotImplementedError

    # --- watching -------------------------------------------------------------------------------------
    async def start(self) -> None:
        """Load the last known jobs from the journal and start one poller per source."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Stop polling, write what is pending, close the backends; takes at most about a second."""
        raise NotImplementedError

    def health(self, source: str) -> SourceHealth:
        raise NotImplementedError

    def source(self, name: str) -> Source:
        """Raises UsageError naming the nearest source when there is none of that name."""
        raise NotImplementedError

    def look_at(self, refs: Sequence[JobRef]) -> None:
        """Say which jobs are visible, most wanted first: they are read before others."""
        raise NotImplementedError

    def follow(self, ref: JobRef | None) -> None:
        """Follow the details and messages of one job (None: of none), announcing what is new."""
        raise NotImplementedError

    def refresh(self, source: str | None = None) -> None:
        """Ask again now, one source or all, within what the server allows."""
        raise NotImplementedError

    def detail(self, ref: JobRef) -> JobDetail | None:
        """The whole job as last read, if it was."""
        raise NotImplementedError

    # --- reading once (the command line) --------------------------------------------------------------
    async def list_jobs(self, source: str) -> list[Job]:
        """Read a source's scope and watch list once, into store and journal, newest first.

        Raises BackendError, after which ``store`` still has what the journal knew of the source.
        """
        raise NotImplementedError

    async def read(self, ref: JobRef) -> JobDetail:
        """Read one job whole, into store and journal. A job that the server forgot but the journal knows
        comes with the flag *forgotten*. Raises BackendError, NoSuchJob when nobody knows it."""
        raise NotImplementedError

    async def read_messages(self, ref: JobRef) -> list[JobMessage]:
        """Read all messages of one job, oldest first. Raises BackendError."""
        raise NotImplementedError

    async def identity(self, source: str) -> Identity:
        """Prove the source's credential. Raises BackendError or CredentialError."""
        raise NotImplementedError

    # --- the watch list -------------------------------------------------------------------------------
    async def add(self, ref: JobRef) -> None:
        """Watch an id that no list returns."""
        raise NotImplementedError

    async def forget(self, ref: JobRef) -> bool:
        """Stop watching an id; False when it was not watched."""
        raise NotImplementedError

    def target_of(self, text: str) -> Target:
        """Read a ref, a pasted address of a configured source, or a bare id that only one source can mean.

        Raises RefError.
        """
        raise NotImplementedError

    # --- controls -------------------------------------------------------------------------------------
    def controls(self, source: str) -> frozenset[Control]:
        """What jobs of this source can ever be asked to do."""
        raise NotImplementedError

    def why_never(self, control: Control, ref: JobRef) -> Reason | None:
        """The reasons that need no reading, in order: read-only, then kind."""
        raise NotImplementedError

    def why_not(
        self, control: Control, target: Target, parameters: Parameters | None = None
    ) -> Reason | None:
        """The first hard reason by what is known now, without asking the server: for footers and keys."""
        raise NotImplementedError

    def propose(
        self,
        control: Control,
        target: Target,
        *,
        until: datetime | None = None,
        after: Target | None = None,
        step_ids: Sequence[str] = (),
        reason: str | None = None,
    ) -> Proposal:
        """Freeze a control from what is known now, without asking the server."""
        raise NotImplementedError

    async def carry_out(self, request: ControlRequest) -> Outcome:
        """Carry one control from intent to outcome.

        Re-reads the job and refuses on a hard reason; writes the intent durably; sends once; records the
        outcome; publishes Controlled at each stage; goes on following until the effect is seen.
        """
        raise NotImplementedError

    async def wait_for_effect(self, outcome: Outcome, timeout_s: float) -> Outcome:
        """Wait until an accepted control is confirmed; the same outcome again when that does not happen."""
        raise NotImplementedError

    def receipts(self) -> list[Outcome]:
        """The outcomes of this session, newest first."""
        raise NotImplementedError
