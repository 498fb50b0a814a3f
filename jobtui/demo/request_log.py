"""What the services were asked, for tests to look at: never a credential in it."""

import json
import time
from collections import deque
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.types import Message, Receive, Scope

KEPT = 5000
SECRET = "token"  # noqa: S105 - the name of a query parameter, not a secret
WORDS = frozenset({"password", "code"})
"""Keys of a body that signs somebody in."""


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def begin(self, scope: Scope, source: str, body: bytes) -> dict[str, Any]:
        """Write down a request; its status follows, or stays null if it was never answered."""
        entry = {
            "at": time.time(),
            "source": source,
            "method": scope.get("method", "WEBSOCKET"),
            "path": scope["path"],
            "query": _without_secret(scope["query_string"].decode("latin-1")),
            "headers": sorted({name.decode("latin-1").lower() for name, _ in scope["headers"]}),
            "body": _without_words(_json_or_none(body)),
            "status": None,
        }
        self.entries.append(entry)
        return entry


def _without_secret(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if all(name != SECRET for name, _ in pairs):
        return query
    return urlencode([(name, "***" if name == SECRET else value) for name, value in pairs])


def _without_words(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    return {key: "***" if key.lower() in WORDS else value for key, value in body.items()}


def _json_or_none(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


async def read_body(receive: Receive) -> tuple[bytes, Receive]:
    """Read a whole request body; gives it, and a receive that gives it once more."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    body, is_given = b"".join(parts), False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return body, again
