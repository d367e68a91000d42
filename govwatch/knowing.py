"""What a capture says: read, or known where it fits a stencil of the page's head; and how such a stencil is learned."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.model import Capture, Reading, SameAs
from core.read import PageReader
from core.stencil import learn
from storage.known import Before, Learned
from storage.write import Transaction

LONGEST_UNREAD = timedelta(weeks=1)
READ_OF = 20
"""Of so many captures that fit a stencil one is read all the same, by the chance of its microsecond."""
MOST_LESSONS = 6
"""A page whose noise is still not known after so many is read whole until its text changes."""
READ_AFTER_ALL = "noise that earlier checks left unread is read after all; from now on each check of this text reads it"


@dataclass(frozen=True, slots=True)
class Known:
    """What a capture says, what that teaches of the page's noise, and in words what of it was wrong."""

    reading: Reading | SameAs
    learned: Learned | None = None
    doubt: str = ""


def know(kept: Transaction, page: int, reader: PageReader, capture: Capture, at: datetime) -> Known:
    """Return what a capture says; it stays true whatever another process keeps meanwhile. Raises StorageError.

    A page is known for its head where it is the same, or fits what was learned of the head's noise.
    """
    head = kept.read_before(page, reader.rules_id) if capture.media == "html" else None
    if head is None:
        return Known(reader.read(capture))
    stencil = head.learned.stencil if head.learned else None
    is_fitting = stencil is not None and stencil.fits(capture)
    if head.whole.fits(capture) or (is_fitting and not _is_due(head, capture, at)):
        return Known(head.same)
    reading = reader.read(capture)
    if replace(reading, evidence=()) != kept.reading_of(head.same):
        times = MOST_LESSONS if is_fitting else head.learned.times if head.learned else 0
        dropped = Learned(head.same.version, None, at, times) if stencil else None
        return Known(reading, dropped, READ_AFTER_ALL if is_fitting else "")
    if head.learned and is_fitting:
        return Known(reading, replace(head.learned, read_at=at))
    return Known(reading, _lesson(kept, head, reader, reading, capture, at))


def _is_due(head: Before, capture: Capture, at: datetime) -> bool:
    """Tell whether a capture that fits is read all the same: one in twenty, and one in every week."""
    is_long_ago = head.learned is None or at - head.learned.read_at >= LONGEST_UNREAD
    return is_long_ago or capture.received_at.microsecond % READ_OF == 0


def _lesson(
    kept: Transaction, head: Before, reader: PageReader, reading: Reading, capture: Capture, at: datetime
) -> Learned | None:
    """Learn where noise stands, from a capture that says what the head does in other bytes, as many."""
    times, stencil = (head.learned.times, head.learned.stencil) if head.learned else (0, None)
    if times >= MOST_LESSONS or len(capture.body) != head.whole.body_bytes:
        return None
    holes = stencil.holes if stencil and stencil.body_bytes == len(capture.body) else ()
    learned = learn(kept.capture(head.capture).body, capture, reader, reading, holes)
    return Learned(head.same.version, learned or stencil, at, times + 1)
