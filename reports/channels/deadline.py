"""The longest time for one talk with a receiver: timeouts alone bound each silence, not a byte every few seconds."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, socket
from threading import Timer


@contextmanager
def deadline(line: socket, seconds: float) -> Iterator[None]:
    """Shut a connection down after so long; who still reads from it then gets an end or an OSError."""

    def end() -> None:
        with suppress(OSError):
            # Of the plain connection below TLS: its own would take the keys from under a reader.
            socket.shutdown(line, SHUT_RDWR)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
