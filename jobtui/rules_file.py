"""The rules armed at the screen, on the disk: one small private file beside the journal."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path

from jobtui.insight.rule_reading import BadRule, parse_rule
from jobtui.insight.rules import Rule
from jobtui.private import claim_folder, open_private, refuse_foreign_file

_MOST_BYTES = 256_000


class RulesFile:
    """Reads the rules at the start, and keeps them whenever one is armed or has told."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._last: tuple[str, ...] = ()
        """What this process has read or written last."""
        self.notice: str | None = None
        """Why what was kept could not be read, in a sentence."""

    def read(self) -> list[Rule]:
        """Give the rules that were kept; what cannot be read is said in ``notice``."""
        texts: tuple[str, ...] = ()
        try:
            texts = self._there()
        except OSError as error:
            self.notice = f"rules as kept in {self._path} cannot be read: {error.strerror}"
        except ValueError:
            self.notice = f"{self._path} is damaged: no rule of the screen is armed, and it will be set aside"
        rules = [rule for text in texts if (rule := self._read_one(text)) is not None]
        self._last = tuple(map(str, rules))  # what cannot be read stays there
        return rules

    def keep(self, rules: Iterable[Rule]) -> None:
        """Write the rules, whole or not at all; what another screen has changed stays. Raises OSError."""
        with self._lock:
            wanted = tuple(map(str, rules))
            if wanted == self._last:
                return
            claim_folder(self._path.parent)
            self._write(_joined(self._last, wanted, self._theirs()))
            self._last = wanted

    def _read_one(self, text: str) -> Rule | None:
        try:
            return parse_rule(text)
        except BadRule as error:
            self.notice = f"a rule kept in {self._path} cannot be read: {error}"
            return None

    def _there(self) -> tuple[str, ...]:
        """Give what stands in the file. Raises OSError, ValueError."""
        if not self._path.exists():
            return ()
        refuse_foreign_file(self._path)
        if self._path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        try:
            found = json.loads(self._path.read_bytes())
        except RecursionError:
            raise ValueError("is no list of rules") from None
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise ValueError("is no list of rules")
        return tuple(found)

    def _theirs(self) -> tuple[str, ...]:
        try:
            return self._there()
        except ValueError:
            os.replace(self._path, self._path.with_suffix(".broken"))
            return ()

    def _write(self, texts: Iterable[str]) -> None:
        # Of this process alone: two screens may be told something at the same time.
        new = self._path.with_suffix(f".{os.getpid()}.new")
        with open_private(new) as file:
            file.write(json.dumps(list(texts), indent=1).encode() + b"\n")
        os.replace(new, self._path)


def _joined(before: tuple[str, ...], wanted: tuple[str, ...], there: tuple[str, ...]) -> list[str]:
    """Add what this process has armed to what is there, and take out what it has disarmed."""
    gone = set(before) - set(wanted)
    new = [text for text in wanted if text not in before]
    return [*(text for text in there if text not in gone), *(text for text in new if text not in there)]
