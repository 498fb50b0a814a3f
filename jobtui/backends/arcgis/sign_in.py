"""Who asks Workflow Manager: a ready token, or one that a portal gives for a name and a password.

Source: the project's notes on the REST API, 5. A token of a portal is meant for the servers that are
federated with it; one that wants a token of its own refuses the portal's, which the portal then trades for
that. Either is sent to the configured source and to nobody else.
"""

from __future__ import annotations

import logging

from jobtui.backends.arcgis.portal import Portal
from jobtui.backends.auth import Auth, Credential, Grant, Shape, from_page, nobody
from jobtui.backends.base import Connection
from jobtui.backends.sign_in import SignIn, Words
from jobtui.errors import BackendError, CredentialError
from jobtui.model import Secret

log = logging.getLogger(__name__)


class PortalTokens:
    """Tokens that a portal gives for the configured words; is a ``Fetch``."""

    def __init__(self, source: str, connection: Connection, portal: Portal) -> None:
        self.user: str | None = None
        """The name that signed in; names of accounts are told apart by case, so it is the assignee's too."""
        self._source = source
        self._portal = portal
        self._has_words = {"login", "password"} <= set(connection.secrets)
        self._sign_in = SignIn(source, connection.secrets, self._trade)
        self._exchanges = False
        self._given: Secret | None = None
        """The portal's own token, while it is what the server is sent."""
        self._refused: Secret | None = None

    async def __call__(self) -> Grant:
        if not self._has_words:
            text = "has a portal, and no login and password to sign in there: set them, or set token"
            raise CredentialError(f"{self._source} {text}")
        refused, self._refused = self._refused, None
        exchanged = await self._exchanged(refused) if refused is not None else None
        return exchanged or await self._sign_in()

    def was_refused(self, credential: Credential) -> None:
        """Note what the server did not take: the portal's own token is worth trading before a new sign-in."""
        given = self._given
        if given is not None and given.reveal().strip() in credential.hidden:
            self._refused, self._given = given, None

    async def _trade(self, words: Words) -> Grant:
        grant = await self._portal.token_for(words)
        self.user = words["login"]
        if self._exchanges:
            return await self._portal.token_of_server(grant.token)
        self._given = grant.token
        return grant

    async def _exchanged(self, token: Secret) -> Grant | None:
        """None where the portal gives none: then the token had ended, or the server is not federated."""
        try:
            grant = await self._portal.token_of_server(token)
        except BackendError as error:
            log.info("%s: no token of the server's own: %s", self._source, error)
            return None
        self._exchanges = True
        return grant


class PortalAuth(Auth):
    """Signs in at a portal, and learns whether the server takes the portal's own tokens."""

    def __init__(self, shape: Shape, tokens: PortalTokens) -> None:
        super().__init__(shape, tokens)
        self._tokens = tokens

    async def renewed(self, refused: Credential) -> Credential:
        """Return what to send after ``refused`` was."""
        self._tokens.was_refused(refused)
        return await super().renewed(refused)


class Identification:
    """How one source signs in, and as whom."""

    def __init__(self, source: str, connection: Connection) -> None:
        self._configured_user = connection.options.get("user")
        self._tokens: PortalTokens | None = None
        address = connection.options.get("portal")
        self.portal = Portal(source, connection, address) if address else None
        """The portal of the source, where one is configured."""
        self.auth = self._auth(source, connection)

    @property
    def user(self) -> str | None:
        """Who steps are compared with: as configured, else who signed in; None before that."""
        return self._configured_user or (self._tokens.user if self._tokens else None)

    def _auth(self, source: str, connection: Connection) -> Auth:
        shape = _shape(connection.options.get("header", "authorization"))
        if (token := connection.secrets.get("token")) is not None:
            return Auth(shape, token)
        if self.portal is None:
            return nobody()
        self._tokens = PortalTokens(source, connection, self.portal)
        return PortalAuth(from_page(shape, self.portal.page), self._tokens)


def _shape(way: str) -> Shape:
    if way == "query":
        return lambda token: ({}, {"token": token})
    header = "X-Esri-Authorization" if way == "x-esri-authorization" else "Authorization"
    return lambda token: ({header: f"Bearer {token}"}, {})
