"""An hour and a quarter of the day that `python -m tests.soak` watches."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.soak.day import soak


def test_what_was_answered_through_faults_is_what_the_journal_holds(tmp_path: Path) -> None:
    report = soak(tmp_path, hours=1.25)
    sys.stdout.write("\n".join(report.lines()) + "\n")
    assert report.wrong() == []
    # How much comes in the time depends on the machine; that it is not nothing is what makes this a test.
    assert report.states_kept > 500
    assert report.messages_kept > 200
    assert report.events_compared > 100
    assert report.frames > 100
    assert sum(count for word, count in report.statuses.items() if not word.endswith(" 200")) > 100
