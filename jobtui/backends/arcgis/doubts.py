"""Why a control may come to nothing: said to the person, who decides; the server has the last word. Pure.

Source: the project's notes on the REST API, 4.5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jobtui.backends.arcgis.case import Case, Rule
from jobtui.backends.arcgis.meant import asks, is_running, releasable
from jobtui.backends.arcgis.words import name_of, step_named
from jobtui.model import Control

ON_CURRENT = frozenset({Control.RUN, Control.FINISH, Control.STOP, Control.CANCEL})
"""What only a current step can be asked."""
_ASSIGNEE_ONLY = ON_CURRENT | {Control.SET_CURRENT, Control.REFRESH}


def _somebody_elses(case: Case) -> Iterable[str]:
    if case.control not in _ASSIGNEE_ONLY:
        return
    steps = case.detail.current_steps() if case.control is Control.SET_CURRENT else case.steps
    for step in steps:
        if step.current and step.is_mine is False and step.assigned_to is not None:
            yield f"{step_named(step)} is assigned to {name_of(step.assigned_to)}"


def _not_running(case: Case) -> Iterable[str]:
    if case.control in (Control.STOP, Control.CANCEL):
        for step in case.steps:
            if step.current and not is_running(step):
                yield f"{step_named(step)} is not known to be running"


def _runs_already(case: Case) -> Iterable[str]:
    if case.control is Control.RUN:
        for step in filter(is_running, case.steps):
            yield f"{step_named(step)} {'waits for an answer' if asks(step) else 'is running already'}"


def _not_automatic(case: Case) -> Iterable[str]:
    if case.control is Control.REFRESH:
        for step in case.steps:
            if step.automatic is False:
                yield f"{step_named(step)} is not an automatic step: its status is not fetched from elsewhere"


def _current_already(case: Case) -> Iterable[str]:
    if case.control is Control.SET_CURRENT:
        for step in case.steps:
            if step.current:
                yield f"{step_named(step)} is current already"


def _told_off(case: Case) -> Iterable[str]:
    """The flags are said to be what a person may be offered; the server judges again when it is asked."""
    for step in case.steps:
        if case.control in step.told_off:
            yield f"the server said that {step_named(step)} cannot be {_DONE[case.control]} now"


_DONE = {
    Control.STOP: "stopped",
    Control.CANCEL: "cancelled",
    Control.FINISH: "finished",
    Control.REFRESH: "refreshed",
}


def _hooked(case: Case) -> Iterable[str]:
    if case.control is Control.RELEASE:
        for hold in releasable(case.request, case.detail, case.now):
            if hold.hook is not None:
                yield f"{name_of(hold.hook)} may be all that releases it: no release that we know names one"


DOUBTS: Sequence[Rule] = (
    _somebody_elses,
    _not_running,
    _runs_already,
    _told_off,
    _not_automatic,
    _hooked,
    _current_already,
)
"""In the order of their weight."""
