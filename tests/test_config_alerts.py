"""The [alerts] table and the [[rules]]: what to be told of, and how."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jobtui.config import TEMPLATE, load
from jobtui.config.explain import explain
from jobtui.errors import ConfigError
from tests.test_config_share import written

WHOLE = """
[alerts]
quiet = "22:00-07:00"
notify = "osc777"
tmux = "passthrough"
title = true
again = "30m"
[alerts.commands]
pager = ["/usr/bin/page", "--to", "on call"]
chat = "post --channel 'ops room'"
[[rules]]
name = "prod"
when = "fails source:prod"
do = ["bell", "run:pager"]
[[rules]]
when = 'says:"disk (full|quota)" -> notify'
"""


def test_without_either_nothing_is_told_and_the_terminal_is_asked_what_it_takes(tmp_path: Path) -> None:
    alerts = load(written(tmp_path, "version = 1\n")).alerts
    assert (alerts.rules, alerts.quiet, alerts.notify, alerts.title) == ((), None, "auto", False)


def test_rules_commands_and_quiet_hours_are_read(tmp_path: Path) -> None:
    alerts = load(written(tmp_path, WHOLE)).alerts
    assert [str(rule) for rule in alerts.rules] == [
        "fails source:prod -> bell,run:pager",
        'says:"disk (full|quota)" -> notify',
    ]
    assert alerts.rules[0].name == "prod"
    assert (str(alerts.quiet), alerts.notify, alerts.passthrough) == ("22:00-07:00", "osc777", True)
    assert alerts.again == timedelta(minutes=30)
    assert alerts.commands == {
        "pager": ("/usr/bin/page", "--to", "on call"),
        "chat": ("post", "--channel", "ops room"),
    }


def test_what_is_in_force_is_explained_without_the_words_of_commands(tmp_path: Path) -> None:
    told = {
        setting.key: (setting.value, setting.origin) for setting in explain(load(written(tmp_path, WHOLE)))
    }
    assert told["alerts.quiet"] == ('"22:00-07:00"', "config.toml:3")
    assert told["alerts.commands.pager"] == ('"/usr/bin/page"', "config.toml:9")
    assert told["rules.1"][1] == "config.toml:15"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[alerts]\nquit = "22:00-07:00"\n',
            r":2: alerts.quit: unknown key; did you mean “quiet”\?",
        ),
        ('[alerts]\nquiet = "nights"\n', r"config.toml:2: alerts.quiet: “nights” is no span of hours"),
        ('[alerts]\nnotify = "osc8"\n', r"config.toml:2: alerts.notify: unknown value “osc8”"),
        ("[alerts]\ntitle = 1\n", r"config.toml:2: alerts.title: must be true or false"),
        ("[alerts.commands]\npager = []\n", r"config.toml:1: alerts.commands: must not be empty"),
        ("alerts = 3\n", r"config.toml:1: alerts: must be a table"),
        ("rules = 3\n", r"config.toml:1: rules: must be tables: \[\[rules\]\]"),
        (
            '[[rules]]\nwhen="fails"\n[[rules]]\nwhen = "fails ends"\n',
            r":3: rules: rule “fails ends”: ",
        ),
        ('[[rules]]\nwhat = "fails"\n', r"config.toml:1: rules: unknown key “what”"),
        ("[[rules]]\n", r"config.toml:1: rules: needs when"),
        (
            '[[rules]]\nwhen = "fails"\ndo = "email"\n',
            r":1: rules: rule “fails”: “email” is no action",
        ),
        (
            '[[rules]]\nwhen = "fails"\ndo = "run:pager"\n',
            r":1: rules: there is no command “pager”",
        ),
        ('[[rules]]\nwhen = "says:(a"\n', r"config.toml:1: .*never closed"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(written(tmp_path, text))


def test_a_command_in_a_file_that_anybody_may_change_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, '[alerts.commands]\npager = "page"\n')
    path.chmod(0o666)
    with pytest.raises(ConfigError, match="anyone can change this file"):
        load(path)


def test_the_lines_of_the_template_are_right_once_their_sign_is_taken_away(tmp_path: Path) -> None:
    lines = TEMPLATE.splitlines()
    begin = next(number for number, line in enumerate(lines) if line == "# [alerts]")
    end = next(number for number, line in enumerate(lines) if number > begin and not line.startswith("#"))
    alerts = load(written(tmp_path, "\n".join(line.removeprefix("# ") for line in lines[begin:end]))).alerts
    assert [str(rule) for rule in alerts.rules] == ["fails source:tiles -> bell,notify,run:pager"]
    assert (alerts.passthrough, alerts.title) == (True, True)
