"""A worker: fetches and reads what it is told to, in a process of its own, until it is told to stop or nobody listens.

The socket to whom it serves is its standard input.
"""

import asyncio
import signal
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from govwatch.loading import loading

with loading():
    from msgspec.structs import replace

    from core.errors import StorageError
    from core.model import Capture
    from crawler.crawl import Crawler
    from govwatch.app import App
    from govwatch.batching import Batch, size_of
    from govwatch.orders import Begin, Fetch, GiveUp, Order, Stop, answer
    from govwatch.piping import opened, packed, received
    from govwatch.recording import Finding, read
    from govwatch.turns import Turn, in_turns, run
    from storage.write import Transaction, open_reading

_TOGETHER_BYTES = 200_000
"""So much is sent as one: it stays in the processor's cache on its way, where 4 MB cost 60 µs more a page."""


class Worker:
    """Takes orders until the last one; answers are read and packed in a thread."""

    def __init__(
        self, app: App, kept: Transaction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, turn: Turn
    ) -> None:
        self._app, self._reader, self._writer = app, reader, writer
        self._answers = Batch(partial(answered, app, kept, turn=turn), writer.write)
        self._crawler = Crawler(app.settings.crawl, app.now, self._room)
        self._fetches: dict[int, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Work until told to stop, or until the other end is gone."""
        await self._crawler.start()
        async with asyncio.TaskGroup() as group:
            broken = group.create_task(self._answers.failed())
            grace_s = await self._take_orders(group)
            await self._crawler.stop(grace_s)
            broken.cancel()
        await self._answers.settle()
        with suppress(ConnectionError):
            self._writer.close()
            await self._writer.wait_closed()

    async def _take_orders(self, group: asyncio.TaskGroup) -> float:
        """Begin what is ordered; return for how long what is under way at the end may still take."""
        orders: Sequence[Order]
        while orders := await received(self._reader):
            for order in orders:
                match order:
                    case Fetch():
                        self._fetches[order.page.id] = group.create_task(self._fetch(order))
                    case GiveUp() if order.page in self._fetches:
                        self._fetches[order.page].cancel()
                    case Stop():
                        return order.grace_s
        return 0.0

    async def _fetch(self, order: Fetch) -> None:
        try:
            outcome = await self._crawler.fetch(order.plan)
            self._answers.add(Finding(order.page, outcome, self._app.now()))
        finally:
            if self._fetches.get(order.page.id) is asyncio.current_task():
                del self._fetches[order.page.id]

    async def _room(self) -> None:
        """Wait until what came is read, and taken by the other end."""
        await self._answers.room()
        with suppress(ConnectionError):
            await self._writer.drain()


def answered(app: App, kept: Transaction, findings: list[Finding], turn: Turn) -> list[bytes]:
    """Read findings, and return the answers to them as they are written."""
    with suppress(StorageError):  # Unread, they are read by the one that keeps, which meets the same and tells of it.
        findings = in_turns(partial(_read_and_packed, app, kept), findings, turn)
    return [packed([answer(one) for one in some]) for some in _shared_out(findings)]


def _read_and_packed(app: App, kept: Transaction, finding: Finding) -> Finding:
    """Return a finding as it is sent: read, and where it can be with its body packed."""
    capture = finding.outcome
    if not isinstance(capture, Capture):
        return finding
    finding = read(app, kept, finding)
    body = kept.packed_body(finding.page.id, capture)
    return replace(finding, outcome=capture.without_body(), body=body) if body else finding


def _shared_out(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Yield findings, so many at once as are sent as one."""
    some, share_bytes = list[Finding](), 0
    for one in findings:
        some.append(one)
        share_bytes += size_of(one)
        if share_bytes >= _TOGETHER_BYTES:
            yield some
            some, share_bytes = [], 0
    if some:
        yield some


async def serve(end: socket.socket, turn: Turn) -> None:
    """Serve whoever is at the other end."""
    reader, writer = await opened(end)
    begin: Begin | None = await received(reader)
    if begin is not None:
        app = App(begin.settings, begin.database)
        with open_reading(app.database) as kept:
            await Worker(app, kept, reader, writer, turn).serve()


def main() -> None:
    """Serve, deaf to signals meant for whoever started it: Ctrl-C reaches all processes of a terminal."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    turn = Turn()
    run(serve(socket.socket(fileno=0), turn), turn)


if __name__ == "__main__":
    main()
