"""Columns and views outlive the screen, privately; what is damaged is set aside and said."""

from __future__ import annotations

import stat
from pathlib import Path

from jobtui.insight.layout import Layout, SavedView
from jobtui.insight.sorting import Column, Order
from jobtui.layout_file import LayoutFile

CHOSEN = Layout(
    frozenset({Column.STATE, Column.ID, Column.OWNER}),
    (SavedView("night", "n", 'owner:"mia lopez" age<8h', order=Order(Column.AGE, is_turned=True)),),
)


def test_what_was_chosen_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "state" / "layout.json"
    file = LayoutFile(path)
    assert file.read() == Layout()
    file.keep(CHOSEN)
    again = LayoutFile(path)
    assert again.read() == CHOSEN
    assert again.notice is None


def test_the_file_is_the_users_alone_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "layout.json"
    LayoutFile(path).keep(CHOSEN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_what_is_not_changed_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "state" / "layout.json"
    file = LayoutFile(path)
    file.read()
    file.keep(Layout())
    assert not path.exists()


def test_a_damaged_file_is_said_and_set_aside_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "layout.json"
    path.write_text('{"columns": ["colour"]}', "utf-8")
    file = LayoutFile(path)
    assert file.read() == Layout()
    assert file.notice is not None
    assert "damaged" in file.notice
    file.keep(CHOSEN)
    assert path.with_suffix(".broken").read_text("utf-8") == '{"columns": ["colour"]}'
    assert LayoutFile(path).read() == CHOSEN


def test_two_screens_do_not_lose_each_others_views(tmp_path: Path) -> None:
    path = tmp_path / "layout.json"
    first, second = LayoutFile(path), LayoutFile(path)
    assert first.read() == second.read()
    day, night = SavedView("day", "d"), SavedView("night", "n")
    first.keep(Layout().with_view(day))
    second.keep(Layout().with_view(night))
    first.keep(Layout().with_view(day).toggled(Column.OWNER))
    kept = LayoutFile(path).read()
    assert {view.name for view in kept.views} == {"day", "night"}
    assert Column.OWNER in kept.columns
    first.keep(Layout())
    assert [view.name for view in LayoutFile(path).read().views] == ["night"]
