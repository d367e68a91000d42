"""When a page is next checked: one function, called in the transaction of the check."""

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from config.schedule import CRON_FIELDS, parse_cron
from config.settings import Cron, Every, Schedule

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def next_due(schedule: Schedule, now: datetime) -> datetime:
    """Return the first time after `now` at which `schedule` wants a check."""
    if isinstance(schedule, Every):
        return now + timedelta(seconds=schedule.seconds)
    fire = trigger(schedule).get_next_fire_time(None, now + timedelta(microseconds=1))
    if fire is None:
        # Only a day that no month has, such as 31 February; config refuses what it can tell.
        return now + timedelta(days=366)
    assert isinstance(fire, datetime)
    return fire


def trigger(schedule: Cron) -> BaseTrigger:
    """Return a cron line as a trigger.

    Days are given to APScheduler by name, since it counts weekdays from Monday. Where both the day of the
    month and the day of the week are given, either suffices (crontab(5)); APScheduler alone would ask for both.
    """
    times = parse_cron(schedule.line)
    values = {field.name: _listed(numbers) for field, numbers in zip(CRON_FIELDS, times, strict=True)}
    values["day_of_week"] = "*" if times[4] is None else ",".join(_WEEKDAYS[day] for day in times[4])
    if times[2] is None or times[4] is None:
        return CronTrigger(**values, timezone=schedule.zone)
    by_day = CronTrigger(**(values | {"day_of_week": "*"}), timezone=schedule.zone)
    by_weekday = CronTrigger(**(values | {"day": "*"}), timezone=schedule.zone)
    return OrTrigger([by_day, by_weekday])


def _listed(numbers: tuple[int, ...] | None) -> str:
    return "*" if numbers is None else ",".join(map(str, numbers))
