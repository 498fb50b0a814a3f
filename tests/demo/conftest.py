"""A demo whose clock stands still, and one door to each of its services."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from jobtui.demo import DemoServer, ManualClock


@pytest.fixture(scope="session")
def web() -> Iterator[httpx.Client]:
    """Give one HTTP client for all, as making one is slow."""
    with httpx.Client(timeout=10.0) as client:
        yield client


@pytest.fixture
def clock() -> ManualClock:
    """Give the clock of `still`."""
    return ManualClock()


@pytest.fixture
def still(clock: ManualClock) -> Iterator[DemoServer]:
    """Give a demo server whose world stands still until its clock is moved."""
    with DemoServer(seed=7, clock=clock) as server:
        yield server


class Doors:
    """Requests to each service, signed in."""

    def __init__(self, server: DemoServer, web: httpx.Client) -> None:
        self.server, self.web = server, web

    def nextspace(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask the Pending Actions service."""
        source = self.server.sources["nextspace"]
        headers = {"authorization": f"Bearer {source['token']}"}
        return self.web.request(method, f"{source['base_url']}/{path}", headers=headers, **more)

    def zendesk(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask the Zendesk service."""
        source = self.server.sources["zendesk"]
        auth = (f"{source['email']}/token", source["token"])
        return self.web.request(method, f"{source['base_url']}/api/v2/{path}", auth=auth, **more)

    def arcgis(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask Workflow Manager."""
        source = self.server.sources["arcgis"]
        headers = {"x-esri-authorization": f"Bearer {source['token']}"}
        url = f"{source['base_url']}/{source['org']}/{source['item']}/{path}"
        return self.web.request(method, url, headers=headers, **more)

    def act(self, job_id: str, kind: str, *step_ids: str, **more: Any) -> list[tuple[str, str]]:
        """Do an action; gives (step id, status) per step."""
        body = {"type": kind, **({"stepIds": list(step_ids)} if step_ids else {}), **more}
        response = self.arcgis("POST", f"jobs/{job_id}/action", json=body)
        assert response.status_code == 200, response.text
        answer = response.json()
        rows = [(row["stepId"], row["status"]) for row in answer["stepResponses"]]
        assert answer["success"] is all(status == "Success" for _, status in rows)
        return rows


@pytest.fixture
def doors(still: DemoServer, web: httpx.Client) -> Doors:
    """Give the doors of `still`."""
    return Doors(still, web)


@pytest.fixture(scope="module")
def shared(web: httpx.Client) -> Iterator[Doors]:
    """Give the doors of a demo that the tests of a module share; its clock stands still."""
    with DemoServer(seed=7, clock=ManualClock()) as server:
        yield Doors(server, web)
