"""What stands between us and a server: names, addresses, silence, proxies, versions of the protocol."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest

from jobtui.backends.auth import bearer
from jobtui.backends.base import Connection
from jobtui.backends.http import Http
from jobtui.demo import DemoServer
from jobtui.model import Control, JobRef, Verdict
from jobtui.monitor.events import Link
from tests.backends.conftest import secret
from tests.cli.conftest import Ran
from tests.conftest import until
from tests.faults.conftest import Cli
from tests.monitor.conftest import make_watch

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SECRET = "hidden-word"


@contextmanager
def listening(family: socket.AddressFamily = socket.AF_INET) -> Iterator[socket.socket]:
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        sock.listen(64)
        yield sock


@contextmanager
def answering(reply: bytes) -> Iterator[int]:
    """Answer every connection with the same bytes; with none, accept and say nothing."""
    with listening() as sock:
        kept: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    one, _ = sock.accept()
                except OSError:
                    return
                kept.append(one)
                if reply:
                    one.recv(65_536)
                    one.sendall(reply)
                    one.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield sock.getsockname()[1]
        sock.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for one in kept:
            one.close()


def config_of(path: Path, url: str, more: str = "") -> Path:
    kinds = {"tiles": "nextspace", "desk": "zendesk", "field": "arcgis"}
    where = {"arcgis": f"{url}/acme/0f3c7a51d2b84e6f9a1c5d7e8b2f4a60"}
    own = {"zendesk": 'email = "a@b.example"\n', "arcgis": 'user = "dortiz"\n'}
    path.write_text(
        "version = 1\n"
        + "\n".join(
            f'[sources.{name}]\nkind = "{kind}"\nurl = "{where.get(kind, url)}"\n'
            f'token = "a-token"\ntimeout = "1s"\n{own.get(kind, "")}{more}'
            for name, kind in kinds.items()
        )
    )
    path.chmod(0o600)
    return path


def each_is_one_sentence(ran: Ran, said: str) -> None:
    """Three sources, each named once with its reason, and nothing was reached."""
    assert ran.code == 3, ran
    lines = [line for line in ran.sentences if line.strip()]
    assert len(lines) == 3, lines
    assert all(said in line for line in lines), lines
    assert "Traceback" not in ran.err
    assert SECRET not in ran.out + ran.err


# --- names, addresses, silence ------------------------------------------------------------------------------
UNREACHABLE = {
    "name that does not resolve": ("http://no-such-host.invalid", "there is no host of that name"),
    "refused": ("http://127.0.0.1:1", "connection refused"),
    "network unreachable": ("http://[2001:db8::1]", ""),
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_host_that_cannot_be_reached_is_one_sentence(run: Cli, tmp_path: Path, name: str) -> None:
    url, said = UNREACHABLE[name]
    config = config_of(tmp_path / "config.toml", url, "" if "127.0.0.1" in url else "insecure = true\n")
    ran = run("--config", str(config), "ls")
    each_is_one_sentence(ran, said or "cannot connect to")


def test_a_server_that_accepts_and_never_answers_is_one_sentence(run: Cli, tmp_path: Path) -> None:
    with answering(b"") as port:
        ran = run("--config", str(config_of(tmp_path / "config.toml", f"http://127.0.0.1:{port}")), "ls")
    each_is_one_sentence(ran, "no answer from 127.0.0.1")


NOT_HTTP_1 = {
    "HTTP/2 only": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64",
    "HTTP/2 asked for": b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n"
    b"Content-Length: 0\r\n\r\n",
    "version refused": b"HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n\r\n",
}

NOT_SPOKEN = {
    "HTTP/2 only": "something that is not HTTP/1.1",
    "HTTP/2 asked for": "HTTP 426",
    "version refused": "HTTP 505",
}


@pytest.mark.parametrize("name", NOT_HTTP_1)
def test_a_server_that_wants_another_version_of_the_protocol_is_one_sentence(
    run: Cli, tmp_path: Path, name: str
) -> None:
    with answering(NOT_HTTP_1[name]) as port:
        ran = run("--config", str(config_of(tmp_path / "config.toml", f"http://127.0.0.1:{port}")), "ls")
    each_is_one_sentence(ran, NOT_SPOKEN[name])


async def test_a_name_that_resolves_again_is_live_again(
    demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "url", demo.url.replace("127.0.0.1", "localhost"))
    watch, resolve = make_watch(demo, tmp_path / "journal.db"), socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", _no_name)
    await watch.monitor.start()
    names = list(watch.monitor.sources)
    await until(lambda: all(watch.monitor.health(name).link is Link.OFFLINE for name in names))
    assert "no host of that name" in str(watch.monitor.health("tiles").error)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    watch.monitor.refresh()
    await until(lambda: all(watch.monitor.health(name).link is Link.LIVE for name in names), timeout_s=20)
    await watch.monitor.stop()
    watch.journal.close()


def _no_name(*_args: object, **_options: object) -> list[object]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


async def test_after_a_sleep_connections_that_are_dead_cost_one_time_out_and_not_one_each() -> None:
    """The line is cut without a word: what was open stays silent, what is opened anew is answered."""
    is_cut, opened = False, 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        born_cut = is_cut
        while await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(0.05)
            if is_cut and not born_cut:
                await asyncio.sleep(30)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")

    server = await asyncio.start_server(_quietly(serve), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    http = Http("tiles", Connection(url, {}, {}, timeout_s=0.5), bearer(secret()))
    await asyncio.gather(*(http.read("jobs") for _ in range(6)))
    assert opened == 6, "six lines are kept open"
    is_cut = True
    answers = await asyncio.gather(*(http.read("jobs") for _ in range(3)))
    assert [answer.status for answer in answers] == [200] * 3
    assert (await http.read("jobs")).status == 200
    await http.aclose()
    server.close()


def _quietly(serve: Serve) -> Serve:
    async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.close()

    return quiet


# --- proxies ------------------------------------------------------------------------------------------------
BAD_PROXIES = {
    "socks without its package": {"ALL_PROXY": f"socks5://me:{SECRET}@127.0.0.1:1"},
    "socks by another name": {"ALL_PROXY": f"socks://me:{SECRET}@127.0.0.1:1"},
    "unknown scheme": {"HTTP_PROXY": f"gopher://me:{SECRET}@proxy"},
    "port that is no number": {"HTTP_PROXY": f"http://me:{SECRET}@proxy:port"},
    "port too large": {"http_proxy": f"http://me:{SECRET}@proxy:99999"},
    "half an address": {"http_proxy": f"http://me:{SECRET}@[::1"},
    "nothing there": {"http_proxy": f"http://me:{SECRET}@127.0.0.1:1"},
    "NO_PROXY of nonsense": {"http_proxy": "http://127.0.0.1:1", "NO_PROXY": "[::1, ,,//:x, fe80::/10"},
}


@pytest.mark.parametrize("name", BAD_PROXIES)
def test_a_proxy_of_the_environment_that_cannot_be_used_is_one_sentence_and_never_asked_for_this_machine(
    run: Cli, demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable, value in BAD_PROXIES[name].items():
        monkeypatch.setenv(variable, value)
    config = config_of(tmp_path / "config.toml", "http://jobs.invalid", "insecure = true\n")
    each_is_one_sentence(run("--config", str(config), "ls"), "the proxy that the environment names")
    ours = demo.write_config(tmp_path / "demo.toml")
    ran = run("--config", str(ours), "ls")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1", "gopher://proxy", "http://[::1", "http://127.0.0.1:1"]
)
def test_a_proxy_of_the_configuration_is_asked_for_this_machine_too(
    run: Cli, demo: DemoServer, tmp_path: Path, proxy: str
) -> None:
    config = config_of(tmp_path / "config.toml", demo.url, f'proxy = "{proxy}"\n')
    before = len(demo.requests)
    ran = run("--config", str(config), "ls")
    assert ran.code in (2, 3), ran
    assert len(demo.requests) == before
    assert "proxy" in ran.err or "connection refused" in ran.err


# --- IPv6 ---------------------------------------------------------------------------------------------------
@asynccontextmanager
async def over_ipv6(demo: DemoServer) -> AsyncIterator[str]:
    """Pass connections on from [::1]."""
    port = int(demo.url.rpartition(":")[2])

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(copy(reader, back), copy(there, writer), return_exceptions=True)
        finally:
            back.close()
            writer.close()

    server = await asyncio.start_server(pass_on, "::1", 0)
    async with server:
        yield f"http://[::1]:{server.sockets[0].getsockname()[1]}"


async def test_an_address_in_ipv6_is_watched_listened_to_steered_and_pasted(
    demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with over_ipv6(demo) as url:
        monkeypatch.setattr(demo, "url", url)
        watch = make_watch(demo, tmp_path / "journal.db")
        monitor = watch.monitor
        await monitor.start()
        names = list(monitor.sources)
        await until(lambda: all(monitor.health(name).link is Link.LIVE for name in names), timeout_s=20)
        case = next(job for job in monitor.store.of_source("field") if not job.ended)
        monitor.look_at([case.ref])
        await until(lambda: monitor.health("field").is_told, what="the socket is open")
        for source in names:
            job = monitor.store.of_source(source)[0]
            if job.url:
                assert monitor.target_of(job.url).job == job.ref
        pasted = f"{url}/api/v2/job_statuses/{monitor.store.of_source('desk')[0].ref.job_id}.json"
        assert monitor.target_of(pasted).job.source == "desk"
        ref = JobRef("tiles", str(demo.world.add_action(lasts=6_000).action_id))
        await monitor.read(ref)
        outcome = await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
        assert outcome.verdict is Verdict.ACCEPTED
        await monitor.stop()
        watch.journal.close()
