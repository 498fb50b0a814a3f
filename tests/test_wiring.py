"""The wiring: what a configuration becomes, and what a broken part of it does not break."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui import paths, wiring
from jobtui.demo import DemoServer
from jobtui.errors import ConfigError, UsageError
from jobtui.model import Control, JobRef
from jobtui.monitor.events import Event, HealthChanged, JobsChanged, Link
from tests.conftest import until


@pytest.fixture
def path(demo: DemoServer, tmp_path: Path) -> Path:
    """The demo's configuration, and a source that cannot be used."""
    config = demo.write_config(tmp_path / "config.toml")
    config.write_text(config.read_text() + '\n[sources.bad]\nkind = "zendsk"\n')
    return config


async def test_a_monitor_watches_the_good_sources_and_shows_the_broken_one(path: Path) -> None:
    events: list[Event] = []
    async with wiring.open_monitor(wiring.load_config(str(path)), publish=events.append) as monitor:
        assert list(monitor.sources) == ["tiles", "desk", "field"]
        assert list(monitor.broken) == ["bad"]
        await monitor.start()
        await until(lambda: {e.source for e in events if isinstance(e, JobsChanged)} >= set(monitor.sources))
        (broken,) = [e.health for e in events if isinstance(e, HealthChanged) and e.health.source == "bad"]
        assert broken.link is Link.OFFLINE
        assert "config.toml" in (broken.error or "")
        assert monitor.health("bad").error == broken.error


async def test_only_the_sources_named_are_watched(path: Path) -> None:
    async with wiring.open_monitor(wiring.load_config(str(path)), only=["desk", "desk"]) as monitor:
        assert list(monitor.sources) == ["desk"]
        assert monitor.broken == {}


@pytest.mark.parametrize(("name", "error"), [("bad", ConfigError), ("dsk", UsageError)])
async def test_a_source_named_has_to_be_there_and_whole(
    path: Path, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        async with wiring.open_monitor(wiring.load_config(str(path)), only=[name]):
            pass


async def test_each_configuration_has_its_own_journal_and_it_is_closed(path: Path) -> None:
    config = wiring.load_config(str(path))
    async with wiring.open_monitor(config) as monitor:
        await monitor.list_jobs("tiles")
    kept = paths.journal_file(path)
    assert kept.stat().st_mode & 0o077 == 0
    with wiring.open_journal(config) as journal:
        assert {job.ref for job in journal.jobs("tiles")} == {job.ref for job in monitor.store}


async def test_read_only_reaches_every_source(path: Path) -> None:
    async with wiring.open_monitor(wiring.load_config(str(path)), read_only=True) as monitor:
        reason = monitor.why_never(Control.CANCEL, JobRef("tiles", "1"))
        assert reason is not None
        assert "read-only" in reason.text


def test_the_person_is_named_even_where_the_system_does_not_know_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert wiring.who_am_i().startswith("uid ")
