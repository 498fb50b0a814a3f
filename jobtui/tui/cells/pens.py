"""Pens: the colours and attributes that a terminal writes with, and the shortest way from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from jobtui.tui.cells.unfit import Unfit

_OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "21": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
}
"""What takes an attribute away; one code may take away two."""
_OTHER = frozenset({"51", "52", "53"})
"""Attributes that go only with all others: few terminals know what takes them away."""
_SEEN_ON_SPACES = frozenset({"4", "5", "6", "7", "8", "9", "21", *_OTHER})
_COLOURS = {*map(str, range(8)), "9"}


class Pen(NamedTuple):
    """How a cell is written. Colours are the codes that set them, empty for the terminal's own."""

    attributes: frozenset[str] = frozenset()
    colour: str = ""
    ground: str = ""
    link: str = ""
    """Parameters and address of a link, with the semicolon between them; empty for none."""

    @property
    def codes(self) -> tuple[str, ...]:
        """What sets all of it but the link, from nothing."""
        return (*sorted(self.attributes), *filter(None, (self.colour, self.ground)))


PLAIN = Pen()
"""What a terminal writes with after everything is taken back."""


@lru_cache(4096)
def styled(pen: Pen, codes: str) -> Pen:
    """Give what a pen is after a sequence of codes, ``1;38;2;255;0;0``; raises Unfit for an unknown one."""
    attributes, colour, ground = pen.attributes, pen.colour, pen.ground
    each = iter(codes.split(";"))
    for code in each:
        if code in ("", "0"):
            attributes, colour, ground = frozenset(), "", ""
        elif code in _OFF or code in _OTHER:
            attributes |= {code}
        elif code in _OFF.values():
            attributes = frozenset(one for one in attributes if _OFF.get(one) != code)
        elif code == "38":
            colour = _extended(code, each)
        elif code == "48":
            ground = _extended(code, each)
        elif code[:-1] in ("3", "9") and code[-1] in _COLOURS:
            colour = "" if code == "39" else code
        elif code[:-1] in ("4", "10") and code[-1] in _COLOURS:
            ground = "" if code == "49" else code
        else:
            raise Unfit(f"SGR {code}")
    return pen._replace(attributes=attributes, colour=colour, ground=ground)


def _extended(code: str, each: Iterator[str]) -> str:
    kind = next(each, "")
    parts = [next(each, "") for _ in range({"5": 1, "2": 3}.get(kind, 0))]
    if not parts or not all(part.isdigit() for part in parts):
        raise Unfit(f"SGR {code};{kind}")
    return ";".join((code, kind, *parts))


@lru_cache(4096)
def on_spaces(pen: Pen) -> Pen:
    """Give the plainest pen that draws a space as this one does."""
    if pen.attributes & _SEEN_ON_SPACES:
        return pen
    return pen._replace(attributes=frozenset(), colour="")


@lru_cache(4096)
def change(before: Pen, after: Pen) -> str:
    """Give the fewest bytes that turn one pen into the other."""
    link = f"\x1b]8;{after.link or ';'}\x1b\\" if after.link != before.link else ""
    return link + _sgr(before, after._replace(link=before.link))


def _sgr(before: Pen, after: Pen) -> str:
    if before == after:
        return ""
    anew = ";".join(("0", *after.codes)) if after.codes else ""
    gone = before.attributes - after.attributes
    if gone & _OTHER:
        return f"\x1b[{anew}m"
    off = {_OFF[one] for one in gone}
    # What one code takes away with another attribute has to be set again.
    on = {one for one in after.attributes if one not in before.attributes or _OFF.get(one) in off}
    step = [*sorted(off), *sorted(on)]
    step += [after.colour or "39"] * (before.colour != after.colour)
    step += [after.ground or "49"] * (before.ground != after.ground)
    return f"\x1b[{min(anew, ';'.join(step), key=len)}m"
