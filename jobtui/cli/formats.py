"""The list of jobs in the formats that scripts, spreadsheets and documents want."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.cli import plain
from jobtui.cli.output import Output, width
from jobtui.documents import Document
from jobtui.insight.export import JOB_COLUMNS, csv_of, picture

_PICTURE_WIDTH = 160


def print_jobs(described: Sequence[Document], output: str | None, now: datetime, out: Output) -> None:
    """Print documents of jobs in a format; None is what the rest of the command line says."""
    if output == "json" or (output is None and out.as_json):
        out.document(described)
    elif output == "csv":
        out.lines(csv_of(JOB_COLUMNS, described).splitlines())
    elif output == "svg":
        out.line(_picture(plain.job_table(described, now, Output(), _PICTURE_WIDTH)))
    else:
        out.lines(plain.job_table(described, now, out, width()))


def _picture(lines: Sequence[str]) -> str:
    # Deferred for start-up: only a picture needs them.
    import io

    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, file=io.StringIO(), width=_PICTURE_WIDTH, force_terminal=True)
    for line in lines:
        console.print(Text(line), soft_wrap=True)
    return picture(console.export_svg(title="jobtui ls"))
