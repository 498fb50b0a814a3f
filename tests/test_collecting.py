"""Garbage is collected in every process that goes on, and nothing is touched in one that is not ours."""

from __future__ import annotations

import gc
import subprocess
import sys

from jobtui import collecting


def _ran(code: str) -> list[str]:
    code = (
        f"import gc\nfrom jobtui import collecting\n{code}\nprint(gc.isenabled(), gc.get_freeze_count() > 0)"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()


def test_a_process_of_ours_collects_nothing_while_it_loads_and_then_goes_on() -> None:
    assert _ran("collecting.begin()") == ["False", "False"]
    assert _ran("collecting.begin()\ncollecting.go_on()") == ["True", "True"]
    assert _ran("collecting.begin()\ncollecting.go_on()\ncollecting.pause()") == ["False", "True"]


def test_a_process_of_ours_seldom_looks_at_all_it_holds_and_still_does() -> None:
    seldom, often = _ran("collecting.begin()\nprint(gc.get_threshold()[2])"), gc.get_threshold()[2]
    assert often < int(seldom[0]) < 1_000_000


def test_between_two_keys_young_garbage_goes_once_there_is_some() -> None:
    make = "from weakref import ref\nclass A: pass\na = A()\na.a = a\nb = ref(a)\ndel a\n"
    begun = "collecting.begin()\ncollecting.go_on()\n"
    grown = "kept = [[] for _ in range(10_000)]\n"
    assert _ran(f"{begun}{make}collecting.between()\nprint(b() is None)")[0] == "False", "not worth it"
    assert _ran(f"{begun}gc.collect(0)\n{grown}{make}collecting.between()\nprint(b() is None)")[0] == "True"
    assert _ran(f"gc.disable()\n{make}{grown}collecting.between()\nprint(b() is None)")[0] == "False", (
        "not ours"
    )


def test_what_has_lived_long_goes_once_there_has_been_much_and_nobody_is_there() -> None:
    make = "from weakref import ref\nclass A: pass\na = A()\na.a = a\nb = ref(a)\n"
    begun = "collecting.begin()\ncollecting.go_on()\n"
    lived = f"{begun}{make}gc.collect(1)\ndel a\n"
    asked = "collecting.at_rest()\nprint(b() is None)"
    assert _ran(f"{lived}{asked}")[0] == "False", "not worth it"
    assert _ran(f"{lived}for _ in range(300): gc.collect(1)\n{asked}")[0] == "True"


def test_a_process_of_somebody_else_is_left_alone() -> None:
    frozen = gc.get_freeze_count()
    collecting.pause()
    collecting.go_on()
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_a_command_that_runs_collects() -> None:
    code = (
        "import sys, gc\nfrom jobtui.cli import audit as auditing, main\n"
        "def audit(command, out):\n"
        "    out.line(f'{gc.isenabled()} {gc.get_freeze_count() > 0}')\n"
        "    return 0\n"
        "auditing.audit = audit\nsys.argv = ['jobtui', 'audit']\nmain.run()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "True"]
