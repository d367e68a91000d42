"""The reading application on a free port of this machine, behind a real server, and a plain client for it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import uvicorn
from fakes.archive import NOW

from web.app import make_app
from web.safety import Guard


@dataclass(frozen=True)
class Answered:
    """What came back. Names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Reading:
    """A running application."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answered:
        """Ask for a path; `sec_fetch_site="none"` is the header `sec-fetch-site`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, quote(path, safe="/?&=%#"), body, named)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answered(response.status, found, response.read())
        finally:
            connection.close()


@contextmanager
def reading(database: Path, guard: Guard | None = None, now: datetime = NOW) -> Iterator[Reading]:
    """Serve a database until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = make_app(database, guard or Guard(), lambda: now)
        server = uvicorn.Server(uvicorn.Config(app, ws="none", log_level="warning", server_header=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Reading(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(10)
