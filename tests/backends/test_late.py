"""What speaks HTTP is loaded in a thread, whole: a first request loads nothing more while keys wait."""

from __future__ import annotations

import subprocess
import sys

_ASKING = """
import asyncio, sys
from jobtui.backends.late import httpx, load_all
from jobtui.backends.tls import no_trust

async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await asyncio.to_thread(load_all)
    async with httpx.AsyncClient(verify=no_trust(), trust_env=False) as client:
        before = set(sys.modules)
        reply = await client.get(f"http://127.0.0.1:{port}/")
        print(reply.text, *sorted(name for name in set(sys.modules) - before if "." in name))

asyncio.run(main())
"""


def test_a_first_request_loads_no_library() -> None:
    said = subprocess.run([sys.executable, "-c", _ASKING], capture_output=True, check=True, text=True)
    assert said.stdout.split() == ["ok"]
