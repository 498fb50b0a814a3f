"""What is said of sources that cannot be heard, where only rules are waited for."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.cli.links import Links
from jobtui.monitor.events import Link, SourceHealth
from tests.cli.conftest import process

DOWN = """
[sources.down]
kind = "nextspace"
url = "http://127.0.0.1:9"
token = { env = "PATH" }
"""


def of(link: Link, error: str | None = None, **more: int | bool) -> SourceHealth:
    return SourceHealth("tiles", link, error=error, **more)  # type: ignore[arg-type]


def test_a_link_is_told_once_until_it_changes() -> None:
    links = Links()
    lost = of(Link.OFFLINE, "cannot connect")
    told = [
        links.news(health)
        for health in (
            of(Link.STARTING),
            of(Link.LIVE, jobs=3),
            of(Link.LIVE, jobs=4),
            of(Link.SLOW, jobs=4),
            lost,
            lost,
            of(Link.LIVE, jobs=5, has_list=False),
        )
    ]
    assert [line and line.split(maxsplit=1)[1] for line in told] == [
        None,
        "tiles  live, 3 jobs",
        None,
        None,
        "tiles  offline: cannot connect",
        None,
        "tiles  live, 5 jobs, no list: ids on watch only",
    ]


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes of a test; none outlives it."""
    running: list[subprocess.Popen[str]] = []
    yield running
    for each in running:
        each.kill()
        each.communicate()


def test_a_watch_for_rules_says_which_source_is_lost_and_when_it_is_back(
    started: list[subprocess.Popen[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # what is killed leaves its files

    def served(*argv: str) -> dict[str, str]:
        started.append(process("demo", "--serve", *argv))
        assert started[-1].stdout is not None
        return dict(json.loads(started[-1].stdout.readline()))

    ready = served()
    config = tmp_path / "config.toml"
    config.write_text(Path(ready["config"]).read_text() + DOWN)
    config.chmod(0o600)
    watch = process("--config", str(config), "watch", "--rule", "fails", "--timeout", "90s")
    started.append(watch)
    assert watch.stderr is not None
    said: list[str] = []

    def hears(*texts: str) -> None:
        """Read what is said until all of these were; the time limit of the watch ends it otherwise."""
        assert watch.stderr is not None
        wanted = set(texts)
        while wanted:
            line = watch.stderr.readline()
            assert line, f"never said {wanted}, only {said}"
            said.append(line)
            wanted -= {text for text in wanted if text in line}

    hears("armed: any job fails", "down  offline: cannot connect", "tiles  live, ", "field  live, ")
    started[0].kill()
    started[0].wait()
    hears("tiles  offline: ", "field  offline: ")
    served("--port", ready["url"].rpartition(":")[2])
    hears("tiles  live, ", "field  live, ")
    assert sum("down  " in line for line in said) == 1, "what goes on is not said again"
