"""Every case through what leaves the screen, in a terminal: the clipboard and the files that are written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.hostile.corpus import spoken_cases
from tests.hostile.harmless import harm_in, strings_in
from tests.hostile.person import PAGE_DOWN, PAGE_UP, SMALL, Person, names_in
from tests.hostile.server import tag

_FLOOD = 100
"""Lines of a message that are too many to be gone through."""
_FORMULA = ("=", "+", "-", "@")
_MORE_THAN_SHOWN = ("script", "foreignObject", "image", "a", "use")
_FROM_AFAR = re.compile(r"url\(\s*[^#\s]")


def _untold(texts: Sequence[str]) -> list[str]:
    told = set(names_in("\n".join(texts)))
    return [case.name for case in spoken_cases() if case.name not in told]


def _read_log(person: Person) -> None:
    """Go to the messages of a job that has every case, when all have come; each on its own lines."""
    person.open_packed("tiles", *SMALL)
    person.press("3", "━3 Messages")
    person.zoom("2 Steps")
    person.press("G", rf"\b{tag(len(spoken_cases()) - 1)}\b")


def _copy(person: Person, key: str) -> str:
    """Copy what is at a key of the menu; gives what came."""
    copies = person.terminal.copies
    copies.clear()
    person.terminal.press("y")
    person.terminal.until("╭─ Copy")
    person.terminal.press(key)
    assert person.terminal.holds(lambda: bool(copies), timeout_s=60.0), person.terminal.text
    person.terminal.until("^(?s:(?!.*╭─ Copy))")
    return copies[0]


def test_messages_are_copied_page_by_page_as_harmless_text(person: Person) -> None:
    """From both ends up to the floods of lines; each page as it is seen."""
    floods = [number for number, case in enumerate(spoken_cases()) if case.text.count("\n") > _FLOOD]
    _read_log(person)
    person.terminal.press("w")
    copied: list[str] = []
    for start, keys, last in (("G", PAGE_UP, floods[-1]), ("g", PAGE_DOWN, floods[0])):
        person.press(start, rf"\b{tag(0 if start == 'g' else len(spoken_cases()) - 1)}\b")
        while tag(last) not in "".join(copied[-1:]):
            copied.append(_copy(person, "v"))
            assert any(person.turn(keys) for _ in range(2)), person.terminal.text
    person.terminal.press("w")
    person.unzoom("2 Steps")
    assert not (harms := person.harms()), "\n".join(harms)
    assert [harm for text in copied if (harm := harm_in(text))] == []
    assert _untold(copied) == []


def test_every_choice_of_the_copy_menu_is_one_harmless_text(person: Person) -> None:
    person.open_packed("field", *SMALL)
    person.press("2", "━2 Steps")
    person.press("g", r"\bc000\b")
    person.terminal.press("jj")
    for key in "yilpsc":
        copied = _copy(person, key)
        assert harm_in(copied) is None, key
        assert not copied.endswith("\n"), key
    assert not (harms := person.harms()), "\n".join(harms)


def test_all_messages_go_into_a_file_as_they_are_too_many_for_a_clipboard(
    person: Person, shared: Path
) -> None:
    _read_log(person)
    person.terminal.press("y")
    person.terminal.until("╭─ Copy")
    person.press("M", "written to ")
    person.unzoom("2 Steps")
    (text,) = [path.read_bytes().decode() for path in shared.glob("jobtui-all-messages-*")]
    assert harm_in(text) is None
    assert _untold([text]) == []
    assert not (harms := person.harms()), "\n".join(harms)


@pytest.mark.parametrize("pane", ["1 Jobs", "2 Steps", "3 Messages"])
def test_what_a_pane_exports_is_harmless_in_every_format(person: Person, shared: Path, pane: str) -> None:
    person.open_packed("field", *SMALL)
    if pane == "1 Jobs":
        person.list_all(*SMALL)
    person.press(pane[0], f"━{pane}")
    if pane == "3 Messages":
        person.press("G", rf"\b{tag(len(spoken_cases()) - 1)}\b")  # all have come then
    before = set(shared.glob("*"))
    for count, key in enumerate("tcjs", 1):
        person.terminal.press("e")
        person.terminal.until("Export ")
        person.terminal.press(key)
        written = person.terminal.holds(partial(_are_written, shared, before, count), timeout_s=60.0)
        assert written, person.terminal.text
        person.look()
    files = {path.suffix: path.read_bytes().decode() for path in set(shared.glob("*")) - before}
    assert [f"{suffix}: {harm}" for suffix, text in files.items() if (harm := _harm(suffix, text))] == []
    assert not (harms := person.harms()), "\n".join(harms)
    for suffix in (".txt", ".csv", ".json"):
        assert _untold([files[suffix]]) == [], suffix


def _are_written(folder: Path, before: set[Path], count: int) -> bool:
    new = [path for path in folder.glob("*") if path not in before]
    return len(new) == count and all(path.stat().st_size for path in new)


def _harm(suffix: str, text: str) -> str | None:
    """Say what is wrong with a file: for whoever prints it, and for what reads it."""
    if (harm := harm_in(text, allowed="\r\n" if suffix == ".csv" else "\n")) is not None:
        return harm
    match suffix:
        case ".json":
            return next((harm for one in strings_in(json.loads(text)) if (harm := harm_in(one))), None)
        case ".csv":
            cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
            formulas = [cell for cell in cells if cell.strip().startswith(_FORMULA)]
            return f"a formula: {formulas[0][:40]!a}" if formulas else None
        case ".svg":
            return _harm_in_picture(text)
        case _:
            return None


def _harm_in_picture(text: str) -> str | None:
    for element in ElementTree.fromstring(text).iter():  # noqa: S314 - written by ourselves
        name = element.tag.rpartition("}")[2]
        if name in ("script", "foreignObject", "image", "a", "use") or re.search(
            r"url\(\s*[^#\s]", element.text or ""
        ):
            return f"an element of the picture that does more than show: {name}"
        if any(key.startswith("on") or "href" in key for key in element.attrib):
            return f"attributes {list(element.attrib)}"
    return None
