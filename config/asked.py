"""What a user asks for in words, on the command line or in a form: an address, a name, a schedule, checked."""

from msgspec.structs import replace

from config.schedule import cron, parse_every
from config.settings import ONCE_A_DAY, Schedule
from config.values import check_page_url, parse_name
from config.window import window
from core.errors import UsageError


def checked_url(text: str) -> str:
    """Return an address that can be watched. Raises UsageError."""
    try:
        return check_page_url(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def checked_name(text: str) -> str:
    """Return a name for a page; empty: none. Raises UsageError where commands would take it for a page's number."""
    try:
        return parse_name(text) if text.strip() else ""
    except ValueError as error:
        raise UsageError(f"the name {error}") from error


def checked_schedule(every: str | None, cron_line: str | None = None, hours: str | None = None) -> Schedule:
    """Return a schedule from a duration, perhaps in a window, or a cron line; once a day where none is given.

    Raises UsageError.
    """
    if cron_line and (every or hours):
        raise UsageError(f"give one of {'--every' if every else '--window'} and --cron")
    try:
        if cron_line:
            return cron(cron_line)
        return replace(parse_every(every) if every else ONCE_A_DAY, window=window(hours) if hours else None)
    except ValueError as error:
        raise UsageError(str(error)) from error
