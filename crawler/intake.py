"""Bounds what answers bring into memory: the head of each, and how many large bodies arrive at once."""

from collections import deque
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

MOST_HEAD_BYTES = 128 * 1024
"""Twisted reads 64 KiB at a time, and takes 38 ms for so many short lines, 73 for twice as many."""
LARGE_BYTES = 1024 * 1024
MOST_LARGE = 2
"""Of a body of 8 MiB twice as much is in memory while it arrives: without this, 52 hostile hosts took 159 MB."""


class HeadTooLarge(Exception):
    """The header lines of an answer did not end; the message is for the user."""


class Intake:
    """The places for large bodies that all connections of a crawler share; the others wait, unread, for their turn."""

    def __init__(self) -> None:
        self._reading: set[_Connection] = set()
        self._waiting: deque[_Connection] = deque()

    def factory(self, on_quiet: Any, metadata: Any) -> "_Factory":
        """Return what makes connections (the shape is that of Twisted's connection pool)."""
        return _Factory(self, on_quiet, metadata)

    def enter(self, connection: "_Connection") -> None:
        """Let a large body in, or have it wait."""
        if connection in self._reading or connection in self._waiting:
            return
        if len(self._reading) < MOST_LARGE:
            self._reading.add(connection)
        else:
            self._waiting.append(connection)
            connection.pause()

    def leave(self, connection: "_Connection") -> None:
        """Note that a body is over, and let the next one in."""
        if connection in self._waiting:
            self._waiting.remove(connection)
        elif connection in self._reading:
            self._reading.remove(connection)
            if self._waiting:
                following = self._waiting.popleft()
                self._reading.add(following)
                following.resume()


class _Connection(_LenientHTTP11ClientProtocol):
    intake: Intake
    _head_bytes = _body_bytes = 0

    def request(self, request: Any) -> Any:
        self._head_bytes = self._body_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            # Interim answers (1xx) count as well: a server may send them without end.
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self._refuse()
                return
        else:
            self._body_bytes += len(data)
            if self._body_bytes > LARGE_BYTES:
                self.intake.enter(self)
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def pause(self) -> None:
        self.transport.pauseProducing()  # type: ignore[union-attr]

    def resume(self) -> None:
        self.transport.resumeProducing()  # type: ignore[union-attr]

    def _disconnectParser(self, reason: Failure) -> None:
        # Every answer ends here, whole or not.
        self.intake.leave(self)
        super()._disconnectParser(reason)  # type: ignore[no-untyped-call]

    def _refuse(self) -> None:
        limit = f"header lines are larger than {MOST_HEAD_BYTES // 1024} KiB"
        self.transport.abortConnection()  # type: ignore[union-attr]
        self._disconnectParser(Failure(HeadTooLarge(limit)))  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def __init__(self, intake: Intake, on_quiet: Any, metadata: Any) -> None:
        super().__init__(on_quiet, metadata)  # type: ignore[no-untyped-call]
        self._intake = intake

    def buildProtocol(self, addr: Any) -> _Connection:
        connection = _Connection(self._quiescentCallback)  # type: ignore[no-untyped-call]
        connection.intake = self._intake
        return connection
