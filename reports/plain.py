"""Text of a page made safe to print, and times and numbers as a reader writes them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """Return `text` with what could steer a terminal or cannot be written shown as `�`.

    That is control characters, direction marks and halves of surrogate pairs.
    """
    return _CONTROL.sub("\ufffd", text)


def when(at: datetime | None) -> str:
    """Return a time as `2026-11-24 16:05`, in the zone of the pages (Asia/Shanghai)."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else "never"


def count(number: int, noun: str) -> str:
    """Return `1 paragraph` or `5 paragraphs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
