"""Calls the published client python-zendesk in a process of its own and prints what came of it as JSON.

``python python_zendesk.py FOLDER PAGE_SIZE``; where and as whom is in the environment.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any


def ids_by_page(client: Any, size: int) -> list[list[str]]:
    """Read the whole list, page by page."""
    pages: list[list[str]] = []
    answer = client.job_statuses.list_job_statuses(page_size=size)
    while answer is not None:
        pages.append([each.id for each in answer.result.job_statuses])
        answer = answer.next()
    return [page for page in pages if page]


def main(size: int) -> None:
    """List, show, ask for many, and ask for a job that is not there."""
    zendesk = import_module("zendesk")
    errors = import_module("zendesk.errors")
    who = import_module("zendesk.models").Security(
        username=f"{os.environ['EMAIL']}/token", password=os.environ["TOKEN"]
    )
    with zendesk.Zendesk(server_url=os.environ["ENDPOINT"], security=who) as client:
        pages = ids_by_page(client, size)
        first, last = pages[0][0], pages[-1][-1]
        shown = client.job_statuses.show_job_status(job_status_id=first)
        many = client.job_statuses.show_many_job_statuses(ids=f"{first},{last}")
        try:
            client.job_statuses.show_job_status(job_status_id="nobody")
            missing = None
        except errors.APIError as error:
            missing = error.status_code
    found = {"pages": pages, "shown": shown.job_status.id, "missing": missing}
    print(json.dumps({**found, "many": [each.id for each in many.job_statuses]}))  # noqa: T201


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main(int(sys.argv[2]))
