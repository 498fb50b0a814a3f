"""The last screen on the disk: one small private file beside the journal, written whole or not at all."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from jobtui.private import claim_folder, open_private
from jobtui.snapshot_file import MOST_BYTES, Wanted, written

_LOG = logging.getLogger(__name__)


class ScreenFile:
    """Keeps pictures of the screen that was asked for."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    def keep(self, columns: int, lines: int, rows: bytes) -> None:
        """Keep a picture for the next start, in place of the one before; what cannot be kept is not."""
        content = written(self._wanted.identity(columns, lines), rows, time.time())
        if len(content) > MOST_BYTES:
            return
        path = Path(self._wanted.path)
        # Of this process alone: two screens may be left at the same time.
        new = path.with_suffix(f".{os.getpid()}.new")
        try:
            claim_folder(path.parent)
            with open_private(new) as file:
                file.write(content)
            os.replace(new, path)
        except OSError as error:
            _LOG.debug("the last screen is not kept: %s", error.strerror)
