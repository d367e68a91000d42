"""A crawl: pages become plans, outcomes become kept checks."""

import gc
from collections.abc import Callable, Sequence
from functools import partial

from core.model import FetchPlan
from crawler.fetcher import fetch_each
from govwatch import turns
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.fetching import fetcher_of, useful_workers
from govwatch.pages import plans_of
from govwatch.recording import Checked, Finding, record
from storage.rows import PageRow
from storage.write import Store


def crawl(
    app: App,
    store: Store,
    pages: Sequence[PageRow],
    on_checked: Callable[[Checked], None],
    workers: int | None = None,
    on_trouble: Callable[[str], None] = lambda said: None,
) -> None:
    """Fetch pages once and keep what came of each; `on_checked` is called as each is kept.

    Without `workers` as many processes fetch as are useful; `on_trouble` is told of one that died. Raises StorageError,
    and WorkerError where one dies too often.
    """
    by_id = {page.id: page for page in pages}
    hosts = len({page.host for page in pages})
    count = min(workers, hosts) if workers else useful_workers(len(pages), hosts, app.settings.crawl.delay_s)
    turn = turns.Turn()
    batch = Batch(partial(record, app, store, turn=turn), on_checked)

    def keep(plan: FetchPlan, finding: Finding) -> None:
        batch.add(finding)

    fetcher = fetcher_of(app, count, by_id.__getitem__, batch.room, on_trouble)
    gc.freeze()  # To look through what is there for good each time took 50 ms, in which the loop stood still.
    try:
        turns.run(fetch_each(fetcher, plans_of(app, store, pages), keep), turn)
    finally:
        batch.flush()
