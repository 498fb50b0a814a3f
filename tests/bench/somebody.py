"""Somebody else: another client of the same Workflow Manager, who does things to a job that we watch."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

TEMPLATE = "t-34"
FIRST, SECOND = "Open the survey map", "Enter flow readings"
"""The two steps of such a job; the first may be finished at any time, and neither runs by itself."""
FIRST_ID = "s-1"


class Somebody:
    """Acts on one job, over HTTP, without any of jobtui's code."""

    def __init__(self, way: Mapping[str, str]) -> None:
        """``way`` is how the demo says to reach it."""
        self._client = httpx.AsyncClient(
            base_url="/".join([way["base_url"], way["org"], way["item"]]),
            headers={"Authorization": f"Bearer {way['token']}"},
            trust_env=False,
        )

    async def order(self) -> str:
        """Open a job; gives its id."""
        answer = await self._post(f"jobTemplates/{TEMPLATE}/job", jobName="Hydrant survey, all of it")
        return str(answer["jobIds"][0])

    async def finish(self, job_id: str) -> None:
        """Finish the first step."""
        await self._act(job_id, "Finish")

    async def begin_again(self, job_id: str) -> None:
        """Make the first step the current one again."""
        await self._act(job_id, "SetCurrentStep")

    async def aclose(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def _act(self, job_id: str, action: str) -> None:
        answer = await self._post(f"jobs/{job_id}/action", type=action, stepIds=[FIRST_ID])
        assert answer["success"], answer

    async def _post(self, path: str, **body: object) -> dict[str, list[str]]:
        answer = await self._client.post(f"/{path}", json=body)
        answer.raise_for_status()
        given: dict[str, list[str]] = answer.json()
        return given


async def set_faults(url: str, faults: str) -> None:
    """Have the demo at a root address break in such ways from now on."""
    async with httpx.AsyncClient(trust_env=False) as client:
        (await client.post(f"{url}/_demo/faults", json={"faults": faults})).raise_for_status()
