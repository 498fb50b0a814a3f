"""Guardian over HTTP: says whose a token is and where the jobs of an account are; ``login`` signs in there.

It lives on a host of its own. The user names it by configuring ``account``, ``guardian``, or a password to
sign in with, and so says that it may see the source's credential: without any of these nothing is sent there.
"""

from __future__ import annotations

from msgspec.structs import replace

from jobtui.backends.auth import Auth
from jobtui.backends.base import Connection
from jobtui.backends.faults import host_of
from jobtui.backends.http import Http, segment
from jobtui.backends.nextspace.replies import explain, status_of
from jobtui.backends.nextspace.sessions import Session, decode_base, decode_session, session_status
from jobtui.errors import (
    BackendError,
    Forbidden,
    NoSuchJob,
    RateLimited,
    SignInRefused,
    UnexpectedReply,
    Unreachable,
)
from jobtui.text import plain

ROOT = "https://guardian.nextspace.host"
"""The production service; the vendor's client takes it for every environment that it does not know."""
_NOBODY = "we are taken for an anonymous user, so the token is wrong or has ended"


class Guardian:
    """The identity service of one source."""

    def __init__(self, source: str, connection: Connection, root: str, auth: Auth) -> None:
        self._source = source
        self._root = root
        self._http = Http(
            source,
            replace(connection, url=root),
            auth,
            explain=_explain,
            status_of=_status_of,
            gateway_attempts=5,
        )

    async def session(self) -> Session:
        """Say whose the credential is. Raises SignInRefused when it is nobody's, and other BackendErrors."""
        session = decode_session(self._source, (await self._http.read("v3/session")).body)
        if session.is_anonymous:
            raise SignInRefused(self._source, anonymous(host_of(self._root)))
        return session

    async def base_of(self, account: str) -> str:
        """Look up where the jobs of an account are.

        Raises Unreachable, SignInRefused or RateLimited only: what is wrong here is wrong with the whole
        source, and no job of it is missing for that.
        """
        try:
            reply = await self._http.read(f"account/{segment(account)}")
            return decode_base(self._source, reply.body, account, self._root)
        except NoSuchJob as error:
            text = f"{host_of(self._root)} knows no account “{plain(account)}”: {error}"
            raise Unreachable(self._source, text) from None
        except Forbidden as error:
            raise SignInRefused(
                self._source, f"account {plain(account)} cannot be looked up: {error}"
            ) from None
        except UnexpectedReply as error:
            raise Unreachable(self._source, str(error)) from None
        except (SignInRefused, RateLimited, Unreachable):
            raise
        except BackendError as error:
            raise Unreachable(
                self._source, f"account {plain(account)} cannot be looked up: {error}"
            ) from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def anonymous(host: str) -> str:
    """Say that a good answer means a bad token."""
    return f"sign-in refused: {_NOBODY} ({host})"


def _status_of(status: int, body: bytes) -> int:
    return session_status(status_of(status, body), body)


def _explain(status: int, body: bytes) -> str | None:
    return _NOBODY if session_status(200, body) == 401 else explain(status, body)
