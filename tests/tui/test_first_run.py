"""The first-run card: a source is set up, proven and kept, or nothing is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from jobtui.adding import NewSource
from jobtui.config import load
from jobtui.demo import DemoServer
from jobtui.tui.first_run import FirstRunApp
from jobtui.tui.screens.first_run import FirstRunScreen
from jobtui.tui.widgets.typing import Typing
from tests.conftest import until
from tests.tui.conftest import shown

_NAMED = {"enter", "tab", "shift+tab", "up", "down", "left", "space", "escape", "backspace"}
_ADDRESS = "https://acme.example"


@dataclass
class Card:
    """The card, the keys, and the file that it writes."""

    app: FirstRunApp
    pilot: Pilot[str]
    path: Path
    silent: str = ""
    """The address of a server that takes a question and never answers."""

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

    async def burst(self, *typed: str) -> None:
        """Have keys and texts arrive all at once, as a slow line delivers them, each text key by key."""
        for word in typed:
            for key in [word] if word in _NAMED else word:
                self.app.post_message(
                    events.Key(key, key if len(key) == 1 else " " if key == "space" else None)
                )
        await self.pilot.pause()

    def value(self, field: str) -> str:
        return self.screen.query_one(f"#{field}", Typing).value

    @property
    def drawn(self) -> str:
        """Everything on the terminal, fields too."""
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())

    async def left(self) -> None:
        """Wait until the card is left with nothing."""
        await until(lambda: not self.app.is_running, what="left")
        assert self.app.return_value is None

    async def sees(self, text: str) -> None:
        await until(lambda: text in self.text, what=text)

    async def at(self, step: int) -> None:
        """Go to a step; at the third a server is being asked that never answers."""
        if step > 1:
            await self.burst("enter")
        if step > 2:
            await self.burst(self.silent, "enter", "enter", "enter", "tok-3c9e", "enter", "enter")
        await self.sees(f"Step {step} of 3")


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
async def silent() -> AsyncIterator[str]:
    """Give the address of a server that takes a question and never answers."""
    over = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        await over.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    over.set()
    server.close()
    await server.wait_closed()


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


# --- keys in the order in which they were typed -------------------------------------------------------


async def test_what_is_typed_in_one_burst_lands_in_the_field_it_was_typed_for(path: Path) -> None:
    async with card(path) as opened:
        await opened.burst(
            "enter", _ADDRESS, "enter", "mytilex", "backspace", "s", "enter", "enter", "s3cret-token", "enter"
        )
        assert opened.app.focused is opened.screen.query_one("#production")
        assert [opened.value(field) for field in ("address", "name", "token")] == [
            _ADDRESS,
            "mytiles",
            "s3cret-token",
        ]
        assert "s3cret" not in opened.drawn


async def test_keys_that_go_back_and_forth_between_fields_keep_their_place_in_a_burst(path: Path) -> None:
    async with card(path) as opened:
        await opened.burst(
            "j", "enter", "one", "tab", "-two", "down", "three", "up", "!", "shift+tab", "left", "-"
        )
        assert [opened.value(field) for field in ("address", "name", "user")] == [
            "on-e",
            "-two!",
            "three",
        ]


async def test_no_key_overtakes_characters_though_the_field_is_busy(path: Path) -> None:
    async with card(path) as opened:
        await opened.burst("enter")
        opened.screen.query_one("#address").call_next(asyncio.sleep, 0.3)
        await opened.burst("ab", "enter", "c")
        await until(lambda: opened.value("name") == "c" and opened.value("address") == "ab")


async def test_a_paste_keeps_its_place_among_the_keys(path: Path) -> None:
    async with card(path) as opened:
        await opened.burst("enter", "tab", "tab", "tab")
        opened.app.post_message(events.Paste("s3cret"))
        await opened.burst("-token", "shift+tab", "shift+tab", "shift+tab", "x")
        assert (opened.value("address"), opened.value("token")) == ("x", "s3cret-token")


async def test_keys_that_come_back_to_a_terminal_without_the_focus_keep_their_order(path: Path) -> None:
    async with card(path) as opened:
        await opened.burst("enter")
        opened.app.post_message(events.AppBlur())
        await opened.burst("abc", "enter", "d")
        assert (opened.value("address"), opened.value("name")) == ("abc", "d")


async def test_a_way_chosen_in_a_burst_is_chosen_before_what_is_typed_for_it(path: Path) -> None:
    """The field forgets what was typed when the way changes, and shows what is no secret."""
    async with card(path) as opened:
        await opened.burst("enter", "tab", "tab", "space", "enter", "MY_VARIABLE")
        assert opened.value("token") == "MY_VARIABLE"
        assert "MY_VARIABLE" in opened.drawn
        await opened.burst("shift+tab", "left", "tab", "s3cret")
        assert opened.value("token") == "s3cret"
        assert "MY_VARIABLE" not in opened.drawn
        assert "s3cret" not in opened.drawn


async def test_a_letter_typed_at_a_switch_does_not_leave(path: Path) -> None:
    async with card(path) as opened:
        await opened.burst("enter", "tab", "tab", "qjk")
        assert opened.app.is_running
        assert opened.app.focused is opened.screen.query_one("#way")


async def test_an_enter_too_many_is_not_for_the_answer_that_is_still_to_come(path: Path, silent: str) -> None:
    async with card(path) as opened:
        opened.silent = silent
        await opened.at(3)
        await opened.burst("enter", "enter")
        await opened.sees("asking the server")
    assert not there(path)


async def test_a_name_that_is_only_proposed_gives_way_to_what_is_typed_and_that_stays(path: Path) -> None:
    async with card(path) as opened:
        await opened.burst("enter", "tab", "tab", "shift+tab", "escape", "j", "enter")
        assert opened.value("name") == "desk"
        await opened.burst("tab", "left", "x", "tab", "shift+tab", "y", "escape", "up", "enter")
        assert opened.value("name") == "xydesk"


# --- leaving ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_the_card_is_left_from_anywhere_and_nothing_asks_back(
    path: Path, silent: str, key: str, step: int
) -> None:
    async with card(path) as opened:
        opened.silent = silent
        await opened.at(step)
        opened.app.post_message(events.Key(key, None))
        await opened.left()
        assert not opened.app._notifications
    assert not there(path)


async def test_escape_says_that_it_leaves_where_it_leaves_and_goes_back_where_it_says_so(
    path: Path, silent: str
) -> None:
    async with card(path) as opened:
        opened.silent = silent
        await opened.at(3)
        for step in (2, 1):
            assert "Esc back" in opened.text
            await opened.burst("escape")
            await opened.sees(f"Step {step} of 3")
        assert "Esc back" not in opened.text
        assert "Esc, q leave" in opened.text
        await opened.burst("escape")
        await opened.left()


# --- keeping what is not proven -----------------------------------------------------------------------


async def _proof_of(opened: Card, address: str, *token: str) -> None:
    await opened.burst(
        "enter", address, "enter", "enter", *(token or ("enter", "tok-3c9e")), "enter", "enter"
    )
    await opened.sees("change something")


@pytest.mark.parametrize("address", ["htp:/bad", "http://far.example"])
async def test_what_cannot_be_written_as_it_is_is_not_offered_to_be_kept(path: Path, address: str) -> None:
    async with card(path) as opened:
        await _proof_of(opened, address)
        assert "no server was asked" in opened.text
        assert "keep it" not in opened.text
        assert "away" not in opened.text
        assert "try again" not in opened.text
        await opened.burst("enter")
        await opened.sees("Step 2 of 3")
    assert not there(path)


async def test_a_server_that_is_away_is_said_to_be_and_its_source_can_be_kept(path: Path) -> None:
    async with card(path) as opened:
        await _proof_of(opened, "http://127.0.0.1:9")
        assert "the server may only be away" in opened.text
        await opened.burst("j", "j", "enter")
        await until(lambda: opened.app.return_value == "ready", what="kept")
    assert load(path).good[0].name == "tiles"


async def test_a_token_that_cannot_be_had_says_nothing_of_the_server(path: Path) -> None:
    async with card(path) as opened:
        await _proof_of(opened, _ADDRESS, "space", "enter", "NOT_SET_ANYWHERE")
        assert "its token could not be had" in opened.text
        assert "keep it all the same" in opened.text
        assert "away" not in opened.text


async def test_why_it_could_not_be_written_is_said(path: Path) -> None:
    path.parent.parent.joinpath("made").write_text("a file stands where the folder would be")
    async with card(path) as opened:
        await _proof_of(opened, "http://127.0.0.1:9")
        await opened.burst("j", "j", "enter")
        await opened.sees("it could not be kept")
        assert "cannot be written" in opened.text
        assert "away" not in opened.text
