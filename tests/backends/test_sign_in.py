"""Signing in by name: tokens end and are renewed in time, and no account is locked by trying again."""

from __future__ import annotations

import pytest

from jobtui.backends.auth import Auth, Grant, bearer, unsent
from jobtui.backends.http import Http
from jobtui.backends.sign_in import MOST_IN_A_MINUTE, REFUSED_S, SignIn, Words
from jobtui.errors import BackendError, CredentialError, RequestRefused, SignInRefused, Unreachable
from jobtui.model import Secret
from tests.backends.conftest import answer, connection, scripted, secret


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Door:
    """Signs in everybody, or nobody, and remembers what was said."""

    def __init__(self, clock: Clock, good_for_s: float | None = 100.0) -> None:
        self.asked: list[Words] = []
        self.error: BackendError | None = None
        self.clock = clock
        self.good_for_s = good_for_s

    async def __call__(self, words: Words) -> Grant:
        self.asked.append(words)
        if self.error is not None:
            raise self.error
        return Grant(Secret(f"token-{len(self.asked)}"), self.good_for_s)

    def auth(self) -> Auth:
        places = {"login": secret("dana"), "password": secret("hidden-word"), "token": secret("never")}
        sign_in = SignIn("tiles", places, self, clock=self.clock)
        return Auth(lambda token: ({"Authorization": token}, {}), sign_in, clock=self.clock)


async def header(auth: Auth) -> str:
    return (await auth.credential()).headers["Authorization"]


async def test_a_token_is_renewed_shortly_before_it_ends() -> None:
    clock = Clock()
    door = Door(clock)
    auth = door.auth()
    assert await header(auth) == "token-1"
    clock.now += 89
    assert await header(auth) == "token-1"
    clock.now += 2
    assert await header(auth) == "token-2"
    assert door.asked[0] == {"login": "dana", "password": "hidden-word"}


async def test_a_renewal_that_fails_stops_nobody_while_the_token_is_good() -> None:
    clock = Clock()
    door = Door(clock, good_for_s=1_000.0)
    auth = door.auth()
    await header(auth)
    door.error = Unreachable("tiles", "down")
    clock.now += 920
    assert await header(auth) == "token-1"
    assert await header(auth) == "token-1"
    assert len(door.asked) == 2, "not at every request"
    clock.now += 85
    with pytest.raises(Unreachable):
        await header(auth)


@pytest.mark.parametrize("good_for_s", [None, 0.0, -7.0])
async def test_a_token_without_a_known_end_is_kept_until_it_is_refused(good_for_s: float | None) -> None:
    clock = Clock()
    auth = Door(clock, good_for_s).auth()
    first = await auth.credential()
    clock.now += 1e6
    assert await auth.credential() is first
    assert not (await auth.renewed(first)).travels_as(first)


async def test_refused_words_are_not_tried_again_for_a_while() -> None:
    clock = Clock()
    door = Door(clock)
    door.error = SignInRefused("tiles", "sign-in refused: wrong password")
    auth = door.auth()
    for _ in range(5):
        with pytest.raises(SignInRefused, match="wrong password") as caught:
            await auth.credential()
    assert "hidden-word" not in str(caught.value)
    assert len(door.asked) == 1
    clock.now += REFUSED_S
    with pytest.raises(SignInRefused):
        await auth.credential()
    assert len(door.asked) == 2


async def test_other_words_are_tried_at_once() -> None:
    door = Door(Clock())
    door.error = RequestRefused("tiles", "wrong code", status=400)
    codes = ["1111", "2222"]

    async def code() -> Secret:
        return Secret(codes.pop(0))

    sign_in = SignIn("tiles", {"password": secret(), "code": code}, door)
    for word in ("1111", "2222"):
        with pytest.raises(SignInRefused, match="sign-in refused: wrong code"):
            await sign_in()
        assert door.asked[-1]["code"] == word


async def test_tokens_that_are_refused_as_soon_as_they_are_made_end_the_trying() -> None:
    clock = Clock()
    door = Door(clock)
    auth = door.auth()
    current = await auth.credential()
    for _ in range(MOST_IN_A_MINUTE - 1):
        current = await auth.renewed(current)
    with pytest.raises(SignInRefused, match="within a minute"):
        await auth.renewed(current)
    assert len(door.asked) == MOST_IN_A_MINUTE
    clock.now += 60
    assert not (await auth.renewed(current)).travels_as(current)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Unreachable("tiles", "down"), Unreachable),
        (SignInRefused("tiles", "sign-in refused: no"), CredentialError),
    ],
)
async def test_a_control_whose_sign_in_fails_was_not_sent(error: BackendError, kind: type[Exception]) -> None:
    door = Door(Clock())
    door.error = error
    async with scripted(answer()) as server:
        http = Http("tiles", connection(server.url), door.auth())
        with pytest.raises(kind):
            await http.send_once("DELETE", "jobs/1")
        await http.aclose()
    assert server.got == []


async def test_a_form_is_sent_as_a_form_and_no_text_shows_what_was_in_it() -> None:
    words = {"username": "dana", "password": "p&w é=1"}
    echo = answer("wrong: p%26w+%C3%A9%3D1 or p&w é=1", 400, content_type="text/plain")
    async with scripted(echo) as server:
        http = Http("field", connection(server.url), unsent(words.values()))
        with pytest.raises(RequestRefused, match="wrong: •••• or ••••"):
            await http.send_once("POST", "generateToken", form=words)
        await http.aclose()
    assert server.got[0].body == b"username=dana&password=p%26w+%C3%A9%3D1"
    assert server.got[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in server.got[0].headers


async def test_a_plain_secret_is_no_grant_and_never_renewed_by_time() -> None:
    clock = Clock()
    auth = bearer(secret())
    first = await auth.credential()
    clock.now += 1e9
    assert await auth.credential() is first
