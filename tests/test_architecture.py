"""The walls between the rooms, knocked on: the import contracts, and what importing a face costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "textual",
    "httpx",
    "websockets",
    "uvicorn",
    "starlette",
    "rich",
    "msgspec",
    "sqlite3",
    "platformdirs",
)


def _loaded_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.split())


def test_imports_point_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("jobtui.cli.main", HEAVY),
        ("jobtui.cli.parse", HEAVY),
        ("jobtui.model", tuple(word for word in HEAVY if word != "msgspec")),
        ("jobtui.monitor.monitor", ("textual", "rich", "httpx", "websockets")),
        ("jobtui.backends.arcgis.wire", ("textual", "httpx", "websockets")),
        ("jobtui.tui.app", ("httpx", "websockets", "uvicorn", "starlette")),
        ("jobtui.demo", ("httpx", "textual")),
    ],
)
def test_importing_a_module_loads_nothing_it_has_no_use_for(module: str, never: tuple[str, ...]) -> None:
    assert _loaded_after(f"import {module}").isdisjoint(never)


def test_the_demo_knows_nothing_of_the_rest() -> None:
    code = "import sys, jobtui.demo\nprint(*sorted(n for n in sys.modules if n.startswith('jobtui')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    strangers = [name for name in run.stdout.split() if name != "jobtui" and "jobtui.demo" not in name]
    assert strangers == []
