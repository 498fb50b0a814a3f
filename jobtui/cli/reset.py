"""reset-terminal: what a screen switches on is switched off, for a shell whose line dropped under one."""

from __future__ import annotations

import contextlib
import sys

from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.errors import UsageError

_MODES = (9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2048)
"""Reports of mouse, focus, pastes and sizes, and held-back drawing."""
SEQUENCE = (
    "".join(f"\x1b[?{mode}l" for mode in _MODES)
    + "\x1b[<u"  # keys as they always were
    + "\x1b[?1049l"  # the first screen
    + "\x1b[0m\x1b[?7h\x1b[?25h"  # no colour; long lines go on; the cursor is seen
)


def reset_terminal(command: Command, out: Output) -> int:
    """Give the terminal back to its shell; asks no server and reads no configuration."""
    del command
    if not sys.stdout.isatty():
        raise UsageError("“jobtui reset-terminal” is for the terminal it writes to; here is none")
    sys.stdout.write(SEQUENCE)
    sys.stdout.flush()
    _cook(sys.stdout.fileno())
    out.say("the terminal is as a shell needs it; “reset” does more, and clears it")
    return Exit.GOOD


def _cook(descriptor: int) -> None:
    """Have the terminal show what is typed, and take it by the line."""
    try:
        import termios
    except ImportError:  # where there is none, nothing was changed by it
        return
    with contextlib.suppress(termios.error):
        modes = termios.tcgetattr(descriptor)
        modes[0] |= termios.ICRNL | termios.IXON | termios.BRKINT
        modes[1] |= termios.OPOST | termios.ONLCR
        modes[3] |= termios.ICANON | termios.ECHO | termios.ECHOE | termios.ISIG | termios.IEXTEN
        termios.tcsetattr(descriptor, termios.TCSADRAIN, modes)
