"""The one door to the network: a client per source, reads that are retried, controls that are sent once.

Only this module catches the errors of httpx; what leaves it is the tree of ``jobtui.errors``.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from jobtui import __version__
from jobtui.backends.allowance import Allowance
from jobtui.backends.answers import (
    Budget,
    Explain,
    Refine,
    Reply,
    StatusOf,
    budget_of,
    error_of,
    retry_after_s,
)
from jobtui.backends.auth import Auth, Credential
from jobtui.backends.base import Connection
from jobtui.backends.clients import READS_IN_FLIGHT, WHOLE_ANSWER, WRITES_IN_FLIGHT, Clients
from jobtui.backends.faults import fault_of, host_of, is_lasting, is_time_out
from jobtui.backends.late import httpx
from jobtui.backends.proxies import proxy_of
from jobtui.errors import (
    BackendError,
    CredentialError,
    RateLimited,
    ServerTrouble,
    SignInRefused,
    TooManyJobs,
    UnexpectedReply,
    Unreachable,
)

if TYPE_CHECKING:
    from jobtui.backends.faults import Fault

__all__ = ["Budget", "Http", "Reply", "segment"]

MAX_BODY = 64 * 1024 * 1024
ATTEMPTS = 3
LONGEST_POLITE_WAIT_S = 10.0
"""A longer Retry-After is left to the caller, who can show it."""
_FIRST_PAUSE_S = 0.3
_GATEWAY_TROUBLE = frozenset({502, 503, 504})
_LONGEST_RIDE_S = 12.0
"""Seconds that one read may spend on waiting for a gateway to recover; a person may sit in front of it."""
_LONGEST_HEED_S = 60.0
"""How long a good answer with a Retry-After holds back the next read."""


def segment(text: str) -> str:
    """Return an id as one path segment: nothing in it can name another path."""
    quoted = quote(text, safe="", errors="replace")
    return quoted.replace(".", "%2E") if quoted in (".", "..") else quoted


class _Question(Struct, frozen=True):
    method: str
    path: str
    query: Mapping[str, str] | None
    json: object
    form: Mapping[str, str] | None
    may_repeat: bool
    """A read; else it is a control, on a connection of its own."""


class _Miss(Struct, frozen=True):
    """No good answer, and whether asking again may help."""

    error: BackendError
    attempts: int = 1
    """How often it is worth trying in all."""
    wait_s: float | None = None
    """How long the server asks to wait; None: as we like."""


class Http:
    """Speaks HTTP to one source; makes its clients at first use. Every method raises BackendError only,
    but for ``send_once``, which lets a CredentialError pass: then nothing was sent."""

    def __init__(
        self,
        source: str,
        connection: Connection,
        auth: Auth,
        *,
        explain: Explain = lambda _status, _body: None,
        status_of: StatusOf = lambda status, _body: status,
        headers: Mapping[str, str] | None = None,
        refine: Refine = lambda error, _status, _body: error,
        reserve: float | None = None,
        gateway_attempts: int = ATTEMPTS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """``explain``, ``status_of`` and ``refine`` know the kind's error bodies; ``headers`` go with every
        request; ``reserve`` is the share of the server's own rate limit that reads leave to others."""
        self.source = source
        self.budget: Budget | None = None
        """What the server last said of its rate limit."""
        self.requests = 0
        """How many were sent so far, each try counted."""
        self.answer_s: float | None = None
        """Seconds the last answer took, good or bad."""
        self._connection = connection
        self._auth = auth
        self._explain = explain
        self._status_of = status_of
        self._refine = refine
        self._allowance = Allowance(reserve)
        self._under_way = 0
        self._gateway_attempts = gateway_attempts
        self._headers = {
            "Accept": "application/json",
            "User-Agent": f"jobtui/{__version__}",
            **(headers or {}),
        }
        self._sleep = sleep
        self._jitter = jitter
        self._reads = asyncio.Semaphore(READS_IN_FLIGHT)
        self._writes = asyncio.Semaphore(WRITES_IN_FLIGHT)
        self._clients = Clients(source, connection)

    async def read(
        self, path: str, *, query: Mapping[str, str] | None = None, json: object = None, method: str = "GET"
    ) -> Reply:
        """Ask, and ask again after what passes by itself; a POST here must be a search. Raises BackendError.

        A refused credential is fetched anew once, as tokens are rotated, and then tried once more. Before the
        server's rate limit bites, a short wait is waited, a long one raises RateLimited with nothing sent.
        """
        question = _Question(method, path, query, json, None, may_repeat=True)
        credential = await self._credential()
        renewed = False
        attempt = 1
        waited_s = 0.0
        await self._hold_back()
        while True:
            answer = await self._ask(question, credential)
            if isinstance(answer, Reply):
                return answer
            if isinstance(answer.error, SignInRefused) and not renewed:
                renewed, refused = True, credential
                credential = await self._credential(refused)
                if not credential.travels_as(refused):
                    continue
            if attempt >= answer.attempts or waited_s >= _LONGEST_RIDE_S:
                raise answer.error
            pause_s = self._pause_s(attempt, answer.wait_s)
            await self._sleep(pause_s)
            waited_s += pause_s
            attempt += 1

    async def send_once(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a control, once, over a connection of its own. Raises BackendError or CredentialError.

        Unreachable and CredentialError mean that nothing was sent; LostAnswer, ServerTrouble and
        UnexpectedReply that it may have happened. ``form`` is sent as a browser sends one.
        """
        credential = await self._credential_to_send()
        answer = await self._ask(_Question(method, path, query, json, form, may_repeat=False), credential)
        if isinstance(answer, Reply):
            return answer
        raise answer.error

    async def aclose(self) -> None:
        """Close the connections; later calls raise Unreachable."""
        await self._clients.aclose()

    async def _credential(self, refused: Credential | None = None) -> Credential:
        try:
            if refused is None:
                return await self._auth.credential()
            return await self._auth.renewed(refused)
        except CredentialError as error:
            raise SignInRefused(self.source, str(error)) from None

    async def _credential_to_send(self) -> Credential:
        """What goes wrong while signing in happens before the control is sent, and must be told as that."""
        try:
            return await self._auth.credential()
        except SignInRefused as error:
            raise CredentialError(str(error)) from None
        except RateLimited as error:
            raise Unreachable(self.source, f"cannot sign in: {error}") from None

    async def _hold_back(self) -> None:
        """Wait, or raise RateLimited, while the server wants no request or has few left to give."""
        now = time.monotonic()
        wait_s = self._allowance.wait_s(now)
        if wait_s <= 0:
            return
        if wait_s > LONGEST_POLITE_WAIT_S:
            text = f"{self._allowance.why(now)}; asked again in {math.ceil(wait_s)} s"
            raise RateLimited(self.source, text, retry_after_s=wait_s)
        await self._sleep(wait_s)

    async def _ask(self, question: _Question, credential: Credential) -> Reply | _Miss:
        """Ask once. Errors are returned, so that none drags an address with a token along as its context."""
        lane = self._reads if question.may_repeat else self._writes
        async with lane:
            started = time.monotonic()
            self._allowance.spend()
            self.requests += 1
            self._under_way += 1
            client: httpx.AsyncClient | None = None
            try:
                async with asyncio.timeout(self._connection.timeout_s * WHOLE_ANSWER):
                    client = await self._clients.get(question.may_repeat)
                    request = self._request(client, question, credential)
                    response, body = await self._exchange(client, request)
            except BackendError as error:
                return _Miss(error)
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
                if client is not None and is_time_out(error):
                    self._clients.retire(client)
                return self._missed(error)
            finally:
                self._under_way -= 1
            self.answer_s = time.monotonic() - started
        return self._judged(response, body, credential, self.answer_s)

    async def _exchange(
        self, client: httpx.AsyncClient, request: httpx.Request
    ) -> tuple[httpx.Response, bytes]:
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    raise UnexpectedReply(
                        self.source, f"answered more than {MAX_BODY // 2**20} MiB; not read"
                    )
        finally:
            await response.aclose()
        return response, bytes(body)

    def _judged(
        self, response: httpx.Response, body: bytes, credential: Credential, answer_s: float
    ) -> Reply | _Miss:
        headers = {name.lower(): value for name, value in response.headers.items()}
        said = response.status_code
        status = self._status_of(said, body)
        body = credential.redact_body(body) if status >= 400 else credential.redact_good(body)
        explained = None if 200 <= status < 400 else self._explain(status, body)
        now = datetime.now(UTC)
        wait_s = retry_after_s(headers, now)
        error = error_of(
            self.source, status, headers, body, explained, now, hide=credential.redact, said=said
        )
        if error is None:
            self._heed(headers, status, wait_s)
            content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
            return Reply(status, headers, body, content_type, answer_s, credential.redact_body)
        refined = self._refine(error, status, body)
        if wait_s is None and isinstance(refined, RateLimited):
            wait_s = refined.retry_after_s  # said in the body
        # A full queue of jobs is no reason to make fewer requests.
        self._heed(headers, status, None if isinstance(refined, TooManyJobs) else wait_s)
        return self._repeatable(refined, wait_s)

    def _heed(self, headers: Mapping[str, str], status: int, wait_s: float | None) -> None:
        """Keep in mind what an answer says of the rate limit; a Retry-After counts with any status."""
        now = time.monotonic()
        if (budget := budget_of(headers)) is not None:
            self.budget = budget
            self._allowance.told(budget, now, under_way=self._under_way)
        if wait_s is not None:
            self._allowance.asked_to_wait(min(wait_s, _LONGEST_HEED_S) if status < 300 else wait_s, now)

    def _missed(self, error: Fault) -> _Miss:
        host, proxy = host_of(self._connection.url), proxy_of(self._connection)
        where = f"{host} through {proxy}" if proxy else host
        fault = fault_of(self.source, where, error, self._connection.timeout_s)
        if is_lasting(error):
            return _Miss(fault)
        return _Miss(fault, attempts=2 if is_time_out(error) else ATTEMPTS)

    def _repeatable(self, error: BackendError, wait_s: float | None) -> _Miss:
        """Gateway trouble passes by itself; a full budget when the server says so, and soon."""
        gateway = isinstance(error, ServerTrouble) and error.status in _GATEWAY_TROUBLE
        limited = type(error) is RateLimited and wait_s is not None
        if (gateway or limited) and (wait_s or 0.0) <= LONGEST_POLITE_WAIT_S:
            return _Miss(error, self._gateway_attempts if gateway else ATTEMPTS, wait_s)
        return _Miss(error)

    def _pause_s(self, attempt: int, told_s: float | None) -> float:
        if told_s is not None:
            return told_s + self._jitter() * _FIRST_PAUSE_S
        backoff_s: float = _FIRST_PAUSE_S * 2 ** (attempt - 1)
        return backoff_s * (0.5 + self._jitter())

    def _request(
        self, client: httpx.AsyncClient, question: _Question, credential: Credential
    ) -> httpx.Request:
        base = httpx.URL(self._connection.url)
        path = base.raw_path.partition(b"?")[0].decode("ascii").rstrip("/")
        # The host comes from the configuration and nowhere else, a path cannot change it.
        root = f"{base.scheme}://{base.netloc.decode('ascii')}{path}/{question.path.lstrip('/')}"
        query = {**dict(base.params), **(question.query or {}), **credential.query}
        headers = {**self._headers, **credential.headers}
        content = None
        if question.json is not None:
            content = msgspec.json.encode(question.json)
            headers["Content-Type"] = "application/json"
        elif question.form is not None:
            content = urlencode(question.form, errors="replace").encode("ascii")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        url = httpx.URL(root, params=query) if query else httpx.URL(root)
        return client.build_request(question.method, url, headers=headers, content=content)
