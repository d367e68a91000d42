"""The daemon's daily pruning, where the configuration asks for it, and what is told of it."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event

from msgspec.structs import asdict

from core.errors import StorageError
from govwatch.app import App
from govwatch.events import Event as DaemonEvent
from govwatch.events import OnEvent, said_event
from govwatch.words import size_words
from storage.retention import Pruned, last_pruned_at, prune
from storage.write import open_store

EVERY = timedelta(days=1)
LOOK_S = 60.0


def has_retention(app: App) -> bool:
    """Tell whether anything is ever to be pruned."""
    retention = app.settings.retention
    return retention.captures_after_s is not None or retention.checks_after_s is not None


def keep_pruning(app: App, is_over: Event, on_event: OnEvent) -> None:
    """Prune once a day until told to stop; an error that may pass is told, and what it left waits for the next run."""
    if not has_retention(app):
        return
    while True:
        try:
            if _is_due(app):
                on_event(_pruned_event(app, prune(app.database, app.settings.retention, app.now(), is_over.is_set)))
        except StorageError as error:
            if not error.is_passing:
                raise
            on_event(said_event(app.now(), "trouble", str(error)))
        if is_over.wait(LOOK_S):
            return


def _is_due(app: App) -> bool:
    with open_store(app.database) as store:
        last = last_pruned_at(store)
    # Where the clock was set back, the last time lies ahead.
    return last is None or not last <= app.now() < last + EVERY


def _pruned_event(app: App, pruned: Pruned) -> DaemonEvent:
    return DaemonEvent(app.now(), "pruned", "; ".join(line.strip() for line in told_pruned(pruned)), asdict(pruned))


def told_pruned(pruned: Pruned, is_dry: bool = False) -> Iterator[str]:
    """Yield what went, or would, in lines: rows, bytes, kind and reason."""
    word = "would be pruned" if is_dry else "pruned"
    kinds = (
        (pruned.noise + pruned.bad, "captures", pruned.capture_bytes, _captures(pruned)),
        (pruned.bodies, "bodies", pruned.body_bytes, "needed by no capture that stays"),
        (pruned.checks, "checks", pruned.check_bytes, "found nothing new; one row stays for those of a day"),
    )
    yield from (f"{rows:>9} {noun} {word}, {size_words(size)}: {why}" for rows, noun, size, why in kinds if rows)
    if not any(asdict(pruned).values()):
        yield f"Nothing {word}."


def _captures(pruned: Pruned) -> str:
    reasons = ((pruned.noise, "differ in noise from one that stays"), (pruned.bad, "bad, amid a run of such"))
    return ", ".join(f"{number} {why}" for number, why in reasons if number)
