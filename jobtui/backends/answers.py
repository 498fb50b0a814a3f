"""What an HTTP answer means, whatever the API: pure, and the only place that maps a status to an error."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

from jobtui.errors import (
    BackendError,
    Forbidden,
    NoSuchAddress,
    NoSuchJob,
    RateLimited,
    RequestRefused,
    ServerTrouble,
    SignInRefused,
    UnexpectedReply,
    Unreachable,
)
from jobtui.text import plain

LONGEST_TEXT = 300
"""Characters kept of what a server says about an error."""
LONGEST_WAIT_S = 24 * 3600.0
_LOOKED_AT = 16_384
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,400})", re.IGNORECASE)

Explain = Callable[[int, bytes], str | None]
"""Kind-specific and pure: (status, body) to the server's own reason, or None when the body gives none."""
StatusOf = Callable[[int, bytes], int]
"""Kind-specific and pure: the status an answer *means*, where an API says no in the body of a 200."""

Refine = Callable[[BackendError, int, bytes], BackendError]
"""Kind-specific and pure: (error, status, body) to a more telling error, or the same."""


class Reply(Struct, frozen=True):
    """A good (2xx) answer, whole."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    content_type: str
    """Lower case, without parameters; empty when not said."""
    answer_s: float
    """Seconds from the question to the last byte."""
    redact: Callable[[bytes], bytes] = bytes
    """Masks our own secret, should it be echoed."""

    @property
    def public(self) -> bytes:
        """The body without our own secret, for what is shown of it word for word."""
        return self.redact(self.body)


class Budget(Struct, frozen=True):
    """What the server last said of its rate limit; None where it said nothing."""

    limit: int | None
    remaining: int | None
    resets_s: float | None
    """Seconds until the count starts anew."""


def error_of(
    source: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    explained: str | None,
    now: datetime,
    *,
    hide: Callable[[str], str] = str,
    said: int | None = None,
) -> BackendError | None:
    """Return the error that an answer means, or None when it is a good one; ``hide`` masks echoed secrets.

    ``said`` is the status that came over the wire, where a body means another one.
    """
    if 200 <= status < 300:
        return _html_instead(source, headers, body, hide)
    if 300 <= status < 400:
        return UnexpectedReply(source, hide(_redirect(status, headers, hide)))
    if status == 407:
        # Said by a proxy, before the source heard of it: its page is not ours to show.
        return Unreachable(source, "the proxy wants a name and a password (HTTP 407); nothing was passed on")
    # Hidden before it is cut, as half a secret is one too; and after, as cleaning may join what was apart.
    text = hide(_sentence(status, said or status, body, explained, hide))
    if status in (401, 498, 499):
        return SignInRefused(source, f"sign-in refused: {text}")
    if status == 403:
        return Forbidden(source, f"not allowed: {text}")
    if status in (404, 410):
        # These APIs say so in JSON, in plain text or with nothing at all; a page is somebody else's.
        return (
            NoSuchAddress(source, f"{text}; is the address right?")
            if _starts_a_page(body)
            else NoSuchJob(source, text)
        )
    if status == 429:
        wait_s = retry_after_s(headers, now)
        return RateLimited(source, f"{text}{_wait(wait_s)}", retry_after_s=wait_s)
    if status >= 500:
        return ServerTrouble(source, text, status=status)
    return RequestRefused(source, text, status=status)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read ``Retry-After``: seconds or an HTTP date; None when absent or unreadable, never negative."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, now)
    return min(max(seconds, 0.0), LONGEST_WAIT_S) if math.isfinite(seconds) else None


def budget_of(headers: Mapping[str, str]) -> Budget | None:
    """Read the rate-limit headers in any of their spellings; None when there are none.

    An account has a budget, an endpoint may have one of its own: the one with less left counts.
    """
    budgets = [_account_budget(headers), *map(_endpoint_budget, _of_endpoints(headers))]
    told = [budget for budget in budgets if budget is not None]
    return min(
        told, key=lambda budget: math.inf if budget.remaining is None else budget.remaining, default=None
    )


def _account_budget(headers: Mapping[str, str]) -> Budget | None:
    limit = _count(headers, "ratelimit-limit", "x-rate-limit", "x-ratelimit-limit")
    remaining = _count(headers, "ratelimit-remaining", "x-rate-limit-remaining", "x-ratelimit-remaining")
    resets = _count(headers, "ratelimit-reset")
    if limit is None and remaining is None and resets is None:
        return None
    return Budget(limit, remaining, _seconds(resets))


_ENDPOINT = "zendesk-ratelimit-"
_NOT_OF_REQUESTS = "zendesk-ratelimit-inflight-jobs"
"""Jobs that may run at once, not requests that may be made."""


def _of_endpoints(headers: Mapping[str, str]) -> list[str]:
    return [
        value for name, value in headers.items() if name.startswith(_ENDPOINT) and name != _NOT_OF_REQUESTS
    ]


def _endpoint_budget(value: str) -> Budget | None:
    """Read ``total=100; remaining=99; resets=41``."""
    pairs = (part.partition("=") for part in value.split(";"))
    found = {name.strip().lower(): number.strip() for name, _, number in pairs}
    resets = _count(found, "resets")
    budget = Budget(_count(found, "total"), _count(found, "remaining"), _seconds(resets))
    return budget if budget.remaining is not None else None


def _seconds(count: int | None) -> float | None:
    return None if count is None else min(float(count), LONGEST_WAIT_S)


def _seconds_until(value: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return math.nan
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()


def _count(headers: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        value = headers.get(name, "").strip()
        if value.isascii() and value.isdigit() and len(value) < 12:
            return int(value)
    return None


def _html_instead(
    source: str, headers: Mapping[str, str], body: bytes, hide: Callable[[str], str]
) -> BackendError | None:
    if not _is_html(headers, body):
        return None
    text = hide(f"answered {_page(body, hide)} instead of JSON; is the address right?")
    return UnexpectedReply(source, text)


def _is_html(headers: Mapping[str, str], body: bytes) -> bool:
    is_said = "html" in headers.get("content-type", "").lower() and bool(body.strip())
    return _starts_a_page(body) or is_said


def _starts_a_page(body: bytes) -> bool:
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _page(body: bytes, hide: Callable[[str], str]) -> str:
    found = _TITLE.search(body[:_LOOKED_AT])
    title = plain(hide(_text(found.group(1))).strip(), limit=80) if found else ""
    return f"an HTML page (title “{title}”)" if title else "an HTML page"


def _redirect(status: int, headers: Mapping[str, str], hide: Callable[[str], str]) -> str:
    location = hide(headers.get("location", ""))
    found = re.match(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#@]+)", location)
    where = f"to {plain(found.group(1), limit=100)}" if found else "to another path of the same host"
    return f"answered with a redirect {where}, which is not followed (HTTP {status})"


def _sentence(status: int, said: int, body: bytes, explained: str | None, hide: Callable[[str], str]) -> str:
    text = plain(hide(explained or "").strip(), limit=LONGEST_TEXT)
    if text:
        return f"{text} (HTTP {status})" if said == status else f"{text} (in an answer with HTTP {said})"
    if _starts_a_page(body):
        return f"answered HTTP {status} with {_page(body, hide)}"
    rest = plain(hide(_text(body[:_LOOKED_AT])).strip(), limit=LONGEST_TEXT)
    return f"{rest} (HTTP {status})" if rest and rest[0] not in "{[" else f"answered HTTP {status}"


def _wait(wait_s: float | None) -> str:
    return "" if wait_s is None else f"; it asks to wait {math.ceil(wait_s)} s"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
