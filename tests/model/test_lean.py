"""Texts of a job in which its id stands are held once for all, and are the same texts to whoever asks."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.journal.codec import decode_job, encode
from jobtui.model import Job
from tests.factory import a_job

TEXTS = st.none() | st.text(alphabet="a1/\0", max_size=12)


def held(job: Job, field: str) -> object:
    """Give what a job really holds in a field."""
    return type(job).__dict__[field]._slot.__get__(job)


@given(st.text(alphabet="a1/\0", min_size=1, max_size=3), TEXTS, TEXTS)
def test_any_text_comes_back_as_it_was(job_id: str, url: str | None, dispatch: str | None) -> None:
    job = a_job(job_id, url=url, dispatch=dispatch)
    assert (job.url, job.dispatch) == (url, dispatch)
    assert job == replace(job)


def test_what_stands_around_the_id_is_one_object_for_all_jobs() -> None:
    jobs = [a_job(str(number), url=f"https://host/job/{number}") for number in (7, 81, 934)]
    assert len({id(held(job, "url")) for job in jobs}) == 1
    assert [job.url for job in jobs] == [f"https://host/job/{number}" for number in (7, 81, 934)]


@pytest.mark.parametrize("url", [None, "", "https://host/job/7", "https://host/7/7", "https://host/x"])
def test_a_job_is_copied_pickled_kept_and_compared_as_before(url: str | None) -> None:
    job = a_job("7", url=url)
    for other in (
        replace(job, title=job.title),
        copy.copy(job),
        copy.deepcopy(job),
        pickle.loads(pickle.dumps(job)),  # noqa: S301 - our own
        decode_job(encode(job)),
    ):
        assert other == job
        assert other.url == url
    assert replace(job, url="https://other/7") != job
