"""The shelf: every theme by name, the user's own before those that come with jobtui. Needs no Textual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from jobtui.tui.theme_file import ThemeFile, ThemeWrong, read_theme

DEFAULT = "harbour"
PLAIN = "plain"

_Stamp = tuple[tuple[str, int, int], ...]


def themes_folder() -> Path:
    """Give the folder of the themes: in the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "themes"
    return installed if installed.is_dir() else package.parent / "themes"


class Shelf:
    """Every theme by name; the user's own stand before those that come with jobtui."""

    def __init__(self, own: Path | None = None) -> None:
        """``own`` is the folder of the user's themes; it need not be there."""
        self._own = own
        self._usual = {file.name: file for file in _files(themes_folder())}
        self._stamp: _Stamp = ()
        self.files: dict[str, ThemeFile] = {}
        self.faults: list[str] = []
        """What of the user's own cannot be used, one sentence each."""
        self.read()

    @property
    def own_names(self) -> set[str]:
        """The names of the user's own themes."""
        return {name for name in self.files if self.files[name] is not self._usual.get(name)}

    @property
    def has_folder(self) -> bool:
        """Whether there is a folder for the user's own."""
        return self._own is not None and self._own.is_dir()

    def read(self) -> None:
        """Read the user's own anew; one that cannot be read leaves what stood under its name."""
        self._stamp = self._stamp_now()
        before, self.faults = self.files, []
        self.files = dict(self._usual)
        for path in self._own_paths():
            try:
                self.files[path.stem] = read_theme(path, self._usual)
            except ThemeWrong as wrong:
                self.faults.append(str(wrong))
                if path.stem in before:
                    self.files[path.stem] = before[path.stem]

    def look_again(self) -> bool:
        """Read the user's own again if a file has changed; True when it did."""
        if self._own is None or self._stamp_now() == self._stamp:
            return False
        self.read()
        return True

    def _own_paths(self) -> list[Path]:
        return sorted(self._own.glob("*.toml")) if self._own is not None and self.has_folder else []

    def _stamp_now(self) -> _Stamp:
        found = []
        for path in self._own_paths():
            try:
                stat = path.stat()
            except OSError:
                continue  # it went while we looked; the next look tells
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
        return tuple(found)


def nearest(word: str, names: Iterable[str]) -> str:
    """Go on from “there is no theme …” with the nearest name, or with all."""
    known = sorted(names)
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"; did you mean “{near[0]}”?" if near else f"; there are {', '.join(known)}"


def _files(folder: Path) -> Iterator[ThemeFile]:
    """Read the themes that come with jobtui; those that are like another come after it."""
    known: dict[str, ThemeFile] = {}
    for path in sorted(folder.glob("*.toml")):
        known[path.stem] = read_theme(path, known)
        yield known[path.stem]
