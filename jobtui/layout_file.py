"""The layout of the screen on the disk: one small private file beside the journal."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from jobtui.insight.layout import Layout
from jobtui.private import claim_folder, open_private, refuse_foreign_file

_MOST_BYTES = 256_000


class LayoutFile:
    """Reads the layout at the start, and keeps it whenever it is changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._last = Layout()
        self._is_broken = False
        self.notice: str | None = None
        """Why what was kept could not be read, in a sentence."""

    def read(self) -> Layout:
        """Give what was kept, or the usual layout when nothing was or it cannot be read."""
        # Deferred for start-up: most commands need no layout.
        import msgspec

        try:
            refuse_foreign_file(self._path)
            data = self._path.read_bytes() if self._path.stat().st_size <= _MOST_BYTES else b""
            self._last = msgspec.json.decode(data, type=Layout)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            self._is_broken = not isinstance(error, OSError)
            why = error.strerror if isinstance(error, OSError) else "it is damaged, and will be set aside"
            self.notice = f"columns and views as kept in {self._path} cannot be read: {why}"
        return self._last

    def keep(self, layout: Layout) -> None:
        """Write a layout, whole or not at all. Raises OSError."""
        import msgspec

        with self._lock:
            if layout == self._last:
                return
            claim_folder(self._path.parent)
            if self._is_broken:
                os.replace(self._path, self._path.with_suffix(".broken"))
                self._is_broken = False
            # Of this process alone: two screens may be told something at the same time.
            new = self._path.with_suffix(f".{os.getpid()}.new")
            with open_private(new) as file:
                file.write(msgspec.json.format(msgspec.json.encode(layout, order="deterministic")))
            os.replace(new, self._path)
            self._last = layout
