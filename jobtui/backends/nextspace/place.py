"""Where the jobs of a source are, and as whom they are asked for: settled at first use.

A token that was got by signing in for an account is meant for that account's own address, and a configured
token for the account that is configured with it. So both may go to ``URL.Base`` of the account's record,
when the configured Guardian gave it and it is https: naming ``account`` is the user's word that Guardian may
say where it is. No other body ever names a host for a token.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

from msgspec.structs import replace

from jobtui.backends.auth import Auth, Shape
from jobtui.backends.base import Connection, Identity
from jobtui.backends.faults import host_of
from jobtui.backends.http import Http
from jobtui.backends.nextspace.guardian import ROOT, Guardian, anonymous
from jobtui.backends.nextspace.login import Login
from jobtui.backends.nextspace.replies import decode_version, explain, status_of
from jobtui.backends.nextspace.sessions import Session, decode_session
from jobtui.backends.sign_in import SignIn
from jobtui.errors import BackendError, CredentialError, RateLimited, SignInRefused, Unreachable
from jobtui.model import Secret

GATEWAY_ATTEMPTS = 5
"""As often as the vendor's client asks again through gateway trouble, with shorter pauses."""

_PROVED_FOR_S = 60.0
"""For how long an empty list is believed without proving again that it is not what visitors get."""


class Place:
    """The address and the credential of one source."""

    def __init__(self, source: str, connection: Connection) -> None:
        self._source = source
        self._connection = connection
        root = _guardian_root(connection)
        self._login = _login(source, connection, root)
        self._auth = _auth(source, connection, self._login)
        self._guardian = Guardian(source, connection, root, self._auth) if root is not None else None
        self._http: Http | None = None
        self._lock = asyncio.Lock()
        self._proved_at = -_PROVED_FOR_S
        self.root = _root_of(connection.url)
        """The address of the jobs, without query; empty until it was looked up."""

    @property
    def requests(self) -> int:
        """How many requests went to the jobs' own address so far."""
        return 0 if self._http is None else self._http.requests

    async def http(self) -> Http:
        """Return the door to the jobs. Raises Unreachable, SignInRefused or RateLimited, with nothing sent
        there yet."""
        async with self._lock:
            if self._http is None:
                self._http = await self._opened()
            return self._http

    async def renewed(self) -> bool:
        """Prove the credential once more, for an answer that a visitor may get, too; at most once a minute.

        Says whether it was renewed, so that asking again may give more. Raises SignInRefused when it is
        nobody's.
        """
        now = time.monotonic()
        if self._guardian is None or now - self._proved_at < _PROVED_FOR_S:
            return False
        self._proved_at = now
        try:
            before = (await self._auth.credential()).serial
            await self._prove(self._guardian)
            return (await self._auth.credential()).serial != before
        except CredentialError as error:
            raise SignInRefused(self._source, str(error)) from None

    async def whoami(self) -> Identity:
        """Say whose the credential is, as far as anybody tells; raises SignInRefused when it is nobody's."""
        http = await self.http()
        session = await self._session(http)
        try:
            version = decode_version(self._source, (await http.read("version")).body)
        except BackendError:
            version = None  # an older server without that route; the token has been proved
        looked_up = None if self._connection.url else self.root
        if session is None:
            return Identity(user=None, version=version, address=looked_up)
        return Identity(session.name, session.sort, version, looked_up, names=session.names)

    async def aclose(self) -> None:
        """End the session that was begun here, and close the connections."""
        if self._login is not None:
            await self._login.end()
        if self._guardian is not None:
            await self._guardian.aclose()
        # Whoever asks later meets a closed door, not a new one.
        self._http = self._http or self._door(self._connection.url)
        await self._http.aclose()

    async def _opened(self) -> Http:
        base = self._connection.url
        if self._guardian is not None:
            if not base:
                base = await self._guardian.base_of(self._connection.options["account"])
            if "token" in self._connection.secrets:
                await self._prove(self._guardian)
        self.root = _root_of(base)
        return self._door(base)

    async def _prove(self, guardian: Guardian) -> None:
        """Refuse a token that may be served like a visitor's, with a list that is empty and no error."""
        try:
            await guardian.session()
        except (SignInRefused, RateLimited, Unreachable):
            raise
        except BackendError:
            return  # a Guardian without that route proves nothing; the list will tell

    def _door(self, base: str) -> Http:
        return Http(
            self._source,
            replace(self._connection, url=base),
            self._auth,
            explain=explain,
            status_of=status_of,
            gateway_attempts=GATEWAY_ATTEMPTS,
        )

    async def _session(self, http: Http) -> Session | None:
        """Ask Guardian where one is configured, else the source itself, in case both live there."""
        if self._guardian is not None:
            with contextlib.suppress(RateLimited, Unreachable):
                return await self._guardian.session()
            return None
        try:
            session = decode_session(self._source, (await http.read("v3/session")).body)
        except BackendError:
            return None
        if session.is_anonymous:
            raise SignInRefused(self._source, anonymous(host_of(self.root)))
        return session


def _guardian_root(connection: Connection) -> str | None:
    """The identity service, when the configuration has any use for it."""
    options, secrets = connection.options, connection.secrets
    signs_in = "token" not in secrets and "password" in secrets
    if "guardian" in options or not connection.url or signs_in:
        return options.get("guardian", ROOT).rstrip("/")
    return None


def _root_of(address: str) -> str:
    return address.partition("?")[0].rstrip("/")


def _login(source: str, connection: Connection, root: str | None) -> Login | None:
    """The way to sign in, where the configuration has words for it and no token."""
    if root is None or "token" in connection.secrets or "password" not in connection.secrets:
        return None
    return Login(source, connection, root, _shape(connection.options.get("header")))


def _auth(source: str, connection: Connection, login: Login | None) -> Auth:
    shape = _shape(connection.options.get("header"))
    if (token := connection.secrets.get("token")) is not None:
        return Auth(shape, token)
    if login is not None:
        return Auth(shape, SignIn(source, connection.secrets, login))

    async def missing() -> Secret:
        raise CredentialError(f"no token is configured for {source}, and no password to sign in with")

    return Auth(shape, missing)


def _shape(header: str | None) -> Shape:
    if header == "x-sessionid":
        return lambda token: ({"x-sessionid": token}, {})
    return lambda token: ({"Authorization": f"Bearer {token}"}, {})
