"""A small real server on the loopback that answers what a test tells it: for what the demo never does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, object]
"""Status, and a body that is written as JSON (bytes as they are)."""
Decide = Callable[[str, str, object], Answer]
"""Method, path and JSON body of a request to its answer."""
ByQuery = Callable[[str, str, str], Answer]
"""The same with the query, not the body."""


@contextmanager
def picky_server(decide: Decide, by_query: ByQuery | None = None) -> Iterator[str]:
    """Serve while the context lasts; gives the root address of a workflow item."""

    class Door(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = json.loads(self.rfile.read(length)) if length else None
            whole, _, query = self.path.partition("?")
            path = whole.removeprefix("/org/item/")
            status, body = (
                by_query(self.command, path, query) if by_query else decide(self.command, path, asked)
            )
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 - the names that the standard library looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so named upstream
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/org/item"
        finally:
            server.shutdown()
            thread.join(5.0)
