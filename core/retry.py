"""When a page whose check failed is tried again, before its schedule says so."""

from datetime import timedelta

from core.hosts import Sign, sign_of
from core.model import Outcome, QualityKind, Reading, SameAs

FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)
_DAMAGED = {QualityKind.BLOCKED, QualityKind.ERROR_PAGE, QualityKind.PARTIAL}


def is_worth_retrying(outcome: Outcome, reading: Reading | SameAs | None) -> bool:
    """Tell whether the check found nothing out although the page may well be there: it failed, or came back damaged."""
    return sign_of(outcome) is Sign.FAILED or (reading is not None and reading.quality.kind in _DAMAGED)


def retry_wait(failures: int) -> timedelta:
    """Return how long to wait after so many failed checks of a page in a row; it doubles, up to a quarter of a day."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 16)), LONGEST_WAIT)
