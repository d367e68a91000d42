"""After a clock was set back: what is planned too far ahead is planned anew, so that no page waits for the old time."""

from datetime import datetime

from core.hosts import LONGEST_ASKED
from govwatch.app import App
from govwatch.pages import schedule_of
from scheduler.timing import next_due
from storage.write import Store

_LATEST = 1.0
"""The share of a jitter that no page goes beyond."""


def replan(app: App, store: Store) -> int:
    """Plan anew the pages that are due more than one check later than now their schedule says; return how many.

    One check later is let be: after a step back over the time of a check that was made, it is not made twice.
    Raises StorageError.
    """
    now = app.now()
    late = [
        (schedule, limit, first)
        for schedule, latest in store.reading().latest_due()
        for first, limit in [_next_two(schedule, now)]
        if latest > limit
    ]
    with store.transaction() as tx:
        tx.release_hosts(now + LONGEST_ASKED)
        return sum(tx.bring_forward(schedule, limit, first) for schedule, limit, first in late)


def _next_two(text: str, now: datetime) -> tuple[datetime, datetime]:
    schedule = schedule_of(text)
    first = next_due(schedule, now, _LATEST)
    return first, next_due(schedule, first, _LATEST)
