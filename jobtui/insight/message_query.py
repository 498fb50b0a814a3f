"""What is looked for in messages: a text as it stands, ``!not``, "another text", ``level:warning``. Pure."""

from __future__ import annotations

import re

from msgspec import Struct

from jobtui.model import JobMessage, Level
from jobtui.text import plain

_TOKEN = re.compile(r'!?"[^"]*(?:"|$)|[^\s"]+')


class MessageQuery(Struct, frozen=True):
    """What was typed, as the test that a message must pass."""

    text: str = ""
    """As typed."""
    words: tuple[tuple[str, bool], ...] = ()
    """Words, and whether each must occur or must not."""
    level: Level | None = None

    def __bool__(self) -> bool:
        return bool(self.words) or self.level is not None

    def matches(self, message: JobMessage) -> bool:
        """Whether a message passes; what is looked in is what is drawn."""
        if self.level is not None and message.level.rank < self.level.rank:
            return False
        if not self.words:
            return True
        text = plain(message.text).casefold()
        return all((word in text) is wanted for word, wanted in self.words)


def read_messages_query(text: str) -> MessageQuery:
    """Read what was typed; a word that is not finished looks for nothing."""
    words: list[tuple[str, bool]] = []
    phrase: list[str] = []
    level: Level | None = None
    for token in _TOKEN.findall(text.casefold()):
        bare = token.removeprefix("!")
        word = bare.replace('"', "")
        if (found := _level(bare)) is not None:
            level = found
        elif bare == token and word == bare:
            phrase.append(word)
        elif word:
            words.append((word, bare == token))
    if phrase:
        words.insert(0, (" ".join(phrase), True))
    return MessageQuery(text, tuple(words), level)


def _level(token: str) -> Level | None:
    name, colon, value = token.partition(":")
    if name != "level" or not colon or not value:
        return None
    return next((level for level in Level if level.value.startswith(value)), None)
