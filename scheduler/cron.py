"""The times of a cron line, on clocks that are turned forward and back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from config.schedule import WEEKDAYS, parse_cron

_INSTANT = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)
_LONGEST_JUMP = timedelta(hours=3)


def next_time(line: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the first time after `now` that a line names, in UTC.

    A time that the clocks skip comes an hour later. Of an hour that they show twice the first one counts, but a line
    for every hour goes on through the second one, which else would lack its checks.
    """
    trigger, local = _trigger(line), now.astimezone(zone)
    is_hourly = parse_cron(line)[1] is None
    return _next_of_any_hour(trigger, local) if is_hourly else _next_of_an_hour(trigger, local)


def _next_of_an_hour(trigger: BaseTrigger, local: datetime) -> datetime:
    fire = _after(trigger, local)
    while fire.astimezone(UTC) <= local.astimezone(UTC):
        fire = _after(trigger, fire)
    return fire.astimezone(UTC)


def _next_of_any_hour(trigger: BaseTrigger, local: datetime) -> datetime:
    fire = _after(trigger, local)
    is_second = fire.astimezone(UTC) <= local.astimezone(UTC)
    due, again = fire.replace(fold=is_second).astimezone(UTC), _turned_back(local)
    if again is None:
        return due
    return min(due, _after(trigger, again - _INSTANT).replace(fold=1).astimezone(UTC))


def _after(trigger: BaseTrigger, local: datetime) -> datetime:
    """Return the first time after `local` by the clock on the wall alone.

    The trigger sees that clock as one that never jumps: APScheduler 3.11 loses the midnight hour of the first
    matching weekday after a jump, and with it a week of checks.
    """
    fire = trigger.get_next_fire_time(None, local.replace(tzinfo=UTC) + _INSTANT)
    assert isinstance(fire, datetime)
    return fire.replace(tzinfo=local.tzinfo)


def _turned_back(local: datetime) -> datetime | None:
    """Return the time to which the clocks are turned back within the next hours, if they are."""
    now = local.astimezone(UTC).replace(second=0, microsecond=0)
    times = ((now + minutes * _MINUTE).astimezone(local.tzinfo) for minutes in range(1, _LONGEST_JUMP // _MINUTE + 1))
    if _offset((now + _LONGEST_JUMP).astimezone(local.tzinfo)) >= _offset(local):
        return None
    return next(time for time in times if _offset(time) < _offset(local))


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)


def _trigger(line: str) -> BaseTrigger:
    """Return a cron line as a trigger in UTC.

    Weekdays are given to APScheduler by name, since it counts them from Monday. Where neither the day of the
    month nor that of the week begins with `*`, either suffices (crontab(5)); APScheduler would ask for both.
    """
    *times, weekdays = parse_cron(line)
    values = dict(zip(("minute", "hour", "day", "month"), map(_listed, times), strict=True))
    values["day_of_week"] = "*" if weekdays is None else ",".join(WEEKDAYS[day] for day in weekdays)
    _, _, day, _, weekday = line.split()
    free = [{}] if "*" in day + weekday else [{"day": "*"}, {"day_of_week": "*"}]
    return OrTrigger([CronTrigger(**(values | one), timezone=UTC) for one in free])


def _listed(numbers: tuple[int, ...] | None) -> str:
    return "*" if numbers is None else ",".join(map(str, numbers))
