"""Pasted addresses: only those of this very workflow item are ours."""

from __future__ import annotations

import pytest

from jobtui.backends.arcgis.addresses import job_address, target_of
from jobtui.model import JobRef, StepRef, Target

ROOT = "https://workflow.example.com/acme-org/0f3c"
JOB = JobRef("field", "Qm7x")


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (f"{ROOT}/jobs/Qm7x", JOB),
        (f"  {ROOT}/jobs/Qm7x/  ", JOB),
        ("https://WORKFLOW.example.com:443/acme-org/0f3c/jobs/Qm7x", JOB),
        (f"{ROOT}/jobs/Qm7x?token=abc&f=json", JOB),
        (f"{ROOT}/jobs/Qm7x/action", JOB),
        (f"{ROOT}/jobs/Qm7x/history", JOB),
        (f"{ROOT}/jobs/Qm7x/s-3", StepRef(JOB, "s-3")),
        (f"{ROOT}/jobs/a%2Fb", JobRef("field", "a/b")),
        ("https://workflow.example.com/app/?itemId=0f3c&jobId=Qm7x", JOB),
        ("https://workflow.example.com/app/?itemId=0f3c&jobid=Qm7x&stepId=s-3", StepRef(JOB, "s-3")),
        ("https://workflow.example.com/acme-org/0f3c/app#/work?jobId=Qm7x", JOB),
        # Not ours, or no job.
        (f"{ROOT}/jobs", None),
        (f"{ROOT}/jobs/search", None),
        (f"{ROOT}/diagrams/d-1", None),
        ("https://workflow.example.com/acme-org/other/jobs/Qm7x", None),
        ("https://workflow.example.com/app/?itemId=other&jobId=Qm7x", None),
        ("https://workflow.example.com/app/?jobId=Qm7x", None),
        ("https://workflow.example.com:8443/acme-org/0f3c/jobs/Qm7x", None),
        ("http://workflow.example.com/acme-org/0f3c/jobs/Qm7x", None),
        ("https://elsewhere.example.com/acme-org/0f3c/jobs/Qm7x", None),
        ("https://[nonsense/acme-org/0f3c/jobs/Qm7x", None),
        ("https://workflow.example.com:port/acme-org/0f3c/jobs/Qm7x", None),
        ("field:Qm7x", None),
        ("Qm7x", None),
        ("", None),
    ],
)
def test_an_address_names_a_target_only_below_our_root(address: str, target: Target | None) -> None:
    assert target_of("field", ROOT, address) == target


def test_the_address_of_a_job_leads_back_to_it() -> None:
    assert target_of("field", ROOT, job_address(f"{ROOT}/", "a%2Fb")) == JobRef("field", "a/b")


def test_a_root_of_enterprise_has_its_word_once() -> None:
    root = "https://gis.example.com/webadaptor/workflow/0f3c"
    assert job_address(root, "Qm7x") == f"{root}/jobs/Qm7x"
    assert target_of("field", root, f"{root}/jobs/Qm7x") == JOB
