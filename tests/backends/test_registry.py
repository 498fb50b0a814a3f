"""From a kind to its backend."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jobtui.backends.registry import make_backend
from jobtui.model import Kind, Source
from tests.backends.conftest import connection


@pytest.mark.parametrize("kind", list(Kind))
async def test_each_kind_has_a_backend_that_knows_its_source(kind: Kind) -> None:
    backend = make_backend(Source("mine", kind), connection("http://127.0.0.1:1"))
    assert (backend.source, backend.kind) == ("mine", kind)
    await backend.aclose()


def test_naming_the_backends_brings_in_no_network_library() -> None:
    code = (
        "import sys, jobtui.backends.registry; sys.exit({'httpx', 'websockets'} & set(sys.modules) != set())"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
