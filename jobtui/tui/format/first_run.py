"""The words of the first-run card: what each back end is, what it needs, and how its token is had."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from jobtui.errors import (
    CredentialError,
    JobtuiError,
    LostAnswer,
    RateLimited,
    ServerTrouble,
    Unreachable,
    UsageError,
)
from jobtui.model import Kind
from jobtui.text import plain
from jobtui.tui.drafts import TokenWay


class Wording(Struct, frozen=True):
    """What is said of one kind."""

    title: str
    name: str
    """Proposed for the source."""
    address: str
    user: str
    """What the second line asks for; empty when nothing is asked."""
    token: str
    """How to get one."""


WORDINGS = {
    Kind.NEXTSPACE: Wording(
        "Nextspace: pending actions",
        "tiles",
        "https://acme.api.example, or the name of the account",
        "",
        "a long-lived access token, or the id of a session you are signed in to",
    ),
    Kind.ZENDESK: Wording(
        "Zendesk: job statuses",
        "desk",
        "https://acme.zendesk.com",
        "the email that you sign in with",
        "an API token: an administrator makes one in the Admin Center, where token access must be on",
    ),
    Kind.ARCGIS: Wording(
        "ArcGIS Workflow Manager: jobs and their steps",
        "field",
        "https://workflow.example.com/ORG-ID/ITEM-ID",
        "your user name, as it is written there (optional)",
        "a token of your portal: /sharing/rest/generateToken gives one",
    ),
}
DEMO = "the demo: three pretend services on this machine, nothing to set up"

WAYS = {
    TokenWay.TYPED: ("typed here, once", "the token; it is kept in {keeps}"),
    TokenWay.ENV: ("an environment variable", "its name, such as WM_TOKEN"),
    TokenWay.COMMAND: ("a command that prints it", "such as: pass show tiles"),
    TokenWay.FILE: ("a file", "its path; nobody else may read it"),
}


class Next(StrEnum):
    """What can be done after the proof."""

    KEEP = "keep"
    CHANGE = "change"
    AGAIN = "again"
    LEAVE = "leave"


class Outcome(Struct, frozen=True):
    """What the third step shows: how far it is, what is wrong, and what can be done."""

    said: str
    choices: tuple[tuple[Next, str], ...] = ()
    fault: str = ""


_CHANGE = (Next.CHANGE, "change something")
_AGAIN = (Next.AGAIN, "try again")
_LEAVE = (Next.LEAVE, "leave, and keep nothing")
_AWAY = (Unreachable, LostAnswer, ServerTrouble, RateLimited)

ASKING = Outcome("what the server says.")
"""While it is asked; nothing can be done but go back."""


def proven(greeting: str) -> Outcome:
    """Say who the server takes us for."""
    return Outcome(greeting, ((Next.KEEP, "keep it, and open the screen"), _CHANGE, _LEAVE))


def unproven(error: JobtuiError) -> Outcome:
    """Say why it is not proven, and offer to keep it only where it could be written."""
    fault, keep = plain(str(error)), keeping(error)
    if keep is None:
        return Outcome("it cannot be kept as it is; no server was asked.", (_CHANGE, _LEAVE), fault)
    said = "its token could not be had." if isinstance(error, CredentialError) else ASKING.said
    return Outcome(said, (_CHANGE, _AGAIN, (Next.KEEP, keep)), fault)


def unkept(error: JobtuiError) -> Outcome:
    """Say why it could not be written."""
    return Outcome("it could not be kept.", (_CHANGE, (Next.KEEP, "try again"), _LEAVE), plain(str(error)))


def keeping(error: JobtuiError) -> str | None:
    """Offer to keep what this error left unproven; None where what was typed cannot be written."""
    if isinstance(error, UsageError):
        return None
    if isinstance(error, _AWAY):
        return "keep it all the same: the server may only be away"
    return "keep it all the same, unproven"
