"""Health notices: of pages that are no longer checked well, and that are again; judged, kept and queued."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from config.settings import Target
from core.errors import StorageError
from core.health import Health, HealthKind, HealthPolicy, Seen, judge_health
from core.model import FailureKind, FetchFailure, Presence, QualityKind, Reading, SameAs
from govwatch.app import App
from govwatch.queueing import queue_health
from storage.rows import PageRow
from storage.write import Store, Transaction, open_store

TICK_S = 30.0
GRACE = timedelta(hours=1)
"""Pages whose time is over are told only so long after the start, which gives them the chance of a check before."""
MOST_AT_ONCE = 200
_ANY = Target("", "")
"""For pages that the configuration does not name."""


def note_health(
    app: App,
    tx: Transaction,
    page: PageRow,
    before: Health,
    seen: Seen,
    now: datetime,
    reason: str,
    next_due: datetime | None,
) -> HealthKind | None:
    """Judge a page's health after a check (or at a time without one), keep it, and queue what is to be told."""
    after, kind = judge_health(before, seen, now, policy_of(app, page.url), next_due)
    tx.put_health(page.id, after, None if seen is Seen.UNCHECKED else _late_s(page, now))
    if kind is not None:
        told = before if kind is HealthKind.RECOVERED else after
        number = tx.put_notice(page.id, kind, told, page.host, reason, now)
        queue_health(app, tx, page, kind, number, now)
    return kind


def seen_as(observed: Reading | SameAs | FetchFailure, presence: Presence) -> Seen:
    """Return what a check means for the health of its page; `presence` is its verdict."""
    if presence in (Presence.REMOVED, Presence.MOVED):
        return Seen.ABSENT
    if presence is Presence.PRESENT:
        return Seen.GOOD
    if isinstance(observed, FetchFailure):
        return Seen.WAITING if observed.kind is FailureKind.CANCELLED else Seen.BAD
    return Seen.WAITING if observed.quality.kind in (QualityKind.GONE, QualityKind.MOVED) else Seen.BAD


def policy_of(app: App, url: str) -> HealthPolicy:
    """Return when trouble of a page is told."""
    target = app.targets.get(url, _ANY)
    stale_after = timedelta(seconds=target.stale_after_s) or None
    return HealthPolicy(target.failing_after, timedelta(seconds=target.failing_for_s), stale_after)


def note_stale(app: App, store: Store) -> int:
    """Tell of pages whose time without a good check is over, also where nothing checks them; return how many."""
    now, told = app.now(), 0
    if not store.reading().turned_stale(now, 1):
        return 0
    with store.transaction() as tx:
        for number in tx.turned_stale(now, MOST_AT_ONCE):
            (page,) = tx.find_pages(str(number))
            before = tx.before_check(number).health
            reason = next((check.reason for check in tx.checks(number, 1)), "")
            told += note_health(app, tx, page, before, Seen.UNCHECKED, now, reason, None) is not None
    return told


class Wakefulness:
    """Since when the daemon has been awake: not while it was stopped, the machine slept or its clock jumped."""

    def __init__(self, now: datetime) -> None:
        self._since = self._last = now

    def is_long_enough(self, now: datetime) -> bool:
        """Tell whether pages have had the chance of a check; to be asked every `TICK_S`."""
        if not timedelta(0) <= now - self._last <= timedelta(seconds=10 * TICK_S):
            self._since = now
        self._last = now
        return now - self._since >= GRACE


def watch_health(app: App, is_over: Event, on_told: Callable[[str], None]) -> None:
    """Tell of pages that nothing checks, until told to stop, over a connection of its own."""
    awake = Wakefulness(app.now())
    with open_store(app.database) as store:
        while not is_over.wait(TICK_S):
            if awake.is_long_enough(app.now()):
                try:
                    note_stale(app, store)
                except StorageError as error:
                    if not error.is_passing:
                        raise
                    on_told(str(error))


def _late_s(page: PageRow, now: datetime) -> int | None:
    return int((now - page.next_due).total_seconds()) if page.scheduled and page.next_due else None
