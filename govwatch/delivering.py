"""Deliveries: what waits in the outbox is rendered, sent, and acknowledged only after it was taken.

At least once: killed between sending and acknowledging, the same report goes out again under the same id.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

from config.settings import Channel
from core.errors import DeliveryError, StorageError, UsageError
from govwatch.app import App
from reports.channels.values import Send
from reports.folding import count
from reports.notice import make_notice
from reports.values import HealthReport
from storage.health import HealthRow
from storage.outbox import DeliveryRow
from storage.write import Store, open_store
from web.reading import change_report

MOST_ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_HOLD = timedelta(days=2)
"""Beside the hold of its channel nothing waits longer: neither for a digest nor for others of its host."""
MOST_TOLD = 500
"""So many changes and health notices go into one delivery at most."""
TICK_S = 1.0

OnDelivered = Callable[[str], None]


def senders(app: App) -> dict[str, Send]:
    """Return what sends to each channel. Raises UsageError where a channel cannot be used at all."""
    try:
        return {channel.name: _sender(channel, Path(app.settings.path).parent) for channel in app.settings.channels}
    except (DeliveryError, ValueError) as error:
        raise UsageError(f"{app.settings.path}: {error}") from error


def deliver(app: App, store: Store, send_by_channel: Mapping[str, Send], on_delivered: OnDelivered) -> None:
    """Send everything that is due; `on_delivered` is told of each try in a line. Raises StorageError."""
    for channel in app.settings.channels:
        if channel.name in send_by_channel:
            _freeze(app, store, channel)
            for delivery in store.reading().pending(channel.name, app.now(), LONGEST_WAIT):
                on_delivered(_deliver(app, store, delivery, send_by_channel[channel.name]))


def _freeze(app: App, store: Store, channel: Channel) -> None:
    """Make deliveries of what is due; each holds a bounded number of changes, so that one can be read and sent."""
    now, longest = app.now(), timedelta(seconds=channel.hold_s) + LONGEST_HOLD
    if store.reading().is_due(channel.name, now, longest):
        with store.transaction() as tx:
            while tx.is_due(channel.name, now, longest):
                tx.make_delivery(channel.name, uuid4().hex, now, longest, MOST_TOLD)


def keep_delivering(app: App, is_over: Event, send_by_channel: Mapping[str, Send], on_delivered: OnDelivered) -> None:
    """Deliver until told to stop, over a connection of its own."""
    with open_store(app.database) as store:
        while not is_over.wait(TICK_S):
            try:
                deliver(app, store, send_by_channel, on_delivered)
            except StorageError as error:
                if not error.is_passing:
                    raise
                on_delivered(str(error))


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: it doubles, up to a quarter of a day."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def _deliver(app: App, store: Store, delivery: DeliveryRow, send: Send) -> str:
    reading = store.reading()
    changes = [change_report(reading, change) for change in reading.changes_by_number(delivery.changes)]
    health = [_health_report(row) for row in reading.notices(delivery.health)]
    try:
        send(make_notice(delivery.notice, delivery.made_at, changes, health))
    except DeliveryError as error:
        return _failed(app, store, delivery, error)
    with store.transaction() as tx:
        tx.acknowledge(delivery.id, app.now())
    told = (count(len(changes), "change") if changes else "", count(len(health), "health notice") if health else "")
    return f"{' and '.join(filter(None, told))} delivered to {delivery.channel}"


def _health_report(row: HealthRow) -> HealthReport:
    return HealthReport(
        row.page, row.name, row.url, row.title, row.host, row.kind, row.at, row.bad_checks, row.since, row.reason
    )


def _failed(app: App, store: Store, delivery: DeliveryRow, error: DeliveryError) -> str:
    attempts = delivery.attempts + 1
    is_given_up = error.is_final or attempts >= MOST_ATTEMPTS
    with store.transaction() as tx:
        tx.fail(delivery.id, attempts, str(error), None if is_given_up else app.now() + wait_after(attempts))
    tries = "1 try" if attempts == 1 else f"{attempts} tries"
    if is_given_up:
        return f"GIVEN UP after {tries}: {error}; the changes are in `govwatch changes`"
    return f"{error}; after {tries} the next is in {wait_after(attempts) / timedelta(minutes=1):g} minutes"


def _sender(channel: Channel, folder: Path) -> Send:
    if channel.kind == "mail":
        from reports.channels.mail import to_mail

        assert channel.mail is not None
        return to_mail(channel.name, channel.mail)
    if channel.kind == "webhook":
        from reports.channels.webhook import to_webhook

        return to_webhook(channel.name, channel.url, channel.secret)
    if channel.kind == "apprise":
        from reports.channels.anything import to_apprise

        return to_apprise(channel.name, channel.url)
    from reports.channels.file import to_file, to_stdout

    return to_file(channel.name, folder / channel.path) if channel.kind == "file" else to_stdout(channel.name)
