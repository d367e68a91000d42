"""Deliveries: what waits in the outbox is rendered, sent, and acknowledged only after it was taken.

At least once: killed between sending and acknowledging, the same report goes out again under the same id.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

from config.settings import Channel
from core.errors import ConfigError, DeliveryError, StorageError
from govwatch.app import App
from govwatch.batching import TRY_AGAIN_S
from govwatch.notices import notice_of
from reports.channels.values import Send
from reports.plain import count
from storage.outbox import DeliveryRow, Most
from storage.overview import open_overview
from storage.write import Store, open_store

MOST_ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_HOLD = timedelta(days=2)
"""Beside the hold of its channel nothing waits longer: neither for a digest nor for others of its host."""
MOST_TOLD = Most(changes=500, health=5_000)
"""A health notice is short, and they come in crowds: where this machine's network fails, all pages fall ill."""
MOST_SAID_CHARS = 500
TICK_S = 1.0

_SEPARATORS = re.compile(r"[/?&=:@#]")

OnDelivered = Callable[[str], None]


def senders(app: App) -> dict[str, Send]:
    """Return what sends to each channel. Raises ConfigError with every channel that cannot be used at all."""
    folder = Path(app.settings.path).parent
    sends: dict[str, Send] = {}
    problems: list[str] = []
    for channel in app.settings.channels:
        try:
            sends[channel.name] = _sender(channel, folder)
        except DeliveryError as error:
            problems.append(f"{app.settings.path}: {redacted(str(error), channel)}")
    if problems:
        raise ConfigError(app.settings.path, tuple(problems))
    return sends


def left_over(app: App) -> list[str]:
    """Return in a line each what waits for a channel that the configuration has no more; it is kept, and not sent."""
    known = {channel.name for channel in app.settings.channels}
    with open_overview(app.database) as reader:
        waiting = {queue.channel: queue.waiting + queue.pending for queue in reader.queues()}
    return [
        f"channel {name} is not in the configuration: what waits for it ({many}) is kept until it is there again"
        for name, many in waiting.items()
        if many and name not in known
    ]


def deliver(app: App, store: Store, channel: Channel, send: Send, taken: set[int]) -> Iterator[str]:
    """Send everything that is due to a channel, and tell of each try in a line. Raises StorageError.

    `taken` remembers the deliveries that were taken and could not be acknowledged: a full disk sends nothing twice.
    """
    _freeze(app, store, channel)
    for delivery in store.reading().pending(channel.name, app.now(), LONGEST_WAIT):
        if delivery.id not in taken:
            if (error := _sent(store, channel, send, delivery)) is not None:
                yield _failed(app, store, channel, delivery, error)
                continue
            taken.add(delivery.id)
        with store.transaction() as tx:
            tx.acknowledge(delivery.id, app.now())
        taken.remove(delivery.id)
        yield f"{_told(delivery)} delivered to {channel.name}"


def _sent(store: Store, channel: Channel, send: Send, delivery: DeliveryRow) -> DeliveryError | None:
    """Send a delivery and return what went wrong, None where it was taken.

    A fault of our own in telling one change is no reason to end the checks, again at each start: it is told, tried
    again and given up like a fault of the receiver.
    """
    try:
        send(notice_of(store.reading(), delivery))
    except DeliveryError as error:
        return error
    except StorageError:
        raise
    except Exception as error:
        return DeliveryError(channel.name, f"a fault of govwatch, please report it: {type(error).__name__}: {error}")
    return None


def keep_delivering(app: App, is_over: Event, channel: Channel, send: Send, on_delivered: OnDelivered) -> None:
    """Deliver to a channel until told to stop, over a connection of its own; each try is told in a line."""
    taken, wait_s = set[int](), TICK_S
    with open_store(app.database) as store:
        while not is_over.wait(wait_s):
            wait_s = TICK_S
            try:
                for said in deliver(app, store, channel, send, taken):
                    on_delivered(said)
                    if is_over.is_set():
                        return
            except StorageError as error:
                if not error.is_passing:
                    raise
                on_delivered(str(error))
                wait_s = TRY_AGAIN_S


def _freeze(app: App, store: Store, channel: Channel) -> None:
    """Make deliveries of what is due; each holds a bounded number of changes, so that one can be read and sent."""
    now, longest = app.now(), timedelta(seconds=channel.hold_s) + LONGEST_HOLD
    if store.reading().is_due(channel.name, now, longest):
        with store.transaction() as tx:
            while tx.is_due(channel.name, now, longest):
                tx.make_delivery(channel.name, uuid4().hex, now, longest, MOST_TOLD)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: it doubles, up to a quarter of a day."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def _told(delivery: DeliveryRow) -> str:
    changes, health = len(delivery.changes), len(delivery.health)
    told = (count(changes, "change") if changes else "", count(health, "health notice") if health else "")
    return " and ".join(filter(None, told))


def redacted(said: str, channel: Channel) -> str:
    """Return what is said of a channel without its secrets, which a receiver may have repeated in its answer."""
    secrets = {channel.url, channel.secret, channel.mail.password if channel.mail else ""}
    # A token is mostly a part of the path, or a value of the query.
    secrets |= {part for part in _SEPARATORS.split(channel.url.partition("://")[2].partition("/")[2]) if len(part) > 7}
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        said = said.replace(secret, "***")
    return said if len(said) <= MOST_SAID_CHARS else f"{said[:MOST_SAID_CHARS]}…"


def _failed(app: App, store: Store, channel: Channel, delivery: DeliveryRow, error: DeliveryError) -> str:
    said = redacted(str(error), channel)
    attempts = delivery.attempts + 1
    is_given_up = error.is_final or attempts >= MOST_ATTEMPTS
    with store.transaction() as tx:
        tx.fail(delivery.id, attempts, said, None if is_given_up else app.now() + wait_after(attempts))
    tries = "1 try" if attempts == 1 else f"{attempts} tries"
    if is_given_up:
        return f"GIVEN UP after {tries}: {said}; what it told is in `govwatch changes` and `govwatch status`"
    return f"{said}; after {tries} the next is in {wait_after(attempts) / timedelta(minutes=1):g} minutes"


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
