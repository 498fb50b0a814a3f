"""What stands in for a journal that cannot be opened: memory for as long as the process runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NoReturn

from jobtui.errors import JournalError
from jobtui.journal.database import Database
from jobtui.journal.journal import Journal
from jobtui.journal.opening import open_in_memory
from jobtui.model import ControlRequest, JobRef


class StandIn(Journal):
    """Remembers what is told, and refuses what must be remembered for longer: controls, the watch list."""

    def __init__(self, path: Path, why: str) -> None:
        """``why`` is what is wrong with the file at ``path``; nothing is made there."""
        super().__init__(path, database=Database(path, open_in_memory))
        self._why = why

    @property
    def notice(self) -> str:
        """What a person should know: nothing of this run is remembered."""
        return f"{self._why}; watching goes on, nothing is remembered, and no control is sent"

    def asked(self, request: ControlRequest, who: str) -> NoReturn:
        """Refuse to let a control go that could not be accounted for."""
        raise JournalError(self._why)

    def watch(self, ref: JobRef, at: datetime) -> NoReturn:
        """Refuse: the watch list is for later runs."""
        raise JournalError(self._why)

    def unwatch(self, ref: JobRef) -> NoReturn:
        """Refuse: the watch list is for later runs."""
        raise JournalError(self._why)
