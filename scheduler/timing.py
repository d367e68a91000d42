"""When a page is next checked: one function, called in the transaction of the check."""

from datetime import UTC, datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from config.schedule import WEEKDAYS, parse_cron
from config.settings import Every, Schedule
from core.hosts import HostState
from core.retry import retry_wait


def next_due(schedule: Schedule, now: datetime) -> datetime:
    """Return the first time after `now` at which `schedule` wants a check, in UTC.

    A time that the clocks skip comes an hour later; of an hour that they show twice, the first one counts.
    """
    if isinstance(schedule, Every):
        return now + timedelta(seconds=schedule.seconds)
    # The trigger sees the clock on the wall as one that never jumps: APScheduler 3.11 loses the midnight
    # hour of the first matching weekday after a jump, and with it a week of checks.
    wall = now.astimezone(schedule.zone).replace(tzinfo=UTC)
    fire = _trigger(schedule.line).get_next_fire_time(None, wall + timedelta(microseconds=1))
    assert isinstance(fire, datetime)
    due = fire.replace(tzinfo=schedule.zone).astimezone(UTC)
    return due if due > now else fire.replace(tzinfo=schedule.zone, fold=1).astimezone(UTC)


def next_check(schedule: Schedule, failures: int, host: HostState, now: datetime) -> datetime:
    """Return when a page is next checked, after a check at `now`: the one place that says so.

    After `failures` in a row it is tried again before its time, and not before its host may be asked again.
    """
    planned = next_due(schedule, now)
    if not failures:
        return planned
    return min(planned, max(now + retry_wait(failures), host.not_before or now))


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
