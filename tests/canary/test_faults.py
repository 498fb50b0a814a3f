"""Whatever goes wrong at the other end, no secret is shown, kept, or sent to anybody else."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from jobtui.demo import faults
from tests.canary.canaries import core_of
from tests.canary.mischief import MISCHIEF
from tests.canary.scene import SOURCE_OF_KIND, Scene, secret, write_private
from tests.cli.conftest import Cli

PROXY_SAYS = ("text says 407", "page says 500", "headers say 401", "service says 403", "redirect 302 bare")


def in_turn(turn: int) -> list[str]:
    """Choose one source of each kind."""
    return [sources[turn % len(sources)] for sources in SOURCE_OF_KIND.values()]


def ask(watched: Cli, turn: int, sources: Iterable[str]) -> None:
    """Ask sources for everything, and one, in turn, for what concerns a job."""
    assert watched("ls", *(word for name in sources for word in ("--source", name))).code != 70
    source = in_turn(turn)[turn % len(SOURCE_OF_KIND)]
    ref = f"{source}:1004"
    control = ("stop", ref, "--step", "s1") if source in SOURCE_OF_KIND["arcgis"] else ("cancel", ref)
    for argv in (("source", "test", source, "--json"), ("show", ref), (*control, "--yes", "--json")):
        assert watched(*argv).code != 70


@pytest.mark.parametrize(("turn", "name"), list(enumerate(faults.FAULTS)))
def test_faults_of_the_demo(watched: Cli, scene: Scene, turn: int, name: str, quick: None) -> None:
    scene.demo.set_faults(name)
    ask(watched, turn, in_turn(turn))
    assert scene.seen_on_the_wire()
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []


@pytest.mark.parametrize(("turn", "name"), list(enumerate(MISCHIEF)))
def test_mischief_of_an_origin(watched: Cli, scene: Scene, turn: int, name: str) -> None:
    evil = scene.origin("evil")
    for origin in scene.wire.origins:
        if origin is not evil:
            origin.answer = MISCHIEF[name](evil.url)
    ask(watched, turn, ())
    assert evil.streams == []
    assert scene.seen_on_the_wire()
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []


@pytest.mark.parametrize("source", ["bearer", "apitoken", "query", "esri", "portal"])
def test_a_secret_within_good_data_is_not_shown_or_kept(
    watched: Cli, scene: Scene, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = "portal-token" if source == "portal" else source
    monkeypatch.setattr(faults, "HOSTILE", f"see https://a.example/x?token={secret(kind)} and so on")
    scene.demo.set_faults("hostile")
    ref = watched("ls", "--source", source, "--json").json[0]["ref"]
    for argv in (["ls"], ["show", ref, "--json"]):
        assert "a.example/x?token=••••" in watched(*argv, "--source", source).out
    watched("logs", ref, "--json")
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []


def test_the_proxy_of_the_environment_gets_its_password_and_nothing_else(
    watched: Cli, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.flock.add("proxy")
    proxy = scene.wire.origin("proxy")
    address = f"http://me:{core_of('proxy')}@127.0.0.1:{proxy.port}"
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, address)
    assert watched("ls").code == 0  # on this machine nobody asks a proxy
    assert proxy.streams == []
    table = "[sources.far]\nkind = 'nextspace'\nurl = 'https://far.example'\ntoken = 'never-to-be-sent'\n"
    for tables in (table, table.replace("https:", "http:") + "insecure = true\n"):
        write_private(scene.config, f"{tables}timeout = '2s'\n")
        for name in PROXY_SAYS:
            proxy.answer = MISCHIEF[name](scene.origin("evil").url)
            assert watched("ls").code in (3, 4)
            assert watched("source", "test").code in (3, 4)
    asked = proxy.requests()
    assert {request.line.partition(b" ")[0] for request in asked} == {b"CONNECT", b"GET"}
    assert all(request.header(b"proxy-authorization") for request in asked)
    encrypted = b"".join(bytes(stream.data) for stream in proxy.streams if stream.data.startswith(b"CONNECT"))
    assert b"never-to-be-sent" not in encrypted
    assert scene.origin("evil").streams == []
    # A credential command may need the proxy, as the user's other commands do.
    assert scene.flock.in_files(scene.home) == []
