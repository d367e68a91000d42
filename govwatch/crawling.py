"""A crawl: pages become plans, outcomes become kept checks, each as soon as it is there."""

from collections.abc import Callable, Sequence

from core.model import FetchPlan, Outcome
from crawler.crawl import fetch_all
from govwatch.app import App
from govwatch.pages import plans_of, schedule_of
from govwatch.recording import Checked, Finding, record
from scheduler.timing import next_due
from storage.rows import PageRow
from storage.write import Store


def crawl(app: App, store: Store, pages: Sequence[PageRow], on_checked: Callable[[Checked], None]) -> None:
    """Fetch pages once and keep what came of each; `on_checked` is called as each is kept."""
    by_id = {page.id: page for page in pages}

    def keep(plan: FetchPlan, outcome: Outcome) -> None:
        on_checked(record(app, store, [finding(app, by_id[plan.page], outcome)])[0])

    fetch_all(plans_of(app, store, pages), app.settings.crawl, keep)


def finding(app: App, page: PageRow, outcome: Outcome) -> Finding:
    """Return an outcome with its time and the time of the page's next check."""
    now = app.now()
    return Finding(page, outcome, now, next_due(schedule_of(page), now) if page.scheduled else None)
