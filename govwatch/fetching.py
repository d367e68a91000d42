"""Choosing what fetches: a crawler in this process, alone or beside others in processes of their own."""

import os
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from math import ceil

from msgspec.structs import replace

from config.settings import CrawlSettings
from core.model import FetchPlan
from crawler.fetcher import Fetcher
from govwatch.app import App
from govwatch.loading import loading
from govwatch.recording import Finding
from storage.rows import PageRow

PAGES_EACH = 1_000
"""A worker takes 0.14 s of CPU to start, as much as 100 pages."""
PER_S = 200
"""So many pages a second one process fetches, reads and keeps in any case."""


def useful_workers(pages: int, hosts: int, delay_s: float) -> int:
    """Return how many processes help to fetch so many pages: of the cores those that hosts and delay leave any work."""
    by_delay = ceil(hosts / delay_s / PER_S) if delay_s else hosts
    return max(1, min(cores(), hosts, pages // PAGES_EACH, by_delay))


def cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fetcher_of(
    app: App,
    workers: int,
    page_of: Callable[[int], PageRow],
    room: Callable[[], Awaitable[None]],
    tell: Callable[[str], None],
) -> Fetcher[Finding]:
    """Return what fetches in so many processes, this one among them; `tell` is told of one that died.

    `page_of` gives the page of a plan; `room` is awaited while there is none for what would come.
    """
    here = Here(app.settings.crawl, app.now, page_of, room)
    if workers == 1:
        return here
    from govwatch.orders import Begin
    from govwatch.workers import Shard, Shards

    # Plans carry what targets say, and channels have secrets.
    begin = Begin(replace(app.settings, targets=(), channels=()), app.database.absolute())
    others = (Shard(number, begin, app.now, page_of, room, tell) for number in range(2, workers + 1))
    return Shards([here, *others], page_of)


class Here:
    """Fetches in this process, and leaves the reading to whoever keeps."""

    def __init__(
        self,
        settings: CrawlSettings,
        now: Callable[[], datetime],
        page_of: Callable[[int], PageRow],
        room: Callable[[], Awaitable[None]],
    ) -> None:
        # Imported where it works, since that takes 60 ms.
        with loading():
            from crawler.crawl import Crawler

        self._now, self._page_of = now, page_of
        self._crawler = Crawler(settings, now, room)

    async def start(self) -> None:
        """Open the crawler on the running loop."""
        await self._crawler.start()

    async def fetch(self, plan: FetchPlan) -> Finding:
        """Fetch one plan."""
        page = self._page_of(plan.page)
        return Finding(page, await self._crawler.fetch(plan), self._now())

    async def stop(self, grace_s: float = 0.0) -> None:
        """Close the crawler."""
        await self._crawler.stop(grace_s)
