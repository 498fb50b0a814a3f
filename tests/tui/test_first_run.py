"""The first-run card: a source is set up, proven and kept, or nothing is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot

from jobtui.adding import NewSource
from jobtui.config import load
from jobtui.demo import DemoServer
from jobtui.tui.first_run import FirstRunApp
from jobtui.tui.screens.first_run import FirstRunScreen
from tests.conftest import until
from tests.tui.conftest import shown


@dataclass
class Card:
    """The card, the keys, and the file that it writes."""

    app: FirstRunApp
    pilot: Pilot[str]
    path: Path

    @property
    def screen(self) -> FirstRunScreen:
        assert isinstance(self.app.screen, FirstRunScreen)
        return self.app.screen

    @property
    def text(self) -> str:
        """All that stands on the card outside its fields."""
        bars = (self.screen.query_one(f"#{name}") for name in ("lead", "choices", "answer"))
        return " ".join(" ".join(shown(bar)) for bar in bars)  # type: ignore[arg-type]

    async def fill(self, *values: str) -> None:
        """Type a value into each field in turn; None leaves it as it is."""
        for value in values:
            focused = self.app.focused
            if value and focused is not None:
                focused.value = value  # type: ignore[attr-defined]
            await self.pilot.press("enter")
            await self.pilot.pause()

    async def sees(self, text: str) -> None:
        await until(lambda: text in self.text, what=text)


def there(path: Path) -> bool:
    return path.exists()


def said(path: Path) -> str:
    return path.read_text()


def shared(path: Path) -> bool:
    """Whether somebody else may read or change it."""
    return bool(path.stat().st_mode & 0o077)


@asynccontextmanager
async def card(path: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Card]:
    """Run the card over a configuration that may not be there."""
    app = FirstRunApp(NewSource(path))
    async with app.run_test(size=size) as pilot:
        yield Card(app, pilot, path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "config.toml"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 16)])
async def test_the_first_step_offers_every_back_end_and_the_demo(path: Path, size: tuple[int, int]) -> None:
    async with card(path, size) as opened:
        for word in ("Nextspace", "Zendesk", "ArcGIS", "the demo", "Step 1 of 3"):
            await opened.sees(word)
        await opened.pilot.press("j", "j", "j", "enter")
        await until(lambda: opened.app.return_value == "demo", what="the demo is asked for")
    assert not there(path)


async def test_a_source_is_proven_greets_by_name_and_is_kept_privately(demo: DemoServer, path: Path) -> None:
    given = demo.sources["arcgis"]
    address = f"{given['base_url']}/{given['org']}/{given['item']}"
    async with card(path) as opened:
        await opened.pilot.press("j", "j", "enter")
        await opened.fill(address, "field", given["user"], "", given["token"], "")
        await opened.sees("Hello, dortiz.")
        assert not there(path), "nothing is kept before somebody says so"
        await opened.pilot.press("enter")
        await until(lambda: opened.app.return_value == "ready", what="kept")
    (entry,) = load(path).good
    assert (entry.name, entry.url, entry.options["user"]) == ("field", address, "dortiz")
    assert given["token"] not in said(path)
    token = path.parent / "tokens" / "field"
    assert said(token).strip() == given["token"]
    assert not any(shared(each) for each in (path, token, path.parent, token.parent))


async def test_a_wrong_token_is_said_and_what_was_typed_stays(demo: DemoServer, path: Path) -> None:
    given = demo.sources["zendesk"]
    async with card(path) as opened:
        await opened.pilot.press("j", "enter")
        await opened.fill(given["base_url"], "", given["email"], "", "wrong-token", "")
        await opened.sees("keep it all the same")
        await opened.sees("sign-in")
        assert "wrong-token" not in opened.text
        await opened.pilot.press("enter")
        await until(lambda: opened.screen.query_one("#address").has_focus, what="back at the form")
        assert opened.screen._inputs["address"].value == given["base_url"]
        assert not there(path)


async def test_what_cannot_be_is_said_before_any_server_is_asked(path: Path) -> None:
    async with card(path) as opened:
        await opened.pilot.press("enter")
        await opened.fill("http://far.example", "", "", "secret", "")
        await opened.sees("http would show the token to everyone on the way")
        await opened.pilot.press("escape")
        await opened.pilot.pause()
        await opened.pilot.press("escape", "escape")
        await until(lambda: not opened.app.is_running, what="left")
    assert opened.app.return_value is None
    assert not there(path)


async def test_a_token_can_come_from_a_variable(
    demo: DemoServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = demo.sources["zendesk"]
    monkeypatch.setenv("MY_DESK", given["token"])
    async with card(path) as opened:
        await opened.pilot.press("j", "enter")
        await opened.fill(given["base_url"], "", given["email"])
        await opened.pilot.press("space", "enter")
        await opened.fill("MY_DESK")
        await opened.pilot.press("space", "enter")
        await opened.sees("Hello")
        await opened.pilot.press("enter")
        await until(lambda: opened.app.return_value == "ready", what="kept")
    assert 'token = { env = "MY_DESK" }' in said(path)
    assert load(path).good[0].source.production
    assert not there(path.parent / "tokens")
