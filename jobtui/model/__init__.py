"""Nouns and rules of jobtui: frozen values, no I/O, no clock."""

from jobtui.model.control import (
    Cause,
    Control,
    ControlRequest,
    Effect,
    Outcome,
    Parameters,
    Reason,
    StepOutcome,
    Verdict,
)
from jobtui.model.job import Flag, Hold, HoldKind, Job, JobDetail, Kind, Progress, State, Step
from jobtui.model.message import Cursor, JobMessage, Level, MessagePage
from jobtui.model.refs import JobRef, StepRef, Target, parse_ref
from jobtui.model.secret import Secret, SecretSource
from jobtui.model.source import BADGE_COLOURS, USUAL_BUDGETS, Source

__all__ = [
    "BADGE_COLOURS",
    "USUAL_BUDGETS",
    "Cause",
    "Control",
    "ControlRequest",
    "Cursor",
    "Effect",
    "Flag",
    "Hold",
    "HoldKind",
    "Job",
    "JobDetail",
    "JobMessage",
    "JobRef",
    "Kind",
    "Level",
    "MessagePage",
    "Outcome",
    "Parameters",
    "Progress",
    "Reason",
    "Secret",
    "SecretSource",
    "Source",
    "State",
    "Step",
    "StepOutcome",
    "StepRef",
    "Target",
    "Verdict",
    "parse_ref",
]
