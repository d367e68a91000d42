"""Serving an application on a port of this machine, in this thread or beside it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from core.errors import UsageError

STOP_S = 5
BESIDE_STOP_S = 1
"""What goes on beside has little to lose, and the daemon has promised to end within 10 s."""


def listening(bind: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. Raises UsageError."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    try:
        return socket.create_server((bind, port), family=family)
    except OSError as error:
        raise UsageError(f"{bind} port {port} cannot be listened on: {error.strerror or error}") from error


def server(application: Any) -> Any:
    """Return a server of an ASGI application: `run(sockets=[...])` serves until it is told to stop."""
    import uvicorn

    config = uvicorn.Config(
        application,
        ws="none",
        # Warnings are of what others send, a line for each: whoever reaches the port could fill a disk with them.
        log_level="error",
        access_log=False,
        server_header=False,
        limit_concurrency=200,
        timeout_graceful_shutdown=STOP_S,
    )
    return uvicorn.Server(config)


@contextmanager
def served_beside(application: Any, bind: str, port: int) -> Iterator[None]:
    """Serve in a thread meanwhile; what goes wrong in it ends that thread alone. Raises UsageError."""
    with listening(bind, port) as listener:
        serving = server(application)
        thread = Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            serving.should_exit = True
            thread.join(BESIDE_STOP_S)
