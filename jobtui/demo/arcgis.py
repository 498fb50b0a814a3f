"""The routes of Workflow Manager.

A missing or wrong token is answered with HTTP 401 and the portal's body, code 499 or 498.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from jobtui.demo import arcgis_actions as actions
from jobtui.demo import arcgis_catalog as catalog
from jobtui.demo import arcgis_documents as documents
from jobtui.demo import arcgis_flow as flow
from jobtui.demo.answers import bearer, json_body, reply
from jobtui.demo.arcgis_diagrams import DIAGRAMS
from jobtui.demo.arcgis_job import Job
from jobtui.demo.arcgis_listing import Listing
from jobtui.demo.arcgis_portal import Portal
from jobtui.demo.arcgis_refusal import Refusal
from jobtui.demo.arcgis_world import USER
from jobtui.demo.world import World

ORG, ITEM = "acme", "0f3c7a51d2b84e6f9a1c5d7e8b2f4a60"
Answer = Callable[[Request], Awaitable[Response]]


def token_of(connection: HTTPConnection) -> str | None:
    """Find the token in either header or in the query."""
    return (
        bearer(connection)
        or bearer(connection, "x-esri-authorization")
        or connection.query_params.get("token")
        or None
    )


class WorkflowManager:
    """Answer for the world's workflow jobs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._listing = Listing(world)
        self.token = world.secret("arcgis")
        self.portal = Portal(world.seed, ORG)

    def routes(self) -> list[Route]:
        """List the routes; fixed words come before the path that takes a step id in their place."""
        table: tuple[tuple[str, Answer, str], ...] = (
            ("jobs/search", self._listing.search, "POST"),
            ("jobs/statistics", self._listing.statistics, "POST"),
            ("jobs/manage", self.manage, "POST"),
            ("jobs/{job_id}", self.job, "GET"),
            ("jobs/{job_id}/action", self.action, "POST"),
            ("jobs/{job_id}/diagram", self.diagram, "GET"),
            ("jobs/{job_id}/history", self.history, "GET"),
            ("jobs/{job_id}/comments", self.comments, "GET"),
            ("jobs/{job_id}/comments", self.comment, "POST"),
            ("jobs/{job_id}/attachments", self.attachments, "GET"),
            ("jobs/{job_id}/update", self.update, "POST"),
            ("jobs/{job_id}/{step_id}", self.assign, "POST"),
            ("searches", catalog.searches, "GET"),
            ("jobTemplates", catalog.templates, "GET"),
            ("jobTemplates/{template_id}/job", self.create, "POST"),
            ("diagrams", catalog.diagrams, "GET"),
            ("diagrams/{diagram_id}", catalog.one_diagram, "GET"),
            ("community/users", catalog.users, "GET"),
            ("community/groups", catalog.groups, "GET"),
            ("settings", catalog.settings, "GET"),
        )
        rows = [
            Route(f"/{ORG}/{ITEM}/{path}", self._guarded(do), methods=[method]) for path, do, method in table
        ]
        return [
            *rows,
            *self.portal.routes(),
            Route("/workflow/checkStatus", self.healthy),
            Route("/healthCheck", self.healthy),
            Route("/{anything:path}", self.nothing, methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    def is_known(self, token: str | None, referer: str = "") -> bool:
        """Say whether a token is good, for requests from there."""
        return token is not None and (token == self.token or self.portal.is_good(token, referer))

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: Request) -> Response:
            token = token_of(request)
            if not self.is_known(token, request.headers.get("referer", "")):
                code, text = (498, "Invalid token") if token else (499, "Token required")
                return reply({"error": {"code": code, "message": text, "details": []}}, 401)
            try:
                return await answer(request)
            except Refusal as refusal:
                return refusal.response
            except (ValueError, TypeError) as problem:
                return Refusal(400, "InvalidRequestException", str(problem)).response

        return guarded

    def _job(self, request: Request) -> Job:
        job = self._world.item.jobs.get(request.path_params["job_id"])
        if job is None:
            raise Refusal(404, "JobNotFoundException", "Job not found")
        return job

    async def nothing(self, request: Request) -> Response:
        return Refusal(404, "NotFoundException", "There is nothing at this address").response

    async def healthy(self, request: Request) -> Response:
        return reply({"success": True})

    async def job(self, request: Request) -> Response:
        query = request.query_params
        asked = {
            key: query.get(name, "true").lower() == "true"
            for key, name in (("ext_props", "extProps"), ("holds", "holds"))
        }
        with self._world.at_now() as now:
            return reply(documents.job_document(self._job(request), now, self._world.calendar, **asked))

    async def diagram(self, request: Request) -> Response:
        with self._world.at_now():
            job = self._job(request)
            return reply(documents.diagram_document(job.diagram, job))

    async def history(self, request: Request) -> Response:
        with self._world.at_now():
            job = self._job(request)
            rows = [documents.entry_document(job, entry, self._world.calendar) for entry in job.history]
        return reply({"jobHistory": rows})

    async def comments(self, request: Request) -> Response:
        with self._world.at_now():
            job = self._job(request)
            rows = [documents.comment_document(job, each, self._world.calendar) for each in job.comments]
        return reply({"jobComments": rows})

    async def comment(self, request: Request) -> Response:
        body = await json_body(request)
        with self._world.at_now():
            made = flow.remark(self._world.item, self._job(request), str(body.get("comment", "")), USER)
        return reply({"commentId": made.comment_id})

    async def attachments(self, request: Request) -> Response:
        with self._world.at_now():
            self._job(request)
        return reply({"attachments": []})

    async def action(self, request: Request) -> Response:
        body = await json_body(request)
        with self._world.at_now():
            job, ask = self._job(request), self._ask(body)
            verdicts = actions.act(self._world.item, self._world.life, job, ask)
        rows = [
            {"stepId": step_id, "status": status, "statusDescription": actions.SENTENCES[status]}
            for step_id, status in verdicts
        ]
        return reply({"success": all(status == "Success" for _, status in verdicts), "stepResponses": rows})

    def _ask(self, body: dict[str, Any]) -> actions.Ask:
        kind, step_ids = body.get("type"), body.get("stepIds") or []
        if kind not in actions.ORDER:
            raise Refusal(400, "InvalidActionException", f"There is no action {kind!r}")
        if kind == "SetCurrentStep" and len(step_ids) > 1:
            raise Refusal(400, "InvalidActionException", "Only a single step can be set as current")
        until = body.get("holdScheduledRelease")
        after_job, after_step = body.get("dependentJobId"), body.get("dependentStepId")
        if kind == "Hold" and after_job is not None:
            self._check_dependency(after_job, after_step)
        return actions.Ask(
            kind,
            tuple(map(str, step_ids)),
            self._world.calendar.world_second(until) if until else None,
            after_job or None,
            after_step or None,
            body.get("webhookConnectionId") or None,
        )

    def _check_dependency(self, after_job: str, after_step: str | None) -> None:
        other = self._world.item.jobs.get(after_job)
        if other is None or (after_step and after_step not in other.diagram.by_id):
            raise Refusal(400, "DependencyNotFoundException", "There is no such job or step to wait for")

    async def manage(self, request: Request) -> Response:
        body = await json_body(request)
        kind, ids = body.get("type"), [str(each) for each in body.get("jobIds") or []]
        deeds: dict[str, Callable[[Job], None]] = {
            "Close": self._close,
            "Reopen": self._reopen,
            "Delete": self._delete,
            "Upgrade": lambda job: None,
        }
        if not isinstance(kind, str) or kind not in deeds:
            raise Refusal(400, "InvalidRequestException", f"Jobs cannot be {kind!r}")
        with self._world.at_now():
            jobs = [self._world.item.jobs.get(each) for each in ids]
            known = [job for job in jobs if job is not None]
            for job in known:
                deeds[kind](job)
        return reply({"success": len(known) == len(ids) > 0})

    def _close(self, job: Job) -> None:
        if not job.closed:
            flow.close(self._world.item, job, USER)

    def _reopen(self, job: Job) -> None:
        if job.closed:
            flow.reopen(self._world.item, job, USER)

    def _delete(self, job: Job) -> None:
        del self._world.item.jobs[job.job_id]
        flow.resolve(self._world.item, job.job_id, None)

    async def update(self, request: Request) -> Response:
        body = await json_body(request)
        names = {
            "jobName": "name",
            "priority": "priority",
            "notes": "notes",
            "description": "description",
            "jobStatus": "status",
        }
        changed = {key: str(value) for key, value in body.items() if key in names}
        with self._world.at_now():
            job = self._job(request)
            for key, value in changed.items():
                setattr(job, names[key], value)
            rows = [{"propertyName": key, "value": value} for key, value in changed.items()]
            self._world.item.tell("JobUpdated", job, properties={"jobProperties": rows})
        return reply({"success": True})

    async def assign(self, request: Request) -> Response:
        body = await json_body(request)
        kind, name = str(body.get("assignedType", "")), str(body.get("assignedTo") or "")
        if kind not in ("Unassigned", "Group", "User"):
            raise Refusal(400, "InvalidRequestException", f"There is no assignedType {kind!r}")
        with self._world.at_now():
            job = self._job(request)
            turn = job.current.get(request.path_params["step_id"])
            if turn is None or job.closed:
                raise Refusal(
                    400, "StepNotCurrentException", "Only a current step of an open job can be assigned"
                )
            flow.reassign(self._world.item, job, turn, (kind, name), USER)
        return reply({"success": True})

    async def create(self, request: Request) -> Response:
        body = await json_body(request)
        wanted = [each for each in DIAGRAMS if each.template_id == request.path_params["template_id"]]
        if not wanted:
            raise Refusal(404, "JobTemplateNotFoundException", "Job template not found")
        count = min(50, max(1, int(body.get("numberOfJobs") or 1)))
        with self._world.at_now():
            jobs = [self._world.life.order(wanted[0], body.get("jobName")) for _ in range(count)]
        return reply({"jobIds": [job.job_id for job in jobs]})
