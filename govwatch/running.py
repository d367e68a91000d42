"""The daemon wired: due pages from the database, fetched by the crawler, kept like a one-off crawl."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from threading import Event, Thread

from core.model import FailureKind, FetchFailure, FetchPlan, Outcome
from crawler.crawl import Crawler
from govwatch.app import App
from govwatch.batching import Batch
from govwatch.delivering import keep_delivering, senders
from govwatch.events import OnEvent, checked_event, replayed_event, said_event
from govwatch.health import watch_health
from govwatch.listening import served_beside
from govwatch.pages import plan_of
from govwatch.pruning import keep_pruning
from govwatch.recording import Checked, Finding
from govwatch.replaying import replay_pages
from scheduler.daemon import Daemon
from storage.rows import PageRow
from storage.write import Store, open_store
from web.metrics import Meter, make_metrics_app

MOST_UNDER_WAY = 100
MOST_REPLAYED = 100
"""So many pages are looked at at a time, to see whether they have to be read again."""
GRACE_S = 5.0
"""How long a delivery or a replay under way may take at the end; cut off, it is taken up at the next start."""


def run(app: App, store: Store, on_event: OnEvent) -> None:
    """Check due pages until SIGTERM or SIGINT, report what changed, and read history again where rules have changed.

    `on_event` is told of each check as it is kept, of trouble with keeping, and, from other threads, of each page read
    again and each try of a delivery. Raises StorageError, and UsageError for a channel or port that
    cannot be used.
    """
    sends = senders(app)
    pages: dict[int, PageRow] = {}
    meter = Meter(app.database, app.now)

    def tell(kind: str) -> Callable[[str], None]:
        return lambda said: on_event(said_event(app.now(), kind, said))

    def on_checked(checked: Checked) -> None:
        event = checked_event(app.now(), checked)
        meter.count(event.facts["verdict"], checked.trouble)
        on_event(event)

    batch = Batch(app, store, on_checked, tell("trouble"))

    def due(most: int, under_way: Sequence[int]) -> list[FetchPlan]:
        # A page that waits to be kept is still due in the database, and what cannot be kept need not be fetched.
        if not batch.settle():
            return []
        kept = store.reading()
        fresh = kept.claim(app.now(), most, [pages[page] for page in under_way])
        pages.update({row.id: row for row in fresh})
        return [plan_of(app, row, kept.validators(row.id)) for row in fresh]

    def keep(plan: FetchPlan, outcome: Outcome) -> None:
        page = pages.pop(plan.page)
        # Stopped before an answer came: that is no check, and the page is still due at the next start.
        if not (isinstance(outcome, FetchFailure) and outcome.kind is FailureKind.CANCELLED):
            batch.add(Finding(page, outcome, app.now()))

    # Each channel has a thread of its own, so that a receiver that is slow delays no other.
    deliveries = [
        partial(keep_delivering, channel=channel, send=sends[channel.name], on_delivered=tell("delivery"))
        for channel in app.settings.channels
    ]
    works = (
        *deliveries,
        partial(watch_health, on_told=tell("trouble")),
        partial(_replay, on_event=on_event),
        partial(keep_pruning, on_event=on_event),
    )
    try:
        with _figures(app, meter), _beside(app, *works):
            asyncio.run(Daemon(Crawler(app.settings.crawl), due, keep, MOST_UNDER_WAY, meter.tick).run())
    finally:
        batch.flush()


def _figures(app: App, meter: Meter) -> AbstractContextManager[None]:
    """Serve the figures of the daemon meanwhile, where the configuration gives a port for them."""
    port = app.settings.metrics_port
    return served_beside(make_metrics_app(meter), "127.0.0.1", port) if port else nullcontext()


@contextmanager
def _beside(app: App, *works: Callable[[App, Event], None]) -> Iterator[None]:
    """Do works meanwhile, each in a thread; what one fails of is raised at the end. They may be cut off: all resume."""
    is_over, failures = Event(), list[BaseException]()

    def run(work: Callable[[App, Event], None]) -> None:
        try:
            work(app, is_over)
        except Exception as error:
            failures.append(error)
            os.kill(os.getpid(), signal.SIGTERM)

    threads = [Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        until = time.monotonic() + GRACE_S
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
    for failure in failures:
        raise failure


def _replay(app: App, is_over: Event, on_event: OnEvent) -> None:
    """Read again, in a thread and over a connection of its own, what was read under other rules."""
    with open_store(app.database) as store:
        last = 0
        while pages := store.reading().pages_after(last, MOST_REPLAYED):
            for page in pages:
                for replayed in replay_pages(app, store, [page]):
                    on_event(replayed_event(app.now(), replayed))
                if is_over.is_set():
                    return
            last = pages[-1].id
