"""How many requests a server still grants, by its own headers: kept in mind before the next is sent. Pure."""

from __future__ import annotations

import math

from jobtui.backends.answers import Budget

UNTOLD_RESET_S = 20.0
"""How long a low count is believed where no header says when it starts anew."""
_SMALLEST_RESERVE = 2


class Allowance:
    """What one source grants; times are seconds of a monotonic clock."""

    def __init__(self, reserve: float | None) -> None:
        """``reserve`` is the share of the limit that is left to others, who live on the same one; None: the
        server's counts hold nobody back."""
        self._reserve = reserve
        self._limit: int | None = None
        self._left: int | None = None
        self._resets_at = 0.0
        self._asked_to_wait_until = 0.0

    def told(self, budget: Budget, now_s: float, *, under_way: int = 0) -> None:
        """Take over what an answer says; of what it leaves, those under way have their part."""
        self._limit = budget.limit if budget.limit is not None else self._limit
        if budget.remaining is None:
            return
        self._left = budget.remaining - under_way
        self._resets_at = now_s + (UNTOLD_RESET_S if budget.resets_s is None else budget.resets_s)

    def asked_to_wait(self, seconds: float, now_s: float) -> None:
        """Take over that the server asks to be left alone so long."""
        self._asked_to_wait_until = max(self._asked_to_wait_until, now_s + seconds)

    def spend(self) -> None:
        """Note a request on its way."""
        if self._left is not None:
            self._left -= 1

    def wait_s(self, now_s: float) -> float:
        """Seconds to wait before the next read; 0 when it may be sent now."""
        asked_s = self._asked_to_wait_until - now_s
        return max(0.0, asked_s, self._resets_at - now_s if self._is_low(now_s) else 0.0)

    def why(self, now_s: float) -> str:
        """Say why a read has to wait."""
        if self._asked_to_wait_until > now_s:
            return "the server asked to wait before the next request"
        of = f" of {self._limit}" if self._limit is not None else ""
        return f"{max(0, self._left or 0)}{of} requests are left, which are kept for others of the account"

    def _is_low(self, now_s: float) -> bool:
        if self._reserve is None or self._left is None:
            return False
        if now_s >= self._resets_at:
            self._left = None  # counted anew; the next answer tells
            return False
        return self._left <= max(_SMALLEST_RESERVE, math.ceil((self._limit or 0) * self._reserve))
