"""The monitor: all that a face ever holds. It watches every source and carries out what is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from jobtui.backends.base import Backend, Identity, Push
from jobtui.backends.naming import Named
from jobtui.errors import RefError, Unreachable
from jobtui.insight.usual import Usual, left_s
from jobtui.journal.journal import Journal
from jobtui.model import (
    Cause,
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
    Step,
    Target,
)
from jobtui.monitor.alarms import Alarms
from jobtui.monitor.asking import Asking
from jobtui.monitor.attending import Attending
from jobtui.monitor.away import Away
from jobtui.monitor.clock import Clock, SteadyClock
from jobtui.monitor.controls import Controls, Still
from jobtui.monitor.directory import Directory
from jobtui.monitor.effects import Effects
from jobtui.monitor.events import HealthChanged, JournalStands, Link, Publish, SourceHealth
from jobtui.monitor.follower import Follower
from jobtui.monitor.handoff import SHIFT, note_lines
from jobtui.monitor.known import Known
from jobtui.monitor.listener import Listener
from jobtui.monitor.poller import Poller, warnings_of
from jobtui.monitor.proposals import Proposal, Proposals
from jobtui.monitor.reader import Reader
from jobtui.monitor.recorder import Recorder
from jobtui.monitor.remembering import Remembering
from jobtui.monitor.scrollback import Scrollback
from jobtui.monitor.traffic import Traffic

__all__ = ["Monitor", "Proposal"]


class Monitor:
    """Watches sources, follows one job, carries out controls; knows nothing of a screen.

    Every method is called on one event loop. Events are published on that loop too.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        backends: Mapping[str, Backend],
        journal: Journal,
        *,
        publish: Publish | None = None,
        read_only: bool = False,
        who: str = "",
        broken: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """``backends`` is by source name; a source without one is shown as broken, and never asked.

        ``broken`` says, by source name, what is wrong with those.
        """
        self._directory = Directory(sources, backends, broken or {})
        self.sources = self._directory.sources
        """The sources that can be asked, by name."""
        self._journal = journal
        recorder = Recorder(journal)
        self._known = Known(recorder, clock or SteadyClock(), publish)
        recorder.on_fault = lambda fault: self._known.publish(JournalStands(fault))
        self.store = self._known.store
        """The latest job per ref; faces read it and never write."""
        self.away = Away(self._known)
        """What happened since somebody last looked at the screen."""
        self.scrollback = Scrollback(recorder)
        """Messages that were seen and are only in the journal."""
        self._readers = {
            name: Reader(self.sources[name], backend, self._known) for name, backend in backends.items()
        }
        self._pollers = {name: Poller(reader, self._known) for name, reader in self._readers.items()}
        self._follower = Follower(self._readers.get, self._known)
        self.alarms = Alarms(self._known)
        """The rules that are armed, and what came true of them."""
        self._attending = Attending(self.alarms, self._known, self._readers, self._follower)
        self._effects = Effects(self._readers.get, self._known)
        self._controls = Controls(self._readers.get, self._known, self._effects, who)
        self._remembering = Remembering(self.sources, journal, self._known, self._pollers, self._effects)
        self._tasks: list[asyncio.Task[None]] = []
        self._asking = Asking(
            self._reader,
            self._known,
            journal,
            self._remembering,
            self._follower,
            watches=lambda: bool(self._tasks),
        )
        self.read_only = read_only
        """Whether nothing may be asked of any source."""
        self._proposals = Proposals(self._directory, self._known, self._controls, read_only=read_only)
        self._listeners = {
            name: self._listener(name, push)
            for name, backend in backends.items()
            if (push := backend.push()) is not None
        }

    # --- watching -------------------------------------------------------------------------------------
    async def start(self) -> None:
        """Load the last known jobs from the journal and start one poller per source."""
        await self.remember()
        self.watch()

    async def remember(self) -> None:
        """Load the last known jobs from the journal; nothing is asked of a server yet."""
        for name, text in self._directory.broken.items():
            self._known.publish(HealthChanged(SourceHealth(name, Link.OFFLINE, error=text)))
        await self.load()

    def watch(self) -> None:
        """Start one poller per source, and all that goes on beside them."""
        self._effects.look_for_adopted()
        self._known.recorder.tidy()
        self._tasks = [asyncio.create_task(poller.run()) for poller in self._pollers.values()]
        stalls, usuals = self._known.stalls, self._known.usuals
        self._tasks.append(asyncio.create_task(usuals.run()))
        self._tasks.append(asyncio.create_task(stalls.run(self._known.publish_found, usuals.known.wait)))
        self._tasks += [asyncio.create_task(listener.run()) for listener in self._listeners.values()]
        self.begin_alarms()

    def begin_alarms(self) -> None:
        """Tell what comes true of the armed rules; ``start`` does, who does not start may."""
        self._tasks += [asyncio.create_task(self.alarms.run()), asyncio.create_task(self._attending.run())]

    async def finish_alarms(self) -> None:
        """Read the last words that rules wait for, tell what came true, and let commands end."""
        await self._attending.read_last()
        await self.alarms.delivery.finish()

    async def stop(self) -> None:
        """Stop polling, write what is pending, close the backends; takes at most about a second."""
        self._follower.stop()
        for task in self._tasks:
            task.cancel()
        self.alarms.delivery.stop()
        await self._controls.stop()
        await self._effects.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._known.recorder.close()
        await asyncio.gather(*(backend.aclose() for backend in self._directory.backends.values()))

    def health(self, source: str) -> SourceHealth:
        poller = self._pollers.get(source)
        if poller is not None:
            offered = tuple(ref for ref in poller.health.offered if self.store.get(ref) is None)
            return replace(
                poller.health,
                has_list=poller.reader.no_list is None,
                warnings=warnings_of(poller.reader.backend),
                offered=offered,
            )
        return SourceHealth(source, Link.OFFLINE, error=self._directory.broken.get(source, "cannot be asked"))

    def traffic(self) -> list[Traffic]:
        """What asking each source has cost of late."""
        return [poller.traffic() for poller in self._pollers.values()]

    @property
    def broken(self) -> Mapping[str, str]:
        """What is wrong with the sources that cannot be asked, by name."""
        return self._directory.broken

    def now(self) -> datetime:
        """Tell the time that ages are counted by: it goes on though the machine's clock is set back."""
        return self._known.clock()

    @property
    def journal_fault(self) -> str | None:
        """What is wrong with the journal, if its last write failed."""
        return self._known.recorder.fault

    def source(self, name: str) -> Source:
        """Raises UsageError naming the nearest source when there is none of that name."""
        return self._directory.source(name)

    def look_at(self, refs: Sequence[JobRef]) -> None:
        """Say which jobs are visible, most wanted first: they are read before others."""
        for reader in self._readers.values():
            reader.wants.look_at(refs)
        self._want()

    def follow(self, ref: JobRef | None) -> None:
        """Follow the details and messages of one job (None: of none), announcing what is new."""
        self._follower.follow(ref)
        for name, reader in self._readers.items():
            reader.wants.followed = ref if ref is not None and ref.source == name else None
        if ref is not None:
            self._known.recorder.keep_look(ref, self._known.clock())
        self._want()

    def tell_rest(self) -> None:
        """Announce now what was read of the followed job and is still to be announced."""
        self._follower.tell_rest()

    def refresh(self, source: str | None = None) -> None:
        """Ask again now, one source or all, within what the server allows."""
        for name, poller in self._pollers.items():
            if source in (None, name):
                poller.refresh()
        self._follower.refresh()

    def usual(self, job: Job) -> Usual | None:
        """How long jobs like this one usually take; None when none like it is known to have ended well."""
        return self._known.usuals.of(job)

    def usual_step(self, job: Job, step: Step) -> Usual | None:
        """How long steps like this one of jobs like this one usually take; None when that is not known."""
        return self._known.usuals.of_step(job, step)

    def left_s(self, job: Job) -> float | None:
        """Seconds that a job may still take; None unless history or its own steady progress tells."""
        return left_s(job, self.usual(job), self._known.stalls.points(job.ref), self.now())

    def detail(self, ref: JobRef) -> JobDetail | None:
        """The whole job as last read, if it was."""
        return self._known.detail(ref)

    # --- reading once (the command line) --------------------------------------------------------------
    async def load(self) -> None:
        """Bring back what the journal last knew of every source, without asking any."""
        for name in self._readers:
            await self._remembering.load(name)

    async def list_jobs(self, source: str) -> list[Job]:
        """Read a source's scope and watch list once, into store and journal, newest first.

        Raises BackendError, after which ``store`` still has what the journal knew of the source.
        """
        return await self._asking.list_jobs(self.source(source).name)

    async def read(self, ref: JobRef) -> JobDetail:
        """Read one job whole, into store and journal. A job that the server forgot but the journal knows
        comes with the flag *forgotten*. Raises BackendError, NoSuchJob when nobody knows it."""
        self.source(ref.source)
        return await self._asking.read(ref)

    async def read_messages(self, ref: JobRef) -> list[JobMessage]:
        """Read all messages of one job, oldest first; of a forgotten one, those the journal has.

        Raises BackendError.
        """
        return await self._asking.read_messages(ref)

    async def identity(self, source: str) -> Identity:
        """Prove the source's credential; where nothing but jobs can be asked for, by reading one on watch.

        Raises BackendError or CredentialError.
        """
        return await self._asking.identity(source)

    # --- the watch list -------------------------------------------------------------------------------
    async def add(self, ref: JobRef) -> None:
        """Watch an id that no list returns, now and in later runs."""
        self.source(ref.source)
        now = self._known.clock()
        await self._known.recorder.run(lambda: self._journal.watch(ref, now))
        self.expect(ref)

    def expect(self, ref: JobRef) -> None:
        """Watch an id for as long as this process runs."""
        if (reader := self._readers.get(self.source(ref.source).name)) is not None:
            reader.watch(ref)

    async def remembered(self, text: str, limit: int = 1_000) -> list[Job]:
        """Give the jobs ever seen with a text in id, title, owner, application or why; the latest first."""
        return await self._remembering.find(text, limit)

    def show_again(self, job: Job) -> None:
        """List a job that only the journal knows, and ask its source for it while this process runs."""
        self._remembering.show_again(job)
        self.expect(job.ref)

    async def forget(self, ref: JobRef) -> bool:
        """Stop watching an id; False when it was not watched."""
        if (reader := self._readers.get(ref.source)) is not None:
            reader.unwatch(ref)
        return await self._known.recorder.run(lambda: self._journal.unwatch(ref))

    def target_of(self, text: str) -> Target:
        """Read a ref, a pasted address of a configured source, or a bare id that only one source can mean.

        Raises RefError, and UsageError for an unknown source.
        """
        return self._directory.target_of(text, self.store)

    async def find(self, text: str) -> Target:
        """As ``target_of``; for an address that is of no source, those looked up by account are looked up."""
        try:
            return self.target_of(text)
        except RefError as error:
            if "://" not in text:
                raise
            failed = await self._directory.locate()
            try:
                return self.target_of(text)
            except RefError:
                raise RefError("; ".join([str(error), *failed])) from None

    async def place(self, named: Named) -> Target:
        """Say which job a document of one of the APIs names. Raises RefError, and UsageError."""
        if named.kind is None:
            return await self.find(named.text)
        return self._directory.place(named, self.store)

    # --- controls -------------------------------------------------------------------------------------
    def controls(self, source: str) -> frozenset[Control]:
        """What jobs of this source can ever be asked to do."""
        return self._directory.controls(source)

    def why_never(self, control: Control, ref: JobRef) -> Reason | None:
        """The reasons that need no reading, in order: read-only, then kind."""
        return self._proposals.why_never(control, ref)

    def why_not(
        self, control: Control, target: Target, parameters: Parameters | None = None
    ) -> Reason | None:
        """The first hard reason by what is known now, without asking the server: for footers and keys."""
        return self._proposals.why_not(control, target, parameters or Parameters())

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
        return self._proposals.propose(control, target, Parameters(tuple(step_ids), until, after), reason)

    def has_room(self, source: str) -> bool:
        """Whether the budget of a source has room for a question that could wait."""
        return self._reader(source).may_look()

    async def turn(self, source: str) -> None:
        """Wait until the budget of a source has room for another question."""
        await self._reader(source).turn()

    async def carry_out(self, request: ControlRequest, still: Still = lambda _: None) -> Outcome:
        """Carry one control from intent to outcome.

        Re-reads the job and refuses on a hard reason, or when it is not ``still`` as it was; writes the
        intent durably; sends once; records the outcome; publishes Controlled at each stage; goes on
        following until the effect is seen.
        """
        await self._remembering.load(request.ref.source)
        never = self.why_never(request.control, request.ref)
        if never is not None:
            return await self._controls.refuse(request, never.text)
        outcome = await self._controls.carry_out(request, still)
        self._want()
        return outcome

    async def refuse(self, request: ControlRequest, reason: str, cause: Cause = Cause.RULE) -> Outcome:
        """End a control that the person did not confirm, or that a face must not send."""
        return await self._controls.refuse(request, reason, cause)

    async def wait_for_effect(self, outcome: Outcome, timeout_s: float) -> Outcome:
        """Wait until an accepted control is confirmed; the same outcome again when that does not happen."""
        return await self._effects.wait_for_effect(outcome, timeout_s)

    def standing(self, request: ControlRequest) -> Outcome:
        """Say how a control stands that its caller stopped waiting for."""
        return self._controls.standing(request)

    def receipts(self) -> list[Outcome]:
        """The outcomes of this session, newest first."""
        return self._effects.receipts()

    async def handoff(self) -> list[str]:
        """Write the hand-off note of the last shift, in Markdown lines. Raises JournalError."""
        await self._known.recorder.caught_up()
        now, names = self.now().astimezone(), [*self.sources, *self.broken]
        return await self._known.recorder.run(
            lambda: list(note_lines(self._journal, names, now - SHIFT, now))
        )

    # --- inside ---------------------------------------------------------------------------------------
    def _reader(self, source: str) -> Reader:
        reader = self._readers.get(self.source(source).name)
        if reader is None:
            raise Unreachable(source, self._directory.broken.get(source, f"source {source} cannot be asked"))
        return reader

    def _listener(self, name: str, push: Push) -> Listener:
        return Listener(
            self._readers[name],
            push,
            self._known,
            self._follower,
            pending=self._effects.awaited,
            announce=self._pollers[name].told,
        )

    def _want(self) -> None:
        for listener in self._listeners.values():
            listener.want()
