"""The ways a token travels: bearer, basic, a named header, or (last resort) the query string."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jobtui.errors import CredentialError
from jobtui.model import SecretSource
from jobtui.model.secret import MASK

_SHORTEST_REDACTED = 4


@dataclass(frozen=True, slots=True)
class Credential:
    """What is added to a request, once; never shown."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)
    """Texts that no message may carry, longest first."""
    serial: int = 0
    """Differs after the secret was fetched anew."""

    def redact(self, text: str) -> str:
        """Return the text without the secret, should a server echo it."""
        for secret in self.hidden:
            text = text.replace(secret, MASK)
        return text

    def travels_as(self, other: Credential) -> bool:
        """Whether both put the very same thing on the wire."""
        return self.headers == other.headers and self.query == other.query


Shape = Callable[[str], tuple[Mapping[str, str], Mapping[str, str]]]
"""A token to (headers, query)."""


class Auth:
    """Fetches a secret at first use, keeps it, and fetches it anew after the server refused it."""

    def __init__(self, shape: Shape, fetch: SecretSource | None) -> None:
        self._shape = shape
        self._fetch = fetch
        self._current: Credential | None = None
        self._lock = asyncio.Lock()

    async def credential(self) -> Credential:
        """Return what is to be sent along. Raises CredentialError."""
        async with self._lock:
            if self._current is None:
                self._current = await self._fetched(serial=0)
            return self._current

    async def renewed(self, refused: Credential) -> Credential:
        """Return what to send after ``refused`` was: tokens are rotated. Raises CredentialError.

        Of several requests refused at once only the first fetches; the others get what it found.
        """
        async with self._lock:
            if self._current is None or self._current.serial == refused.serial:
                self._current = await self._fetched(serial=refused.serial + 1)
            return self._current

    async def _fetched(self, serial: int) -> Credential:
        if self._fetch is None:
            return Credential(serial=serial)
        token = (await self._fetch()).reveal().strip()
        if not token:
            raise CredentialError("the token is empty")
        headers, query = self._shape(token)
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise CredentialError("the token has characters that cannot be sent: is it one line of text?")
        return Credential(headers, query, _hidden(token, headers), serial)


def nobody() -> Auth:
    """Send no credential at all."""
    return Auth(lambda _token: ({}, {}), None)


def bearer(fetch: SecretSource, *, header: str = "Authorization") -> Auth:
    """Send ``Authorization: Bearer TOKEN``, or the same under another header's name."""
    return Auth(lambda token: ({header: f"Bearer {token}"}, {}), fetch)


def named_header(fetch: SecretSource, header: str) -> Auth:
    """Send the bare token in a header of this name."""
    return Auth(lambda token: ({header: token}, {}), fetch)


def basic(fetch: SecretSource, user: str) -> Auth:
    """Send ``Authorization: Basic``; ``user`` is what stands before the colon."""

    def shape(token: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        pair = base64.b64encode(f"{user}:{token}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"}, {}

    return Auth(shape, fetch)


def query_token(fetch: SecretSource, name: str = "token") -> Auth:
    """Send the token in the query string: a last resort, since servers log addresses."""
    return Auth(lambda token: ({}, {name: token}), fetch)


def _hidden(token: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    texts = {token, *(value.split(" ")[-1] for value in headers.values())}
    return tuple(sorted((text for text in texts if len(text) >= _SHORTEST_REDACTED), key=len, reverse=True))
