"""The question before a control, at a terminal: it opens on No, and held keys do not answer it."""

from __future__ import annotations

import asyncio
import os
import sys
import termios

from jobtui.cli.output import Output
from jobtui.errors import JobtuiError
from jobtui.model import Source
from jobtui.monitor.monitor import Proposal


async def confirmed(proposal: Proposal, source: Source, fault: JobtuiError | None, out: Output) -> bool:
    """Say what would be done and ask; only a typed yes is one, and production wants the whole word."""
    job = proposal.job
    if source.production:
        out.say(f"{source.name} is PRODUCTION")
    if job is not None:
        out.say(f"{job.ref}: {job.title} ({job.state}, the server says {job.raw_state or 'nothing'})")
    out.say(proposal.consequence)
    for doubt in proposal.doubts:
        out.say(f"note: {doubt.text}")
    if fault is not None:
        out.say(f"note: the job could not be checked first ({fault})")
    answer = await _ask("Send it? Type yes: " if source.production else "Send it? [y/N] ")
    return answer == "yes" or (answer == "y" and not source.production)


async def _ask(question: str) -> str:
    """Ask on stderr and read a line of stdin, forgetting what was typed before the question was seen."""
    terminal = sys.stdin.fileno()
    # Before the question, not after: an answer given at once is an answer.
    termios.tcflush(terminal, termios.TCIFLUSH)
    sys.stderr.write(question)
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    typed = asyncio.Event()
    # Waiting on the loop instead of in read(): Ctrl-C then ends the waiting at once.
    loop.add_reader(terminal, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(terminal)
    return os.read(terminal, 1024).decode("utf-8", "replace").strip().lower()
