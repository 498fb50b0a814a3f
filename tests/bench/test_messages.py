"""The benchmark of messages runs, and counts what does not depend on the machine."""

from __future__ import annotations

import asyncio

from tests.bench import messages
from tests.bench.registry import Options
from tests.bench.shower import LOG, PANE


def test_the_pane_takes_every_message_and_writes_fewer_bytes_than_log() -> None:
    options = Options(seconds=1.0, rounds=1)
    theirs, ours = asyncio.run(messages.measure(options, rates=(500,), kinds=(LOG, PANE)))
    assert (theirs.kind, ours.kind) == (LOG, PANE)
    assert ours.taken[0] > 100, "generous: a machine may be loaded"
    assert 0 < ours.written[0] < theirs.written[0]
    assert len(messages.table([theirs, ours]).lines()) == 8


def test_a_message_kept_takes_no_more_than_a_screen_of_them_all_can_bear() -> None:
    (size,) = asyncio.run(messages.kept((PANE,))).values()
    assert 150 < size < 400
