"""Schedules as text: durations such as `30m`, five-field cron lines, and the form the database keeps."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from config.settings import DEFAULT_ZONE, Cron, Every, Schedule, Window

SHORTEST_S = 10
LONGEST_S = 366 * 86400
LONGEST_JITTER_S = 24 * 3600
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(r"(\d{1,8})\s*([smhdw])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_STEP = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d{1,3}))?")


class CronField(Struct, frozen=True):
    """One of the five fields: its name, its range and the names its numbers have."""

    name: str
    first: int
    last: int
    names: tuple[str, ...] = ()


_FIELDS = (
    CronField("minute", 0, 59),
    CronField("hour", 0, 23),
    CronField("day", 1, 31),
    CronField("month", 1, 12, _MONTHS),
    CronField("weekday", 0, 7, WEEKDAYS),
)

CronTimes = tuple[tuple[int, ...] | None, ...]
"""For each field the numbers it names, in order; None for `*`. Days of the week: 0 is Sunday."""


def parse_duration(text: str) -> int:
    """Return the seconds of `45s`, `30m`, `6h`, `1d` or `1w`. Raises ValueError."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration; write for example 30m, 6h or 1d")
    return int(match[1]) * _UNITS[match[2]]


def parse_every(text: str) -> Every:
    """Return the interval of a duration. Raises ValueError."""
    seconds = parse_duration(text)
    if seconds < SHORTEST_S:
        raise ValueError(f"{text!r} is too short; the shortest interval is {SHORTEST_S}s")
    if seconds > LONGEST_S:
        raise ValueError(f"{text!r} is too long; the longest interval is {LONGEST_S // 86400}d")
    return Every(seconds)


def parse_jitter(text: str) -> int:
    """Return the seconds of a jitter. Raises ValueError."""
    seconds = parse_duration(text)
    if seconds > LONGEST_JITTER_S:
        raise ValueError(f"{text!r} is too long; the longest jitter is {LONGEST_JITTER_S // 3600}h")
    return seconds


def parse_cron(line: str) -> CronTimes:
    """Read a cron line of five fields (crontab(5)): lists, ranges, steps, names; 0 and 7 are Sunday.

    Raises ValueError that says which field is wrong.
    """
    parts = line.lower().split()
    if len(parts) != len(_FIELDS):
        raise ValueError(f"{line!r} is not a cron line, which has 5 fields: minute hour day month weekday")
    times = [_numbers(field, part) for field, part in zip(_FIELDS, parts, strict=True)]
    _, _, dates, months, days = times
    both_hold = "*" in parts[2] + parts[4]
    if both_hold and dates and months and all(min(dates) > _LONGEST[month - 1] for month in months):
        raise ValueError(f"{line!r} names a day that its months never have")
    return (*times[:4], None if days is None else parse_weekdays(parts[4]))


def parse_zone(name: str) -> ZoneInfo:
    """Return a time zone. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}; write for example Asia/Shanghai") from error


def to_text(schedule: Schedule) -> str:
    """Return a schedule as the database keeps it: `every 1800` or `cron Asia/Shanghai 0 8 * * 1-5`.

    Behind that there may be `window Asia/Shanghai mon-fri 08:00-18:00` and `jitter 600`.
    """
    jitter = f" jitter {schedule.jitter_s}" if schedule.jitter_s else ""
    if isinstance(schedule, Cron):
        return f"cron {schedule.zone.key} {schedule.line}{jitter}"
    window = f" window {schedule.window.zone.key} {schedule.window.line}" if schedule.window else ""
    return f"every {schedule.seconds}{window}{jitter}"


def from_text(text: str) -> Schedule:
    """Return the schedule of such a text."""
    text, _, jitter = text.partition(" jitter ")
    text, _, window = text.partition(" window ")
    kind, _, rest = text.partition(" ")
    if kind == "cron":
        zone, _, line = rest.partition(" ")
        return Cron(line, parse_zone(zone), int(jitter or 0))
    zone, _, line = window.partition(" ")
    return Every(int(rest), Window(line, parse_zone(zone)) if window else None, int(jitter or 0))


def in_words(schedule: Schedule) -> str:
    """Return a schedule as a reader would say it: `every 30m`, `cron 0 8 * * 1-5 (Asia/Shanghai)`."""
    jitter = f", up to {_duration(schedule.jitter_s)} later" if schedule.jitter_s else ""
    if isinstance(schedule, Cron):
        return f"cron {schedule.line} ({schedule.zone.key}){jitter}"
    window = f", {schedule.window.line} ({schedule.window.zone.key})" if schedule.window else ""
    return f"every {_duration(schedule.seconds)}{window}{jitter}"


def cron(line: str, zone: str = DEFAULT_ZONE.key) -> Cron:
    """Return a checked cron schedule. Raises ValueError."""
    parse_cron(line)
    return Cron(" ".join(line.split()), parse_zone(zone))


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Return the days of the week that a cron line would name so; 0 is Sunday. Raises ValueError."""
    return tuple(sorted({day % 7 for day in _numbers(_FIELDS[-1], text.lower()) or range(7)}))


def _duration(seconds: int) -> str:
    unit = max((unit for unit in _UNITS if seconds % _UNITS[unit] == 0), key=_UNITS.__getitem__)
    return f"{seconds // _UNITS[unit]}{unit}"


def _numbers(field: CronField, part: str) -> tuple[int, ...] | None:
    if part == "*":
        return None
    return tuple(sorted({number for item in part.split(",") for number in _range(field, item)}))


def _range(field: CronField, item: str) -> range:
    match = _STEP.fullmatch(item)
    if match is None or (match[1] == "*" and match[2]):
        raise ValueError(f"the {field.name} field has {item!r}, which is no number, range or step")
    first, last, step = match[1], match[2], int(match[3] or 1)
    low = field.first if first == "*" else _number(field, first)
    high = field.last if first == "*" or (match[3] and not last) else _number(field, last or first)
    if last == "sun":
        high = field.last  # `sat-sun` ends with the Sunday behind the Saturday, which is 7.
    if low > high or step < 1:
        raise ValueError(f"the {field.name} field has {item!r}, which is empty")
    return range(low, high + 1, step)


def _number(field: CronField, word: str) -> int:
    if word in field.names:
        return field.names.index(word) + (field.first if field.name == "month" else 0)
    if not (word.isascii() and word.isdigit()) or not field.first <= int(word) <= field.last:
        raise ValueError(f"the {field.name} field has {word!r}, which is not {field.first} to {field.last}")
    return int(word)
