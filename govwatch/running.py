"""The daemon wired: due pages from the database, fetched by the crawler, kept like a one-off crawl."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Event

from core.model import FailureKind, FetchFailure, FetchPlan, Outcome
from crawler.crawl import Crawler
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.crawling import finding
from govwatch.pages import plan_of
from govwatch.recording import Checked
from govwatch.replaying import Replayed, replay_pages
from scheduler.daemon import Daemon
from storage.rows import PageRow
from storage.write import Store, open_store

MOST_UNDER_WAY = 100


def run(app: App, store: Store, on_checked: Callable[[Checked], None], on_replayed: Callable[[Replayed], None]) -> None:
    """Check due pages until SIGTERM or SIGINT, and read history again where the rules have changed.

    `on_checked` is called as each check is kept, `on_replayed`, from another thread, for each page read again. Raises
    StorageError.
    """
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
        asyncio.run(_both(Daemon(Crawler(app.settings.crawl), due, keep, MOST_UNDER_WAY), app, on_replayed))
    finally:
        batch.flush()


async def _both(daemon: Daemon, app: App, on_replayed: Callable[[Replayed], None]) -> None:
    is_over = Event()
    replaying = asyncio.create_task(asyncio.to_thread(_replay, app, is_over, on_replayed))
    try:
        await daemon.run()
    finally:
        is_over.set()
        await replaying


def _replay(app: App, is_over: Event, on_replayed: Callable[[Replayed], None]) -> None:
    """Read again, in a thread and over a connection of its own, what was read under other rules."""
    with open_store(app.database) as store:
        for page in store.reading().pages():
            for replayed in replay_pages(app, store, [page]):
                on_replayed(replayed)
            if is_over.is_set():
                return
