"""Which proxy a source is reached through, in words. Never its address: a password may be in it."""

from __future__ import annotations

import os
from urllib.request import getproxies, proxy_bypass

from jobtui.backends.address import is_own_machine, split_address
from jobtui.backends.base import Connection

_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def proxy_of(connection: Connection) -> str | None:
    """Name the proxy on the way to a source, None when there is none: plain loopback asks only its own."""
    if connection.proxy is not None:
        return "the proxy that is configured"
    parts = split_address(connection.url)
    if parts is None or is_own_machine(connection.url):
        return None
    proxies = getproxies()
    is_named = any(proxies.get(name) for name in (parts.scheme, "all"))
    if not is_named or proxy_bypass(parts.hostname or ""):
        return None
    return "the proxy that the environment names"


def why_unusable(connection: Connection, error: Exception) -> str:
    """Say which setting of a proxy cannot be used, and why."""
    if connection.proxy is not None:
        which = "the proxy that is configured"
    else:
        names = (each for name in _VARIABLES for each in (name.upper(), name) if os.environ.get(each))
        which = f"the proxy that the environment names ({', '.join(names)})"
    if isinstance(error, ImportError):
        return f"{which} cannot be used: for SOCKS the package socksio is missing"
    return f"{which} cannot be used: its address cannot be read, or it is of an unknown kind"
