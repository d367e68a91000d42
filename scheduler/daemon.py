"""The daemon: a tick that takes what is due, fetches it, and has it kept, until it is told to stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Generic, TypeVar

from core.model import FetchPlan
from crawler.fetcher import Fetcher

TICK_S = 1.0
GRACE_S = 5.0
"""How long fetches under way may take after the signal to stop; cut off, their pages are due at the next start."""
_Came = TypeVar("_Came")
_STOPS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold back the signals to stop until a daemon runs and hears them: before, they would kill without a word."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _nobody(under_way: Sequence[int]) -> Sequence[int]:
    return ()


class Daemon(Generic[_Came]):
    """Checks pages when they are due. A page under way is not taken again; one that was lost is due again.

    `due` returns at most so many plans that are due now, without those of the pages given; `keep` judges and
    keeps what came of one; `given_up` says which of the pages given are no longer to be fetched now: they are due again
    later. `on_tick` tells that the daemon lives, `on_stop` that the end begins.

    The tick is the loop's own and not a job of APScheduler, whose jobs are due by the clock on the wall: set back by a
    day, that stalls them for a day. The loop's clock is never set.
    """

    def __init__(
        self,
        fetcher: Fetcher[_Came],
        due: Callable[[int, Sequence[int]], Awaitable[Sequence[FetchPlan]]],
        keep: Callable[[FetchPlan, _Came], None],
        most: int,
        given_up: Callable[[Sequence[int]], Awaitable[Sequence[int]]] = _nobody,
        on_tick: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._fetcher, self._due, self._keep, self._most = fetcher, due, keep, most
        self._given_up, self._on_tick, self._on_stop = given_up, on_tick, on_stop
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._failure: Exception | None = None

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT, or until keeping fails; then end within the fetches under way."""
        loop = asyncio.get_running_loop()
        for number in _STOPS:
            loop.add_signal_handler(number, self._stopping.set)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        await self._fetcher.start()
        try:
            await self._keep_ticking()
        finally:
            self._on_stop()
            await self._fetcher.stop(GRACE_S)
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        if self._failure is not None:
            raise self._failure

    async def _keep_ticking(self) -> None:
        while not self._stopping.is_set():
            await self._tick()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), TICK_S)

    async def _tick(self) -> None:
        self._on_tick()
        try:
            for page in await self._given_up(tuple(self._under_way)):
                if page in self._under_way:
                    self._under_way[page].cancel()
            room = self._most - len(self._under_way)
            plans = await self._due(room, tuple(self._under_way)) if room > 0 else ()
        except Exception as error:
            self._fail(error)
            return
        for plan in () if self._stopping.is_set() else plans:
            task = self._under_way[plan.page] = asyncio.ensure_future(self._check(plan))
            task.add_done_callback(partial(self._end, plan.page))

    async def _check(self, plan: FetchPlan) -> None:
        try:
            self._keep(plan, await self._fetcher.fetch(plan))
        except Exception as error:
            self._fail(error)

    def _end(self, page: int, _: asyncio.Task[None]) -> None:
        del self._under_way[page]

    def _fail(self, error: Exception) -> None:
        """Remember the first failure and stop: a daemon that cannot keep what it fetched must not go on."""
        self._failure = self._failure or error
        self._stopping.set()
