"""The one spider, for one-off runs and the daemon alike, and the Scrapy settings it lives under."""

import logging
from importlib import metadata
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler as ScrapyCrawler
from scrapy.exceptions import DontCloseSpider

from config.settings import CrawlSettings


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


def user_agent(contact: str) -> str:
    """Return the honest name told to the sites: program, version and, where set, whom to ask."""
    try:
        version = metadata.version("govwatch")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"govwatch/{version} (+{contact})" if contact else f"govwatch/{version}"


def scrapy_settings(settings: CrawlSettings) -> dict[str, Any]:
    """Return Scrapy's settings: everything off that is not needed to get bytes from one address."""
    wire = "crawler.wire.WireHandler"
    return {
        "TWISTED_REACTOR": "crawler.reactor.GuardedReactor",
        "USER_AGENT": user_agent(settings.contact),
        "DOWNLOAD_HANDLERS": {
            "http": wire,
            "https": wire,
            "ftp": None,
            "s3": None,
            "file": None,
            "data": None,
        },
        # Redirects, retries, robots, cookies and content coding are ours: each needs the fetch's budget,
        # its hops or its raw bytes, which the middlewares throw away.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_MAXSIZE": settings.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DOWNLOAD_TIMEOUT": settings.timeout_s,
        "DOWNLOAD_DELAY": settings.delay_s,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "CONCURRENT_REQUESTS": settings.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.concurrency_per_host,
        "CONCURRENT_ITEMS": 1,
        "COOKIES_ENABLED": False,
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
