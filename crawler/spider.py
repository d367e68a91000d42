"""The one spider, for one-off runs and the daemon alike, and the Scrapy settings it lives under."""

import logging
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler as ScrapyCrawler
from scrapy.exceptions import DontCloseSpider
from scrapy.logformatter import LogFormatter

from config.settings import CrawlSettings
from core.version import VERSION


class PageSpider(Spider):
    """Stays open and idle; the pages to fetch are handed to its engine one by one."""

    name = "govwatch"

    @classmethod
    def from_crawler(cls, crawler: ScrapyCrawler, *args: Any, **kwargs: Any) -> "PageSpider":
        """Build it so that being idle does not close it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.stay, signals.spider_idle)
        return spider

    async def start(self) -> Any:
        """Begin with nothing."""
        for nothing in tuple[str, ...]():
            yield nothing

    def stay(self) -> None:
        """Refuse to close when there is nothing to do."""
        raise DontCloseSpider


class Quiet(LogFormatter):
    """Says nothing of a page that came: every fetch already ends as a value."""

    def crawled(self, *given: Any) -> None:  # type: ignore[override]
        """Say nothing."""


def user_agent(contact: str) -> str:
    """Return the honest name told to the sites: program, version and, where set, whom to ask."""
    return f"govwatch/{VERSION} (+{contact})" if contact else f"govwatch/{VERSION}"


def scrapy_settings(settings: CrawlSettings) -> dict[str, Any]:
    """Return Scrapy's settings: everything off that is not needed to get bytes from one address."""
    return {
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOADER": "crawler.downloader.CurlDownloader",
        "CRAWL": settings,
        # Redirects, retries, robots, cookies and content coding are ours: each needs the fetch's budget,
        # its hops or its raw bytes, which the middlewares throw away.
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "LOG_FORMATTER": "crawler.spider.Quiet",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
    }


def hush() -> None:
    """Keep Scrapy's and Twisted's logs off the terminal: every fetch already ends as a value."""
    for name in ("scrapy", "twisted"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        logger.setLevel(logging.CRITICAL)
