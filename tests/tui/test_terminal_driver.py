"""Waiting for keys: for ever between them, and shortly where an escape may go on."""

from __future__ import annotations

from textual._xterm_parser import XTermParser

from jobtui.tui.app import JobtuiApp
from jobtui.tui.terminal_driver import TerminalDriver, _patience_s


def test_nothing_is_waited_for_but_a_key_and_the_rest_of_an_escape() -> None:
    parser = XTermParser()
    assert _patience_s(parser) is None
    assert [type(event).__name__ for event in parser.feed("j")] == ["Key"]
    assert _patience_s(parser) is None
    assert list(parser.feed("\x1b")) == []
    left_s = _patience_s(parser)
    assert left_s is not None
    assert 0 <= left_s < 1
    assert len(list(parser.feed("[A"))) == 1
    assert _patience_s(parser) is None


def test_a_library_that_keeps_its_time_elsewhere_is_looked_at_as_often_as_it_does_itself() -> None:
    class Other:
        pass

    left_s = _patience_s(Other())  # type: ignore[arg-type]
    assert left_s is not None
    assert 0 < left_s <= 0.1


def test_the_screen_uses_it_where_the_library_would_use_its_own_for_a_terminal() -> None:
    assert JobtuiApp.get_driver_class(JobtuiApp.__new__(JobtuiApp)) is TerminalDriver
