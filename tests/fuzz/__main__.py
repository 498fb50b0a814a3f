"""``python -m tests.fuzz TARGET --seconds N``: feed it ever stranger bytes; the first finding ends it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

_SLOWEST_S = 5
_MOST_MB = 1_024
_LONGEST = 16_384


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", help="nextspace, zendesk, arcgis, text, ref, when, config or piped")
    parser.add_argument("--seconds", type=int, default=60, help="how long; 60 unless said")
    parser.add_argument("--corpus", type=Path, help="a folder to begin with and to keep what is found in")
    parser.add_argument("--input", type=Path, help="only this file: to see a finding again")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Fuzz one target; never returns when it fuzzes, since libFuzzer ends the process."""
    options = _options(argv)
    try:
        # An extra of its own, which not every machine has a build of.
        atheris: Any = import_module("atheris")
    except ImportError:
        print("atheris is missing: pip install -e '.[test,fuzz]'", file=sys.stderr)  # noqa: T201
        return 2
    with atheris.instrument_imports(include=["jobtui"]):
        # Deferred: only what is imported here is watched for coverage.
        from tests.fuzz.corpus import dictionary, seeds
        from tests.fuzz.targets import TARGETS
    if options.target not in TARGETS:
        print(f"there is no target {options.target}: {', '.join(TARGETS)}", file=sys.stderr)  # noqa: T201
        return 2
    target = TARGETS[options.target]
    if options.input is not None:
        target(options.input.read_bytes())
        return 0
    scratch = Path(tempfile.mkdtemp(prefix="jobtui-fuzz-"))
    begin = scratch / "seeds"
    begin.mkdir()
    for number, seed in enumerate(seeds(options.target)):
        (begin / f"seed-{number}").write_bytes(seed)
    found = options.corpus or scratch / "found"
    found.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={options.seconds}", f"-timeout={_SLOWEST_S}", f"-rss_limit_mb={_MOST_MB}"]
    limits += [f"-max_len={_LONGEST}", f"-artifact_prefix={scratch}/", "-print_final_stats=1"]
    if words := dictionary(options.target):
        (scratch / "words").write_text(words, "utf-8")
        limits.append(f"-dict={scratch / 'words'}")
    atheris.Setup([sys.argv[0], *limits, str(found), str(begin)], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
