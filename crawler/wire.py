"""Puts one request on the wire: verified or unverified TLS, and an end to silence and to the whole."""

import asyncio
from dataclasses import dataclass
from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler as ScrapyCrawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from crawler.intake import Intake


@dataclass(slots=True)
class Leg:
    """One request of a fetch, from queueing to the last byte; what it took is counted from the wire on."""

    budget_s: float
    accept_invalid_tls: bool = False
    spent_s: float = 0.0
    heard_at_s: float = 0.0
    task: "asyncio.Task[Response] | None" = None
    dropped: bool = False

    def drop(self) -> None:
        """Take it off the wire, or keep it from getting there."""
        self.dropped = True
        if self.task is not None:
            self.task.cancel()


class WireHandler(BaseDownloadHandler):
    """Scrapy's HTTP/1.1 handler twice, for verified and unverified TLS: they must not share connections."""

    lazy = False

    def __init__(self, crawler: ScrapyCrawler) -> None:
        super().__init__(crawler)
        self._timeout_s = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._verified = HTTP11DownloadHandler(crawler)
        self._unverified = HTTP11DownloadHandler(crawler)
        factory: Any = Intake().factory
        for handler in (self._verified, self._unverified):
            handler._pool._factory = factory
        lax: Any = _ScrapyClientContextFactory(verify_certificates=False)
        self._unverified._contextFactory = lax
        crawler.signals.connect(_heard, signals.headers_received)
        crawler.signals.connect(_heard, signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        """Download within the leg's limits; raise `DownloadTimeoutError` beyond them."""
        leg: Leg = request.meta["leg"]
        if leg.dropped:
            raise asyncio.CancelledError
        handler = self._unverified if leg.accept_invalid_tls else self._verified
        started_s = leg.heard_at_s = _now_s()
        leg.task = asyncio.ensure_future(handler.download_request(request))
        try:
            return await self._watch(leg, leg.task, started_s + leg.budget_s)
        finally:
            leg.task.cancel()
            leg.spent_s = _now_s() - started_s

    async def _watch(self, leg: Leg, task: "asyncio.Task[Response]", end_s: float) -> Response:
        while (left_s := min(leg.heard_at_s + self._timeout_s, end_s) - _now_s()) > 0:
            if (await asyncio.wait({task}, timeout=left_s))[0]:
                return task.result()
        silent = end_s > leg.heard_at_s + self._timeout_s
        raise DownloadTimeoutError(
            f"no answer for {self._timeout_s:g} s" if silent else "the fetch took longer than deadline_s"
        )

    async def close(self) -> None:
        """Close the kept connections."""
        await self._verified.close()
        await self._unverified.close()


def _heard(request: Request, **_: Any) -> None:
    request.meta["leg"].heard_at_s = _now_s()


def _now_s() -> float:
    return asyncio.get_running_loop().time()
