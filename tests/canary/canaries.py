"""Secrets made to be found again: one per credential, and a search that no spelling escapes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_CORE = 24
_WINDOW = 12
"""Half a secret is one too: its first and its last twelve characters are each looked for."""


def core_of(kind: str) -> str:
    """Give the letters and digits that a canary is known by: no encoding of text changes them."""
    digest = hashlib.sha256(f"canary of {kind}".encode()).digest()
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()[:_CORE]


def secret_of(kind: str, rough: str = '/+&%"=') -> str:
    """Give a canary, with characters that addresses, JSON and forms each write in their own way."""
    core = core_of(kind)
    # What is rough stands at both ends, so that the core stays whole.
    return f"{rough}{core}{rough}"


@dataclass(frozen=True)
class Sighting:
    """A canary seen where it was looked for."""

    kind: str
    place: str
    around: str

    def __str__(self) -> str:
        return f"{self.kind} in {self.place}: …{self.around}…"


class Flock:
    """All canaries of a test."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self.kinds = tuple(kinds)
        self._needles: dict[bytes, str] = {}
        for kind in self.kinds:
            for needle in _needles(core_of(kind)):
                self._needles[needle] = kind
        self._pattern = re.compile(b"|".join(map(re.escape, self._needles)))

    def add(self, kind: str) -> None:
        """Look for one more."""
        if kind not in self.kinds:
            self.__init__((*self.kinds, kind))  # type: ignore[misc]  # begun anew with one more

    def seen_in(self, data: bytes) -> set[str]:
        """Name the canaries that are in there, whole or half, plain or as base64 or hex."""
        return {self._needles[found] for found in self._pattern.findall(data)}

    def sightings(self, place: str, data: bytes) -> list[Sighting]:
        """Say of each canary in there where it stands."""
        return [
            Sighting(
                self._needles[found.group()],
                place,
                data[max(0, found.start() - 60) : found.end() + 20].decode("latin-1"),
            )
            for found in self._pattern.finditer(data)
        ]

    def in_files(self, folder: Path, *, but: Iterable[Path] = ()) -> list[Sighting]:
        """Search every byte of every file under a folder, but for the user's own files."""
        own = {path.resolve() for path in but}
        return [
            sighting
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink() and path.resolve() not in own
            for sighting in self.sightings(str(path), path.name.encode() + b"\n" + path.read_bytes())
        ]


def _needles(core: str) -> set[bytes]:
    halves = (core[:_WINDOW], core[-_WINDOW:])
    found = {half.encode() for half in halves}
    found |= {half.encode().hex().encode() for half in halves}
    # Base64 writes three bytes as four characters: the core may begin at any of the three.
    for ahead in range(3):
        whole = base64.b64encode(b"\0" * ahead + core.encode())
        found.add(whole[4:20])
    return found
