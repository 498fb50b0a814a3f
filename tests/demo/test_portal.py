"""The portal of the demo: tokens for a name and a password, bound to a page, and never for ever."""

import time
from typing import Any

import httpx
import pytest

from jobtui.demo import DemoServer

from .conftest import Doors

FORM = {"username": "dortiz", "password": "demo", "client": "referer", "referer": "https://me", "f": "json"}


def generate(server: DemoServer, web: httpx.Client, **changed: str) -> dict[str, Any]:
    """Ask for a token; the answer comes with 200 whatever it says."""
    response = web.post(f"{server.url}/sharing/rest/generateToken", data={**FORM, **changed})
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def jobs(server: DemoServer, web: httpx.Client, token: str, **headers: str) -> httpx.Response:
    """Ask for something that needs a token."""
    at = server.sources["arcgis"]
    url = f"{at['base_url']}/{at['org']}/{at['item']}/settings"
    return web.get(url, headers={"x-esri-authorization": f"Bearer {token}", **headers})


def test_a_token_is_good_where_it_was_asked_for_until_it_ends(shared: Doors, web: httpx.Client) -> None:
    answer = generate(shared.server, web, expiration="60")
    assert 3_500 < answer["expires"] / 1000 - time.time() <= 3_600
    assert jobs(shared.server, web, answer["token"], referer="https://me/page").status_code == 200
    elsewhere = jobs(shared.server, web, answer["token"], referer="https://you")
    assert elsewhere.json()["error"]["code"] == 498
    free = generate(shared.server, web, client="requestip")["token"]
    assert jobs(shared.server, web, free).status_code == 200
    shared.server.end_sessions()
    assert jobs(shared.server, web, free).json()["error"]["code"] == 498


@pytest.mark.parametrize(
    "changed",
    [{"password": "x"}, {"username": "Dortiz"}, {"f": "html"}, {"referer": ""}, {"expiration": "soon"}],
)
def test_what_is_wrong_with_a_question_is_said_in_a_good_answer(
    shared: Doors, web: httpx.Client, changed: dict[str, str]
) -> None:
    error = generate(shared.server, web, **changed)["error"]
    assert error["code"] == 400
    assert error["details"]


def test_passwords_are_not_in_the_log(shared: Doors, web: httpx.Client) -> None:
    base = shared.server.sources["nextspace"]["base_url"]
    generate(shared.server, web)
    web.post(f"{base}/v3/login", json={"Username": "dortiz", "Password": "demo", "Code": "204518"})
    portal, login = shared.server.requests[-2:]
    assert portal["body"] is None
    assert login["body"] == {"Username": "dortiz", "Password": "***", "Code": "***"}
