"""The file that the last screen is kept in, private and beside the journal: where it is, and what is in it.

It is read before anything of ours is loaded, so that imports are few.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as in typing, which takes longer to load than all of this
if TYPE_CHECKING:
    from collections.abc import Sequence

MAGIC = b"jobtui-screen 1"
MOST_BYTES = 1_000_000
OLDEST_S = 24 * 3_600
"""An older screen is of another day's jobs."""
_LOOKS = (
    *("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "FORCE_COLOR", "TEXTUAL_COLOR_SYSTEM"),
    *("LC_ALL", "LC_CTYPE", "LANG"),
)
"""What in the environment decides how a screen is drawn."""
_SSH = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")


class Wanted:
    """The screen that was asked for, and the file that its last picture is kept in."""

    def __init__(self, config: str, words: Sequence[str]) -> None:
        """``config`` is the path of the configuration, ``words`` what else was asked for."""
        self.config = os.path.realpath(config)
        self.path = _place(self.config)
        self._words = words
        # As they were before they were read: what is drawn is drawn from these.
        self._read = [_stamp(path) for path in (self.config, _beside(self.config, "keys.toml"))]

    def identity(self, columns: int, lines: int) -> bytes:
        """Give all that has to be as it was for a picture to be shown again."""
        from jobtui import __version__

        layout = _stamp(f"{os.path.splitext(self.path)[0]}.layout.json")
        looks = [os.environ.get(name, "-") for name in _LOOKS]
        looks.append(str(any(os.environ.get(name) for name in _SSH)))
        said = [__version__, self.config, *self._read, layout, f"{columns}x{lines}", *looks, *self._words]
        return "\0".join(said).encode("utf-8", "surrogateescape")


def read(path: str, identity: bytes, now: float) -> tuple[int, bytes] | None:
    """Give the moment and the rows of a picture; None when there is none that is good here and now."""
    data = _content(path)
    head, _, rest = data.partition(b"\n")
    words = head.split(b" ")
    if b" ".join(words[:2]) != MAGIC or len(words) != 5:
        return None
    at, length, check = (int(word) for word in words[2:])
    rows = rest[length:]
    is_good = rest[:length] == identity and check == checked(rest) and 0 <= now - at <= OLDEST_S
    return (at, rows) if is_good and rows else None


def written(identity: bytes, rows: bytes, at: float) -> bytes:
    """Give the content of the file of a picture."""
    body = identity + rows
    return b"%s %d %d %d\n%s" % (MAGIC, int(at), len(identity), checked(body), body)


def checked(body: bytes) -> int:
    """Sum a content up, so that half of it is not taken for the whole."""
    import zlib

    return zlib.crc32(body)


def _content(path: str) -> bytes:
    """Give a file of ours that nobody else may read or write; raises OSError, also for any other."""
    import stat

    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(descriptor)
        is_private = found.st_uid == os.geteuid() and not found.st_mode & 0o077
        if not is_private or not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise OSError("is not ours alone")
        return os.read(descriptor, MOST_BYTES)
    finally:
        os.close(descriptor)


def _place(config: str) -> str:
    """Give the file beside the journal of a configuration, as ``paths`` would, which takes longer to load."""
    state = folder("STATE", ".local/state")
    if config == os.path.realpath(folder("CONFIG", ".config") + "/config.toml"):
        return f"{state}/journal.screen"
    local = _beside(config, "jobtui-state")
    if _is_ours(local):
        return f"{local}/journal.screen"
    import hashlib

    digest = hashlib.sha256(os.fsencode(config)).hexdigest()[:12]
    return f"{state}/journals/{digest}.screen"


def _is_ours(folder: str) -> bool:
    import stat

    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def folder(name: str, usual: str) -> str:
    """Give our folder of a kind (``CONFIG``, ``STATE``), as ``paths`` would."""
    given = os.environ.get(f"XDG_{name}_HOME", "")
    if given.strip():
        return f"{given}/jobtui"
    if sys.platform == "darwin":
        usual = "Library/Application Support"
    return os.path.expanduser(f"~/{usual}") + "/jobtui"


def _beside(path: str, name: str) -> str:
    return os.path.join(os.path.dirname(path), name)


def _stamp(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "-"
    return f"{found.st_mtime_ns}.{found.st_size}.{found.st_ino}"
