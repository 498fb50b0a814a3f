"""The time in a job status's message, the only place that Zendesk tells one. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from jobtui.backends.lenient import time_of

_ISO = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?: ?(?:Z|[+-]\d\d:?\d\d))?", re.ASCII)
# “Fri Apr 13 02:51:53 +0000 2012”; not strptime, whose month names follow the person's locale.
_OLD = re.compile(r"\b([A-Z][a-z]{2}) (\d\d?) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})\b", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LOOKED_AT = 500


def moment_in(text: str) -> datetime | None:
    """Find the time in “Completed at 2018-03-08 06:07:49 +0000” and its older spelling; None without one."""
    text = text[:_LOOKED_AT]
    if (found := _ISO.search(text)) is not None:
        return time_of(re.sub(r" (?=[+-Z])", "", found.group()[:10] + "T" + found.group()[11:]))
    if (found := _OLD.search(text)) is not None and found.group(1) in _MONTHS:
        month, day, clock, zone, year = found.groups()
        return time_of(f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}T{clock}{zone}")
    return None
