"""Makes folders that are for the user alone."""

from __future__ import annotations

import contextlib
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make a folder and what is missing above it, 0700 whatever the umask; what is there stays as it is.

    Raises OSError.
    """
    parts = [folder, *folder.parents]
    for part in reversed([part for part in parts if not part.exists()]):
        with contextlib.suppress(FileExistsError):
            part.mkdir(mode=0o700)
            part.chmod(0o700)
