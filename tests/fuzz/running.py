"""Any number of inputs through a target: what was refused by which name, what broke, how slow, how big."""

from __future__ import annotations

import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.fuzz.targets import Target

SLOWEST_MS = 5_000.0
"""Of the processor's time for one input; more is a finding."""


@dataclass
class Report:
    """What a run showed."""

    target: str
    inputs: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    """Errors with a name of ours, as they should be; one input may have several, of several decoders."""
    findings: dict[str, bytes] = field(default_factory=dict)
    """What broke a promise and where, with the first input that did."""
    slowest_ms: float = 0.0
    slowest: bytes = b""

    def __str__(self) -> str:
        named = ", ".join(f"{count} {name}" for name, count in sorted(self.refusals.items())) or "none"
        return (
            f"{self.target}: {self.inputs} inputs; refused by name: {named}; unnamed: {len(self.findings)}; "
            f"slowest {self.slowest_ms:.0f} ms; peak memory {peak_mb():.0f} MB"
        )


def run(name: str, target: Target, inputs: Iterable[bytes]) -> Report:
    """Feed a target; what it raises is noted and the next input taken."""
    report = Report(name)
    for data in inputs:
        report.inputs += 1
        began = time.process_time()
        try:
            report.refusals.update(target(data))
        except Exception as error:  # noqa: BLE001 - every kind is a finding, and none may hide the next
            report.findings.setdefault(_where(error), data)
        took_ms = (time.process_time() - began) * 1_000
        if took_ms > report.slowest_ms:
            report.slowest_ms, report.slowest = took_ms, data
    if report.slowest_ms > SLOWEST_MS:
        report.findings.setdefault(f"{report.slowest_ms:.0f} ms for one input", report.slowest)
    return report


def peak_mb() -> float:
    """Give the most memory this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_048_576 if sys.platform == "darwin" else 1_024)


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name} ({last.filename}:{last.lineno}): {str(error)[:200]!a}"
