"""Commands that alerts run: without a shell, the facts on their standard input, for a limited time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Collection, Mapping, Sequence

from jobtui.text import plain

TIMEOUT_S = 30.0
"""How long a command may take."""
_AT_ONCE = 4
_MOST_BYTES = 4_096
"""Of what a command says of its failure."""


class CommandFailed(Exception):
    """A command did not do what it was run for; the text is one sentence."""


class Commands:
    """Runs the user's own commands, a few at a time; each is told once when it fails."""

    def __init__(
        self, named: Mapping[str, Sequence[str]], kept_back: Collection[str], timeout_s: float = TIMEOUT_S
    ) -> None:
        """``named`` gives the words of each; ``kept_back`` names the variables that commands do not get."""
        self._named = named
        self._kept_back = frozenset(kept_back)
        self._timeout_s = timeout_s
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._failing: set[str] = set()

    def why_not(self, name: str) -> str | None:
        """Say why there is no such command, or None."""
        if name in self._named or "/" in name:
            return None
        known = f"there are {', '.join(self._named)}" if self._named else "[alerts.commands] has none"
        return f"there is no command “{plain(name, limit=40)}”; {known}, or write run:./PROGRAM"

    async def run(self, name: str, facts: Mapping[str, object]) -> str | None:
        """Run one; gives what is wrong, in a sentence, the first time that it fails."""
        try:
            async with self._turn:
                await self._run(self._argv(name), json.dumps(facts, ensure_ascii=True).encode() + b"\n")
        except CommandFailed as failed:
            is_news = name not in self._failing
            self._failing.add(name)
            return f"the command {plain(name, limit=40)} of an alert {failed}" if is_news else None
        self._failing.discard(name)
        return None

    def _argv(self, name: str) -> list[str]:
        program, *words = self._named.get(name, (name,))
        return [os.path.expanduser(program), *words]

    async def _run(self, argv: Sequence[str], facts: bytes) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                env={key: value for key, value in os.environ.items() if key not in self._kept_back},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                # Its own session: it cannot write over our screen, and dies with what it started.
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "is not a command"
            raise CommandFailed(f"cannot be run: {reason}") from None
        said = await self._end_of(process, facts)
        if process.returncode != 0:
            raise CommandFailed(f"ended with code {process.returncode}{said}")

    async def _end_of(self, process: asyncio.subprocess.Process, facts: bytes) -> str:
        """Wait for its end, or end it and what it started; gives the last words it said."""
        try:
            async with asyncio.timeout(self._timeout_s):
                said, _ = await asyncio.gather(_last_words(process.stderr), _tell(process.stdin, facts))
                await process.wait()
                return said
        except TimeoutError:
            raise CommandFailed(f"did not end within {self._timeout_s:g} s, and was ended") from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()


async def _tell(stream: asyncio.StreamWriter | None, facts: bytes) -> None:
    if stream is None:
        return
    # A command need not read what it is told.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stream.write(facts)
        await stream.drain()
    stream.close()


async def _last_words(stream: asyncio.StreamReader | None) -> str:
    kept = b""
    while stream is not None and (more := await stream.read(_MOST_BYTES)):
        kept = (kept + more)[-_MOST_BYTES:]
    lines = [line for line in kept.decode("utf-8", "replace").splitlines() if line.strip()]
    return f": {plain(lines[-1].strip(), limit=200)}" if lines else ""
