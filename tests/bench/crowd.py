"""A demo of its own that holds just so many open jobs of each kind, at which next to nothing happens.

``python -m tests.bench.crowd N`` says how to reach it, as the demo does, with the ids of the jobs beside, and
serves until its standard input ends.
"""

from __future__ import annotations

import json
import sys

from jobtui.demo import DemoServer, World

_NEARLY_STILL = 0.001
"""World seconds per second: no job ends while somebody looks."""


def _fill(world: World, count: int) -> dict[str, list[str]]:
    actions = [world.add_action(lasts=3_600.0) for _ in range(count)]
    batches = [world.add_batch() for _ in range(count)]
    jobs = [world.add_workflow_job("started") for _ in range(count)]
    return {
        "nextspace": [str(action.action_id) for action in actions],
        "zendesk": [batch.batch_id for batch in batches],
        "arcgis": [job.job_id for job in jobs],
    }


def main(argv: list[str]) -> int:
    """Serve until the standard input ends."""
    with DemoServer(seed=7, scenario="empty", speed=_NEARLY_STILL) as demo:
        ids = _fill(demo.world, int(argv[0]))
        sys.stdout.write(json.dumps({"url": demo.url, "sources": demo.sources, "ids": ids}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
