"""Reading the few figures that a monitor asks for again and again: pages that are due, and what waits for channels."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.overview import OVERDUE_AFTER, Queue, open_overview
from storage.times import to_text


@dataclass(frozen=True, slots=True)
class Gauges:
    """How many pages are checked on a schedule, how many of them are due and overdue, and the queues of channels."""

    watched: int
    due: int
    overdue: int
    queues: tuple[Queue, ...]


def read_gauges(database: Path, now: datetime) -> Gauges:
    """Return the figures of one moment. Raises StorageError."""
    with open_overview(database) as reader:
        (row,) = reader._rows(
            """select count(*) as watched, coalesce(sum(next_due <= ?), 0) as due,
                coalesce(sum(next_due <= ?), 0) as overdue from page where status = 'active' and scheduled = 1""",
            to_text(now),
            to_text(now - OVERDUE_AFTER),
        )
        return Gauges(row["watched"], row["due"], row["overdue"], tuple(reader.queues()))
