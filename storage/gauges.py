"""Reading the few figures that a monitor asks for again and again: pages that are due, and what waits for channels."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from storage.counts import OVERDUE_AFTER
from storage.overview import Queue, open_overview


class Gauges(Struct, frozen=True):
    """How many pages are checked on a schedule, how many of them are due and overdue, and the queues of channels."""

    watched: int
    due: int
    overdue: int
    queues: tuple[Queue, ...]


def read_gauges(database: Path, now: datetime) -> Gauges:
    """Return the figures of one moment. Raises StorageError."""
    with open_overview(database) as reader:
        overdue = reader.due(now - OVERDUE_AFTER)
        return Gauges(reader.count("scheduled"), reader.due(now), overdue, tuple(reader.queues()))
