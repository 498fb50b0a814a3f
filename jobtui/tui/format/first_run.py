"""The words of the first-run card: what each back end is, what it needs, and how its token is had."""

from __future__ import annotations

from msgspec import Struct

from jobtui.model import Kind
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
