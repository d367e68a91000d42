"""One crawl of the load site by govwatch, measured: CPU by stage, memory, and what was told against the truth.

Takes a JSON object (`database`, `urls`, `round`, `by_stage`, `workers`: 1) on standard input and prints JSON. Stages
are timed around the functions that are theirs, and what is left is the download; the clock itself costs then, so totals
come without.
"""

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loadsite import number_of, truth_of
from msgspec import Struct

import core.decide
import core.read
import crawler.crawl  # noqa: F401 (else where the crawl begins, behind the start of the clock)
from config.settings import CrawlSettings, Settings
from govwatch.app import App
from govwatch.crawling import crawl
from govwatch.recording import Checked
from storage.rows import PageDraft
from storage.write import Store, open_store

SETTINGS = CrawlSettings(
    allow_networks=("127.0.0.0/8",), delay_s=0, concurrency=16, concurrency_per_host=16, obey_robots=False, retries=0
)
STAGES = {
    "decode": [(core.read, "decode")],
    "extract": [(core.read, "parse_html"), (core.read.PageReader, "_extract"), (core.read.PageReader, "_judge")],
    "normalise": [(core.read, "apply_rules"), (core.read, "edged"), (core.decide, "fingerprint")],
}


class Stages:
    """CPU seconds by stage, of the thread that reads and keeps; a stage inside another one is taken off the outer."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._open: list[float] = []
        for stage, functions in STAGES.items():
            for home, name in functions:
                setattr(home, name, self._timed(stage, getattr(home, name)))
        transaction = Store.transaction

        @contextmanager
        def timed(store: Store) -> Any:
            with self.of("store"), transaction(store) as tx:
                yield tx

        Store.transaction = timed  # type: ignore[method-assign]

    @contextmanager
    def of(self, stage: str) -> Any:
        """Count a block as a stage."""
        start = time.thread_time()
        self._open.append(0.0)
        try:
            yield
        finally:
            took = time.thread_time() - start
            self.seconds[stage] += took - self._open.pop()
            if self._open:
                self._open[-1] += took

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*values: Any, **named: Any) -> Any:
            with self.of(stage):
                return function(*values, **named)

        return timed


class Told(Struct, frozen=True):
    """What was told of a page; the check itself, with its texts, is not kept in memory, as the command keeps none."""

    content: str
    fields: frozenset[str]
    is_change: bool


def judged(told: dict[int, Told], pages: int, round_name: str) -> dict[str, Any]:
    """Hold what was told against the truth: changed fields missed or made up, and checks with a wrong verdict."""
    right = missed = false = wrong = 0
    for number in range(pages):
        content, fields = truth_of(number, round_name)
        one = told.get(number)
        said = one.fields if one else frozenset()
        right, missed, false = right + len(fields & said), missed + len(fields - said), false + len(said - fields)
        wrong += one is None or one.content != content or one.is_change != bool(fields)
    return {
        "changed_fields": right + missed,
        "recall": right / (right + missed) if right + missed else 1.0,
        "precision": right / (right + false) if right + false else 1.0,
        "wrong_verdicts": wrong,
    }


def main() -> None:
    """Crawl once, print the figures."""
    given = json.load(sys.stdin)
    urls, database = given["urls"], Path(given["database"])
    app = App(Settings(crawl=SETTINGS), database)
    app.library  # noqa: B018 (read before the clock starts, as the bare spider's imports are)
    stages, told = Stages() if given["by_stage"] else None, dict[int, Told]()

    def tell(checked: Checked) -> None:
        change = checked.decision.change
        said = frozenset(field.field for field in change.fields) if change else frozenset()
        told[number_of(checked.page.url)] = Told(str(checked.verdict.content), said, change is not None)

    with open_store(database) as store:
        with store.transaction() as tx:
            for url in urls:
                tx.put_page(PageDraft(url), app.now())
            pages = tx.pages()
        if stages:
            stages.seconds.clear()
        start, started = time.process_time(), time.perf_counter()
        crawl(app, store, pages, tell, given.get("workers", 1))
        cpu, wall = time.process_time() - start, time.perf_counter() - started
    figures: dict[str, Any] = {
        "cpu_ms": cpu * 1000 / len(urls),
        "wall_ms": wall * 1000 / len(urls),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk_bytes_per_page": database.stat().st_size / len(urls),
    }
    if stages:
        by_stage = {stage: stages.seconds[stage] for stage in (*STAGES, "store")}
        by_stage = {"download": cpu - sum(by_stage.values())} | by_stage
        figures["stages_cpu_ms"] = {stage: seconds * 1000 / len(urls) for stage, seconds in by_stage.items()}
    print(json.dumps(figures | judged(told, len(urls), given["round"])))


if __name__ == "__main__":
    main()
