"""What statuses, headers and error bodies mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.answers import LONGEST_WAIT_S, budget_of, error_of, retry_after_s
from jobtui.errors import BackendError, NoSuchJob, UnexpectedReply, Unreachable

NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("37", 37.0),
        (" 1.5 ", 1.5),
        ("-3", 0.0),
        ("Mon, 14 Sep 2026 08:00:41 GMT", 41.0),
        ("Mon, 14 Sep 2026 07:00:00 -0000", 0.0),
        ("9" * 40, LONGEST_WAIT_S),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Sep 2026 08:00:41 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_s({"retry-after": value}, NOW) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_bounded_or_none(value: str) -> None:
    seconds = retry_after_s({"retry-after": value}, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT_S


def test_a_budget_is_read_in_either_spelling_and_nonsense_is_nothing() -> None:
    old = budget_of({"x-rate-limit": "700", "x-rate-limit-remaining": "3"})
    assert old is not None
    assert (old.limit, old.remaining, old.resets_s) == (700, 3, None)
    assert budget_of({"ratelimit-remaining": "many", "x-rate-limit": "-1"}) is None
    assert budget_of({}) is None


@given(
    st.integers(100, 599),
    st.dictionaries(st.sampled_from(["location", "content-type", "retry-after"]), st.text(max_size=80)),
    st.binary(max_size=300),
    st.one_of(st.none(), st.text(max_size=400)),
)
def test_every_answer_is_good_or_one_short_harmless_error(
    status: int, headers: dict[str, str], body: bytes, explained: str | None
) -> None:
    error = error_of("tiles", status, headers, body, explained, NOW)
    if error is None:
        assert status < 300
        return
    assert isinstance(error, BackendError)
    assert str(error).isprintable()
    assert len(str(error)) < 500


@pytest.mark.parametrize(
    ("body", "explained", "text"),
    [
        (b'{"a":1}', None, "answered HTTP 404"),
        (b"", None, "answered HTTP 404"),
        (b"gone fishing", None, "gone fishing (HTTP 404)"),
        (b'{"a":1}', "no such thing", "no such thing (HTTP 404)"),
    ],
)
def test_an_error_says_what_the_server_said_or_what_it_sent(
    body: bytes, explained: str | None, text: str
) -> None:
    error = error_of("tiles", 404, {}, body, explained, NOW)
    assert isinstance(error, NoSuchJob)
    assert str(error) == text


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<html><title>Bad Gateway</title>", "an HTML page (title “Bad Gateway”)"),
        (b"\xef\xbb\xbf \r\n<!DOCTYPE html>", "an HTML page"),
    ],
)
def test_a_not_found_that_is_a_web_page_does_not_say_that_a_job_is_gone(body: bytes, page: str) -> None:
    error = error_of("tiles", 404, {}, body, None, NOW)
    assert isinstance(error, UnexpectedReply)
    assert str(error) == f"answered HTTP 404 with {page}; is the address right?"


@pytest.mark.parametrize(
    "body", [b"", b"Not Found", b"ERROR: no such action", b'{"error": "RecordNotFound"}']
)
def test_a_not_found_in_the_words_of_an_api_says_that_a_job_is_gone(body: bytes) -> None:
    error = error_of("tiles", 404, {"content-type": "text/html"}, body, None, NOW)
    assert isinstance(error, NoSuchJob)


@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("https://me:word@evil.example:9/x?token=1", "to evil.example:9,"),
        ("//evil.example/x", "to evil.example,"),
        ("/login", "to another path of the same host,"),
        ("", "to another path of the same host,"),
    ],
)
def test_a_redirect_names_a_host_and_nothing_else(location: str, where: str) -> None:
    error = error_of("tiles", 302, {"location": location}, b"", None, NOW)
    assert where in str(error)
    assert "word" not in str(error)


SECRET = "tok-7f3a-never-shown"


@pytest.mark.parametrize(
    ("status", "body", "explained"),
    [
        (400, b"", "x" * 290 + SECRET),
        (400, b"y" * 295 + SECRET.encode(), None),
        (200, b"<title>" + b"z" * 70 + SECRET.encode(), None),
        (404, b"<title>" + b"z" * 70 + SECRET.encode(), None),
    ],
)
def test_a_secret_is_hidden_before_a_text_is_cut(status: int, body: bytes, explained: str | None) -> None:
    error = error_of(
        "tiles", status, {}, body, explained, NOW, hide=lambda text: text.replace(SECRET, "••••")
    )
    assert error is not None
    assert "tok" not in str(error)


def test_a_proxy_that_wants_a_sign_in_is_named_and_its_page_is_not_shown() -> None:
    error = error_of("tiles", 407, {}, b"you sent me Basic bWU6aHVudGVyMg==", "you sent hunter2", NOW)
    assert type(error) is Unreachable
    assert str(error) == "the proxy wants a name and a password (HTTP 407); nothing was passed on"
