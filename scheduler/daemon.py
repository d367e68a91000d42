"""The daemon: a tick that takes what is due, fetches it, and has it kept, until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from core.model import FetchPlan, Outcome

TICK_S = 1.0
GRACE_S = 8.0
"""How long fetches under way may take after the signal to stop."""


class Fetcher(Protocol):
    """What fetches: the crawler, or a stand-in for it."""

    async def start(self) -> None:
        """Be ready to fetch."""

    async def fetch(self, plan: FetchPlan) -> Outcome:
        """Fetch one plan; whatever the network does is an outcome."""

    async def stop(self, grace_s: float) -> None:
        """Let what is under way finish for so long, end the rest, and close."""


class Daemon:
    """Checks pages when they are due. A page under way is not taken again; one that was lost is due again.

    `due` returns at most so many plans that are due now, without those of the pages given; `keep` judges and
    keeps one outcome; `on_tick` tells that the daemon lives.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        due: Callable[[int, Sequence[int]], Sequence[FetchPlan]],
        keep: Callable[[FetchPlan, Outcome], None],
        most: int,
        on_tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._fetcher, self._due, self._keep, self._most, self._on_tick = fetcher, due, keep, most, on_tick
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._failure: Exception | None = None

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT, or until keeping fails; then end within the fetches under way."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        await self._fetcher.start()
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=TICK_S, timezone="UTC"),
            next_run_time=datetime.now().astimezone(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        scheduler.start()
        try:
            await self._stopping.wait()
        finally:
            scheduler.pause()
            await self._fetcher.stop(GRACE_S)
            await asyncio.gather(*self._under_way.values())
            scheduler.shutdown(wait=False)
        if self._failure is not None:
            raise self._failure

    async def _tick(self) -> None:
        # A coroutine although it awaits nothing: APScheduler would run a plain function in a thread.
        self._on_tick()
        room = self._most - len(self._under_way)
        if room <= 0 or self._stopping.is_set():
            return
        try:
            plans = self._due(room, tuple(self._under_way))
        except Exception as error:
            self._fail(error)
            return
        for plan in plans:
            self._under_way[plan.page] = asyncio.ensure_future(self._check(plan))

    async def _check(self, plan: FetchPlan) -> None:
        try:
            self._keep(plan, await self._fetcher.fetch(plan))
        except Exception as error:
            self._fail(error)
        finally:
            del self._under_way[plan.page]

    def _fail(self, error: Exception) -> None:
        """Remember the first failure and stop: a daemon that cannot keep what it fetched must not go on."""
        self._failure = self._failure or error
        self._stopping.set()
