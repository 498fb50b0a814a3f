"""Which steps from line to line of jobtui an input takes, and the few inputs that take them all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import jobtui

_OURS = str(Path(jobtui.__file__).parent)
_BIGGEST = 2_048
"""Bytes of an input that is worth keeping."""
_MOST = 28_000
"""Bytes kept for one target."""
Step = tuple[str, int, int]


class _Footprints:
    """Notes each step from one line of jobtui to the next."""

    def __init__(self) -> None:
        self.steps: set[Step] = set()

    def __call__(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any] | None:
        del event, arg
        name = frame.f_code.co_filename
        if not name.startswith(_OURS):
            return None
        last = frame.f_lineno

        def within(frame: FrameType, event: str, arg: object) -> Callable[..., Any]:
            nonlocal last
            del event, arg
            self.steps.add((name, last, frame.f_lineno))
            last = frame.f_lineno
            return within

        return within


def reached(run: Callable[[bytes], object], data: bytes) -> set[Step]:
    """Give the steps that an input takes; nothing of one that breaks a promise."""
    footprints = _Footprints()
    before = sys.gettrace()
    sys.settrace(footprints)
    try:
        run(data)
    except Exception:  # noqa: BLE001 - told by the run itself; a finding gets a test of its own, no line here
        return set()
    finally:
        sys.settrace(before)
    return footprints.steps


def fewest(
    run: Callable[[bytes], object], inputs: Iterable[bytes], *, begin: Iterable[bytes] = ()
) -> list[bytes]:
    """Choose small inputs that reach what all reach beyond ``begin``, as far as there is room."""
    known = set[Step]().union(*(reached(run, data) for data in begin))
    chosen: list[bytes] = []
    room = _MOST
    for data in sorted(
        {data for data in inputs if len(data) <= _BIGGEST}, key=lambda data: (len(data), data)
    ):
        if len(data) > room:
            break
        if new := reached(run, data) - known:
            known |= new
            chosen.append(data)
            room -= len(data)
    return chosen
