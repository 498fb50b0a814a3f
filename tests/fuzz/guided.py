"""Fuzzing led by coverage, with atheris; the first finding ends it."""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

_SLOWEST_S = 5
_MOST_MB = 1_024
_LONGEST = 16_384


def fuzz(name: str, seconds: int, *, corpus: Path | None) -> int:
    """Fuzz a target for so long; all that reaches new code is written to ``corpus``."""
    try:
        # An extra of its own, which not every machine has a build of.
        atheris: Any = import_module("atheris")
    except ImportError:
        print("atheris is missing: pip install -e '.[test,fuzz]', or say --inputs N", file=sys.stderr)  # noqa: T201
        return 2
    with atheris.instrument_imports(include=["jobtui"]):
        # Deferred: only what is imported here is watched for coverage.
        from tests.fuzz.corpus import dictionary, seeds
        from tests.fuzz.keeping import kept
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    scratch = Path(tempfile.mkdtemp(prefix="jobtui-fuzz-"))
    begin = scratch / "seeds"
    begin.mkdir()
    for number, seed in enumerate([*seeds(name), *kept(name)]):
        (begin / f"seed-{number}").write_bytes(seed)
    found = corpus or scratch / "found"
    found.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={_SLOWEST_S}", f"-rss_limit_mb={_MOST_MB}"]
    limits += [f"-max_len={_LONGEST}", f"-artifact_prefix={scratch}/", "-print_final_stats=1"]
    if said := dictionary(name):
        (scratch / "words").write_text(said, "utf-8")
        limits.append(f"-dict={scratch / 'words'}")

    def once(data: bytes) -> None:
        target(data)

    atheris.Setup([sys.argv[0], *limits, str(found), str(begin)], once)
    atheris.Fuzz()
    return 0
