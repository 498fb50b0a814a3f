"""A Workflow Manager source: asks, and hands what comes back to the pure modules beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from jobtui.backends.arcgis import addresses, consequences, effects, meant, rules
from jobtui.backends.arcgis.ear import Ear
from jobtui.backends.arcgis.parts import Parts
from jobtui.backends.arcgis.plans import Plans
from jobtui.backends.arcgis.proving import Proving, no_item
from jobtui.backends.arcgis.push import Notifications
from jobtui.backends.arcgis.refusals import decode_outcome, explain, status_of
from jobtui.backends.arcgis.searching import Search
from jobtui.backends.arcgis.sign_in import Identification
from jobtui.backends.arcgis.steps import detail_of
from jobtui.backends.base import Connection, Identity, ManyJobs, Push, Scope
from jobtui.backends.http import Http, segment
from jobtui.backends.many import each_of
from jobtui.backends.outcomes import outcome_of_error
from jobtui.errors import (
    BackendError,
    CredentialError,
    NoSuchJob,
)
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
    StepRef,
    Target,
    Verdict,
)

_ACTIONS = {
    Control.RUN: "Run",
    Control.FINISH: "Finish",
    Control.STOP: "Stop",
    Control.CANCEL: "Stop",
    Control.SET_CURRENT: "SetCurrentStep",
    Control.HOLD: "Hold",
    Control.RELEASE: "ReleaseHold",
    Control.REFRESH: "RefreshStatus",
}
_LATECOMERS = timedelta(minutes=5)
"""How far behind the newest message others are still looked for: history and comments are two lists."""


class ArcgisBackend:
    """One workflow item. Keeps no job; remembers diagrams, and which questions the server takes."""

    def __init__(
        self,
        source: Source,
        connection: Connection,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._name = source.name
        self._root = connection.url
        self._now = now
        self._who = Identification(source.name, connection)
        auth = self._who.auth
        self._http = Http(source.name, connection, auth, explain=explain, status_of=status_of)
        self._search = Search(self._http, connection.options.get("query"), now, self._url)
        self._plans = Plans()
        ear = Ear(self._plans.forget)
        self._parts = Parts(self._http, self._plans, ear)
        listener = partial(Notifications, source.name, connection, auth, ear, self._plans.names_of)
        is_silent = connection.options.get("push") == "false"
        self._push = None if is_silent else listener()
        self._proving = Proving(
            source.name,
            connection.url,
            self._who,
            self._search,
            None if is_silent else listener,
            connection.timeout_s,
        )

    @property
    def source(self) -> str:
        return self._name

    @property
    def kind(self) -> Kind:
        return Kind.ARCGIS

    @property
    def controls(self) -> frozenset[Control]:
        return rules.CONTROLS

    @property
    def requests(self) -> int:
        return self._http.requests

    # --- reading --------------------------------------------------------------------------------------
    async def pages(self, scope: Scope) -> AsyncIterator[Sequence[Job]]:
        """Read the open jobs of a scope, then those that ended in it; every job is brief."""
        try:
            async for page in self._search.pages(scope):
                yield page
        except NoSuchJob as error:
            raise no_item(self._name, error) from None

    async def get(self, job_id: str) -> JobDetail:
        """Read one job with its tree of steps; asks for job, history and diagram at once."""
        return await self._read(job_id, at_once=True)

    async def get_many(self, job_ids: Sequence[str]) -> ManyJobs:
        """Read several jobs, each on its own, as the API has no batch that tells how they are."""
        return await each_of(job_ids, self._job)

    async def _job(self, job_id: str) -> Job:
        return (await self._read(job_id, at_once=False)).job

    async def _read(self, job_id: str, *, at_once: bool) -> JobDetail:
        asked = self._now()
        record, plan, log = await self._parts.whole(self._ref(job_id), at_once=at_once)
        return detail_of(record, plan, log, user=self._who.user, as_of=asked, url=self._url(job_id))

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        """Read history and comments as one stream; the API gives both whole, so a page may repeat some."""
        return _after(cursor, await self._parts.messages(self._ref(job_id)), self._now())

    def push(self) -> Push | None:
        """Give the item's notification socket; None where the configuration says ``push = false``."""
        return self._push

    async def identity(self) -> Identity:
        """Say who asks, what there is, and whether it can be listened to."""
        return await self._proving.identity()

    def target_of(self, address: str) -> Target | None:
        """Read a pasted address of a job or step of this workflow item."""
        return addresses.target_of(self._name, self._root, address)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # --- controls -------------------------------------------------------------------------------------
    def freeze(
        self, control: Control, detail: JobDetail | None, ref: JobRef, parameters: Parameters, now: datetime
    ) -> ControlRequest:
        """Fix the steps, the dependency of a release, and what is known of them now."""
        return meant.freeze(control, detail, ref, parameters, now)

    def reasons(self, request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[Reason, ...]:
        """Say why not, hard reasons first."""
        return rules.reasons(request, detail, now)

    def consequence(self, request: ControlRequest, detail: JobDetail | None, now: datetime) -> str:
        """Say what it would do, by the diagram where one was read."""
        return consequences.consequence(request, detail, now, self._plans.of_job(request.ref.job_id))

    def effect(self, request: ControlRequest, detail: JobDetail, now: datetime) -> Effect | None:
        """Say what a later read shows of it."""
        return effects.effect(request, detail, now)

    async def control(self, request: ControlRequest) -> Outcome:
        """Send one action, once, and judge every step of the answer."""
        after = request.parameters.after
        if after is not None and after.job.source != self._name:
            reason = "a step can only wait for a job or step of its own source"
            return Outcome(request, Verdict.REFUSED, False, self._now(), reason, Cause.RULE)
        path = f"jobs/{segment(request.ref.job_id)}/action"
        try:
            reply = await self._http.send_once("POST", path, json=body_of(request))
            return decode_outcome(request, reply.public, self._now())
        except (BackendError, CredentialError) as error:
            return outcome_of_error(request, error, self._now())

    def _ref(self, job_id: str) -> JobRef:
        if not job_id:
            raise NoSuchJob(self._name, "a job without an id cannot be asked for")
        return JobRef(self._name, job_id)

    def _url(self, job_id: str) -> str:
        return addresses.job_address(self._root, segment(job_id))


def body_of(request: ControlRequest) -> dict[str, object]:
    """Return the JSON body of an action: only the keys that are set."""
    parameters = request.parameters
    body: dict[str, object] = {"type": _ACTIONS[request.control]}
    if parameters.step_ids:
        body["stepIds"] = list(parameters.step_ids)
    if parameters.until is not None and request.control is Control.HOLD:
        utc = parameters.until.astimezone(UTC).replace(tzinfo=None)
        body["holdScheduledRelease"] = f"{utc.isoformat(timespec='seconds')}Z"
    if parameters.after is not None and request.control in (Control.HOLD, Control.RELEASE):
        body["dependentJobId"] = parameters.after.job.job_id
        if isinstance(parameters.after, StepRef):
            body["dependentStepId"] = parameters.after.step_id
    return body


def _after(cursor: Cursor, messages: list[JobMessage], now: datetime) -> MessagePage:
    newest = max((message.at for message in messages if message.at), default=None)
    # One message dated far ahead must not hide all that come after it.
    mark = Cursor(min(newest, now).isoformat()) if newest else cursor
    try:
        since = datetime.fromisoformat(cursor.mark) - _LATECOMERS
    except (ValueError, TypeError, OverflowError):
        return MessagePage(tuple(messages), mark)
    return MessagePage(tuple(each for each in messages if each.at is None or each.at >= since), mark)
