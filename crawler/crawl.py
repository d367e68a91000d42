"""Fetches pages: one long-lived spider inside an asyncio loop, or a one-off run over many plans."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

from scrapy import Request
from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler as ScrapyCrawler

from config.settings import CrawlSettings
from core.hosts import site_of
from core.model import FailureKind, FetchPlan, Outcome
from crawler.downloader import CurlDownloader
from crawler.exchange import Answer
from crawler.fetcher import fetch_each
from crawler.places import Places
from crawler.robots import Robots
from crawler.spider import PageSpider, hush, scrapy_settings, user_agent
from crawler.trip import Clock, Trip

OnOutcome = Callable[[FetchPlan, Outcome], None]
Room = Callable[[], Awaitable[None]]


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def _always_room() -> None:
    return


class Crawler:
    """Fetches plans politely until stopped.

    `room` is awaited before each fetch goes out: it holds it back while there is no room for what it would bring.
    """

    def __init__(self, settings: CrawlSettings, now: Clock = _utc_now, room: Room = _always_room) -> None:
        self._settings, self._now, self._room = settings, now, room
        self._agent = user_agent(settings.contact)
        self._places = Places(settings.concurrency)
        self._gates: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._flights: set[asyncio.Task[Any]] = set()
        self._landed = asyncio.Event()
        self._robots = Robots(self._agent, self._fetch_robots, self._slow_down)
        self._open = False

    async def start(self) -> None:
        """Open the spider on the running loop."""
        hush()
        self._scrapy = ScrapyCrawler(PageSpider, scrapy_settings(self._settings))
        opened = asyncio.Event()
        self._scrapy.signals.connect(opened.set, scrapy_signals.spider_opened, weak=False)
        self._crawl = asyncio.ensure_future(self._scrapy.crawl_async())
        waiting = asyncio.ensure_future(opened.wait())
        await asyncio.wait({self._crawl, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._crawl.done():
            await self._crawl
            raise RuntimeError("the spider closed before it opened")
        self._open = True

    async def fetch(self, plan: FetchPlan) -> Outcome:
        """Fetch one plan. Whatever the network does is an outcome; nothing is raised for it."""
        trip = Trip(plan, self._settings, self._agent, self._download, self._now)
        if not self._open:
            return trip.failure(FailureKind.CANCELLED, "the crawler is not running")
        flight = asyncio.current_task()
        assert flight is not None
        self._flights.add(flight)
        try:
            return await self._fly(plan, trip)
        except asyncio.CancelledError:
            if flight in self._flights or flight.uncancel():
                raise
            return trip.failure(FailureKind.CANCELLED, "stopped before an answer came")
        finally:
            self._flights.discard(flight)
            if not self._flights:
                self._landed.set()

    async def stop(self, grace_s: float = 0.0) -> None:
        """Let the fetches under way finish for `grace_s` seconds, end the others as cancelled, and close."""
        if not self._open:
            return
        self._open = False
        if self._flights and grace_s:
            self._landed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._landed.wait(), grace_s)
        cancelled, self._flights = self._flights, set()
        for flight in cancelled:
            flight.cancel()
        self._robots.close()
        await self._scrapy.stop_async()
        await asyncio.wait({self._crawl})
        await self._downloader.wire.close()

    async def _fly(self, plan: FetchPlan, trip: Trip) -> Outcome:
        # The host's gate comes first, so that many pages of one slow host do not fill all the places.
        async with self._gate(plan.url), self._places.one():
            await self._room()
            return await trip.run(self._robots.refusal if self._settings.obey_robots else None)

    async def _fetch_robots(self, plan: FetchPlan) -> Outcome:
        return await Trip(plan, self._settings, self._agent, self._download, self._now).run()

    def _slow_down(self, host: str, delay_s: float) -> None:
        self._downloader.slow_down(host, delay_s)

    @property
    def _downloader(self) -> CurlDownloader:
        assert self._scrapy.engine is not None
        downloader = self._scrapy.engine.downloader
        assert isinstance(downloader, CurlDownloader)
        return downloader

    async def _download(self, request: Request) -> Answer:
        engine = self._scrapy.engine
        assert engine is not None
        answer = await engine.download_async(request)
        assert isinstance(answer, Answer)
        return answer

    def _gate(self, url: str) -> asyncio.Semaphore:
        host = site_of(url)
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = asyncio.Semaphore(self._settings.concurrency_per_host)
        return gate


def fetch_all(plans: Iterable[FetchPlan], settings: CrawlSettings, on_outcome: OnOutcome) -> None:
    """Fetch every plan, calling `on_outcome` as each finishes; blocks until all are done.

    An exception of `on_outcome`, or Ctrl-C, ends the run cleanly and is raised. May be called again.
    """
    asyncio.run(fetch_each(Crawler(settings), plans, on_outcome))
