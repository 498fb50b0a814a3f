"""Addresses of jobs and steps: those we ask, and those that a person pastes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from jobtui.backends.address import origin, split_address
from jobtui.model import JobRef, StepRef, Target

_NOT_JOBS = frozenset({"search", "statistics", "manage"})
_NOT_STEPS = frozenset({"action", "history", "diagram", "comments", "attachments", "update"})


def target_of(source: str, root: str, address: str) -> Target | None:
    """Read an API address below ``root``, or a web address that carries ``jobId`` (and ``stepId``).

    None when it is of another host, organization or workflow item, or names no job.
    """
    ours, theirs = split_address(root), split_address(address)
    if ours is None or theirs is None or origin(ours) != origin(theirs):
        return None
    base, path = _segments(ours.path), _segments(theirs.path)
    if path[: len(base)] == base and path[len(base) : len(base) + 1] == ["jobs"]:
        return _target(source, path[len(base) + 1 :])
    return _from_query(source, base, path, theirs)


def job_address(root: str, quoted_id: str) -> str:
    """Return the API address of a job whose id is quoted already."""
    return f"{root.partition('?')[0].rstrip('/')}/jobs/{quoted_id}"


def socket_address(root: str, query: Mapping[str, str]) -> str:
    """Return the address of the notification socket: the host of the root and no other. Raises ValueError."""
    parts = urlsplit(root)
    schemes = {"http": "ws", "https": "wss"}
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError("the root is no web address")
    asked = urlencode([*parse_qsl(parts.query), *query.items()])
    path = f"{parts.path.rstrip('/')}/notificationWs"
    return urlunsplit((schemes[parts.scheme], _host(parts), path, asked, ""))


def origin_of(root: str) -> str:
    """Return what a browser on the same host would call its origin. Raises ValueError."""
    parts = urlsplit(root)
    return f"{parts.scheme}://{_host(parts)}"


def _host(parts: SplitResult) -> str:
    # Without a name and password, which would travel as a sign-in of their own.
    return parts.netloc.rpartition("@")[2]


def _segments(path: str) -> list[str]:
    return [unquote(part) for part in path.split("/") if part]


def _target(source: str, rest: list[str]) -> Target | None:
    if not rest or rest[0] in _NOT_JOBS:
        return None
    job = JobRef(source, rest[0])
    return StepRef(job, rest[1]) if len(rest) > 1 and rest[1] not in _NOT_STEPS else job


def _from_query(source: str, base: list[str], path: list[str], parts: SplitResult) -> Target | None:
    query = "&".join([parts.query, parts.fragment.partition("?")[2] or parts.fragment])
    try:
        given = {name.lower(): value for name, value in parse_qsl(query)}
    except ValueError:
        return None
    job_id = given.get("jobid")
    item = base[-1] if base else None
    # The item is what tells apart two sources on one host.
    if not job_id or (item not in path and given.get("itemid") != item):
        return None
    return _target(source, [job_id, *filter(None, [given.get("stepid")])])
