"""How the screen speaks with the terminal: as the library does, over a last screen and asleep between keys.

Whatever is missing of what is overridden here, the library's own way is good enough.
"""

from __future__ import annotations

import os
import select
import sys
from codecs import getincrementaldecoder
from typing import Any

from textual import events
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from jobtui import snapshot, turns

_READ_AT_ONCE = 4_096
_THREAD_S = 0.000_1
"""How long the threads that read keys and write to the terminal may be kept waiting by what is computed."""
_USUAL_S = 0.1
"""How often the library looks whether an escape was a key of its own."""


class TerminalDriver(LinuxDriver):
    """Draws over the last screen where one stands, and waits for keys without waking up between them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._entered = False
        self._pipe: tuple[int, int] | None = None
        """What wakes the reading of keys, while the terminal is ours."""

    # --- the last screen ------------------------------------------------------------------------------
    def start_application_mode(self) -> None:
        """Take the terminal over, with the last screen on it if one is there."""
        self._pipe = self._pipe or os.pipe()
        sys.setswitchinterval(_THREAD_S)
        picture = snapshot.take_over()
        self._entered = picture is not None
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]
        except BaseException:
            if picture is not None:
                picture.give_back()
            raise
        if picture is not None:
            self.attrs_before = picture.settings

    def write(self, data: str) -> None:
        """Write; but to enter the full screen again would clear it."""
        if self._entered and data == snapshot.ENTER:
            self._entered = False
        else:
            super().write(data)

    # --- keys -----------------------------------------------------------------------------------------
    def run_input_thread(self) -> None:
        """Pass on what is typed. The library looks ten times a second whether it is to end; this is told."""
        assert self._pipe is not None  # noqa: S101 - made before this is begun; for the type checker
        parser, waking = XTermParser(self._debug), self._pipe[0]
        decode = getincrementaldecoder("utf-8")("replace").decode
        listened = [self.fileno, waking]
        while not self.exit_event.is_set():
            ready = select.select(listened, [], [], _patience_s(parser))[0]
            if waking in ready:
                self.exit_event.wait(_USUAL_S)
            elif ready:
                data = os.read(self.fileno, _READ_AT_ONCE)
                if not data:
                    listened.remove(self.fileno)  # nobody will type any more
                for event in parser.feed(decode(data)) if data else ():
                    if isinstance(event, events.Key):
                        turns.key_came()
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)
        os.read(waking, _READ_AT_ONCE)

    def disable_input(self) -> None:
        """End the reading of keys."""
        if self._pipe is not None and not self.exit_event.is_set():
            os.write(self._pipe[1], b"\0")
        super().disable_input()

    def close(self) -> None:
        """Clear away; the terminal may be taken over again."""
        super().close()
        pipe, self._pipe = self._pipe, None
        for descriptor in pipe or ():
            os.close(descriptor)


def _patience_s(parser: XTermParser) -> float | None:
    """Say how long to wait: for ever, unless what was typed may be the begin of something longer."""
    until: float | None = getattr(parser, "_timeout_time", get_time() + _USUAL_S)
    return None if until is None else max(0.0, until - get_time())
