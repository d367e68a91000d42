"""The yardstick: a bare lean Scrapy spider that downloads the pages of the load site and does nothing with them.

Takes a JSON object (`urls`, `conditional`) on standard input and prints its CPU milliseconds per page.
"""

import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

LEAN = {
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "SPIDER_MIDDLEWARES_BASE": {},
    "EXTENSIONS_BASE": {},
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "COOKIES_ENABLED": False,
    "CONCURRENT_ITEMS": 1,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "STATS_DUMP": False,
    "LOG_ENABLED": False,
}


class Bare(Spider):
    """Asks for every page and drops the answer."""

    name = "bare"
    got = 0

    async def start(self) -> AsyncIterator[Any]:
        headers = {"If-None-Match": '"known"'} if self.conditional else {}
        for url in self.urls:
            yield Request(url, headers=headers, dont_filter=True, meta={"handle_httpstatus_all": True})

    def parse(self, response: Response) -> None:
        type(self).got += 1


def main() -> None:
    """Download, and print what it cost from the start of the crawl on."""
    given = json.load(sys.stdin)
    start, started = time.process_time(), time.perf_counter()
    process = AsyncCrawlerProcess(LEAN)
    process.crawl(Bare, urls=given["urls"], conditional=given["conditional"])
    process.start()
    pages = len(given["urls"])
    assert Bare.got >= pages * 0.9, f"only {Bare.got} of {pages} pages answered"
    print(
        json.dumps(
            {
                "cpu_ms": (time.process_time() - start) * 1000 / pages,
                "wall_ms": (time.perf_counter() - started) * 1000 / pages,
            }
        )
    )


if __name__ == "__main__":
    main()
