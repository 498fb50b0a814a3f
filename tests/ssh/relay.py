"""What lies between the two ends of a line, and can fail: it passes bytes on until it is told otherwise."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

_RESET = struct.pack("ii", 1, 0)
"""Linger for no time: closing is a reset, not an orderly end."""


class Relay:
    """A port of the loopback that leads to another."""

    def __init__(self, port: int) -> None:
        """``port`` is where it leads."""
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._passes = threading.Event()
        self._passes.set()
        self._joined: list[socket.socket] = []
        threading.Thread(target=self._take_calls, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, at both ends."""
        for one in self._joined:
            with suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._joined.clear()
        self._passes.set()

    def go_dead(self) -> None:
        """Pass nothing on any more, and tell neither end."""
        self._passes.clear()

    def close(self) -> None:
        """Take no more calls."""
        self.cut()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _take_calls(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._joined += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._passes.wait()
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
