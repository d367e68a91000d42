"""When a page is next checked: one function, called in the transaction of the check."""

from datetime import UTC, datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from config.schedule import WEEKDAYS, parse_cron
from config.settings import Every, Schedule
from core.hosts import HostState
from core.retry import retry_wait

_INSTANT = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)
_LONGEST_JUMP = timedelta(hours=3)


def next_due(schedule: Schedule, now: datetime) -> datetime:
    """Return the first time after `now` at which `schedule` wants a check, in UTC.

    A time that the clocks skip comes an hour later. Of an hour that they show twice the first one counts, but a line
    for every hour goes on through the second one, which else would lack its checks.
    """
    if isinstance(schedule, Every):
        return now + timedelta(seconds=schedule.seconds)
    trigger, local = _trigger(schedule.line), now.astimezone(schedule.zone)
    is_hourly = parse_cron(schedule.line)[1] is None
    return _next_of_any_hour(trigger, local) if is_hourly else _next_of_an_hour(trigger, local)


def next_check(schedule: Schedule, failures: int, host: HostState, now: datetime) -> datetime:
    """Return when a page is next checked, after a check at `now`: the one place that says so.

    After `failures` in a row it is tried again before its time, and not before its host may be asked again.
    """
    planned = next_due(schedule, now)
    if not failures:
        return planned
    return min(planned, max(now + retry_wait(failures), host.not_before or now))


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
