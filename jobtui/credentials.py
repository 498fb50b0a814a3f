"""Secrets, from where the configuration says they are: environment, file, command, keyring.

Each failure is one sentence that names source, key and place, and never a value.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shlex
import signal
import stat
from collections.abc import Collection, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from jobtui.errors import CredentialError
from jobtui.model import Secret, SecretSource
from jobtui.text import plain

if TYPE_CHECKING:
    import asyncio

COMMAND_TIMEOUT_S = 30.0
MAX_SECRET_BYTES = 65_536
"""More than any token; a wrong path to something huge is not read whole."""
_NOTHING = "what was found is empty"


class Way(StrEnum):
    """How a secret is had."""

    ENV = "env"
    FILE = "file"
    COMMAND = "command"
    KEYRING = "keyring"
    LITERAL = "literal"


class SecretPlace(Struct, frozen=True):
    """Where a secret is."""

    way: Way
    where: str = ""
    """The variable, path (absolute), command line or keyring entry; empty when literal."""
    literal: Secret | None = None


def secret_source(
    source: str, key: str, place: SecretPlace, *, kept_back: Collection[str] = ()
) -> SecretSource:
    """Make the function that fetches one secret of a source; it raises CredentialError.

    ``kept_back`` are environment variables that hold secrets: no command that is run sees them.
    """

    async def fetch() -> Secret:
        return await _fetch(f"sources.{source}.{key}", place, kept_back)

    return fetch


def trouble_with(source: str, key: str, place: SecretPlace) -> CredentialError | None:
    """Say why a secret cannot be had, in the words of fetching it; None where nothing speaks against it.

    Nothing is kept and nothing run: what only a command or a keyring could tell is left to them.
    """
    what = f"sources.{source}.{key}"
    try:
        if place.way is Way.ENV:
            _usable(what, _from_env(what, place.where))
        elif place.way is Way.FILE:
            with _opened(what, Path(place.where)) as file:
                if not file.read(1):
                    raise CredentialError(f"{what}: {_NOTHING}")
    except CredentialError as error:
        return error
    return None


async def _fetch(what: str, place: SecretPlace, kept_back: Collection[str]) -> Secret:
    if place.literal is not None:
        return place.literal
    # Deferred, here and below: who only looks into the journal needs none of it.
    import asyncio

    match place.way:
        case Way.ENV:
            value = _from_env(what, place.where)
        case Way.FILE:
            value = await asyncio.to_thread(_from_file, what, Path(place.where))
        case Way.KEYRING:
            value = await asyncio.to_thread(_from_keyring, what, place.where)
        case _:
            value = await _from_command(what, place.where, kept_back)
    return Secret(_usable(what, value))


def _usable(what: str, value: str) -> str:
    """Refuse what no header can carry: it would fail later, in a text that might show it."""
    if not value:
        raise CredentialError(f"{what}: {_NOTHING}")
    if not value.isprintable():
        raise CredentialError(f"{what}: what was found has line breaks or control characters in it")
    return value


def _from_env(what: str, name: str) -> str:
    value = os.environ.get(name)
    if not value:
        state = "is not set" if value is None else "is empty"
        raise CredentialError(f"{what}: the environment variable {plain(name)} {state}")
    return value


def _from_file(what: str, path: Path) -> str:
    """Read a file that not everybody can read; the last line end is no part of the secret."""
    with _opened(what, path) as file:
        content = file.read(MAX_SECRET_BYTES + 1)
    return _decode(what, content, f"the file {plain(str(path))}").removesuffix("\n").removesuffix("\r")


@contextlib.contextmanager
def _opened(what: str, path: Path) -> Iterator[BinaryIO]:
    """Open a regular file that not everybody can read."""
    shown = plain(str(path))
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            # A pipe would keep the thread that opens it, and with it the program, until somebody writes.
            raise CredentialError(f"{what}: {shown} is not a regular file")
        if mode & 0o006:
            raise CredentialError(f"{what}: anyone on this machine can read {shown}; run: chmod 600 {shown}")
        with path.open("rb") as file:
            yield file
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise CredentialError(f"{what}: cannot read {shown}: {reason}") from None


def _from_keyring(what: str, entry: str) -> str:
    try:
        # An optional package: only those who name a keyring need it.
        keyring = importlib.import_module("keyring")
    except ImportError:
        text = "reading the keyring needs the package “keyring” (pip install keyring)"
        raise CredentialError(f"{what}: {text}") from None
    try:
        value = keyring.get_password("jobtui", entry)
    except keyring.errors.KeyringError as error:
        raise CredentialError(f"{what}: the keyring cannot be read ({type(error).__name__})") from None
    if value is None:
        entry = plain(entry)
        raise CredentialError(f"{what}: the keyring has no “{entry}” (run: keyring set jobtui {entry})")
    return str(value)


async def _from_command(what: str, command: str, kept_back: Collection[str]) -> str:
    """Run a command without a shell; the secret is the first line of its output."""
    import asyncio

    argv = _words(what, command)
    shown = plain(argv[0])
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            env={name: value for name, value in os.environ.items() if name not in kept_back},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            # Its own session: it cannot write over our screen, and dies with what it started.
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a command"
        raise CredentialError(f"{what}: cannot run {shown}: {reason}") from None
    out, err = await _output_of(process, f"{what}: {shown}")
    if process.returncode != 0:
        raise CredentialError(f"{what}: {shown} ended with code {process.returncode}{_last_line(err, out)}")
    return _decode(what, out.split(b"\n", 1)[0], f"what {shown} printed").removesuffix("\r")


def _words(what: str, command: str) -> list[str]:
    try:
        argv = shlex.split(command)
    except ValueError as error:
        raise CredentialError(f"{what}: the command cannot be read: {str(error).lower()}") from None
    if not argv:
        raise CredentialError(f"{what}: the command is empty")
    return [os.path.expanduser(argv[0]), *argv[1:]]


async def _output_of(process: asyncio.subprocess.Process, what: str) -> tuple[bytes, bytes]:
    """Collect both outputs; whatever ends our waiting ends the command and what it started."""
    import asyncio

    try:
        async with asyncio.timeout(COMMAND_TIMEOUT_S):
            out, err = await asyncio.gather(_read(process.stdout), _read(process.stderr))
            await process.wait()
    except TimeoutError:
        raise CredentialError(f"{what} did not end within {COMMAND_TIMEOUT_S:g} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return out, err


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    """Read to the end, or to more than anybody needs: then the command waits for us until its time is up."""
    content = b""
    if stream is None:
        return content
    while len(content) <= MAX_SECRET_BYTES and (more := await stream.read(MAX_SECRET_BYTES)):
        content += more
    return content


def _last_line(err: bytes, out: bytes) -> str:
    """Say the last words of a command, unless it complains of what it has printed: that may be a secret."""
    said, printed = (
        [line.strip() for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
        for text in (err, out)
    )
    if not said or any(line in said[-1] for line in printed):
        return ""
    return f": {plain(said[-1], limit=200)}"


def _decode(what: str, content: bytes, place: str) -> str:
    if len(content) > MAX_SECRET_BYTES:
        raise CredentialError(f"{what}: {place} is too long for a secret")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise CredentialError(f"{what}: {place} is not text (UTF-8)") from None
