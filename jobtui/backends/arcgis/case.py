"""A request beside what is known of its job: what each rule is given. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from jobtui.backends.arcgis.meant import steps_meant
from jobtui.model import Control, ControlRequest, JobDetail, JobRef, Step


class Case(Struct, frozen=True):
    """One request and what is known of its job."""

    request: ControlRequest
    detail: JobDetail
    now: datetime

    @property
    def control(self) -> Control:
        return self.request.control

    @property
    def steps(self) -> list[Step]:
        return steps_meant(self.request, self.detail)

    @property
    def own(self) -> JobRef:
        return self.detail.job.ref


Rule = Callable[[Case], Iterable[str]]
"""Gives the reasons that it finds, in words."""
