"""Programs of others that are measured beside ours, where they are installed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Other:
    """A program, and by which bytes its first picture is known."""

    name: str
    program: str
    first: str
    reads: bool = False
    """Whether it wants a file to show."""

    def argv(self, folder: Path) -> tuple[str, ...]:
        """Give the command line; what it is to read is made in a folder."""
        path = shutil.which(self.program)
        assert path is not None, f"{self.program} is not installed"
        if not self.reads:
            return (path,)
        file = folder / "to-read.log"
        file.write_text("".join(f"2024-05-01 line {number}\n" for number in range(_LINES)), "ascii")
        return path, str(file)


OTHERS = (
    Other("htop", "htop", "F10"),
    Other("btop", "btop", "Available"),
    Other("toolong", "tl", "line", reads=True),
    Other("posting", "posting", "Collection"),
    Other("harlequin", "harlequin", "Query Editor"),
)


def found(others: Sequence[Other]) -> list[Other]:
    """Give those that are installed."""
    return [one for one in others if shutil.which(one.program) is not None]
