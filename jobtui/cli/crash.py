"""What is kept of a crash and of warnings: where and what kind, never a value that could be a secret."""

from __future__ import annotations

import logging
import os
import platform
import re
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from jobtui import __version__, paths
from jobtui.private import claim_folder, open_private
from jobtui.text import plain

_LOG_BYTES = 1_000_000
_WORDS = re.compile("[A-Za-z ]+")


def write_report(error: BaseException, command: str) -> Path | None:
    """Write a crash report into the log folder; gives its path, or None when it cannot be written."""
    at = datetime.now(UTC)
    path = paths.log_folder() / f"crash-{at:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    head = [
        f"jobtui {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"command {command}, at {at.isoformat(timespec='seconds')}",
    ]
    try:
        with _private(path) as file:
            file.write("\n".join([*head, "", *trace_of(error)]) + "\n")
    except OSError:
        return None
    return path


def trace_of(error: BaseException) -> list[str]:
    """Give the frames and kinds of an error and its causes, without their texts: those may hold secrets."""
    lines: list[str] = []
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        current = pending.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        pending.append(current.__cause__ or current.__context__)
        if isinstance(current, BaseExceptionGroup):
            pending += reversed(current.exceptions)
    return lines


class LogFile(logging.FileHandler):
    """A private log file, made when there is something to log."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self.setFormatter(_SecretFree("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self.setLevel(logging.WARNING)

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.replace(path.with_suffix(".old.log"))
        return _private(path, append=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; the library opens the file where it catches nothing."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Lose what cannot be logged: a full disk must not write over the screen."""
        del record


class _SecretFree(logging.Formatter):
    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(trace_of(error)) if isinstance(error, BaseException) else ""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        if record.name == "asyncio":
            # It writes out tasks and callbacks with all that they hold, errors and arguments too.
            found = _WORDS.match(record.message)
            record.message = found.group().strip() if found else "failed"
        # On one line: the next one of a text would pass for what another part of jobtui has said.
        record.message = plain(record.message, limit=10_000)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        return "\n".join(plain(line, limit=10_000) for line in super().format(record).split("\n"))


def keep_log() -> LogFile:
    """Send warnings of every part to the log file instead of the screen; the caller removes it again."""
    log_file = LogFile(paths.log_folder() / "jobtui.log")
    logging.getLogger().addHandler(log_file)
    return log_file


def drop_log(log_file: LogFile) -> None:
    """Undo ``keep_log``."""
    logging.getLogger().removeHandler(log_file)
    log_file.close()


def _private(path: Path, *, append: bool = False) -> TextIOWrapper:
    claim_folder(path.parent)
    return TextIOWrapper(open_private(path, append=append), encoding="utf-8", errors="replace")
