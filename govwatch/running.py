"""The daemon wired: due pages from the database, fetched by the crawler, kept like a one-off crawl."""

import asyncio
from collections.abc import Callable, Sequence

from core.model import FailureKind, FetchFailure, FetchPlan, Outcome
from crawler.crawl import Crawler
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.crawling import finding
from govwatch.pages import plan_of
from govwatch.recording import Checked
from scheduler.daemon import Daemon
from storage.rows import PageRow
from storage.write import Store

MOST_UNDER_WAY = 100


def run(app: App, store: Store, on_checked: Callable[[Checked], None]) -> None:
    """Check due pages until SIGTERM or SIGINT; `on_checked` is called as each check is kept. Raises StorageError."""
    pages: dict[int, PageRow] = {}
    batch = Batch(app, store, on_checked)

    def due(most: int, under_way: Sequence[int]) -> list[FetchPlan]:
        # A page that waits to be kept is still due in the database.
        batch.flush()
        with store.transaction() as tx:
            rows = tx.due(app.now(), most + len(under_way))
            fresh = [row for row in rows if row.id not in under_way][:most]
            pages.update({row.id: row for row in fresh})
            return [plan_of(app, row, tx.validators(row.id)) for row in fresh]

    def keep(plan: FetchPlan, outcome: Outcome) -> None:
        page = pages.pop(plan.page)
        # Stopped before an answer came: that is no check, and the page is still due at the next start.
        if not (isinstance(outcome, FetchFailure) and outcome.kind is FailureKind.CANCELLED):
            batch.add(finding(app, page, outcome))

    try:
        asyncio.run(Daemon(Crawler(app.settings.crawl), due, keep, MOST_UNDER_WAY).run())
    finally:
        batch.flush()
