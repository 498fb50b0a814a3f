"""Rules without a screen: armed for the jobs named or for all, told as lines or JSON."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import Sequence

from jobtui import documents, wiring
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.links import Links
from jobtui.cli.output import Output
from jobtui.config import Config
from jobtui.insight.alert import Alert, HeldBack
from jobtui.insight.rule_reading import parse_rule
from jobtui.insight.rules import Rule
from jobtui.model import JobRef
from jobtui.monitor.armed import Origin
from jobtui.monitor.events import AlertTrouble, Event, HealthChanged, Publish
from jobtui.monitor.monitor import Monitor


def read(config: Config, texts: Sequence[str]) -> list[Rule]:
    """Read rules, or find those of the configuration that have these names. Raises BadRule."""
    named = {rule.name: rule for rule in config.alerts.rules if rule.name}
    return [named[text] if text in named else parse_rule(text) for text in texts]


def arm(monitor: Monitor, rules: Sequence[Rule], refs: Sequence[JobRef]) -> None:
    """Arm rules for some jobs, or (none named) for all; of jobs named, what is so already is told as well.

    Raises UsageError.
    """
    monitor.alarms.only = frozenset(refs)
    for rule in rules:
        monitor.alarms.arm(rule, Origin.LINE, tells_present=bool(refs))
    if refs and rules:
        monitor.begin_alarms()


def teller(config: Config, out: Output) -> Publish:
    """Make what prints an alert: a JSON document or a line on stdout; bell and notification on stderr."""
    ringing = wiring.ringing(config)

    def tell(event: Event) -> None:
        if isinstance(event, AlertTrouble):
            out.say(event.text)
        if not isinstance(event, Alert | HeldBack):
            return
        if not out.as_json:
            out.line(f"{session.now():%H:%M:%S}  {out.paint('alert', 'yellow')}  {event.text}")
        elif isinstance(event, Alert):
            out.stream(documents.alert_document(event))
        code = ringing.ring(event.do, event.text)
        if code and sys.stderr.isatty():
            sys.stderr.write(code)
            sys.stderr.flush()

    return tell


def _with_links(tell: Publish, out: Output) -> Publish:
    """Say also which sources cannot be heard: a rule stays silent for them, whatever happens there."""
    links = Links()

    def heard(event: Event) -> None:
        if not isinstance(event, HealthChanged):
            tell(event)
        elif (news := links.news(event.health)) is not None:
            out.say(news)

    return heard


async def watch_all(options: Namespace, texts: Sequence[str], out: Output) -> Exit:
    """Watch every job of every source for what rules wait for, until the time is up or for ever."""
    config = session.config_of(options)
    timeout_s = None if options.timeout is None else options.timeout.total_seconds()
    rules = read(config, texts)
    async with session.monitor_of(options, out, _with_links(teller(config, out), out)) as monitor:
        session.refuse_no_source(monitor, options)
        arm(monitor, rules, ())
        for rule in rules:
            out.say(f"armed: {rule.sentence}")
        await monitor.start()
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.Event().wait()
        except TimeoutError:
            await monitor.finish_alarms()
    return Exit.TIMED_OUT
