"""Pasted addresses: whose they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.address import path_within, segment_text, shown

ROOT = "https://acme.example/api"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://acme.example/api/jobs/7?x=1#y", "jobs/7"),
        ("  https://ACME.example:443/api/jobs/7 ", "jobs/7"),
        ("https://acme.example/api/", ""),
        ("https://acme.example/other/jobs/7", None),
        ("https://acme.example/apiary/jobs/7", None),
        ("http://acme.example/api/jobs/7", None),
        ("https://acme.example:8443/api/jobs/7", None),
        ("https://acme.example.evil.example/api/jobs/7", None),
        ("https://acme.example@evil.example/api/jobs/7", None),
        ("https://[::1/api/jobs", None),
        ("https://acme.example:x/api/jobs", None),
        ("acme.example/api/jobs/7", None),
        ("tiles:7", None),
    ],
)
def test_only_addresses_below_the_root_are_ours(address: str, path: str | None) -> None:
    assert path_within(ROOT, address) == path


@given(st.text())
def test_any_text_is_placed_or_refused(text: str) -> None:
    path_within(ROOT, text)
    path_within(text, ROOT)
    assert segment_text(text) != ""


@pytest.mark.parametrize(
    ("pasted", "fit"),
    [
        ("https://me:word@a.example:8/x/1?token=t#f", "https://a.example:8/x/1"),
        ("https://a.example#token=t", "https://a.example"),
        ("nonsense", "nonsense"),
    ],
)
def test_what_is_shown_of_an_address_has_no_secret(pasted: str, fit: str) -> None:
    assert shown(pasted) == fit
