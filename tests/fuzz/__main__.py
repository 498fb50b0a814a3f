"""``python -m tests.fuzz TARGET --inputs N`` bends known inputs by dice; ``--seconds N`` follows coverage."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

_NAMES = "nextspace, zendesk, arcgis, text, ref, filter, when, config, piped"


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", help=f"{_NAMES}; or all, with --inputs")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--inputs", type=int, help="so many inputs, over all targets together; needs no atheris")
    how.add_argument("--seconds", type=int, default=60, help="how long with atheris; 60 unless said")
    how.add_argument("--input", type=Path, help="only this file: to see a finding again")
    parser.add_argument("--seed", type=int, default=1, help="of --inputs; 1 unless said")
    parser.add_argument("--keep", action="store_true", help="add what reached new code to tests/fuzz/kept")
    parser.add_argument("--corpus", type=Path, help="with --seconds: a folder for all that is found")
    options = parser.parse_args(argv)
    if options.target not in (*_NAMES.split(", "), *(["all"] if options.inputs else [])):
        parser.error(f"there is no target {options.target} here: {_NAMES}; or all, with --inputs")
    return options


def main(argv: list[str]) -> int:
    """Fuzz; with ``--seconds`` alone it never returns, since libFuzzer ends the process."""
    options = _options(argv)
    if options.inputs:
        return _mutated(options)
    if options.input is not None:
        return _once(options)
    if options.keep:
        return _guided_and_kept(options)
    # Deferred: what is imported here is watched for coverage.
    from tests.fuzz.guided import fuzz

    return fuzz(options.target, options.seconds, corpus=options.corpus)


def _mutated(options: argparse.Namespace) -> int:
    # Deferred: atheris must see these imported first, where it is what runs.
    from tests.fuzz.mutating import Mutator
    from tests.fuzz.running import run
    from tests.fuzz.shares import SHARES, share
    from tests.fuzz.targets import TARGETS

    findings = 0
    for name in SHARES if options.target == "all" else [options.target]:
        number = share(name, options.inputs) if options.target == "all" else options.inputs
        report = run(name, TARGETS[name], Mutator(name, options.seed).inputs(number))
        _say(str(report))
        for what, data in report.findings.items():
            findings += 1
            _say(f"  {what}\n  python -m tests.fuzz {name} --input {_written(data)}")
        if options.keep:
            _keep(name, Mutator(name, options.seed).inputs(number))
    return 1 if findings else 0


def _once(options: argparse.Namespace) -> int:
    # Deferred, as above.
    from tests.fuzz.targets import TARGETS

    refusals = TARGETS[options.target](options.input.read_bytes())
    _say(f"{options.target}: no promise is broken; refused by name: {', '.join(refusals) or 'none'}")
    return 0


def _guided_and_kept(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="jobtui-fuzz-") as scratch:
        found = options.corpus or Path(scratch)
        command = [sys.executable, "-m", "tests.fuzz", options.target, "--seconds", str(options.seconds)]
        code = subprocess.run([*command, "--corpus", str(found)], check=False).returncode
        _keep(options.target, (path.read_bytes() for path in found.iterdir() if path.is_file()))
    return code


def _keep(name: str, inputs: Iterable[bytes]) -> None:
    # Deferred, as above.
    from tests.fuzz.corpus import seeds
    from tests.fuzz.keeping import keep, kept
    from tests.fuzz.reaching import fewest
    from tests.fuzz.targets import TARGETS

    before = kept(name)
    chosen = fewest(TARGETS[name], [*before, *inputs], begin=seeds(name))
    path = keep(name, chosen)
    _say(f"{name}: {len(chosen)} inputs kept, {len(before)} before ({path.stat().st_size} bytes)")


def _written(data: bytes) -> Path:
    with tempfile.NamedTemporaryFile(prefix="jobtui-finding-", delete=False) as file:
        file.write(data)
    return Path(file.name)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
