"""Windows of the week as text, such as `mon-fri 08:00-18:00`: the hours in which a page may be checked."""

import re

from config.schedule import parse_weekdays, parse_zone
from config.settings import DEFAULT_ZONE, Window

DAY_MINUTES = 24 * 60
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")

WindowTimes = tuple[tuple[int, ...], int, int]
"""The days on which it opens (0 is Sunday), and the minutes of the day at which it opens and closes; where it closes at
or before the time it opens, that is on the next day."""


def window(line: str, zone: str = DEFAULT_ZONE.key) -> Window:
    """Return a checked window. Raises ValueError."""
    line = " ".join(line.lower().split())
    parse_window(line)
    return Window(line, parse_zone(zone))


def parse_window(line: str) -> WindowTimes:
    """Read a window: weekdays as in a cron line, without them every day, and hours. Raises ValueError."""
    days, _, hours = line.rpartition(" ")
    match = _HOURS.fullmatch(hours)
    if match is None:
        raise ValueError(f"{line!r} is not a window; write for example mon-fri 08:00-18:00")
    opens, closes = (_minutes(match[hour], match[minute], line) for hour, minute in ((1, 2), (3, 4)))
    if opens in (closes, DAY_MINUTES):
        raise ValueError(f"{line!r} is empty; write for example mon-fri 08:00-18:00, or leave the window out")
    return parse_weekdays(days) if days else tuple(range(7)), opens, closes


def _minutes(hour: str, minute: str, line: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > DAY_MINUTES:
        raise ValueError(f"{line!r} has {hour}:{minute}, which is no time of the day")
    return minutes
