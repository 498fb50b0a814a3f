"""The first run as numbered questions: which back end, where, how its token is had, and the proof."""

from __future__ import annotations

from msgspec import Struct

from jobtui.cli.output import Output
from jobtui.cli.spoken.keyboard import Gone, Keyboard
from jobtui.errors import JobtuiError
from jobtui.model import Kind, Secret
from jobtui.text import plain
from jobtui.tui.drafts import Draft, Setup, TokenWay
from jobtui.tui.format.first_run import DEMO, WAYS, WORDINGS, Next, keeping

_KINDS = tuple(WORDINGS)
_WAYS = tuple(WAYS)
_CHANGE = (Next.CHANGE, "change something")
_AGAIN = (Next.AGAIN, "try again")


class _Left(Exception):
    """Somebody went back."""


class _Typed(Struct, frozen=True):
    """What was typed before, offered again when something is changed."""

    address: str = ""
    name: str = ""
    user: str = ""


class FirstRun:
    """Asks until there is something to watch, or somebody leaves; 0 leaves every question."""

    def __init__(self, setup: Setup, out: Output, keyboard: Keyboard) -> None:
        self._setup = setup
        self._out = out
        self._keyboard = keyboard

    async def run(self) -> str | None:
        """Give ``demo``, ``ready`` when a source was written, or None when somebody left."""
        self._say("Welcome to jobtui, as spoken lines. No source is set up yet.")
        try:
            while True:
                self._say("Where do your jobs run?")
                chosen = await self._number([*(WORDINGS[kind].title for kind in _KINDS), DEMO], "leave")
                if chosen == len(_KINDS):
                    return "demo"
                if await self._set_up(_KINDS[chosen]):
                    return "ready"
        except (_Left, Gone):
            return None

    async def _set_up(self, kind: Kind) -> bool:
        """Set one source up; False when somebody went back to the choice of kinds."""
        self._say(f"{WORDINGS[kind].title}. It needs {WORDINGS[kind].token}.")
        self._say(f"It will be written to {self._setup.path}, for you alone. 0 goes back.")
        typed = _Typed(name=WORDINGS[kind].name)
        try:
            draft = await self._draft(kind, typed)
            while not await self._is_kept(draft):
                typed = _Typed(draft.address, draft.name, draft.user)
                draft = await self._draft(kind, typed)
        except _Left:
            return False
        return True

    # --- what is asked --------------------------------------------------------------------------------
    async def _draft(self, kind: Kind, typed: _Typed) -> Draft:
        wording = WORDINGS[kind]
        address = await self._text(f"Its address, as {wording.address}", typed.address)
        name = await self._text("Your name for it", typed.name)
        user = ""
        if wording.user:
            user = await self._text(wording.user[0].upper() + wording.user[1:], typed.user, needs_some=False)
        self._say("Where does its token come from?")
        way = _WAYS[await self._number([WAYS[one][0] for one in _WAYS], "back")]
        asked = WAYS[way][1].format(keeps=self._setup.keeps)
        is_typed = way is TokenWay.TYPED
        unseen = ". What you type is not shown" if is_typed else ""
        token = await self._text(f"{asked[0].upper()}{asked[1:]}{unseen}", "", is_secret=is_typed)
        self._say("Is it production? Then it is named so, and every control asks harder.")
        production = await self._number(["no", "yes"], "back") == 1
        secret = Secret(token) if is_typed else None
        return Draft(kind, name, address, user, way, "" if is_typed else token, secret, production)

    async def _is_kept(self, draft: Draft) -> bool:
        """Ask the server who we are, and whether to keep the source; False when something is to change."""
        while True:
            self._say("Asking the server who you are.")
            try:
                self._say(await self._setup.prove(draft))
                choices = [(Next.KEEP, "keep it, and begin"), _CHANGE]
            except JobtuiError as error:
                self._say(f"Not proven: {plain(str(error)).rstrip('.')}.")
                keep = keeping(error)
                choices = [(Next.KEEP, keep), _CHANGE, _AGAIN] if keep else [_CHANGE]
            texts = [text for _, text in choices]
            chosen = choices[await self._number(texts, "back, and keep nothing")][0]
            if chosen is Next.CHANGE:
                return False
            if chosen is Next.KEEP:
                return await self._is_written(draft)

    async def _is_written(self, draft: Draft) -> bool:
        try:
            said = await self._setup.write(draft)
        except JobtuiError as error:
            self._say(f"Not kept: {plain(str(error)).rstrip('.')}.")
            return False
        self._say(f"{said[0].upper()}{said[1:]}.")
        return True

    # --- how it is asked ------------------------------------------------------------------------------
    async def _text(self, what: str, before: str, *, needs_some: bool = True, is_secret: bool = False) -> str:
        offered = f"; Enter for {plain(before)}" if before else "" if needs_some else "; Enter for none"
        while True:
            answer = await self._keyboard.ask(f"{what}{offered}:", is_secret=is_secret)
            if answer == "0":
                raise _Left
            if answer or before or not needs_some:
                return answer or before
            self._say("Something is needed here; 0 goes back.")

    async def _number(self, texts: list[str], leave: str) -> int:
        """Have one of some things chosen. Raises _Left for none."""
        for number, text in enumerate(texts, 1):
            self._say(f"{number}, {text}.")
        self._say(f"0, {leave}.")
        while True:
            answer = await self._keyboard.ask("Number?")
            if answer == "0":
                raise _Left
            if answer in {str(number) for number in range(1, len(texts) + 1)}:
                return int(answer) - 1
            self._say(f"A number from 0 to {len(texts)} is needed.")

    def _say(self, text: str) -> None:
        self._out.line(text)
