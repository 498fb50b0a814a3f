"""The whole table; ``python -m tests.wire_facts.table`` prints it."""

from __future__ import annotations

from tests.wire_facts.clients import CLIENTS
from tests.wire_facts.job_statuses import JOB_STATUSES
from tests.wire_facts.pending_actions import PENDING_ACTIONS
from tests.wire_facts.workflow_manager import WORKFLOW_MANAGER

FACTS = (*PENDING_ACTIONS, *JOB_STATUSES, *WORKFLOW_MANAGER, *CLIENTS)

if __name__ == "__main__":
    for fact in FACTS:
        print(f"{fact.id}  {fact.text}\n        {fact.test or f'not met: {fact.reason}'}")  # noqa: T201
