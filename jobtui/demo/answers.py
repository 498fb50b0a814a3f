"""Small things every route needs: JSON answers, query numbers, JSON bodies, credentials."""

import base64
import binascii
import json
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response


def reply(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return JSONResponse(content, status_code=status, headers=headers)


def number_in(query: QueryParams, name: str, default: int) -> int:
    """Read a query number that may not be negative; raises ValueError."""
    value = int(query.get(name, default))
    if value < 0:
        raise ValueError(f"{name} may not be negative")
    return value


async def json_body(request: Request) -> dict[str, Any]:
    """Read a JSON object; an empty body is {}. Raises ValueError for anything else."""
    raw = await request.body()
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")
    return body


def bearer(connection: HTTPConnection, header: str = "authorization") -> str | None:
    """Give the token of a Bearer header, or None."""
    kind, _, token = connection.headers.get(header, "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token else None


def basic(connection: HTTPConnection) -> tuple[str, str] | None:
    """Give user and password of a Basic header, or None."""
    kind, _, text = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user, password
