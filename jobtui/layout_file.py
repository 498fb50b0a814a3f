"""The layout of the screen on the disk: one small private file beside the journal."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from msgspec.structs import replace

from jobtui.insight.layout import Layout
from jobtui.private import claim_folder, open_private, refuse_foreign_file

_MOST_BYTES = 256_000


class LayoutFile:
    """Reads the layout at the start, and keeps it whenever it is changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._last = Layout()
        """What this process has read or written last."""
        self.notice: str | None = None
        """Why what was kept could not be read, in a sentence."""

    def read(self) -> Layout:
        """Give what was kept, or the usual layout when nothing was or it cannot be read."""
        try:
            self._last = self._there()
        except OSError as error:
            self.notice = f"columns and views as kept in {self._path} cannot be read: {error.strerror}"
        except ValueError:
            self.notice = f"{self._path} is damaged: columns and views are as usual, and it will be set aside"
        return self._last

    def keep(self, layout: Layout) -> None:
        """Write a layout, whole or not at all; what another screen has added stays. Raises OSError."""
        with self._lock:
            if layout != self._last:
                claim_folder(self._path.parent)
                self._write(_joined(self._last, layout, self._theirs()))
                self._last = layout

    def _there(self) -> Layout:
        """Give what stands in the file. Raises OSError, ValueError."""
        # Deferred for start-up: most commands need no layout.
        import msgspec

        if not self._path.exists():
            return Layout()
        refuse_foreign_file(self._path)
        if self._path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Layout)
        except msgspec.MsgspecError as error:
            raise ValueError("is no layout") from error

    def _theirs(self) -> Layout:
        try:
            return self._there()
        except ValueError:
            os.replace(self._path, self._path.with_suffix(".broken"))
            return Layout()

    def _write(self, layout: Layout) -> None:
        import msgspec

        # Of this process alone: two screens may be told something at the same time.
        new = self._path.with_suffix(f".{os.getpid()}.new")
        with open_private(new) as file:
            file.write(msgspec.json.format(msgspec.json.encode(layout, order="deterministic")))
        os.replace(new, self._path)


def _joined(before: Layout, wanted: Layout, there: Layout) -> Layout:
    """Add the views and mutes that are there and that this process has never known."""
    known = {view.name for view in (*before.views, *wanted.views)}
    views = (*wanted.views, *(view for view in there.views if view.name not in known))
    theirs = {ref: how for ref, how in there.muted.items() if ref not in before.muted}
    return replace(wanted, views=views, muted=theirs | wanted.muted)
