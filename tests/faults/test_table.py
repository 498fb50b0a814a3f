"""The table of faults names tests that are there, and leaves none of this folder out."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.faults.table import OURS, PROOFS

ROOT = Path(__file__).resolve().parents[2]


def names_in(file: Path) -> set[str]:
    nodes = ast.walk(ast.parse(file.read_text()))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {f"{file.relative_to(ROOT)}::{one.name}" for one in functions if one.name.startswith("test_")}


def test_the_table_is_whole() -> None:
    named = {proof for proofs in PROOFS.values() for proof in proofs}
    found = {test for file in {proof.partition("::")[0] for proof in named} for test in names_in(ROOT / file)}
    assert named - found == set(), "named, and not there"
    here = {test for file in (ROOT / OURS).glob("test_*.py") for test in names_in(file)}
    assert here - named - names_in(Path(__file__)) == set(), "there, and not named"
