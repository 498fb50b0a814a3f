"""Each drawing of the design against the real app: the same to the cell, and fit to be looked at."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest
from rich.cells import cell_len

from tests.tui.snapshots.camera import Box, Picture, take
from tests.tui.snapshots.scenes import PICTURES, SCENES, Scene, rolls

_AGAIN = "python -m tests.tui.snapshots takes the pictures anew"
_NUMBERS = ("jobs", "steps", "messages", "holds", "groups", "actions", "polling")
_FROM_NO_API = ("ahead of it", "runbook", "RB-")
"""What drawings show and no server tells."""


@cache
def _roll(world: str, look: str) -> dict[str, Picture]:
    (scenes,) = (scenes for scenes in rolls() if scenes[0].roll == (world, look))
    return take(scenes)


def _picture(scene: Scene) -> Picture:
    return _roll(*scene.roll)[scene.name]


every_scene = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)


@every_scene
def test_the_screen_is_as_it_was_last_looked_at(scene: Scene) -> None:
    assert scene.path.exists(), _AGAIN
    assert _picture(scene).document.split("\n") == scene.path.read_text("utf-8").split("\n"), _AGAIN


@every_scene
def test_every_line_is_as_wide_as_the_terminal_and_there_are_as_many(scene: Scene) -> None:
    grid = _picture(scene).grid
    assert len(grid) == scene.size[1]
    assert {cell_len(line) for line in grid} == {scene.size[0]}


@every_scene
def test_nothing_overlaps_and_nothing_hangs_over_the_edge(scene: Scene) -> None:
    width, height = scene.size
    boxes = _picture(scene).boxes
    for box in boxes:
        assert 0 <= box.x < box.x + box.width <= width, box.name
        assert 0 <= box.y < box.y + box.height <= height, box.name
    for one, other in combinations(boxes, 2):
        assert not _overlap(one, other), (one.name, other.name)


def _overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not beside and one.y < other.y + other.height and other.y < one.y + one.height


@every_scene
def test_the_panes_that_belong_there_are_there_with_their_number_and_content(scene: Scene) -> None:
    panes = {box.name.removesuffix("-pane"): box for box in _picture(scene).boxes if "-pane" in box.name}
    assert sorted(panes) == sorted(scene.panes)
    for name, box in panes.items():
        title, *lines = box.text
        assert f"{_NUMBERS.index(name) + 1} " in title
        assert "".join(lines).strip(" ▏▎|>"), f"{name} is empty"


@every_scene
def test_the_header_has_two_lines_at_most_and_the_last_are_receipt_and_keys(scene: Scene) -> None:
    boxes = {box.name: box for box in _picture(scene).boxes}
    if scene.world == "card":
        return
    first = min(box.y for name, box in boxes.items() if name.endswith("-pane"))
    assert first <= 2
    assert all("".join(box.text).strip() for name, box in boxes.items() if name in ("sources", "attention"))
    receipt, keys = boxes["receipt"], boxes["keys"]
    assert receipt.y + receipt.height == keys.y
    assert keys.y + keys.height == scene.size[1]
    assert "".join(receipt.text).strip()
    assert "? help" in keys.text[0]
    assert "q quit" in keys.text[0]


@every_scene
def test_the_selected_job_can_be_told_without_colour(scene: Scene) -> None:
    picture = _picture(scene)
    if picture.selected is None:
        return
    assert ">" in picture.grid[picture.selected]
    if scene.look == "no-colour":
        assert any("reverse" in style for style in picture.styles), picture.styles
        assert not any("#" in style.partition("]")[0] for style in picture.styles)
    else:
        assert picture.styles[0].startswith("[bold")


@every_scene
def test_ascii_is_nothing_but_ascii(scene: Scene) -> None:
    if scene.look == "ascii":
        outside = {
            character for line in _picture(scene).grid for character in line if not character.isascii()
        }
        assert outside == set()


@every_scene
def test_nothing_is_shown_that_no_server_tells(scene: Scene) -> None:
    text = "\n".join(_picture(scene).grid)
    assert not [words for words in _FROM_NO_API if words in text]


def test_the_first_start_is_no_error_and_offers_the_demo() -> None:
    (scene,) = (scene for scene in SCENES if scene.world == "card")
    text = "\n".join(_picture(scene).grid)
    for words in ("nextspace", "zendesk", "arcgis", "demo"):
        assert words in text.casefold()


def test_an_empty_list_says_what_hides_the_jobs_and_when_sources_are_asked_again() -> None:
    (scene,) = (scene for scene in SCENES if scene.name == "80x24-empty-list")
    text = "\n".join(_picture(scene).grid)
    assert "matches “nothing like it”" in text
    assert "Sources are asked again in" in text


def test_when_all_is_well_it_says_so() -> None:
    (scene,) = (scene for scene in SCENES if scene.world == "well")
    assert "nothing needs you" in _picture(scene).grid[1]


def test_every_picture_kept_is_of_a_scene() -> None:
    assert {path.stem for path in PICTURES.glob("*.txt")} == {scene.name for scene in SCENES}
