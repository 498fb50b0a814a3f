"""What a server grants: a reserve is left to others, and a wish to be left alone is heeded."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.allowance import UNTOLD_RESET_S, Allowance
from jobtui.backends.answers import Budget, budget_of, retry_after_s
from jobtui.backends.auth import bearer
from jobtui.backends.http import Http
from jobtui.errors import BackendError, RateLimited, RequestRefused
from tests.backends.conftest import answer, connection, scripted, secret


def test_the_last_tenth_of_a_limit_is_left_to_others_until_it_starts_anew() -> None:
    allowance = Allowance(0.1)
    allowance.told(Budget(700, 71, 41.0), 100.0)
    assert allowance.wait_s(100.0) == 0
    allowance.spend()
    assert allowance.wait_s(101.0) == 40.0
    assert "70 of 700 requests are left" in allowance.why(101.0)
    assert allowance.wait_s(141.0) == 0


def test_requests_under_way_have_their_part_of_what_is_left() -> None:
    allowance = Allowance(0.1)
    allowance.told(Budget(10, 5, 30.0), 0.0, under_way=3)
    assert allowance.wait_s(0.0) == 30.0


def test_a_count_without_an_end_is_believed_for_a_while_only() -> None:
    allowance = Allowance(0.1)
    allowance.told(Budget(None, 1, None), 0.0)
    assert allowance.wait_s(0.0) == UNTOLD_RESET_S
    assert allowance.wait_s(UNTOLD_RESET_S) == 0


def test_without_a_reserve_only_a_wish_to_wait_counts() -> None:
    allowance = Allowance(None)
    allowance.told(Budget(700, 0, 41.0), 0.0)
    assert allowance.wait_s(0.0) == 0
    allowance.asked_to_wait(7.0, 0.0)
    allowance.asked_to_wait(3.0, 1.0)
    assert allowance.wait_s(1.0) == 6.0
    assert "asked to wait" in allowance.why(1.0)
    assert allowance.wait_s(8.0) == 0


def test_the_budget_of_an_endpoint_counts_when_it_is_the_smaller_and_that_of_jobs_never() -> None:
    headers = {
        "ratelimit-limit": "700",
        "ratelimit-remaining": "600",
        "zendesk-ratelimit-tickets-index": "total=100; remaining=9; resets=41",
        "zendesk-ratelimit-inflight-jobs": "total=30; remaining=0; resets=60",
    }
    assert budget_of(headers) == Budget(100, 9, 41.0)
    del headers["zendesk-ratelimit-tickets-index"]
    assert budget_of(headers) == Budget(700, 600, None)


@given(st.dictionaries(st.sampled_from(["zendesk-ratelimit-x", "ratelimit-reset", "retry-after"]), st.text()))
def test_any_headers_are_a_budget_or_none(headers: dict[str, str]) -> None:
    budget = budget_of(headers)
    assert budget is None or isinstance(budget, Budget)
    wait = retry_after_s(headers, datetime.now(UTC))
    assert wait is None or wait >= 0


async def test_a_read_is_not_sent_when_little_is_left_and_says_until_when() -> None:
    low = answer(headers={"ratelimit-limit": "700", "ratelimit-remaining": "12", "ratelimit-reset": "41"})
    async with scripted(low) as server:
        http = Http("desk", connection(server.url), bearer(secret()), reserve=0.1)
        await http.read("jobs")
        with pytest.raises(RateLimited, match="12 of 700 requests are left") as caught:
            await http.read("jobs")
        await http.send_once("POST", "act")
        await http.aclose()
    assert 35 < (caught.value.retry_after_s or 0) <= 41
    assert [got.path for got in server.got] == ["/jobs", "/act"], "a person's key press is not held back"


async def test_a_short_wait_for_a_new_minute_is_waited() -> None:
    low = answer(headers={"ratelimit-limit": "700", "ratelimit-remaining": "0", "ratelimit-reset": "1"})
    async with scripted(low, answer()) as server:
        http = Http("desk", connection(server.url), bearer(secret()), reserve=0.1)
        await http.read("jobs")
        began = time.monotonic()
        await http.read("jobs")
        await http.aclose()
    assert time.monotonic() - began > 0.8


@pytest.mark.parametrize("status", [200, 400, 429, 503])
@pytest.mark.parametrize("value", ["37", "Wed, 31 Dec 2098 23:59:59 GMT"])
async def test_a_retry_after_with_any_status_holds_back_the_next_read(status: int, value: str) -> None:
    async with scripted(answer(b"{}", status, {"Retry-After": value})) as server:
        http = Http("desk", connection(server.url), bearer(secret()))
        try:
            await http.read("jobs")
        except (BackendError, RequestRefused):
            assert status != 200
        with pytest.raises(RateLimited, match="asked to wait"):
            await http.read("jobs")
        await http.aclose()
    assert len(server.got) == 1
