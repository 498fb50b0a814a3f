"""Signing in by name and password: a token for words, asked so rarely that no account is locked for it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from jobtui.backends.auth import Grant
from jobtui.errors import BackendError, Forbidden, RateLimited, RequestRefused, SignInRefused, Unreachable
from jobtui.model import SecretSource

REFUSED_S = 300.0
"""For how long words that were refused are not tried again: a few tries may lock an account."""
MOST_IN_A_MINUTE = 4

Words = Mapping[str, str]
"""By configuration key: ``login``, ``password``, ``code``; only those configured."""


class SignIn:
    """Trades configured words for a token; is a ``Fetch``.

    Raises CredentialError when a word cannot be had, SignInRefused when the server refuses them or has
    refused the same ones just now, RateLimited, and Unreachable for whatever else goes wrong: nobody may take
    a sign-in that is not found for a job that is not found.
    """

    def __init__(
        self,
        source: str,
        secrets: Mapping[str, SecretSource],
        trade: Callable[[Words], Awaitable[Grant]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``secrets`` are those of the configuration; ``trade`` asks the server."""
        self._source = source
        self._secrets = {key: secrets[key] for key in ("login", "password", "code") if key in secrets}
        self._trade = trade
        self._clock = clock
        self._tried: deque[float] = deque(maxlen=MOST_IN_A_MINUTE)
        self._refused: tuple[Words, float, str] | None = None

    async def __call__(self) -> Grant:
        words = {key: (await fetch()).reveal() for key, fetch in self._secrets.items()}
        self._check(words)
        self._tried.append(self._clock())
        try:
            return await self._trade(words)
        except (SignInRefused, Forbidden, RequestRefused) as error:
            text = str(error) if "sign-in refused" in str(error) else f"sign-in refused: {error}"
            self._refused = (words, self._clock(), text)
            raise SignInRefused(self._source, text) from None
        except (RateLimited, Unreachable):
            raise
        except BackendError as error:
            raise Unreachable(self._source, f"cannot sign in: {error}") from None

    def _check(self, words: Words) -> None:
        now = self._clock()
        if self._refused is not None:
            refused, at, text = self._refused
            if refused == words and now - at < REFUSED_S:
                raise SignInRefused(self._source, f"{text}; the same words are not tried again yet")
        if len(self._tried) == MOST_IN_A_MINUTE and now - self._tried[0] < 60.0:
            text = f"signed in {MOST_IN_A_MINUTE} times within a minute and was refused again each time"
            raise SignInRefused(self._source, f"{text}; it is tried again later")
