"""Search and statistics over the workflow jobs."""

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from jobtui.demo import arcgis_search as queries
from jobtui.demo.answers import json_body, reply
from jobtui.demo.arcgis_columns import COLUMNS, DEFAULT_FIELDS, row_of
from jobtui.demo.arcgis_job import Job
from jobtui.demo.arcgis_refusal import Refusal
from jobtui.demo.world import World

DEFAULT_ROWS, MOST_ROWS = 50, 1000


def _known(name: Any) -> str:
    if name not in COLUMNS:
        raise Refusal(400, "InvalidQueryException", f"There is no field {name!r}")
    return str(name)


class Listing:
    """Answer the questions about many jobs at once."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def search(self, request: Request) -> Response:
        """Answer one page of a search."""
        body = await json_body(request)
        fields = [_known(each) for each in body.get("fields") or DEFAULT_FIELDS]
        start, num = int(body.get("start") or 0), int(body.get("num") or DEFAULT_ROWS)
        with self._world.at_now():
            jobs = self._sorted(self._matching(body), body.get("sortFields") or [])
            page = jobs[start : start + min(num, MOST_ROWS)]
            rows = [[row_of(job, self._world.calendar)(name) for name in fields] for job in page]
        after = start + len(page)
        return reply(
            {
                "q": body.get("q") or body.get("search"),
                "fields": [{"name": name, "fieldType": COLUMNS[name][0]} for name in fields],
                "results": rows,
                "start": start,
                "num": len(rows),
                "nextStart": after if after < len(jobs) else -1,
            }
        )

    async def statistics(self, request: Request) -> Response:
        """Count the jobs of a search, in groups if asked."""
        body = await json_body(request)
        group = body.get("groupBy")
        with self._world.at_now():
            jobs = self._matching(body)
            counts = Counter(row_of(job, self._world.calendar)(_known(group)) for job in jobs if group)
        values = [{"value": value, "count": count} for value, count in counts.most_common()]
        return reply({"total": len(jobs), "groupBy": group, "groupedValues": values})

    def _matching(self, body: dict[str, Any]) -> list[Job]:
        query, text = body.get("q"), body.get("search")
        if not query and text is None:
            raise Refusal(400, "InvalidQueryException", "One of q and search is required")
        test = queries.compiled(str(query), frozenset(COLUMNS)) if query else _containing(str(text))
        return [job for job in self._world.item.jobs.values() if test(row_of(job, self._world.calendar))]

    def _sorted(self, jobs: list[Job], sorting: list[dict[str, str]]) -> list[Job]:
        """Sort by the fields asked for, then the newest first."""
        jobs.sort(key=lambda job: (-job.created, job.job_id))
        for each in reversed(sorting):
            read = COLUMNS[_known(each.get("field"))][1]
            keys = {job.job_id: (value is not None, value or 0) for job in jobs for value in (read(job),)}
            jobs.sort(
                key=lambda job: keys[job.job_id], reverse=each.get("sortOrder", "Asc").lower() == "desc"
            )
        return jobs


def _containing(text: str) -> queries.Test:
    wanted = text.lower()
    return lambda row: any(wanted in str(row(name)).lower() for name in COLUMNS)
