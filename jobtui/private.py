"""Folders and files that are for the user alone, and no other's by a trick."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_OTHERS = 0o077
_FILE = 0o600


def make_private_folder(folder: Path) -> None:
    """Make a folder and what is missing above it, 0700 whatever the umask; what is there stays as it is.

    Raises OSError.
    """
    parts = [folder, *folder.parents]
    for part in reversed([part for part in parts if not part.exists()]):
        with contextlib.suppress(FileExistsError):
            part.mkdir(mode=0o700)
            part.chmod(0o700)


def claim_folder(folder: Path) -> None:
    """Make a folder that is ours alone, or make it so; what is above it stays as it is.

    A link is followed when both it and what it leads to are ours. Raises OSError, also when the folder is
    somebody else's.
    """
    make_private_folder(folder)
    found = folder.stat()
    if {found.st_uid, folder.lstat().st_uid} != {os.geteuid()}:
        raise _not_ours(folder)
    if found.st_mode & _OTHERS:
        folder.chmod(0o700)


def refuse_foreign_file(path: Path) -> None:
    """Raise OSError for a file that is somebody else's; nothing there is fine."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_uid != os.geteuid():
            raise _not_ours(path)


def open_private(path: Path, *, append: bool = False) -> BinaryIO:
    """Open a file of ours to write, 0600 whatever it was, no link and no pipe. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags | (os.O_APPEND if append else 0), _FILE)
    try:
        _check(path, os.fstat(descriptor))
        os.fchmod(descriptor, _FILE)
        if not append:
            # Only now: before the check it could have been somebody else's.
            os.ftruncate(descriptor, 0)
        return os.fdopen(descriptor, "wb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise _not_ours(path)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "is not a regular file", str(path))


def _not_ours(path: Path) -> PermissionError:
    return PermissionError(errno.EPERM, "belongs to somebody else, and is left alone", str(path))
