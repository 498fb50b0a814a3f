"""Config → backends → Journal → Monitor → screen or command; the only module that knows every layer."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jobtui import collecting, paths, snapshot
from jobtui.backends.base import Backend
from jobtui.backends.registry import make_backend
from jobtui.config import Config, load, wanted_keys
from jobtui.display import Display, Wishes, display_of
from jobtui.errors import ConfigError, JournalError, UsageError
from jobtui.journal.journal import Journal
from jobtui.journal.stand_in import StandIn
from jobtui.layout_file import LayoutFile
from jobtui.model import Target
from jobtui.outlet import Outlet, takes_links
from jobtui.ringing import Ringing, ringing_of
from jobtui.rules_file import RulesFile
from jobtui.screen_file import ScreenFile
from jobtui.text import plain

if TYPE_CHECKING:  # who only looks into the journal needs none of it
    from jobtui.monitor.events import Publish
    from jobtui.monitor.monitor import Monitor
    from jobtui.tui.app import JobtuiApp
    from jobtui.tui.keymap import Key

__all__ = [
    "load_config",
    "load_keys",
    "make_monitor",
    "open_journal",
    "open_memory",
    "open_monitor",
    "run_first_run",
    "run_screen",
]


def load_config(given: str | None) -> Config:
    """Read the configuration given, or else the one in force. Raises NoConfig, ConfigError."""
    return load(paths.config_file(given))


def load_keys(config: Path) -> tuple[tuple[Key, ...], list[ConfigError]]:
    """Read the keys beside a configuration: the table in force, and what of ``keys.toml`` cannot be."""
    from jobtui.tui.rebinding import rebound

    wanted = wanted_keys(config)
    made = rebound(wanted.keys)
    faults = [wanted.error(action, sentence) for action, sentence in made.faults.items()]
    return made.keys, [*wanted.errors, *faults]


@contextmanager
def open_journal(config: Config) -> Iterator[Journal]:
    """Open the journal that goes with a configuration. Raises JournalError."""
    journal = Journal(paths.journal_file(config.path))
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def open_memory(config: Config) -> Iterator[Journal]:
    """Open the journal that goes with a configuration, else what stands in for it: watching never waits for a
    disk. Its notice says so."""
    path = paths.journal_file(config.path)
    try:
        journal = Journal(path)
    except JournalError as error:
        journal = StandIn(path, str(error))
    try:
        yield journal
    finally:
        journal.close()


@asynccontextmanager
async def open_monitor(
    config: Config,
    *,
    only: Sequence[str] = (),
    publish: Publish | None = None,
    read_only: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Monitor]:
    """Give a monitor over the sources of a configuration, not started; stopped on the way out.

    ``only`` names the sources wanted, all when empty; ``say`` is told what ails the journal. Raises
    UsageError for an unknown source, ConfigError for a broken one.
    """
    with open_memory(config) as journal:
        if journal.notice:
            say(journal.notice)
        monitor = make_monitor(config, journal, only=only, publish=publish, read_only=read_only)
        try:
            yield monitor
        finally:
            await monitor.stop()


def make_monitor(
    config: Config,
    journal: Journal,
    *,
    only: Sequence[str] = (),
    publish: Publish | None = None,
    read_only: bool = False,
) -> Monitor:
    """Make a monitor; sources that cannot be used stay visible in it as broken, and stop no other."""
    # Deferred for start-up, as above.
    from jobtui.monitor.delivery import Manner
    from jobtui.monitor.monitor import Monitor

    # A source asked for by name is needed: what is wrong with it is then an error.
    wanted = [config.source(name) for name in dict.fromkeys(only)] or config.good
    broken = {} if only else {entry.name: str(entry.error) for entry in config.broken}
    backends: dict[str, Backend] = {}
    for entry in wanted:
        try:
            backends[entry.name] = make_backend(entry.source, config.connection(entry.name))
        except UsageError as error:
            if only:
                raise
            broken[entry.name] = str(error)
    monitor = Monitor(
        [entry.source for entry in wanted if entry.name in backends],
        backends,
        journal,
        publish=publish,
        read_only=read_only,
        who=who_am_i(),
        broken=broken,
    )
    manner = Manner(config.alerts.quiet, config.alerts.again)
    monitor.alarms.use(config.alerts.commands, config.secret_variables(), manner)
    return monitor


def arm_rules(monitor: Monitor, config: Config) -> str | None:
    """Arm the rules of the configuration and those armed at the screen; gives what is wrong with these."""
    from jobtui.monitor.armed import Origin

    kept = RulesFile(paths.rules_file(config.path))
    troubles: list[str] = []
    for origin, rules in ((Origin.CONFIG, config.alerts.rules), (Origin.SCREEN, tuple(kept.read()))):
        for rule in rules:
            try:
                # One of a single job that is still kept has not told yet, whatever has become of the job.
                monitor.alarms.arm(rule, origin, tells_present=origin is Origin.SCREEN and rule.is_once)
            except UsageError as error:
                troubles.append(str(error))
    monitor.alarms.keep = kept.keep
    return kept.notice or next(iter(troubles), None)


def ringing(config: Config) -> Ringing:
    """Say how alerts are brought to the terminal, as the configuration wants and the terminal can."""
    alerts = config.alerts
    return ringing_of(alerts.notify, os.environ, passthrough=alerts.passthrough, title=alerts.title)


def run_screen(
    config: Config,
    *,
    only: Sequence[str] = (),
    select: Target | None = None,
    notice: str | None = None,
    read_only: bool = False,
    ascii_only: bool = False,
    no_color: bool = False,
    mouse: str | None = None,
    at: datetime | None = None,
) -> None:
    """Run the screen until it is left; raises what it crashed of, the terminal given back before."""
    # Textual takes even an empty NO_COLOR as set, and removes it; no-color.org wants it not empty, and
    # whatever a credential command starts should still see it.
    collecting.pause()
    display = display_of(config.screen, mouse, os.environ)
    given = os.environ.pop("NO_COLOR", None)
    for size in ("COLUMNS", "LINES"):
        # What was exported is how large the terminal was then: it would go before every change of its size.
        os.environ.pop(size, None)
    with _drawn_as(display):
        # Deferred for start-up: only the screen needs Textual.
        from jobtui.tui.app import JobtuiApp

    with open_memory(config) as journal:

        def monitor_for(publish: Publish) -> Monitor:
            monitor = make_monitor(config, journal, only=only, publish=publish, read_only=read_only)
            if wrong := arm_rules(monitor, config):
                wrong_rules.append(wrong)
            return monitor

        wrong_rules: list[str] = []
        layouts = LayoutFile(paths.layout_file(config.path))
        layout = layouts.read()
        keys, wrong_keys = load_keys(config.path)
        ails = (journal.notice, layouts.notice, *map(str, wrong_keys))
        app = JobtuiApp(
            monitor_for,
            select=select,
            theme=_theme(config, only) or layout.theme or config.theme,
            notice=next((plain(said) for said in ails if said), notice),
            ascii_only=ascii_only or config.screen.glyphs == "ascii",
            no_color=no_color or bool(given),
            layout=layout,
            keep=layouts.keep,
            keys=keys,
            own_themes=paths.themes_folder(config.path),
        )
        app.outlet, app.opens_at, app.ringing = outlet_of(config), at, ringing(config)
        app.say_first(wrong_rules)
        if given is not None:
            os.environ["NO_COLOR"] = given
        app.display_as = display
        if not display.diff:
            app.cells.switch_off()
        _begin_with_last(app)
        app.run(mouse=display.mouse)
        collecting.go_on()
        if app.crash is not None:
            raise app.crash
        if app.last_screen is not None:
            app.last_screen.keep()


def _begin_with_last(app: JobtuiApp) -> None:
    """Begin with the last screen where it stands, and keep this one for the next start."""
    wanted = snapshot.wanted()
    if wanted is not None:
        app.begin_with_last(ScreenFile(wanted).keep, stands=snapshot.stands())


@contextmanager
def _drawn_as(display: Display) -> Iterator[None]:
    """Have Textual, which reads both once when it is loaded, draw so many frames and colours."""
    wanted = {"TEXTUAL_FPS": display.frames, "TEXTUAL_COLOR_SYSTEM": display.colours}
    ours = {
        name: str(value) for name, value in wanted.items() if value is not None and name not in os.environ
    }
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del os.environ[name]


def outlet_of(config: Config) -> Outlet:
    """Say how what is on the screen may leave it, as the configuration wants and the terminal can."""
    share, hidden = config.share, config.secret_variables()
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    links = share.links == "on" or (share.links == "auto" and takes_links(environment))
    return Outlet(share.folder, links, share.copy == "tmux", environment)


def run_first_run(config: Path, *, ascii_only: bool = False, no_color: bool = False) -> str | None:
    """Show the card that sets a first source up; ``ready``, ``demo`` or None. Raises what it crashed of."""
    snapshot.give_back()
    display = display_of(Wishes(), None, os.environ)
    with _drawn_as(display):
        # Deferred for start-up: only a screen needs Textual.
        from jobtui.adding import NewSource
        from jobtui.tui.first_run import FirstRunApp

    app = FirstRunApp(NewSource(config), ascii_only=ascii_only, no_color=no_color)
    ended = app.run(mouse=display.mouse)
    if app.crash is not None:
        raise app.crash
    return ended


def _theme(config: Config, only: Sequence[str]) -> str | None:
    """Give the theme of the one source that is shown, if it has one of its own."""
    shown = [entry for entry in config.good if entry.name in only or not only]
    return shown[0].theme if len(shown) == 1 else None


def who_am_i() -> str:
    """Name the person and machine for the journal; harmless text, never empty."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = f"uid {os.getuid()}"
    return plain(f"{user}@{socket.gethostname()}", limit=200)
