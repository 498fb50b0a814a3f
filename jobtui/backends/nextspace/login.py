"""Signing in to a Guardian, and out again: what jobtui began there, it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

from msgspec.structs import replace

from jobtui.backends.auth import Auth, Fetch, Grant, Shape, unsent
from jobtui.backends.base import Connection
from jobtui.backends.faults import host_of
from jobtui.backends.http import Http, Reply
from jobtui.backends.nextspace.replies import explain, status_of
from jobtui.backends.nextspace.sessions import decode_session
from jobtui.backends.sign_in import Words
from jobtui.errors import BackendError, CredentialError, NoSuchJob, SignInRefused, Unreachable
from jobtui.model import Secret

LOGOUT_S = 0.7
"""How long leaving may wait for the end of a session; after that it ends by itself, as it always would."""


class Login:
    """Trades words for sessions of one source, and ends the last of them.

    A server could give the same session to everybody who signs in with the same words, though no notes say
    so. Ending it is right even then: whoever else of jobtui has it signs in again at the next read, and a
    session that is left behind stays good for whoever finds it.
    """

    def __init__(self, source: str, connection: Connection, root: str, shape: Shape) -> None:
        """``root`` is the Guardian's address, ``shape`` how a token travels to it."""
        self._source = source
        self._connection = replace(connection, url=root)
        self._shape = shape
        self._session: Secret | None = None
        self._is_over = False

    async def __call__(self, words: Words) -> Grant:
        """Trade words for a session, once. An access token signs in as the password of nobody."""
        if self._is_over:
            raise Unreachable(self._source, "the connection was closed")
        reply = await self._asked(words)
        session = decode_session(self._source, reply.body)
        if session.is_anonymous or session.token is None:
            host = host_of(self._connection.url)
            text = f"sign-in refused: {host} took the login and gave an anonymous session"
            raise SignInRefused(self._source, text)
        life = session.expires - session.last_access if session.expires and session.last_access else None
        token = Secret(session.token)
        # What signs in as its own password is the user's access token, no session of ours to end.
        self._session = token if session.token != words.get("password") else None
        return Grant(token, life.total_seconds() if life is not None else None)

    async def end(self) -> None:
        """End the session that was given last, if any, and begin none from now on.

        Nothing that goes wrong with it matters to anybody.
        """
        self._is_over = True
        session, self._session = self._session, None
        if session is None:
            return
        http = self._http(Auth(self._shape, _known(session)))
        try:
            with contextlib.suppress(BackendError, CredentialError, TimeoutError):
                async with asyncio.timeout(LOGOUT_S):
                    await http.send_once("POST", "v3/logout", json={})
        finally:
            await http.aclose()

    async def _asked(self, words: Words) -> Reply:
        """Sign in the way of today, and at a server that has no such route the older way.

        The older form is documented, its path is not: it is that of today without the version.
        """
        login, password, code = (words.get(key, "") for key in ("login", "password", "code"))
        account = self._connection.options.get("account", "")
        body = {"Username": login, "Password": password, **_said(Account=account, Code=code)}
        http = self._http(unsent([password, code]))
        try:
            try:
                return await http.send_once("POST", "v3/login", json=body)
            except NoSuchJob as error:
                older = {"login": login, "password": password, **_said(account=account)}
                try:
                    return await http.send_once("POST", "login", json=older)
                except NoSuchJob:
                    raise error from None
        finally:
            await http.aclose()

    def _http(self, auth: Auth) -> Http:
        return Http(self._source, self._connection, auth, explain=explain, status_of=status_of)


def _said(**words: str) -> Mapping[str, str]:
    return {key: word for key, word in words.items() if word}


def _known(session: Secret) -> Fetch:
    async def fetch() -> Secret:
        return session

    return fetch
