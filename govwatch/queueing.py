"""Queueing what is to be told for every channel that wants it, in the transaction that keeps it."""

from datetime import datetime, timedelta

from config.settings import Channel
from core.health import HealthKind
from core.model import ChangeDraft
from core.wanted import is_of, is_wanted
from govwatch.app import App
from scheduler.timing import next_due
from storage.rows import PageRow
from storage.write import Transaction

HEALTH_HOLD = timedelta(minutes=10)
"""A health notice waits at least so long for others, since the pages of one host are checked one after the other."""
HEALTH_PAUSE = timedelta(hours=6)
"""Of one host the next health notices wait so long after the last went out: an ill host is not told of all day."""


def queue_change(app: App, tx: Transaction, page: PageRow, change: ChangeDraft, number: int) -> None:
    """Let a change wait for every channel whose filters let it through."""
    for channel in app.settings.channels:
        if is_wanted(change, page.labels, channel.labels, channel.fields, channel.kinds):
            tx.enqueue(channel.name, _told_at(channel, change.seen_at, timedelta(0)), change=number)


def queue_health(app: App, tx: Transaction, page: PageRow, kind: HealthKind, number: int, now: datetime) -> None:
    """Let a health notice wait for every channel that wants such, with what is told alike of its host."""
    for channel in app.settings.channels:
        if channel.health and is_of(page.labels, channel.labels):
            tx.enqueue(channel.name, _with_its_host(tx, channel, page.host, kind, now), health=number)


def _told_at(channel: Channel, at: datetime, hold: timedelta) -> datetime:
    """Return when a channel is told of what was seen at a time: with its next digest, or after the hold."""
    return next_due(channel.digest, at) if channel.digest else at + max(hold, timedelta(seconds=channel.hold_s))


def _with_its_host(tx: Transaction, channel: Channel, host: str, kind: HealthKind, now: datetime) -> datetime:
    usual = _told_at(channel, now, HEALTH_HOLD)
    last = tx.last_told(channel.name, host, kind is HealthKind.RECOVERED)
    if channel.digest or last is None:
        return usual
    not_before, made_at = last
    return not_before if made_at is None else max(usual, made_at + HEALTH_PAUSE)
