"""A crawl: pages become plans, outcomes become kept checks."""

import gc
from collections.abc import Callable, Sequence
from functools import partial

from core.model import FetchPlan, Outcome
from crawler.crawl import fetch_all
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.pages import plans_of
from govwatch.recording import Checked, Finding, record
from storage.rows import PageRow
from storage.write import Store


def crawl(app: App, store: Store, pages: Sequence[PageRow], on_checked: Callable[[Checked], None]) -> None:
    """Fetch pages once and keep what came of each; `on_checked` is called as each is kept. Raises StorageError."""
    by_id = {page.id: page for page in pages}
    batch = Batch(partial(record, app, store), on_checked)

    def keep(plan: FetchPlan, outcome: Outcome) -> None:
        batch.add(Finding(by_id[plan.page], outcome, app.now()))

    gc.freeze()  # To look through what is there for good each time took 50 ms, in which the loop stood still.
    try:
        fetch_all(plans_of(app, store, pages), app.settings.crawl, keep, batch.room)
    finally:
        batch.flush()
