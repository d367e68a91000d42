"""How long the due tick takes to claim its pages, from ten thousand to a million pages.

Prints JSON: milliseconds for one claim (median and longest by the clock, median of the processor), the most memory held
before and after the claims, in MiB, and what it costs to put a page. All 100 places are free at the first claim, 50 at
each further one.
"""

import argparse
import json
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from storage.rows import PageDraft
from storage.times import to_text
from storage.write import Store, open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOST = 100

CASES = {
    # In SQL: which pages are due, and which host those are of.
    "none due": ("0", "host"),
    "one in a thousand due": ("id % 1000 = 0", "host"),
    "half due, a thousand hosts": ("id % 2", "host"),
    "half due, all of one host": ("id % 2", "'busy.gov.cn'"),
    "all due, each a host of its own": ("1", "id || '.gov.cn'"),
}


def fill(store: Store, pages: int) -> None:
    """Put so many pages of a thousand hosts, a third of them of high priority."""
    for first in range(0, pages, 10_000):
        with store.transaction() as tx:
            for number in range(first, min(first + 10_000, pages)):
                url = f"https://www{number % 1000}.gov.cn/{number}.html"
                tx.put_page(PageDraft(url, scheduled=True, schedule="every 3600", priority=number % 3), NOW)


def arrange(store: Store, due: str, host: str) -> None:
    """Make the pages due that the case says, and give those pages the case's host."""
    with store.transaction() as tx:
        run = tx._connection.execute
        run("delete from host")
        run(f"update page set host = case when {due} then {host} else host end")
        run("insert into host (name) select distinct host from page")
        spread = "strftime('%Y-%m-%dT%H:%M:%f000Z', ?, '-' || (id % 86400) || ' seconds')"
        run(
            f"update page set next_due = case when {due} then {spread} else ? end",
            (to_text(NOW), to_text(NOW + HOUR)),
        )


def claims(store: Store, runs: int) -> Iterator[tuple[float, float]]:
    """Claim, so that each claim finds what the last one took under way; yield milliseconds by clock and processor."""
    reading, under_way = store.reading(), []
    for _ in range(runs):
        start, start_cpu = time.perf_counter(), time.process_time()
        claimed = reading.claim(NOW, MOST - len(under_way), under_way)
        yield (time.perf_counter() - start) * 1000, (time.process_time() - start_cpu) * 1000
        under_way = (under_way + claimed)[-MOST // 2 :]


def memory_mib() -> float:
    """Return the most memory that this process ever held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def main() -> None:
    """Build a database of each size, arrange each case, claim, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=200)
    given = parser.parse_args()
    figures: dict[str, object] = {}
    for pages in given.pages:
        with TemporaryDirectory() as folder, open_store(Path(folder) / "bench.db") as store:
            start = time.perf_counter()
            fill(store, pages)
            figure: dict[str, object] = {"put_page_us": round((time.perf_counter() - start) * 1e6 / pages, 1)}
            for case, (due, host) in CASES.items():
                arrange(store, due, host)
                before = memory_mib()
                took, cpu = zip(*claims(store, given.runs), strict=True)
                figure[case] = {
                    "median_ms": round(median(took), 2),
                    "median_cpu_ms": round(median(cpu), 2),
                    "longest_ms": round(max(took), 2),
                    "memory_mib": [before, memory_mib()],
                }
            figures[f"{pages} pages"] = figure
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
