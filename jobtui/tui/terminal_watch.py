"""Notices that the terminal is gone, also where nobody says so with a signal.

A line that breaks, a multiplexer that is killed: writes fail, reads end, and Textual waits for a thread of
its own that has died. Without this the program would stay for ever, unseen and busy.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time

GIVEN_S = 4.0
"""How long leaving in order may take before the process is ended."""
_AFTERWARDS = 130
"""The exit code of what was interrupted; nobody is left to read it but a parent process."""
_GONE = select.POLLHUP | select.POLLERR if hasattr(select, "poll") else 0


def watch_terminal(descriptor: int) -> None:
    """Have this process leave as at a hang-up once nobody holds the other end of its terminal."""
    if _GONE:
        threading.Thread(target=_watch, args=(descriptor,), name="terminal-watch", daemon=True).start()


def _watch(descriptor: int) -> None:
    waiting = select.poll()
    waiting.register(descriptor, 0)  # a hang-up is told unasked
    try:
        told = waiting.poll()
    except OSError:
        return
    if not any(event & _GONE for _, event in told):
        return  # not a thing that can hang up
    os.kill(os.getpid(), signal.SIGHUP)
    time.sleep(GIVEN_S)
    # What was to be written is written by now; the loop is stuck in a write that nobody takes.
    os._exit(_AFTERWARDS)
