"""The tables of the README that are made from the code. ``python -m tests.readme`` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

from jobtui.cli.options import COMMANDS
from jobtui.tui import keymap

README = Path(__file__).resolve().parent.parent / "README.md"


def key_rows() -> list[str]:
    """One row per key, as the key table of the screen has them."""
    return [f"| {where} | `{keys}` | {said} |" for where, keys, said in keymap.rows()]


def command_rows() -> list[str]:
    """One row per command, as the parser has them."""
    named = [(name, command.help) for name, command in COMMANDS.items() if name != "screen"]
    return [f"| `{name}` | {said} |" for name, said in named]


TABLES = {"keys": key_rows, "commands": command_rows}


def filled(text: str) -> str:
    """Put each table between its marks; what stood there goes."""
    for name, rows in TABLES.items():
        body = "\n".join(rows())
        text = re.sub(
            rf"<!-- {name} -->\n.*?<!-- /{name} -->",
            lambda found, name=name, body=body: f"<!-- {name} -->\n{body}\n<!-- /{name} -->",  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text("utf-8")), "utf-8")
