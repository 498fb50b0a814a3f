"""Secrets never show themselves."""

from __future__ import annotations

import pickle

import pytest

from jobtui.model import Secret


def test_a_secret_shows_only_a_mask() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "hunter2"


def test_a_secret_is_not_written_down() -> None:
    with pytest.raises(TypeError, match="not written down"):
        pickle.dumps(Secret("hunter2"))
