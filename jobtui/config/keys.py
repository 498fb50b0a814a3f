"""The keys a source may have, by kind."""

from __future__ import annotations

from jobtui.model import Kind

COMMON = (
    "kind",
    "url",
    "token",
    "production",
    "badge",
    "colour",
    "read_only",
    "insecure",
    "theme",
    "poll",
    "budget",
    "history",
    "limit",
    "timeout",
    "ca",
    "client_cert",
    "proxy",
)

OF_KIND = {
    Kind.NEXTSPACE: ("account", "guardian", "login", "password", "code", "header"),
    Kind.ZENDESK: ("email", "auth", "password"),
    Kind.ARCGIS: ("user", "query", "push", "header", "portal", "login", "password"),
}

SECRETS = ("token", "login", "password", "code")

HEADERS = {
    Kind.NEXTSPACE: ("bearer", "x-sessionid"),
    Kind.ARCGIS: ("authorization", "x-esri-authorization", "query"),
}

ZENDESK_AUTH = ("token", "password", "oauth")

TOP = ("version", "theme", "screen", "share", "alerts", "rules", "sources")


def keys_of(kind: Kind | None) -> tuple[str, ...]:
    """All keys of a kind; of every kind when it is not known."""
    if kind is not None:
        return (*COMMON, *OF_KIND[kind])
    return tuple(dict.fromkeys((*COMMON, *(key for keys in OF_KIND.values() for key in keys))))
