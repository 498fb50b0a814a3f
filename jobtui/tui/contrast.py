"""Contrast: how well a colour can be read on another (WCAG 2), and which looks of a theme cannot. Pure."""

from __future__ import annotations

from jobtui.tui.format.spans import LOOKS
from jobtui.tui.theme_file import ThemeFile

LEAST = 4.5
"""What is asked of text."""
LEAST_DIM = 3.0
"""What is asked of text that stands back."""
STAND_BACK = frozenset({"dim", "off"})


def rgb(color: str) -> tuple[int, int, int]:
    """Read ``#rgb`` or ``#rrggbb``."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(color: str) -> float:
    """Give the relative luminance of a colour."""
    parts = [part / 255 for part in rgb(color)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(first: str, second: str) -> float:
    """Give the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def poor_looks(file: ThemeFile) -> list[str]:
    """Say which looks are hard to read on which ground; the terminal's own colours are its own business."""
    grounds = {name: file.colors.get(name, "") for name in ("background", "surface", "panel")}
    grounds |= {name: file.rows.get(f"{name}-background", "") for name in ("cursor", "blurred")}
    found = []
    for look in ("foreground", *LOOKS):
        color = file.foreground if look == "foreground" else file.look(look)
        least = LEAST_DIM if look in STAND_BACK else LEAST
        for name, ground in grounds.items():
            if color.startswith("#") and ground.startswith("#") and contrast(color, ground) < least:
                found.append(
                    f"{look} is hard to read on {name}: {contrast(color, ground):.1f}, and {least} is needed"
                )
    return found
