"""Times as the database keeps them: UTC, as text of one length that sorts by time and reads without a tool."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)
def to_text(at: datetime) -> str:
    """Return an aware datetime as `2026-11-24T16:05:00.000000Z`. A check writes its own time in five places."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the aware datetime of such a text."""
    return datetime.fromisoformat(text)


def from_text_or_none(text: str | None) -> datetime | None:
    """Return the time, or None for a column that is empty."""
    return None if text is None else from_text(text)


def to_text_or_none(at: datetime | None) -> str | None:
    """Return the text of a time, or None for a column that is to be empty."""
    return None if at is None else to_text(at)
