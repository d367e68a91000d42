"""How long the event loop stands still while pages of 5 MB are crawled among others: new, same, with noise, edited.

Prints JSON, in milliseconds for each round: the longest CPU time of one callback on the loop, which nothing else on the
machine lengthens, and the longest delay of a timer, beside those of a crawl without large pages.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from load import begin, load_site
from loadsite import urls
from visit import SETTINGS

from config.settings import Settings
from crawler.crawl import Crawler
from govwatch.app import App
from govwatch.crawling import crawl
from storage.rows import PageDraft
from storage.write import open_store

BAR_MS = 50
BEAT_S = 0.002
ROUNDS = ("first", "unchanged", "noise", "edits")
LARGE_EVERY = 25


@contextmanager
def timed_loop() -> Iterator[tuple[list[float], list[float]]]:
    """Time the loop of each crawl; give the CPU time of its callbacks and the delays of a timer, in milliseconds."""
    took_ms, late_ms = [0.0], [0.0]
    run, start = asyncio.Handle._run, Crawler.start  # type: ignore[attr-defined]

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        took_ms.append((time.thread_time() - began) * 1000)

    async def beat() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(BEAT_S)
            late_ms.append((time.perf_counter() - began - BEAT_S) * 1000)

    async def started(crawler: Crawler) -> None:
        await start(crawler)
        took_ms.clear()  # To open the spider takes 20 to 50 ms, before anything is under way.
        crawler.beat = asyncio.ensure_future(beat())  # type: ignore[attr-defined]

    with patch.object(asyncio.Handle, "_run", timed), patch.object(Crawler, "start", started):
        yield took_ms, late_ms


def measure(pages: int, large_mb: float) -> dict[str, dict[str, float]]:
    """Crawl the rounds with a new database."""
    figures = {}
    with load_site(2.0, LARGE_EVERY, large_mb) as port, TemporaryDirectory() as folder:
        app = App(Settings(crawl=SETTINGS), Path(folder) / "stall.db")
        app.library  # noqa: B018 (read before the clock starts)
        with open_store(app.database) as store:
            with store.transaction() as tx:
                for url in urls(port, pages, 4):
                    tx.put_page(PageDraft(url), app.now())
            for round_name in ROUNDS:
                begin(port, round_name)
                with timed_loop() as (took_ms, late_ms):
                    crawl(app, store, store.reading().pages(), lambda checked: None)
                figures[round_name] = {
                    "longest_callback_cpu_ms": round(max(took_ms), 1),
                    "longest_delay_ms": round(max(late_ms), 1),
                }
    return figures


def main() -> None:
    """Crawl with and without large pages, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200, help=f"every {LARGE_EVERY}th of them is large")
    parser.add_argument("--large-mb", type=float, default=5.0)
    given = parser.parse_args()
    figures = {name: measure(given.pages, size) for name, size in (("with_large", given.large_mb), ("without", 0.0))}
    print(json.dumps({"bar_ms": BAR_MS} | figures, indent=2))


if __name__ == "__main__":
    main()
