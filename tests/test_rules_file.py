"""The file of the rules armed at the screen: private, whole, and shared by two screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.insight.rule_reading import parse_rule
from jobtui.rules_file import RulesFile


def _file(folder: Path) -> Path:
    return folder / "state" / "journal.rules.json"


def test_what_is_kept_is_read_at_the_next_start_and_is_private(tmp_path: Path) -> None:
    rules = [parse_rule('says:"disk (full|quota)" -> bell'), parse_rule("job:tiles:1 ends -> notify")]
    RulesFile(_file(tmp_path)).keep(rules)
    assert [str(rule) for rule in RulesFile(_file(tmp_path)).read()] == [str(rule) for rule in rules]
    assert _file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_two_screens_do_not_lose_each_others_rules(tmp_path: Path) -> None:
    one, other = RulesFile(_file(tmp_path)), RulesFile(_file(tmp_path))
    a, b, c = (parse_rule(f"job:tiles:{number} ends") for number in (1, 2, 3))
    one.keep([a])
    assert other.read() == [a]
    other.keep([a, b])
    one.keep([c])
    assert RulesFile(_file(tmp_path)).read() == [b, c]


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "[1]", "[" * 100_000])
def test_a_damaged_file_is_said_and_set_aside_at_the_next_keeping(tmp_path: Path, content: str) -> None:
    path = _file(tmp_path)
    path.parent.mkdir()
    path.write_text(content)
    file = RulesFile(path)
    assert file.read() == []
    assert "damaged" in (file.notice or "")
    file.keep([parse_rule("fails")])
    assert len(RulesFile(path).read()) == 1
    assert path.with_suffix(".broken").read_text() == content


def test_a_rule_that_can_no_longer_be_read_is_said_and_stays_in_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path)
    path.parent.mkdir()
    path.write_text('["fails -> shout", "ends -> bell"]')
    file = RulesFile(path)
    assert [str(rule) for rule in file.read()] == ["ends -> bell"]
    assert "shout" in (file.notice or "")
    file.keep([])
    assert path.read_text().split() == ["[", '"fails', "->", 'shout"', "]"]
