"""The daemon wired: what checks pages, and beside it what delivers and what reads history again."""

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from core.errors import StorageError
from govwatch import turns
from govwatch.app import App
from govwatch.batching import TRY_AGAIN_S
from govwatch.checking import Checking
from govwatch.delivering import keep_delivering, senders
from govwatch.events import OnEvent, checked_event, replayed_event, said_event
from govwatch.fetching import PAGES_EACH, PER_S, fetcher_of, useful_workers
from govwatch.health import watch_health
from govwatch.listening import served_beside
from govwatch.pages import schedule_of
from govwatch.pruning import keep_pruning
from govwatch.recording import Checked
from govwatch.replaying import replay_pages
from scheduler.daemon import Daemon
from scheduler.timing import next_due
from storage.write import Store, open_store
from web.metrics import Meter, make_metrics_app

MOST_UNDER_WAY = 600
"""Hosts that do not answer take most of them: a fetch that only waits costs a socket."""
CATCH_UP = PAGES_EACH / PER_S * timedelta(seconds=1)
"""One process does its part in this time: where more than that is due in it, all day long, a second one is useful."""
MOST_REPLAYED = 100
"""So many pages are looked at at a time, to see whether they have to be read again."""
MOST_END_S = 7.0
"""How long a delivery or a replay may still take after the signal to stop; cut off, it is taken up at the next start.
With what the fetches, the database and the figures take at most, the end comes within 10 s."""


Work = Callable[[App, Event], None]


class Ending(Event):
    """The end of the daemon, set when it begins; what goes on beside has the rest of `MOST_END_S`."""

    def set(self) -> None:
        """Begin to end."""
        if not self.is_set():
            self._until_s = time.monotonic() + MOST_END_S
            super().set()

    @property
    def left_s(self) -> float:
        """How long it may still take."""
        return max(0.0, self._until_s - time.monotonic())


def run(app: App, store: Store, on_event: OnEvent, workers: int | None = None) -> None:
    """Check due pages until SIGTERM or SIGINT, report what changed, and read history again where rules have changed.

    `on_event` is told of each check as it is kept, of trouble with keeping, and, from other threads, of each page read
    again and each try of a delivery. Without `workers` as many processes fetch as are useful. Raises StorageError,
    WorkerError where one dies too often, and UsageError for a channel or port that cannot be used.
    """
    sends = senders(app)
    is_over = Ending()
    meter = Meter(app.database, app.now)

    def tell(kind: str, said: str) -> None:
        on_event(said_event(app.now(), kind, said))

    def on_checked(checked: Checked) -> None:
        event = checked_event(app.now(), checked)
        meter.count(event.facts["verdict"], checked.trouble)
        on_event(event)

    # Each channel has a thread of its own, so that a receiver that is slow delays no other.
    deliveries = [
        partial(keep_delivering, channel=channel, send=sends[channel.name], on_delivered=partial(tell, "delivery"))
        for channel in app.settings.channels
    ]
    works = (
        *deliveries,
        partial(watch_health, on_told=partial(tell, "trouble")),
        partial(_replay, on_event=on_event),
        partial(keep_pruning, on_event=on_event),
    )
    checking = Checking(app, store, on_checked, tell)
    daemon = Daemon(
        fetcher_of(app, workers or _useful(app, store), checking.page_of, checking.room, partial(tell, "trouble")),
        checking.due,
        checking.keep,
        MOST_UNDER_WAY,
        given_up=checking.given_up,
        on_tick=meter.tick,
        on_stop=is_over.set,
    )
    gc.freeze()  # As for a crawl.
    with _figures(app, meter), _beside(app, is_over, partial(tell, "trouble"), *works):
        try:
            turns.run(daemon.run(), checking.turn)
        finally:
            checking.flush()


def _useful(app: App, store: Store) -> int:
    """Return how many processes are useful: as many as to crawl at once what is due in `CATCH_UP`."""
    kept, due = store.reading(), 0.0
    for text, pages in kept.schedules():
        first = next_due(schedule_of(text), app.now())
        due += pages * CATCH_UP / (next_due(schedule_of(text), first) - first)
    return useful_workers(int(due), kept.watched_hosts(), app.settings.crawl.delay_s)


def _figures(app: App, meter: Meter) -> AbstractContextManager[None]:
    """Serve the figures of the daemon meanwhile, where the configuration gives a port for them."""
    port = app.settings.metrics_port
    return served_beside(make_metrics_app(meter), "127.0.0.1", port) if port else nullcontext()


@contextmanager
def _beside(app: App, is_over: Ending, on_trouble: Callable[[str], None], *works: Work) -> Iterator[None]:
    """Do works meanwhile, each in a thread; what one fails of is raised at the end. They may be cut off: all resume."""
    failures = list[BaseException]()

    def run(work: Work) -> None:
        try:
            _through_trouble(app, is_over, on_trouble, work)
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
        for thread in threads:
            thread.join(is_over.left_s)
    for failure in failures:
        raise failure


def _through_trouble(app: App, is_over: Event, on_trouble: Callable[[str], None], work: Work) -> None:
    """Do a work, again where a lock or a full disk stopped it, until it is done or the end has come."""
    while not is_over.is_set():
        try:
            work(app, is_over)
            return
        except StorageError as error:
            if not error.is_passing:
                raise
            on_trouble(f"{error}; tried again in {TRY_AGAIN_S:g} s")
            is_over.wait(TRY_AGAIN_S)


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
