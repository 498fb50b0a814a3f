"""Faults on purpose, for every service: a table of small functions, and the dice that choose when.

A list is written `429:0.2,slow,zendesk/hangup:0.1`: a name, perhaps a share of requests 0–1 (without one,
every request), perhaps a service before it. They are tried in the order written; the first that answers ends
it.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from random import Random
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from jobtui.demo.dice import dice_for

SLOW_S = 2.0
"""Real seconds that `slow` waits; the world's speed does not change it."""
RETRY_AFTER_S = 1
SOURCES = ("nextspace", "zendesk", "arcgis")
HOSTILE = "\x1b[31m\x1b]0;owned\x07\x1b]52;c;cm0=\x07\x1b[?1049l\x9b2J[/x][@click=app.quit]\u2764\ufe0f\u202e"
"""A colour, a title, a clipboard, the other screen, 8-bit controls, markup, an unsteady width, bidi."""
_SPOKEN = (
    *("Description", "Message", "message", "jobName", "title", "comment", "statusDescription"),
    *("jobStatus", "details", "setBy", "lastModifiedBy", "msg"),
)
"""Fields that are only read, not judged by."""


@dataclass
class Exchange:
    """One request on its way through the faults."""

    source: str
    scope: Scope
    receive: Receive
    send: Send
    abort: Callable[[], None]
    """Close the connection at once, without an answer."""

    @property
    def is_socket(self) -> bool:
        """Say whether it is the handshake of a websocket."""
        return bool(self.scope["type"] == "websocket")


Inner = Callable[[Exchange], Awaitable[None]]
Fault = Callable[[Exchange, Inner], Awaitable[None]]


async def answer(exchange: Exchange, status: int, body: str, kind: str, *headers: tuple[str, str]) -> None:
    """Answer in place of the service; a websocket is refused instead."""
    if exchange.is_socket:
        await exchange.send({"type": "websocket.close", "code": 1013})
        return
    data = body.encode()
    fields = (("content-type", kind), ("content-length", str(len(data))), *headers)
    raw = [(name.encode(), value.encode()) for name, value in fields]
    await exchange.send({"type": "http.response.start", "status": status, "headers": raw})
    await exchange.send({"type": "http.response.body", "body": data})


def native(source: str, status: int, text: str) -> str:
    """Write an error body as the service would."""
    shapes: dict[str, Any] = {
        "nextspace": {"ERROR": {"Type": f"E{status}", "Message": text}},
        "zendesk": {"error": text} if status == 401 else {"error": "Fault", "description": text},
        "arcgis": {"error": {"code": status, "message": text, "type": "Fault", "details": []}},
    }
    return json.dumps(shapes[source])


def failing_with(status: int, text: str, *headers: tuple[str, str]) -> Fault:
    """Make a fault that answers with an error of the service's own shape."""

    async def fault(exchange: Exchange, inner: Inner) -> None:
        await answer(exchange, status, native(exchange.source, status, text), "application/json", *headers)

    return fault


async def slow(exchange: Exchange, inner: Inner) -> None:
    await asyncio.sleep(SLOW_S)
    await inner(exchange)


async def too_many(exchange: Exchange, inner: Inner) -> None:
    retry = ("retry-after", str(RETRY_AFTER_S))
    await answer(exchange, 429, "Rate limit exceeded, please wait", "text/html; charset=utf-8", retry)


QUEUE_IS_FULL = "demo.queue_is_full"


async def too_many_jobs(exchange: Exchange, inner: Inner) -> None:
    """Have Zendesk answer as if as many jobs ran as may run at once; it names those that do."""
    exchange.scope[QUEUE_IS_FULL] = True
    await inner(exchange)


async def show_fails(exchange: Exchange, inner: Inner) -> None:
    """Answer 500 where one Zendesk job is asked for, as after very large imports; lists still have it."""
    last = exchange.scope["path"].rpartition("/")
    if last[0] != "/api/v2/job_statuses" or last[2].startswith("show_many"):
        await inner(exchange)
        return
    await answer(exchange, 500, native("zendesk", 500, "Something broke"), "application/json")


async def html(exchange: Exchange, inner: Inner) -> None:
    page = "<!doctype html><title>Sign in</title><h1>Sign in to the proxy</h1>"
    await answer(exchange, 200, page, "text/html; charset=utf-8")


async def bad_gateway(exchange: Exchange, inner: Inner) -> None:
    await answer(exchange, 502, "<html><h1>502 Bad Gateway</h1></html>", "text/html; charset=utf-8")


async def nonsense(exchange: Exchange, inner: Inner) -> None:
    await answer(exchange, 200, '[[], {"": [null, 0.5]}, "?"]', "application/json")


async def hangup(exchange: Exchange, inner: Inner) -> None:
    exchange.abort()


async def hangup_after(exchange: Exchange, inner: Inner) -> None:
    if not exchange.is_socket:
        await _recorded(exchange, inner)
    exchange.abort()


async def truncated(exchange: Exchange, inner: Inner) -> None:
    if exchange.is_socket:
        await inner(exchange)
        return
    start, body = await _recorded(exchange, inner)
    await exchange.send(start)
    await exchange.send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await asyncio.sleep(0.02)
    exchange.abort()


async def hostile(exchange: Exchange, inner: Inner) -> None:
    """Put control codes, markup and a bidi override into the texts of the answer; ids stay."""
    titles = rb'("(?:' + "|".join(_SPOKEN).encode() + rb')": ?")'
    escaped = json.dumps(HOSTILE)[1:-1].encode().replace(b"\\", b"\\\\")
    await _rewritten(exchange, inner, lambda body: re.sub(titles, rb"\1" + escaped, body))


async def skew(exchange: Exchange, inner: Inner) -> None:
    """Write every time of the answer a thousand years later: a server whose clock is wrong."""
    await _rewritten(exchange, inner, lambda body: re.sub(rb'"2(\d{3}-\d\d-\d\dT)', rb'"3\1', body))


async def token_expiry(exchange: Exchange, inner: Inner) -> None:
    """Answer as if the credential had just run out: Workflow Manager says so in a 200."""
    status, code = (200, 498) if exchange.source == "arcgis" else (401, 401)
    await answer(
        exchange, status, native(exchange.source, code, "Couldn't authenticate you"), "application/json"
    )


async def ws_drop(exchange: Exchange, inner: Inner) -> None:
    """Cut a websocket soon after it opened; other requests pass."""
    if not exchange.is_socket:
        await inner(exchange)
        return
    asyncio.get_running_loop().call_later(0.5, exchange.abort)
    await inner(exchange)


async def _recorded(exchange: Exchange, inner: Inner) -> tuple[Message, bytes]:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await inner(Exchange(exchange.source, exchange.scope, exchange.receive, keep, exchange.abort))
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


async def _rewritten(exchange: Exchange, inner: Inner, change: Callable[[bytes], bytes]) -> None:
    if exchange.is_socket:
        await inner(exchange)
        return
    start, body = await _recorded(exchange, inner)
    body = change(body)
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    await exchange.send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await exchange.send({"type": "http.response.body", "body": body})


FAULTS: dict[str, Fault] = {
    "slow": slow,
    "401": failing_with(401, "Couldn't authenticate you"),
    "403": failing_with(403, "This account may not do that"),
    "404": failing_with(404, "Not found"),
    "409": failing_with(409, "The record was changed meanwhile"),
    "429": too_many,
    "too-many-jobs": too_many_jobs,
    "show-fails": show_fails,
    "500": failing_with(500, "Something broke"),
    "502": bad_gateway,
    "503": failing_with(503, "Down for maintenance", ("retry-after", str(RETRY_AFTER_S))),
    "hangup": hangup,
    "hangup-after": hangup_after,
    "html": html,
    "truncated": truncated,
    "nonsense": nonsense,
    "hostile": hostile,
    "skew": skew,
    "token-expiry": token_expiry,
    "ws-drop": ws_drop,
}


@dataclass
class Rule:
    """A fault, how often, and for whom."""

    name: str
    rate: float = 1.0
    source: str | None = None
    dice: Random = field(default_factory=Random)

    def strikes(self, source: str) -> bool:
        """Throw the dice for a request."""
        return self.source in (None, source) and (self.rate >= 1.0 or self.dice.random() < self.rate)


def parse(text: str, seed: int = 0) -> list[Rule]:
    """Read a list of faults; raises ValueError with the nearest name."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    return [_rule(word, seed, place) for place, word in enumerate(words)]


def _rule(word: str, seed: int, place: int) -> Rule:
    named, _, rate_text = word.partition(":")
    source, slash, name = named.rpartition("/")
    _one_of(name, FAULTS, "fault")
    if slash:
        _one_of(source, SOURCES, "service")
    try:
        rate = float(rate_text) if rate_text else 1.0
    except ValueError:
        rate = -1.0
    if not 0.0 <= rate <= 1.0:
        raise ValueError(f"the share {rate_text!r} of fault {name!r} is not a number from 0 to 1")
    return Rule(name, rate, source or None, dice_for(seed, "fault", place, word))


def _one_of(name: str, names: Iterable[str], what: str) -> None:
    known = list(names)
    if name not in known:
        nearest = (get_close_matches(name, known, n=1, cutoff=0.0) or known)[0]
        raise ValueError(f"there is no {what} named {name!r}; the nearest is {nearest!r}")


def wrap(rules: Iterable[Rule], source: str, app: Inner) -> Inner:
    """Put the faults that strike this request around the service."""
    striking = [FAULTS[rule.name] for rule in rules if rule.strikes(source)]
    for fault in reversed(striking):
        app = _around(fault, app)
    return app


def _around(fault: Fault, inner: Inner) -> Inner:
    return lambda exchange: fault(exchange, inner)
