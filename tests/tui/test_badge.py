"""The look of production: a word and a colour of each source, in the header and in every question."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.config import BrokenSource, load
from jobtui.model import BADGE_COLOURS, Kind, Source
from jobtui.tui.format.badge import badge, common_badge, name_looks
from jobtui.tui.format.columns import Columns
from jobtui.tui.format.jobs import job_row
from jobtui.tui.format.spans import LOOKS, text_of
from jobtui.tui.format.states import UNICODE
from tests.factory import NOW, a_job
from tests.tui.staged import Server, staged

PROD = Source("eu", Kind.ARCGIS, production=True)
MARKED = Source("us", Kind.ARCGIS, production=True, badge="PROD US", colour="purple")
TEST = Source("try", Kind.ARCGIS, badge="TEST", colour="green")
NONE = Source("dev", Kind.ARCGIS)


def test_production_has_a_word_even_when_nobody_chose_one() -> None:
    assert [(span.text, span.look) for span in badge(PROD)] == [("PROD ", "risk")]
    assert badge(NONE) == []


@pytest.mark.parametrize("colour", BADGE_COLOURS)
def test_every_colour_is_one_that_themes_keep_legible(colour: str) -> None:
    (span,) = badge(Source("x", Kind.ZENDESK, badge="X", colour=colour))
    assert span.look in LOOKS
    assert span.look != "risk"


def test_the_head_says_each_badge_of_production_once() -> None:
    assert text_of(common_badge([PROD, NONE, PROD, MARKED])) == "PROD PROD US "
    assert text_of(common_badge([TEST, TEST])) == "TEST "
    assert text_of(common_badge([TEST, NONE])) == ""


def _config(path: Path, more: str) -> Path:
    path.write_text(
        '[sources.eu]\nkind = "nextspace"\nurl = "https://x.example"\ntoken = { env = "X" }\n' + more
    )
    return path


def test_word_and_colour_come_from_the_configuration(tmp_path: Path) -> None:
    (entry,) = load(_config(tmp_path / "config.toml", 'badge = "LIVE"\ncolour = "red"\n')).good
    assert (entry.source.word, entry.source.colour) == ("LIVE", "red")


@pytest.mark.parametrize(
    ("more", "said"),
    [('colour = "rde"', "did you mean “red”?"), ('badge = "far too long a word"', "at most 12 characters")],
)
def test_what_is_wrong_with_them_is_said(tmp_path: Path, more: str, said: str) -> None:
    (entry,) = load(_config(tmp_path / "config.toml", more)).sources
    assert isinstance(entry, BrokenSource)
    assert said in str(entry.error)


async def test_the_header_of_the_screen_has_the_word(tmp_path: Path) -> None:
    async with staged(tmp_path, Server("eu"), production=True) as stage:
        stage.main._show()
        assert stage.header[0].startswith("PROD ")


def test_the_rows_of_its_jobs_have_the_colour_of_the_source() -> None:
    assert name_looks([PROD, MARKED, TEST, NONE]) == {"eu": "risk", "us": "stopped", "try": "succeeded"}
    columns = Columns.of(80, 6, UNICODE)
    for look in ("dim", "risk"):
        row = job_row(a_job(), NOW, columns, source_look=look)
        assert [span.look for span in row if span.text.strip() == "tiles"] == [look]
    stale = job_row(a_job(), NOW, columns, source_look="risk", stale=True)
    assert [span.look for span in stale if span.text.strip() == "tiles"] == ["dim"]
