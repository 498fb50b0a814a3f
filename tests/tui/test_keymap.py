"""The table of keys: one meaning each, nothing harmful within a slip's reach."""

from __future__ import annotations

from collections import Counter

from jobtui.model import Control
from jobtui.tui.app import JobtuiApp
from jobtui.tui.keymap import KEYS, PANE_TITLES, UNBOUND, control_keys, rows
from jobtui.tui.screens.main import MainScreen
from jobtui.tui.widgets.job_table import JobTable
from jobtui.tui.widgets.line_view import LineView
from jobtui.tui.widgets.message_log import MessageLog
from jobtui.tui.widgets.step_tree import StepTree


def keys() -> list[str]:
    return [key for row in KEYS for key in row.keys.split(",")]


def test_no_key_means_two_things() -> None:
    assert [key for key, count in Counter(keys()).items() if count > 1] == []
    assert [name for name, count in Counter(row.id for row in KEYS).items() if count > 1] == []


def test_controls_are_capital_letters_and_nothing_else_is_a_write() -> None:
    assert {row.keys: row.control for row in control_keys()} == {
        "C": Control.CANCEL,
        "H": Control.HOLD,
        "L": Control.RELEASE,
        "R": Control.RUN,
        "F": Control.FINISH,
        "S": Control.STOP,
    }


def test_keys_that_other_tools_made_dangerous_are_unbound() -> None:
    bound = set(keys())
    for widget in (JobtuiApp, MainScreen, JobTable, StepTree, MessageLog):
        bound |= set(widget._merge_bindings().key_to_bindings)
    assert not bound & set(UNBOUND)


def test_every_action_exists_where_its_key_works() -> None:
    owners = {"main": MainScreen, "lines": LineView, "app": JobtuiApp}
    for row in KEYS:
        owner = JobtuiApp if row.action.startswith("app.") else owners[row.pane]
        name = row.action.removeprefix("app.").split("(")[0]
        assert hasattr(owner, f"action_{name}"), row.action


def test_the_help_and_the_readme_have_every_key() -> None:
    assert len(rows()) == len(KEYS)
    assert {where for where, _, _ in rows()} == set(PANE_TITLES.values())
    assert all(text for _, _, text in rows())
