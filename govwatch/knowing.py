"""What a capture says: read, or known where it fits a stencil of the page's head; and how such a stencil is learned."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from core.learning import learn
from core.model import Capture, Reading, SameAs
from core.read import PageReader
from storage.known import Before, Learned
from storage.rows import PageRow
from storage.write import Transaction

LONGEST_UNREAD = timedelta(weeks=1)
READ_OF = 20
"""Of so many captures that fit a stencil one is read all the same, by the chance of its microsecond."""
MOST_LESSONS = 6
"""A page whose noise is still not known after so many is read whole until its text changes."""
READ_AFTER_ALL = "noise that earlier checks left unread is read after all; from now on each check of this text reads it"


class Known(Struct, frozen=True):
    """What a capture says, what that teaches of the page's noise, and in words what of it was wrong."""

    reading: Reading | SameAs
    learned: Learned | None = None
    doubt: str = ""


def know(kept: Transaction, page: PageRow, reader: PageReader, capture: Capture, at: datetime) -> Known:
    """Return what a capture says; it stays true whatever another process keeps meanwhile. Raises StorageError.

    A page is known for its head where it fits what was learned of that, or is the same.
    """
    if page.head_number is None or capture.media != "html":
        return Known(reader.read(capture))
    learned = kept.learned(page.id, reader.rules_id)
    stencil, times = (learned.stencil, learned.times) if learned else (None, 0)
    is_fitting = stencil is not None and stencil.fits(capture)
    if learned and is_fitting and not _is_due(learned, capture, at):
        return Known(learned.same)
    head = kept.read_before(page.id, reader.rules_id)
    if head is None:
        return Known(reader.read(capture))
    if head.whole.fits(capture):
        has_holes = stencil is not None and stencil.holes
        return Known(head.same, None if has_holes else Learned(head.same, head.whole, at, times))
    reading = reader.read(capture)
    if replace(reading, evidence=()) != kept.reading_of(head.same):
        # What was learned of this text stays true of it, unless it was learned wrongly.
        return (
            Known(reading, Learned(head.same, None, at, MOST_LESSONS), READ_AFTER_ALL) if is_fitting else Known(reading)
        )
    if learned and is_fitting:
        return Known(reading, replace(learned, read_at=at))
    return Known(reading, _lesson(kept, head, learned, reader, reading, capture, at))


def _is_due(learned: Learned, capture: Capture, at: datetime) -> bool:
    """Tell whether a capture that is the same but for holes is read after all: one in twenty, and one in each week."""
    if not learned.stencil or not learned.stencil.holes:
        return False
    return at - learned.read_at >= LONGEST_UNREAD or capture.received_at.microsecond % READ_OF == 0


def _lesson(
    kept: Transaction,
    head: Before,
    learned: Learned | None,
    reader: PageReader,
    reading: Reading,
    capture: Capture,
    at: datetime,
) -> Learned | None:
    """Learn where noise stands, from a capture that says what the head does in other bytes."""
    times, stencil = (learned.times, learned.stencil) if learned else (0, None)
    if times >= MOST_LESSONS:
        return None
    before = kept.capture(head.capture)
    holes = stencil.holes if stencil and stencil.fits(before) else ()
    taught = learn(before.body, capture, reader, reading, holes)
    return Learned(head.same, taught or stencil, at, times + 1)
