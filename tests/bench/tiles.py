"""A list of Pending Actions and nothing else: quick enough not to be what is measured.

``python -m tests.bench.tiles N`` says where it serves N open jobs, and serves until its standard input ends.
Each time that the beginning of the list is asked for, one job of a hundred has moved, anywhere in the list.
All take their turns, and none has been still for long: nothing ever stalls, whatever time measuring takes.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from urllib.parse import parse_qs, urlsplit

SHARE = 0.01
"""Of the jobs, those that have moved from one asking to the next."""
_WORDS = ("Update tiles", "Import terrain", "Export entities", "Build index", "Convert model", "Clean up")
_USERS = ("u-7c1e", "u-2b90", "u-91fa", "u-04d3")
_APPLICATIONS = ("ASSEMBLY", "TILER", "IMPORTER")


class List:
    """The rows as they go over the wire, newest first."""

    def __init__(self, count: int) -> None:
        self._dice = random.Random(7)
        self._began = datetime.now(UTC) - timedelta(hours=1)
        self._progress = [self._dice.randrange(1, 60) for _ in range(count)]
        self._moved = [datetime.now(UTC) - timedelta(seconds=self._dice.random()) for _ in range(count)]
        self._turns = cycle(self._dice.sample(range(count), count))
        self._was_asked = False
        self._rows = [self._row(place) for place in range(count)]

    def page(self, start: int, amount: int) -> bytes:
        """Write one page; the first of a list moves what moves."""
        if start == 0 and amount > 1:
            self._move()
        total = b',"TotalCount":%d' % len(self._rows) if start == 0 else b""
        return b'{"Items":[' + b",".join(self._rows[start : start + amount]) + b"]" + total + b"}"

    def _move(self) -> None:
        if not self._was_asked:
            self._was_asked = True
            return
        for place in islice(self._turns, max(1, int(len(self._rows) * SHARE))):
            self._progress[place] = min(99, self._progress[place] + 1)
            self._moved[place] = datetime.now(UTC)
            self._rows[place] = self._row(place)

    def _row(self, place: int) -> bytes:
        number = 900_000 - place
        created = self._began - timedelta(seconds=place)
        row = {
            "ID": number,
            "CreatedBy.Application": _APPLICATIONS[number % 3],
            "CreatedByUser.ID": _USERS[number % 4],
            "Result": {},
            "Progress": self._progress[place],
            "Description": f"{_WORDS[number % 6]} of area {number % 977}, sheet {number}",
            "Status": "IN_PROGRESS",
            "Created": created.isoformat(timespec="milliseconds"),
            "Updated": self._moved[place].isoformat(timespec="microseconds"),
            "JobName": f"bruce-job-{number}",
        }
        return json.dumps(row).encode()


async def _serve(listed: List, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            query = parse_qs(urlsplit(head.split(b" ", 2)[1].decode()).query)
            body = listed.page(int(query.get("StartIndex", ["0"])[0]), int(query.get("Amount", ["50"])[0]))
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            )
            writer.write(body)
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()


async def _main(count: int) -> None:
    listed = List(count)
    server = await asyncio.start_server(lambda *streams: _serve(listed, *streams), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}", "sources": {}}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(os.read, 0, 1)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
