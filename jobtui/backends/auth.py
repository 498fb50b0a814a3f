"""The ways a token travels: bearer, basic, a named header, or (last resort) the query string."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, unquote, urlsplit
from urllib.request import getproxies

from msgspec import Struct

from jobtui.errors import CredentialError, JobtuiError
from jobtui.model import Secret
from jobtui.model.secret import MASK

_SHORTEST_REDACTED = 4
_SHORTEST_IN_DATA = 12
_PERCENT = re.compile("%[0-9A-F]{2}")
_UNTOUCHED = re.compile("[A-Za-z0-9_.~-]{12,}")
_MARGIN = 0.1
"""The share of its life that is left of a token when it is renewed."""
_SHORTEST_MARGIN_S, _LONGEST_MARGIN_S = 2.0, 300.0
_NEXT_TRY_S = 30.0
"""How long after a renewal that failed the next is tried, while the old token is still good."""


class Grant(Struct, frozen=True):
    """A token that somebody signed in for, and for how long it is good."""

    token: Secret
    good_for_s: float | None = None
    """Seconds from now; None when the server does not say, or says what cannot be."""


Fetch = Callable[[], Awaitable[Secret | Grant]]
"""Has a token: from where the configuration says it is, or by signing in. Raises CredentialError, and
BackendError where it asks a server."""


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

    def redact_body(self, body: bytes) -> bytes:
        """Return a body without the secret, before anything is read out of it and cut."""
        for secret in self.hidden:
            body = body.replace(secret.encode("utf-8", "replace"), MASK.encode())
        return body

    def redact_good(self, body: bytes) -> bytes:
        """Return the body of a good answer without what was sent along; links of a server repeat it.

        What is short may be a word by chance, and an answer to a sign-in is the token's own place.
        """
        if self.headers or self.query:
            for secret in self.hidden:
                if len(secret) >= _SHORTEST_IN_DATA:
                    body = body.replace(secret.encode("utf-8", "replace"), MASK.encode())
        return body

    def travels_as(self, other: Credential) -> bool:
        """Whether both put the very same thing on the wire."""
        return self.headers == other.headers and self.query == other.query


REFERER = "Referer"
"""Some tokens are good only beside the Referer that they were asked for with; it is no secret."""

Shape = Callable[[str], tuple[Mapping[str, str], Mapping[str, str]]]
"""A token to (headers, query)."""


def from_page(shape: Shape, page: str) -> Shape:
    """Have a shape send the Referer that its token is bound to, too."""

    def shaped(token: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        headers, query = shape(token)
        return {**headers, REFERER: page}, query

    return shaped


class Auth:
    """Has a secret at first use, keeps it, and has it anew before it ends or after the server refused it."""

    def __init__(
        self,
        shape: Shape,
        fetch: Fetch | None,
        *,
        hidden: Iterable[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``hidden`` are further texts that no message may carry."""
        self._shape = shape
        self._fetch = fetch
        self._hidden = tuple(hidden)
        self._clock = clock
        self._current: Credential | None = None
        self._renew_at: float | None = None
        self._ends_at = 0.0
        self._lock = asyncio.Lock()

    async def credential(self) -> Credential:
        """Return what is to be sent along. Raises CredentialError, and BackendError when signing in fails."""
        async with self._lock:
            if self._current is None:
                self._current = await self._fetched(serial=0)
            elif self._renew_at is not None and self._clock() >= self._renew_at:
                self._current = await self._early(self._current)
            return self._current

    async def renewed(self, refused: Credential) -> Credential:
        """Return what to send after ``refused`` was: tokens are rotated. Raises as ``credential``.

        Of several requests refused at once only the first fetches; the others get what it found.
        """
        async with self._lock:
            if self._current is None or self._current.serial == refused.serial:
                self._current = await self._fetched(serial=refused.serial + 1)
            return self._current

    async def _early(self, current: Credential) -> Credential:
        """Renew what will end soon; as long as it is good, a failure to do so stops nobody."""
        try:
            return await self._fetched(serial=current.serial + 1)
        except JobtuiError:
            if self._clock() >= self._ends_at:
                raise
            self._renew_at = min(self._ends_at, self._clock() + _NEXT_TRY_S)
            return current

    async def _fetched(self, serial: int) -> Credential:
        if self._fetch is None:
            return Credential(hidden=_hidden(self._hidden), serial=serial)
        had = await self._fetch()
        grant = had if isinstance(had, Grant) else Grant(had)
        token = grant.token.reveal().strip()
        if not token:
            raise CredentialError("the token is empty")
        headers, query = self._shape(token)
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise CredentialError("the token has characters that cannot be sent: is it one line of text?")
        self._plan(grant.good_for_s)
        parts = (value.split(" ")[-1] for name, value in headers.items() if name != REFERER)
        return Credential(headers, query, _hidden((token, *parts, *self._hidden)), serial)

    def _plan(self, good_for_s: float | None) -> None:
        if good_for_s is None or good_for_s <= 0:
            self._renew_at = None
            return
        self._ends_at = self._clock() + good_for_s
        margin_s = max(min(good_for_s * _MARGIN, _LONGEST_MARGIN_S), _SHORTEST_MARGIN_S)
        self._renew_at = self._ends_at - min(margin_s, good_for_s / 2)


def nobody() -> Auth:
    """Send no credential at all."""
    return Auth(lambda _token: ({}, {}), None)


def unsent(secrets: Iterable[str]) -> Auth:
    """Send no credential, as these travel in the body; no message carries them."""
    return Auth(lambda _token: ({}, {}), None, hidden=secrets)


def bearer(fetch: Fetch, *, header: str = "Authorization") -> Auth:
    """Send ``Authorization: Bearer TOKEN``, or the same under another header's name."""
    return Auth(lambda token: ({header: f"Bearer {token}"}, {}), fetch)


def named_header(fetch: Fetch, header: str) -> Auth:
    """Send the bare token in a header of this name."""
    return Auth(lambda token: ({header: token}, {}), fetch)


def basic(fetch: Fetch, user: str) -> Auth:
    """Send ``Authorization: Basic``; ``user`` is what stands before the colon."""

    def shape(token: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        pair = base64.b64encode(f"{user}:{token}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"}, {}

    return Auth(shape, fetch)


def query_token(fetch: Fetch, name: str = "token") -> Auth:
    """Send the token in the query string: a last resort, since servers log addresses."""
    return Auth(lambda token: ({}, {name: token}), fetch)


def _hidden(texts: Iterable[str]) -> tuple[str, ...]:
    forms = {form for text in (*texts, *_words_for_proxies()) for form in _spellings(text)}
    return tuple(sorted((form for form in forms if len(form) >= _SHORTEST_REDACTED), key=len, reverse=True))


def _words_for_proxies() -> Iterable[str]:
    """What the environment's proxies are sent, and may echo: passwords, and the pairs they travel in."""
    for address in getproxies().values():
        try:
            parts = urlsplit(address if "://" in address else f"http://{address}")
            user, password = unquote(parts.username or ""), unquote(parts.password or "")
        except ValueError:
            continue  # no address, so nothing is sent there
        if password:
            yield password
            yield base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _spellings(text: str) -> Iterable[str]:
    """A text as it is, and as a form, an address or JSON carries it, since a server may echo it so."""
    quoted = (
        quote_plus(text, errors="replace"),
        quote(text, errors="replace"),
        quote(text, "", errors="replace"),
    )
    yield text
    # However else a server mangles it (HTML, a form read wrongly): what every encoding leaves as it is.
    yield from _UNTOUCHED.findall(text)
    for form in quoted:
        yield form
        yield _PERCENT.sub(lambda found: found.group().lower(), form)
    in_json = json.dumps(text)[1:-1]
    yield in_json
    yield in_json.replace("/", "\\/")
