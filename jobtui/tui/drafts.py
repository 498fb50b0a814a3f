"""A source being set up: what somebody has typed so far, and what the screen asks of the outside for it."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from jobtui.model import Kind, Secret


class TokenWay(StrEnum):
    """Where a token is had from."""

    TYPED = "typed"
    ENV = "env"
    COMMAND = "command"
    FILE = "file"


class Draft(Struct, frozen=True):
    """A source as typed; nothing of it is checked."""

    kind: Kind
    name: str
    address: str
    user: str = ""
    """The email for zendesk, the user name for arcgis."""
    way: TokenWay = TokenWay.TYPED
    where: str = ""
    """The variable, command or path; empty when the token itself was typed."""
    token: Secret | None = None
    production: bool = False


class Setup(Protocol):
    """What sets a source up: it asks the server, and writes the configuration."""

    @property
    def path(self) -> str:
        """Where it would be written, harmless to show."""
        ...

    @property
    def keeps(self) -> str:
        """Where a token that was typed would be kept, in words."""
        ...

    async def prove(self, draft: Draft) -> str:
        """Ask the server who we are; gives a greeting in one sentence.

        Raises JobtuiError: UsageError before any server is asked, when it could not be written as it is.
        """
        ...

    async def write(self, draft: Draft) -> str:
        """Write the configuration; gives one sentence on what was written where. Raises JobtuiError."""
        ...
