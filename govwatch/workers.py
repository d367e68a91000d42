"""Fetching in several processes: each host belongs to one of them, and a worker that dies is replaced."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from msgspec import Struct

from core.errors import WorkerError
from core.model import FailureKind, FetchFailure, FetchPlan
from crawler.fetcher import Fetcher
from govwatch.orders import Answer, Begin, Fetch, GiveUp, Order, Stop, finding
from govwatch.piping import opened, packed, received
from govwatch.recording import Finding
from storage.rows import PageRow

COMMAND = (sys.executable, "-P", "-m", "govwatch.worker")
"""A process of its own and no fork, which is safe nowhere once a thread or libcurl was there, least of all on macOS. To
start takes 0.14 s of CPU, as much as 100 pages; forked from a server that has imported all it would take 0.02."""
MOST_DEATHS = 5
"""So often in a row a worker is replaced, after 1, 2, 4, 8 and 16 s."""
LONG_LIFE_S = 600.0
"""Whose worker lived so long begins to count anew."""
END_S = 1.5
"""How long a worker may take to end beyond the grace it is given; then it is killed, and its pages are due again."""
Room = Callable[[], Awaitable[None]]
Tell = Callable[[str], None]
_MOST_ORDERS = 500
"""So many are sent at once; to pack them takes 10 ms."""


@lru_cache(10_000)
def shard_of(host: str, shards: int) -> int:
    """Return the shard of a host, so that one process keeps its delay: the same whatever its port and spelling."""
    name = urlsplit(f"//{host}").hostname or ""
    with suppress(UnicodeError):  # Such a name is asked for as it is.
        name = name.encode("idna").decode()
    return crc32(name.encode()) % shards


class Shards:
    """A fetcher made of fetchers, each of which has hosts of its own."""

    def __init__(self, fetchers: Sequence[Fetcher[Finding]], page_of: Callable[[int], PageRow]) -> None:
        self._fetchers, self._page_of = fetchers, page_of

    async def start(self) -> None:
        """Start all."""
        await asyncio.gather(*(fetcher.start() for fetcher in self._fetchers))

    def fetch(self, plan: FetchPlan) -> Coroutine[Any, Any, Finding]:
        """Fetch one plan with that to which its host belongs."""
        return self._fetchers[shard_of(self._page_of(plan.page).host, len(self._fetchers))].fetch(plan)

    async def stop(self, grace_s: float = 0.0) -> None:
        """Stop all at once."""
        await asyncio.gather(*(fetcher.stop(grace_s) for fetcher in self._fetchers))


class _UnderWay(Struct, frozen=True):
    order: Fetch
    finding: asyncio.Future[Finding]


class Shard:
    """One worker after another for the same hosts; what is under way in one that dies is ordered from the next."""

    def __init__(
        self,
        number: int,
        begin: Begin,
        now: Callable[[], datetime],
        page_of: Callable[[int], PageRow],
        room: Room,
        tell: Tell,
    ) -> None:
        self._number, self._begin, self._now = number, begin, now
        self._page_of, self._room, self._tell = page_of, room, tell
        self._under_way: dict[int, _UnderWay] = {}
        self._orders: list[Order] = []
        self._writer: asyncio.StreamWriter | None = None
        self._stopping = asyncio.Event()
        self._error: Exception | None = None

    async def start(self) -> None:
        """Start the first worker."""
        self._life = asyncio.ensure_future(self._live_on())

    async def fetch(self, plan: FetchPlan) -> Finding:
        """Return what came of a plan, read. Raises WorkerError where its worker dies too often."""
        order = Fetch(plan, self._page_of(plan.page))
        if self._error:
            raise self._error
        if self._stopping.is_set():
            return _cancelled(order, self._now())
        page = order.page.id
        one = self._under_way[page] = _UnderWay(order, asyncio.get_running_loop().create_future())
        self._send(order)
        try:
            return await one.finding
        except asyncio.CancelledError:
            self._send(GiveUp(page))
            raise
        finally:
            del self._under_way[page]

    async def stop(self, grace_s: float = 0.0) -> None:
        """Let what is under way finish for so long, end the rest as cancelled, and end the worker."""
        self._stopping.set()
        self._send(Stop(grace_s))
        await asyncio.wait({self._life}, timeout=grace_s + END_S)
        self._life.cancel()
        await asyncio.wait({self._life})
        for one in self._under_way.values():
            if not one.finding.done():
                one.finding.set_result(_cancelled(one.order, self._now()))

    async def _live_on(self) -> None:
        """Live; what goes wrong with it is raised by every fetch, which would else wait for ever."""
        try:
            await self._live()
        except Exception as error:
            self._fail(error)

    async def _live(self) -> None:
        deaths, clock = 0, asyncio.get_running_loop().time
        while not self._stopping.is_set():
            born_s = clock()
            status = await self._one_life()
            if self._stopping.is_set():
                return
            deaths = 1 if clock() - born_s > LONG_LIFE_S else deaths + 1
            said = f"worker {self._number} {_end_of(status)} with {len(self._under_way)} fetches under way"
            if deaths > MOST_DEATHS:
                raise WorkerError(f"{said}, for the {deaths}th time in a row; its standard error may say why")
            wait_s = 2.0 ** (deaths - 1)
            self._tell(f"{said}; they begin anew in {wait_s:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait_s)

    async def _one_life(self) -> int:
        """Have one worker work until it ends; return its exit status."""
        process, ours = _started()
        try:
            reader, self._writer = await opened(ours)
            self._writer.write(packed(self._begin))
            if self._stopping.is_set():
                return 0
            self._orders = []
            for one in self._under_way.values():
                self._send(one.order)
            await self._take_answers(reader)
            return await asyncio.to_thread(_exit_status, process)
        finally:
            if self._writer is not None:
                self._writer.close()
            self._writer = None
            process.kill()
            process.wait()

    async def _take_answers(self, reader: asyncio.StreamReader) -> None:
        answers: list[Answer]
        while answers := await received(reader):
            for page, found in answers:
                one = self._under_way.get(page)
                if one and not one.finding.done():
                    one.finding.set_result(finding(one.order.page, found))
            await self._room()

    def _send(self, order: Order) -> None:
        """Send an order with all others of the moment; without a worker it waits for the next one."""
        if self._writer is None:
            return
        self._orders.append(order)
        if len(self._orders) == 1:
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        now, self._orders = self._orders[:_MOST_ORDERS], self._orders[_MOST_ORDERS:]
        if now and self._writer is not None:
            self._writer.write(packed(now))
        if self._orders:
            asyncio.get_running_loop().call_soon(self._flush)

    def _fail(self, error: Exception) -> None:
        self._error = error
        for one in self._under_way.values():
            if not one.finding.done():
                one.finding.set_exception(error)


def _started() -> tuple["subprocess.Popen[bytes]", socket.socket]:
    """Start a worker, in a session of its own, out of reach of Ctrl-C; return it with our end of the socket."""
    ours, theirs = socket.socketpair()
    with theirs:
        return subprocess.Popen(COMMAND, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, start_new_session=True), ours


def _exit_status(process: "subprocess.Popen[bytes]") -> int:
    """Wait for a process that has closed its socket."""
    with suppress(subprocess.TimeoutExpired):
        return process.wait(END_S)
    process.kill()
    return process.wait()


def _cancelled(order: Fetch, at: datetime) -> Finding:
    failure = FetchFailure(order.plan.url, FailureKind.CANCELLED, "stopped before an answer came", at, at)
    return Finding(order.page, failure, at)


def _end_of(status: int) -> str:
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
