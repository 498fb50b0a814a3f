"""The ``[alerts]`` table and the ``[[rules]]``: what to be told of, and how."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from msgspec import structs

from jobtui.config import values
from jobtui.config.secrets import Around, words_of
from jobtui.config.shape import Alerts
from jobtui.config.sources import Places
from jobtui.config.values import Wrong, nearest
from jobtui.errors import ConfigError
from jobtui.insight.quiet import QuietHours, parse_quiet
from jobtui.insight.rule_reading import BadRule, parse_actions, parse_rule
from jobtui.insight.rules import RUN, Rule
from jobtui.text import plain

KEYS = ("quiet", "notify", "tmux", "title", "again", "commands")
RULE_KEYS = ("when", "do", "name")
NOTIFY = ("auto", "off", "osc9", "osc777", "osc99")
TMUX = ("plain", "passthrough")


def read_alerts(
    tables: dict[str, object], around: Around, places: Places, wrong: list[ConfigError]
) -> Alerts:
    """Read both; what is wrong with them is added to ``wrong``."""
    alerts, table, rules = Alerts(), tables.get("alerts", {}), tables.get("rules", [])
    if not isinstance(table, dict):
        wrong.append(places.error(("alerts",), "must be a table"))
        table = {}
    for key, value in table.items():
        with _noting(wrong, places, "alerts", key):
            alerts = _with(alerts, key, value, around)
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        wrong.append(places.error(("rules",), "must be tables: [[rules]]"))
        rules = []
    for number, rule in enumerate(rules):
        with _noting(wrong, places, "rules", str(number)):
            alerts = structs.replace(alerts, rules=(*alerts.rules, _rule(rule, alerts)))
    return alerts


@contextmanager
def _noting(wrong: list[ConfigError], places: Places, table: str, key: str) -> Iterator[None]:
    try:
        yield
    except Wrong as error:
        path = (table,) if table == "rules" else (table, key)
        wrong.append(places.error(path, str(error), at=(table, key)))


def _with(alerts: Alerts, key: str, value: object, around: Around) -> Alerts:
    match key:
        case "quiet":
            return structs.replace(alerts, quiet=_quiet(value))
        case "notify":
            return structs.replace(alerts, notify=values.one_of(value, NOTIFY))
        case "tmux":
            return structs.replace(alerts, passthrough=values.one_of(value, TMUX) == "passthrough")
        case "title":
            return structs.replace(alerts, title=values.yes_no(value))
        case "again":
            return structs.replace(alerts, again=timedelta(seconds=values.seconds(value)))
        case "commands":
            return structs.replace(alerts, commands=_commands(value, around))
        case _:
            raise Wrong(f"unknown key{nearest(key, KEYS)}")


def _quiet(value: object) -> QuietHours:
    try:
        return parse_quiet(values.text(value))
    except ValueError as error:
        raise Wrong(plain(str(error))) from None


def _commands(value: object, around: Around) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise Wrong('must be a table such as { pager = ["page", "--loud"] }')
    return {name: tuple(words_of(words, around)) for name, words in value.items()}


def _rule(table: dict[str, object], alerts: Alerts) -> Rule:
    for key in table:
        if key not in RULE_KEYS:
            raise Wrong(f"unknown key “{plain(key)}”{nearest(key, RULE_KEYS)}")
    if "when" not in table:
        raise Wrong('needs when = "…", such as "fails source:prod"')
    name = values.text(table["name"]) if "name" in table else ""
    try:
        rule = parse_rule(values.text(table["when"]), name=name)
        if "do" in table:
            rule = replace(rule, do=parse_actions(_do(table["do"]), f"rule “{plain(rule.condition)}”"))
    except BadRule as error:
        raise Wrong(str(error)) from None
    for do in rule.do:
        command = do.removeprefix(RUN)
        if do.startswith(RUN) and "/" not in command and command not in alerts.commands:
            hint = nearest(command, alerts.commands) if alerts.commands else "; [alerts.commands] has none"
            raise Wrong(f"there is no command “{command}”{hint}")
    return rule


def _do(value: object) -> list[str]:
    words = value if isinstance(value, list) else [value]
    return [word.strip() for one in words for word in values.text(one).split(",") if word.strip()]
