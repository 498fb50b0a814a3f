"""Trust: one TLS context per set of files, always verifying."""

from __future__ import annotations

import functools
import ssl
from pathlib import Path

from jobtui.backends.late import httpx


def tls_context(ca: Path | None, client_cert: Path | None) -> ssl.SSLContext:
    """Trust the system's and the usual public authorities, and those of the file ``ca`` beside them.

    Slow (tens of milliseconds): call it in a thread. Raises OSError (ssl.SSLError is one) when a file cannot
    be used; a key that wants a pass phrase is such a case, since nobody can be asked.
    """
    return _made(ca, client_cert, (_stamp(ca), _stamp(client_cert)))


def _stamp(path: Path | None) -> tuple[int, int]:
    """Tell one content of a file from the next: certificates are renewed in place."""
    if path is None:
        return 0, 0
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@functools.lru_cache(maxsize=16)
def _made(ca: Path | None, client_cert: Path | None, _stamps: object) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    context.load_default_certs()
    if ca is not None:
        context.load_verify_locations(cafile=ca)
    if client_cert is not None:
        context.load_cert_chain(client_cert, password="")
    return context


def no_trust() -> ssl.SSLContext:
    """Return a context that trusts nobody, for plain http: quick to make, and safe if used by mistake."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
