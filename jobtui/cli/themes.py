"""theme: which there are, and how each looks, with the words of every state in their colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobtui import paths
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.cli.table import GAP, Column, table
from jobtui.errors import UsageError
from jobtui.text import plain
from jobtui.tui.contrast import poor_looks, rgb
from jobtui.tui.format.spans import STATE_LOOKS
from jobtui.tui.format.states import ASCII, UNICODE, label
from jobtui.tui.theme_file import ANSI, ThemeFile
from jobtui.tui.theme_shelf import DEFAULT, Shelf, nearest

_PER_LINE = 4
_OTHERS = ("strong", "dim", "key", "off", "good", "warn", "bad", "risk", "match")


def theme(command: Command, out: Output) -> int:
    """List the themes, or show how they look; what is wrong with the user's own is said."""
    options = command.options
    shelf = Shelf(paths.themes_folder(paths.config_file(options.config)))
    for fault in shelf.faults:
        out.say(fault)
    if any(fault.startswith(f"{options.name}.toml:") for fault in shelf.faults):
        return Exit.USAGE
    if options.name is not None and options.name not in shelf.files:
        name = plain(options.name, limit=60)
        raise UsageError(f"there is no theme “{name}”{nearest(options.name, shelf.files)}")
    names = [options.name] if options.name is not None else sorted(shelf.files)
    if options.action == "ls":
        _list(shelf, names, out)
    else:
        _preview(shelf, names, out)
    return Exit.USAGE if shelf.faults else Exit.GOOD


def _list(shelf: Shelf, names: Sequence[str], out: Output) -> None:
    if out.as_json:
        out.document(list(names))
        return
    rows = [[name, _sort(shelf.files[name]), _about(shelf, name)] for name in names]
    columns = (Column("NAME"), Column("SORT"), Column("WHAT IT IS", 20))
    out.lines([GAP.join(line).rstrip() for line in table(columns, rows, None)])


def _sort(file: ThemeFile) -> str:
    return "terminal" if file.ansi else "dark" if file.dark else "light"


def _about(shelf: Shelf, name: str) -> str:
    about = plain(shelf.files[name].about)
    return f"{about or '—'} (yours)" if name in shelf.own_names else about


def _preview(shelf: Shelf, names: Sequence[str], out: Output) -> None:
    if out.as_json:
        out.document([_document(shelf.files[name]) for name in names])
        return
    for name in names:
        for line in _swatches(shelf.files[name], out):
            out.line(line)
        for text in poor_looks(shelf.files[name]):
            out.say(f"theme {name}: {text}")


def _document(file: ThemeFile) -> dict[str, object]:
    looks = {look: file.look(look) for look in (*STATE_LOOKS, *_OTHERS)}
    return {
        "name": file.name,
        "about": file.about,
        "dark": file.dark,
        "ansi": file.ansi,
        "colors": dict(file.colors),
        "looks": looks,
        "rows": dict(file.rows),
        "poor": poor_looks(file),
    }


def _swatches(file: ThemeFile, out: Output) -> Iterator[str]:
    glyphs = ASCII if out.ascii_only else UNICODE
    states = [(look, label(look, glyphs)) for look in STATE_LOOKS]
    mark = " (the default)" if file.name == DEFAULT else ""
    yield f"{file.name}{mark}  {plain(file.about)}".rstrip()
    ground = file.colors.get("background", "ansi_default")
    for at in range(0, len(states), _PER_LINE):
        yield _row(file, states[at : at + _PER_LINE], ground, "", out)
    yield _row(file, [(look, f"{look:<7}") for look in _OTHERS[:5]], ground, "", out)
    yield _row(file, [(look, f"{look:<7}") for look in _OTHERS[5:]], ground, "", out)
    style = file.rows.get("cursor-style", "none")
    selected = [("failed", f"> {label('failed', glyphs)}"), ("", "the selected row")]
    yield _row(file, selected, file.rows.get("cursor-background", ground), style, out)
    yield ""


def _row(file: ThemeFile, words: Sequence[tuple[str, str]], ground: str, style: str, out: Output) -> str:
    cells = [f" {text} " for _, text in words]
    if not out.colour:
        return "  " + " ".join(cells).rstrip()
    drawn = [
        _drawn(cell, file.look(look), ground, style) for (look, _), cell in zip(words, cells, strict=True)
    ]
    return "  " + "".join(drawn)


def _drawn(text: str, color: str, ground: str, style: str) -> str:
    codes = [*_code(color, 38), *_code(ground, 48), *(["7"] if "reverse" in style else [])]
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes else text


def _code(color: str, place: int) -> list[str]:
    """Give the terminal's code of a colour, in the text (38) or behind it (48)."""
    if color.startswith("#"):
        red, green, blue = rgb(color)
        return [str(place), "2", str(red), str(green), str(blue)]
    name = color.removeprefix("ansi_")
    bright = 60 if name.startswith("bright_") else 0
    name = name.removeprefix("bright_")
    return [str(place - 8 + ANSI.index(name) + bright)] if name in ANSI else []
