"""What is told of an installation, without asking anybody and without a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import Cli


def test_a_sound_installation_is_described_whole(cli: Cli, demo: DemoServer, config: Path) -> None:
    before = len(demo.requests)
    ran = cli("doctor", "--json")
    assert ran.code == 0
    assert ran.json["problems"] == []
    assert {source["source"] for source in ran.json["sources"]} == {"tiles", "desk", "field"}
    assert ran.json["versions"]["jobtui"]
    rights = {file["what"]: file["rights"] for file in ran.json["files"]}
    assert rights["configuration"] == "-rw-------"
    assert len(demo.requests) == before, "no server was asked"
    tokens = [demo.sources[kind]["token"] for kind in ("nextspace", "zendesk", "arcgis")]
    assert not any(token in ran.out for token in tokens)
    assert cli("doctor").out.count("\n") > 10


def test_what_is_wrong_is_named(run: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://user:proxy-password@proxy.example:3128")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/own.pem")
    path = tmp_path / "config.toml"
    path.write_text('version = 1\n[sources.a]\nkind = "zendesk"\nurl = "nonsense"\n')
    ran = run("--config", str(path), "doctor")
    assert ran.code == 2
    assert "PROBLEM: " in ran.out
    assert "proxy settings in the environment: HTTPS_PROXY\n" in ran.out
    assert "certificates named in the environment: SSL_CERT_FILE\n" in ran.out
    assert "proxy-password" not in ran.out + ran.err


def test_without_a_configuration_the_rest_is_still_told(run: Cli, tmp_path: Path) -> None:
    ran = run("--config", str(tmp_path / "none.toml"), "doctor", "--json")
    assert ran.code == 2
    assert ran.json["sources"] == []
    assert len(ran.json["problems"]) == 1
