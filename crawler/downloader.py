"""Scrapy's downloader on libcurl: each host is asked so many times at once, and with so much time between."""

import asyncio
from collections import deque
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field
from scrapy import Request
from scrapy.crawler import Crawler as ScrapyCrawler
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from config.settings import CrawlSettings
from crawler.exchange import Answer
from crawler.wire import Leg, Wire

_MOST_QUIET = 1000
"""So many hosts that nothing is asked of are remembered, for the time that must lie between two requests."""

Waiting = tuple[Request, "Deferred[Response]"]


class _Host(Struct):
    delay_s: float
    waiting: deque[Waiting] = field(default_factory=deque)
    under_way: int = 0
    asked_at_s: float = float("-inf")
    timer: asyncio.TimerHandle | None = None


class CurlDownloader:
    """What Scrapy's engine downloads with (its setting DOWNLOADER)."""

    def __init__(self, crawler: ScrapyCrawler) -> None:
        settings: CrawlSettings = crawler.settings["CRAWL"]
        self.active: set[Request] = set()
        self.wire = Wire(settings)
        self._settings = settings
        self._delays_s: dict[str, float] = {}
        self._hosts: dict[str, _Host] = {}

    def fetch(self, request: Request) -> "Deferred[Response]":
        """Download a request when its host may be asked (name and shape are Scrapy's)."""
        answered: Deferred[Response] = Deferred()
        self.active.add(request)
        answered.addBoth(self._over, request)
        host = self._host(urlsplit(request.url).hostname or "")
        host.waiting.append((request, answered))
        self._serve(host)
        return answered

    def needs_backout(self) -> bool:
        """Tell Scrapy's scheduler to wait: requests come from the crawler, which limits them itself."""
        return True

    def close(self) -> None:
        """Let nobody be asked any more; the connections are closed by the crawler."""
        for host in self._hosts.values():
            if host.timer is not None:
                host.timer.cancel()

    def slow_down(self, name: str, delay_s: float) -> None:
        """Keep at least so long between two requests to a host, and never less than the settings say."""
        if delay_s > self._settings.delay_s:
            self._delays_s[name] = delay_s
        else:
            self._delays_s.pop(name, None)
        if name in self._hosts:
            self._hosts[name].delay_s = self._delay_s(name)

    def _delay_s(self, name: str) -> float:
        return self._delays_s.get(name, self._settings.delay_s)

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) > _MOST_QUIET + 2 * len(self.active):
                self._forget_quiet()
            host = self._hosts[name] = _Host(self._delay_s(name))
        return host

    def _forget_quiet(self) -> None:
        now_s = asyncio.get_running_loop().time()
        for name, host in tuple(self._hosts.items()):
            if not host.waiting and not host.under_way and host.asked_at_s + host.delay_s <= now_s:
                del self._hosts[name]

    def _serve(self, host: _Host) -> None:
        """Put on the wire what of a host's requests may be asked now."""
        loop = asyncio.get_running_loop()
        while host.waiting and host.under_way < self._settings.concurrency_per_host and host.timer is None:
            if host.waiting[0][1].called:
                host.waiting.popleft()  # Given up while it waited.
            elif host.asked_at_s + host.delay_s > loop.time():
                host.timer = loop.call_at(host.asked_at_s + host.delay_s, self._wake, host)
            else:
                host.asked_at_s = loop.time()
                self._ask(host, *host.waiting.popleft())

    def _wake(self, host: _Host) -> None:
        host.timer = None
        self._serve(host)

    def _ask(self, host: _Host, request: Request, answered: "Deferred[Response]") -> None:
        host.under_way += 1
        leg: Leg = request.meta["leg"]
        leg.task = asyncio.create_task(self.wire.download(request, leg))
        leg.task.add_done_callback(partial(self._answer, host, answered))

    def _answer(self, host: _Host, answered: "Deferred[Response]", task: "asyncio.Task[Answer]") -> None:
        host.under_way -= 1
        self._serve(host)
        error = None if task.cancelled() else task.exception()
        if answered.called:
            return
        if task.cancelled():
            answered.cancel()
        elif error is not None:
            answered.errback(Failure(error))  # type: ignore[no-untyped-call]
        else:
            answered.callback(task.result())

    def _over(self, result: Any, request: Request) -> Any:
        self.active.discard(request)
        return result
