"""An sshd of our own, with keys for this one time; and the ways in which a line to it can end."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.ssh.relay import Relay
from tests.ssh.waiting import until

_SEPARATION = Path("/run/sshd")
"""Where an sshd of root shuts itself in; it does not start without."""
_SERVER = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/user.pub
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PrintMotd no
PrintLastLog no
ClientAliveInterval 1
ClientAliveCountMax 2
LogLevel ERROR
"""


def sshd() -> str | None:
    """Find the server's program; None when there is none."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Line:
    """A way from this machine to itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made_separation = False
        self._port = _free_port()

    def __enter__(self) -> Self:
        program = sshd()
        assert program is not None
        for name in ("host", "user"):
            key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self._folder / name)]
            subprocess.run(key, check=True)
        settings = self._folder / "sshd_config"
        settings.write_text(_SERVER.format(port=self._port, folder=self._folder))
        if os.getuid() == 0 and not _SEPARATION.exists():
            _SEPARATION.mkdir(mode=0o755)
            self._made_separation = True
        with (self._folder / "sshd.log").open("w") as log:
            command = [program, "-D", "-e", "-f", str(settings)]
            self._server = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL)
        until(self._answers, what="sshd answers")
        self._relay = Relay(self._port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._relay.close()
        for pid in [*_below(self._server.pid), self._server.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self._server.wait(10.0)
        if self._made_separation:
            _SEPARATION.rmdir()

    def command(self, remote: str) -> str:
        """Give the command that runs another at the far end of the line."""
        options = {
            "UserKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "no",
            "IdentitiesOnly": "yes",
            "LogLevel": "ERROR",
            "ControlPath": "none",
            "ServerAliveInterval": "1",
            "ServerAliveCountMax": "3",
        }
        words = " ".join(f"-o {name}={value}" for name, value in options.items())
        where = f"-p {self._relay.port} -i {self._folder}/user {getpass.getuser()}@127.0.0.1"
        return f"ssh -F none -t {words} {where} '{remote}'"

    def cut(self) -> None:
        """Break the line between the two ends."""
        self._relay.cut()

    def go_dead(self) -> None:
        """Let nothing pass any more, without a word to either end."""
        self._relay.go_dead()

    def hang_up(self, program: int) -> None:
        """End the session at the far end, as a machine that shuts down does."""
        os.kill(program, signal.SIGHUP)

    def _answers(self) -> bool:
        said = (self._folder / "sshd.log").read_text()
        assert self._server.poll() is None, f"sshd did not start: {said}"
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1.0):
            return True
        return False


def running_with(home: Path) -> dict[int, str]:
    """Give the processes that have a folder as their home, by id, as they were called."""
    found = {}
    for pid in _pids():
        with suppress(OSError):
            if f"HOME={home}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
                found[pid] = words.replace("\0", " ").strip()
    return {pid: words for pid, words in found.items() if words}


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _below(parent: int) -> list[int]:
    """Give every process below one, the lowest first."""
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [*_below(child), child]
    return found


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port
