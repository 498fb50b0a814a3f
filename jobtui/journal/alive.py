"""Which processes of ours are alive: each keeps a lock on a file of its own for as long as it lives.

The system gives the lock up when the process ends, however it ends. A number alone would not do: it is given
to other processes later, and means nothing in another container that shares the home.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import threading
from pathlib import Path

CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)

if sys.platform == "win32":  # pragma: no cover - not supported, but not broken either

    def try_lock(descriptor: int) -> bool:
        """Take a lock for this process alone; there is none here, so that everybody has it."""
        return True

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Take a lock for this process alone, unless another has it; False then."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class SignOfLife:
    """The locked file that shows that this process is alive."""

    def __init__(self, journal: Path) -> None:
        """Nothing is made until a token is asked for: most processes send no control."""
        self._journal = journal
        self._making = threading.Lock()
        self._token: str | None = None
        self._descriptor: int | None = None

    def token(self) -> str | None:
        """Name this process, its lock held; None where no locked file can be made. Raises OSError."""
        if sys.platform == "win32":  # pragma: no cover
            return None
        with self._making:
            while self._token is None:
                self._token = self._make(f"{os.getpid()}-{secrets.token_hex(4)}")
            return self._token

    def is_alive(self, token: str) -> bool:
        """Say whether the process of a token lives; when that cannot be told, it may."""
        if token == self._token or sys.platform == "win32":
            return True
        path = _path(self._journal, token)
        try:
            descriptor = os.open(path, os.O_RDWR | CLOSE_ON_EXEC)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        try:
            return not _is_free(descriptor, path)
        finally:
            os.close(descriptor)

    def sweep(self) -> None:
        """Remove what dead processes left behind."""
        prefix = f"{self._journal.name}.alive-"
        for path in self._journal.parent.glob(f"{prefix}*"):
            self.is_alive(path.name.removeprefix(prefix))

    def close(self) -> None:
        """Give the lock up and remove the file; a second time does nothing.

        The file goes first: what is locked by somebody else when it is found is then never removed.
        """
        if self._token is not None and self._descriptor is not None:
            with contextlib.suppress(OSError):
                _path(self._journal, self._token).unlink(missing_ok=True)
            os.close(self._descriptor)
            self._token = self._descriptor = None

    def _make(self, token: str) -> str | None:
        path = _path(self._journal, token)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | CLOSE_ON_EXEC, 0o600)
        # Somebody who tidies up may have found the file before it was locked, and removed it.
        if not try_lock(descriptor) or not path.exists():
            os.close(descriptor)
            return None
        self._descriptor = descriptor
        return token


def _path(journal: Path, token: str) -> Path:
    # A token comes out of the journal: it must not name a file elsewhere.
    safe = "".join(character for character in token if character.isalnum() or character == "-")
    return journal.with_name(f"{journal.name}.alive-{safe}")


def _is_free(descriptor: int, path: Path) -> bool:
    """Whether nobody holds the lock; then the file is what a dead process left, and is removed."""
    if not try_lock(descriptor):
        return False
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    return True
