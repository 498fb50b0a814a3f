"""The corpus that is kept: inputs that reached new code, one file a target, one JSON text a line.

Bytes that are printable ASCII stand there as they are; others as ``{"base64": …}``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

KEPT = Path(__file__).parent / "kept"


def kept(target: str, folder: Path = KEPT) -> list[bytes]:
    """Give the inputs kept for a target, the smallest first."""
    path = folder / f"{target}.jsonl"
    return [_bytes(line) for line in path.read_text("ascii").splitlines()] if path.exists() else []


def keep(target: str, inputs: Sequence[bytes], folder: Path = KEPT) -> Path:
    """Write what is kept for a target, in place of what was."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{target}.jsonl"
    path.write_text("".join(f"{_line(data)}\n" for data in sorted(set(inputs), key=_size)), "ascii")
    return path


def _size(data: bytes) -> tuple[int, bytes]:
    return len(data), data


def _line(data: bytes) -> str:
    if data.isascii() and (text := data.decode("ascii")).isprintable():
        return json.dumps(text)
    return json.dumps({"base64": base64.b64encode(data).decode("ascii")})


def _bytes(line: str) -> bytes:
    value = json.loads(line)
    return (
        value.encode("ascii") if isinstance(value, str) else base64.b64decode(value["base64"], validate=True)
    )
