"""Takes every picture anew: ``python -m tests.tui.snapshots [NAME…]``; says which differ from those kept."""

from __future__ import annotations

import sys

from tests.tui.snapshots.camera import take
from tests.tui.snapshots.scenes import PICTURES, SCENES, rolls


def main(wanted: list[str]) -> None:
    """Take the rolls that the names are in, all when none is given, and keep what differs."""
    PICTURES.mkdir(exist_ok=True)
    for roll in rolls():
        if wanted and not any(scene.name in wanted for scene in roll):
            continue
        for name, picture in take(roll).items():
            path = PICTURES / f"{name}.txt"
            before = path.read_text("utf-8") if path.exists() else None
            if before != picture.document:
                path.write_text(picture.document, "utf-8")
                sys.stdout.write(f"{'new' if before is None else 'differs'} {name}\n")
    known = {scene.path for scene in SCENES}
    for path in sorted(PICTURES.glob("*.txt")):
        if path not in known:
            path.unlink()
            sys.stdout.write(f"gone {path.stem}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
