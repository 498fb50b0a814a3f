"""Every case through the command line: what it prints is harmless, and its JSON is JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Ran, run
from tests.hostile.corpus import text_cases
from tests.hostile.harmless import harm_in, strings_in
from tests.hostile.server import PACKED, World, serving, tag, write_config

__all__ = ["run"]
_SOURCES = ("tiles", "desk", "field")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The configuration of a server that says every text of the corpus."""
    texts = [case.text for case in text_cases()]
    with serving(World(texts)) as url:
        yield write_config(tmp_path_factory.mktemp("hostile") / "config.toml", url)


@pytest.fixture
def cli(run: Cli, config: Path) -> Cli:
    return lambda *argv: run("--config", str(config), *argv)


def _names(found: list[str]) -> list[str]:
    """Say which cases a piece of output is of, beside what is wrong with it."""
    cases = text_cases()
    named = []
    for each in found:
        tags = {case.name for number, case in enumerate(cases) if tag(number) in each}
        named.append(f"{sorted(tags)[:3]}: {each}")
    return named


def _harms(ran: Ran) -> list[str]:
    lines = [*ran.out.split("\n"), *ran.err.split("\n")]
    return _names([f"{harm} on the line {line[:40]!a}" for line in lines if (harm := harm_in(line))])


def _harms_in_json(ran: Ran) -> list[str]:
    documents = [json.loads(ran.out)] if ran.out.startswith(("[", "{")) else []
    assert documents, ran.err
    return _names([harm for text in strings_in(documents) if (harm := harm_in(text))]) + _harms(ran)


def _count(text: str) -> int:
    return sum(tag(number) in text for number in range(len(text_cases())))


def test_ls_prints_every_title_on_one_harmless_line(cli: Cli) -> None:
    ran = cli("ls", "--limit", "1000")
    assert ran.code == 0, ran.err
    assert _harms(ran) == []
    assert _count(ran.out) == len(text_cases())
    assert len(ran.out.splitlines()) <= len(text_cases()) + 10


def test_ls_prints_json_without_a_raw_control_code(cli: Cli) -> None:
    ran = cli("ls", "--limit", "1000", "--json")
    assert _harms_in_json(ran) == []
    assert _count(ran.out) == len(text_cases())


@pytest.mark.parametrize("source", _SOURCES)
def test_show_prints_every_step_hold_and_result_harmlessly(cli: Cli, source: str) -> None:
    ran = cli("show", f"{source}:{PACKED}")
    assert ran.code == 0, ran.err
    assert _harms(ran) == []
    assert _count(ran.out) > 300
    assert _harms_in_json(cli("show", f"{source}:{PACKED}", "--json")) == []


@pytest.mark.parametrize("source", ["tiles", "field"])
def test_logs_print_every_message_harmlessly(cli: Cli, source: str) -> None:
    ran = cli("logs", f"{source}:{PACKED}", "--level", "debug")
    assert ran.code == 0, ran.err
    assert _harms(ran) == []
    assert _count(ran.out) == len(text_cases())
    assert _harms_in_json(cli("logs", f"{source}:{PACKED}", "--json")) == []


def test_watch_prints_each_change_on_one_harmless_line(cli: Cli) -> None:
    refs = [f"{_SOURCES[number % 3]}:{1000 + number}" for number in range(0, len(text_cases()), 9)]
    ran = cli("watch", *refs, "--timeout", "60s")
    assert _harms(ran) == []
    assert len(ran.out.splitlines()) == len(refs)


def test_refusals_are_told_audited_and_exported_harmlessly(cli: Cli, tmp_path: Path) -> None:
    for _ in range(8):
        ran = cli("cancel", f"tiles:{PACKED}", "--yes")
        assert ran.code == 6, ran.err
        assert _harms(ran) == []
        assert _harms(cli("finish", f"field:{PACKED}", "--step", "s-0", "--yes", "--json")) == []
    assert _harms(cli("audit")) == []
    assert _harms_in_json(cli("audit", "--json")) == []
    exported = cli("journal", "export")
    assert exported.code == 0, exported.err
    lines = exported.out.splitlines()
    assert len(lines) >= 8
    texts = [text for line in lines for text in strings_in(json.loads(line))]
    assert [harm for line in (*lines, *texts) if (harm := harm_in(line))] == []
