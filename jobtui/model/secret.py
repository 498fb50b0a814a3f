"""Secrets: values that never show themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import final

MASK = "••••"


@final
class Secret:
    """A token or password; only ``reveal`` gives the value, and only the code that sends it asks."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")


SecretSource = Callable[[], Awaitable[Secret]]
"""Fetches a secret from where the configuration says it is; raises CredentialError. Asked at first use and
again after the server has refused what it gave, since tokens are rotated."""
