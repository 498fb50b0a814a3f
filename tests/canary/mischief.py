"""What origins say to have a secret shown or sent on: echoes, redirects, and addresses in bodies."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote_plus

from tests.canary.wire import Answer, Request

Mischief = Callable[[str], Answer]
"""The address of another host to an answer."""


def reply(status: int, body: str | bytes, kind: str = "application/json", *headers: str) -> bytes:
    """Write an answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {kind}", f"Content-Length: {len(data)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "replace") + data


def told(request: Request) -> str:
    """Give back all that a request says, as sent and as meant."""
    sent = b" ".join([request.line, *(value for _, value in request.headers), request.body]).decode("latin-1")
    basic = request.header(b"authorization").partition(b"Basic ")[2]
    return " ".join([sent, unquote_plus(sent), base64.b64decode(basic).decode("latin-1")])


def echo_of_a_service(status: int, _evil: str) -> Answer:
    """Refuse in the shape of each of the services, naming the secret in every text."""

    def answer(request: Request) -> bytes:
        text = told(request)
        shapes: dict[str, Any] = {
            "ERROR": {"Type": text, "Message": text},
            "error": {"code": status, "message": text, "details": [text], "title": text},
            "description": text,
            "errors": [{"code": text, "detail": text}],
        }
        return reply(status, json.dumps(shapes))

    return answer


def echo_of_a_page(status: int, _evil: str) -> Answer:
    """Answer with a page that shows the request, as debugging proxies do."""

    def answer(request: Request) -> bytes:
        text = html.escape(told(request), quote=False)
        secret = (request.header(b"authorization") or request.target).decode("latin-1")
        return reply(status, f"<!doctype html><title>{secret}</title><pre>{text}</pre>", "text/html")

    return answer


def echo_in_text(status: int, _evil: str) -> Answer:
    """Answer in plain words."""
    return lambda request: reply(status, told(request), "text/plain")


def echo_in_headers(status: int, evil: str) -> Answer:
    """Say it in the headers, and in the words beside the status."""

    def answer(request: Request) -> bytes:
        text = " ".join(told(request).split())
        named = [f"{name}: {text}" for name in ("WWW-Authenticate", "X-Request", "Retry-After", "Link")]
        cookie = f"Set-Cookie: s={text.replace(';', ' ')}; Domain=127.0.0.1"
        said = reply(status, "{}", "application/json", *named, cookie, f"Refresh: 0;url={evil}")
        return said.replace(b" Said\r\n", b" " + text.encode("utf-8", "replace") + b"\r\n", 1)

    return answer


def redirect(status: int, way: str, evil: str) -> Answer:
    """Send whoever asks to another host; the secret is in the address, too."""
    host = evil.partition("//")[2]
    there = {"absolute": f"{evil}/a", "bare": f"//{host}/b", "credential": f"http://me:you@{host}/c"}[way]

    def answer(request: Request) -> bytes:
        secret = request.header(b"authorization").decode("latin-1").replace(" ", "%20")
        return reply(status, "", "text/html", f"Location: {there}?token={secret}")

    return answer


def addresses(evil: str) -> Answer:
    """Name another host wherever a body may name one."""
    job: dict[str, Any] = {"id": "abc", "url": f"{evil}/j", "status": "working", "jobId": "abc"}
    job |= {
        "jobName": evil,
        "ID": 1,
        "Status": "IN_PROGRESS",
        "Result": evil,
        "Description": evil,
        "Created": None,
    }
    more = {"next": f"{evil}/n", "next_page": f"{evil}/p", "has_more": True, "after_cursor": f"{evil}/c"}
    whole = {
        "job_statuses": [job],
        "job_status": job,
        "jobs": [job],
        "Items": [job],
        "TotalCount": 5_000,
        "links": more,
        "meta": more,
        **more,
        "URL": {"Base": f"{evil}/base"},
        "User": {"ID": "u"},
        "tokenServicesUrl": f"{evil}/tokens",
        "authInfo": {"tokenServicesUrl": f"{evil}/tokens"},
        "owningSystemUrl": evil,
        "portalHostname": evil,
        "helperServices": {"workflowManager": {"url": f"{evil}/wm"}},
        "user": {"name": "n", "url": evil},
    }
    return lambda request: reply(200, json.dumps({**job, **whole}))


def garbage(_evil: str) -> Answer:
    """Answer with something that is no HTTP, and holds the request."""
    return lambda request: b"ICY " + told(request).encode("utf-8", "replace") + b"\r\n\r\n"


def cut_off(_evil: str) -> Answer:
    """Begin an answer that shows the request, and hang up."""

    def answer(request: Request) -> bytes:
        return reply(200, told(request))[:-5]

    return answer


def packed(_evil: str) -> Answer:
    """Say that the body is packed when it is the request itself."""
    return lambda request: reply(200, told(request), "application/json", "Content-Encoding: gzip")


MISCHIEF: dict[str, Mischief] = {
    **{f"service says {status}": partial(echo_of_a_service, status) for status in (200, 400, 401, 403, 429)},
    **{f"page says {status}": partial(echo_of_a_page, status) for status in (200, 404, 500)},
    **{f"text says {status}": partial(echo_in_text, status) for status in (200, 407, 422, 503)},
    **{f"headers say {status}": partial(echo_in_headers, status) for status in (200, 401, 429)},
    **{
        f"redirect {status} {way}": partial(redirect, status, way)
        for status, way in (
            (301, "absolute"),
            (302, "bare"),
            (303, "credential"),
            (307, "absolute"),
            (308, "bare"),
        )
    },
    "addresses": addresses,
    "garbage": garbage,
    "cut off": cut_off,
    "packed": packed,
}
