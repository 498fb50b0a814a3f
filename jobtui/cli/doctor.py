"""doctor: what one would want to know of a jobtui that behaves oddly; asks no server, holds no secret."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from jobtui import __version__, paths, wiring
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.config import ConfiguredSource, WrongConfig, faults_of
from jobtui.errors import ConfigError, JobtuiError
from jobtui.text import plain

_LIBRARIES = ("textual", "httpx", "websockets", "msgspec", "platformdirs", "starlette", "uvicorn")
_TERMINAL = (
    "TERM",
    "COLORTERM",
    "LANG",
    "LC_ALL",
    "NO_COLOR",
    "FORCE_COLOR",
    "TMUX",
    "STY",
    "SSH_TTY",
    "WT_SESSION",
)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")


Document = dict[str, Any]


def doctor(command: Command, out: Output) -> int:
    """Print versions, terminal, files and their rights, configuration and journal, and what is wrong."""
    path = paths.config_file(command.options.config)
    problems: list[str] = []
    described: Document = {
        "versions": _versions(),
        "terminal": _terminal(),
        "files": [_file(*named) for named in _files(path)],
        "sources": _sources(command, problems),
        "journal": _journal(command, problems),
        "crashes": [plain(str(each)) for each in _crashes()],
        "problems": problems,
    }
    if out.as_json:
        out.document(described)
    else:
        out.lines(list(_lines(described)))
    return Exit.USAGE if problems else Exit.GOOD


def _versions() -> Document:
    found: Document = {"jobtui": __version__, "python": platform.python_version()}
    found["system"] = platform.platform()
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def _terminal() -> Document:
    size = shutil.get_terminal_size()
    said = {name: plain(value) for name in _TERMINAL if (value := os.environ.get(name)) is not None}
    return {
        "is_terminal": sys.stdin.isatty() and sys.stdout.isatty(),
        "size": f"{size.columns}x{size.lines}",
        "encoding": sys.stdout.encoding,
        "environment": said,
        # Only which are set: an address of a proxy may hold its password.
        "proxy_settings": [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())],
        "certificate_settings": [name for name in _TRUST if os.environ.get(name)],
    }


def _files(config: Path) -> Iterator[tuple[str, Path]]:
    yield "configuration", config
    yield "keys", paths.keys_file(config)
    yield "themes", paths.themes_folder(config)
    yield "journal", paths.journal_file(config)
    yield "logs", paths.log_folder()


def _file(what: str, path: Path) -> Document:
    try:
        found = path.stat()
    except OSError as error:
        return {"what": what, "path": plain(str(path)), "rights": None, "error": error.strerror}
    return {"what": what, "path": plain(str(path)), "rights": stat.filemode(found.st_mode), "error": None}


def _sources(command: Command, problems: list[str]) -> list[Document]:
    try:
        config = session.config_of(command.options)
    except WrongConfig as wrong:
        problems += [plain(str(error)) for error in wrong.errors]
        return []
    except ConfigError as error:
        problems.append(plain(str(error)))
        return []
    problems += [plain(str(error)) for error in (*faults_of(config), *wiring.load_keys(config.path)[1])]
    problems += map(plain, config.warnings)
    return [_source(entry) for entry in config.good]


def _source(entry: ConfiguredSource) -> Document:
    return {
        "source": entry.name,
        "kind": entry.source.kind.value,
        "read_only": entry.source.read_only,
        "production": entry.source.production,
        "poll_s": entry.source.poll_s,
        "budget": entry.source.budget,
        "secrets": {key: place.way.value for key, place in entry.secrets.items()},
    }


def _journal(command: Command, problems: list[str]) -> Document | None:
    try:
        config = session.config_of(command.options)
    except ConfigError:
        return None
    try:
        with wiring.open_journal(config) as opened:
            if opened.notice:
                problems.append(plain(opened.notice))
            summary = opened.upkeep.summary()
    except JobtuiError as error:
        problems.append(plain(str(error)))
        return None
    return {"version": summary.version, "size": summary.size, "rows": summary.rows}


def _crashes() -> list[Path]:
    try:
        return sorted(paths.log_folder().glob("crash-*.txt"))[-5:]
    except OSError:
        return []


def _lines(found: Document) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in found["versions"].items())
    terminal = found["terminal"]
    words = " ".join(f"{name}={value}" for name, value in terminal["environment"].items())
    kind = "a terminal" if terminal["is_terminal"] else "no terminal"
    yield f"{kind}, {terminal['size']}, {terminal['encoding']}, {words}".rstrip(", ")
    yield f"proxy settings in the environment: {' '.join(terminal['proxy_settings']) or 'none'}"
    yield f"certificates named in the environment: {' '.join(terminal['certificate_settings']) or 'none'}"
    for file in found["files"]:
        yield f"{file['what']}: {file['path']}  {file['rights'] or file['error']}"
    for source in found["sources"]:
        secrets = ", ".join(f"{key} by {way}" for key, way in source["secrets"].items())
        modes = " ".join(word for word in ("production", "read_only") if source[word])
        yield f"source {source['source']}: {source['kind']} {modes} {secrets}".rstrip()
    if (journal := found["journal"]) is not None:
        yield f"journal: version {journal['version']}, {journal['size']} bytes, {journal['rows']}"
    yield from (f"crash report: {path}" for path in found["crashes"])
    yield from (f"PROBLEM: {text}" for text in found["problems"])
    if not found["problems"]:
        yield "nothing is wrong here; “jobtui source test” asks the servers"
