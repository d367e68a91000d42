"""When a page is next checked: one function, called in the transaction of the check."""

from datetime import UTC, date, datetime, timedelta

from config.settings import Every, Schedule
from config.window import DAY_MINUTES, parse_window
from core.hosts import HostState
from core.retry import retry_wait

_GOLDEN = (5**0.5 - 1) / 2


def next_check(schedule: Schedule, page: int, failures: int, host: HostState, now: datetime) -> datetime:
    """Return when a page is next checked, after a check at `now`: the one place that says so.

    After `failures` in a row it is tried again before its time, and not before its host may be asked again.
    """
    planned = next_due(schedule, now, jitter_share(page))
    if not failures:
        return planned
    return min(planned, opens_at(schedule, max(now + retry_wait(failures), host.not_before or now)))


def next_due(schedule: Schedule, now: datetime, share: float = 0.0) -> datetime:
    """Return the first time after `now` at which `schedule` wants a check, in UTC; `share` is that of its jitter."""
    jitter = share * timedelta(seconds=schedule.jitter_s)
    if not isinstance(schedule, Every):
        # APScheduler takes 25 ms to load, and most pages have no cron line.
        from scheduler.cron import next_time

        return jitter + next_time(schedule.line, schedule.zone, now - jitter)
    due = now + timedelta(seconds=schedule.seconds) + jitter
    opens = opens_at(schedule, due)
    return due if opens == due else opens + jitter


def opens_at(schedule: Schedule, at: datetime) -> datetime:
    """Return the first time from `at` on at which the window of a schedule is open; without one it always is."""
    if not isinstance(schedule, Every) or schedule.window is None:
        return at
    days, opens, closes = parse_window(schedule.window.line)
    local = at.astimezone(schedule.window.zone)
    # From the day before, whose window may reach into this one.
    near = (local.date() + timedelta(days=number) for number in range(-1, 9))
    windows = (
        (_at_minute(day, opens, local), _at_minute(day, closes if closes > opens else closes + DAY_MINUTES, local))
        for day in near
        if day.isoweekday() % 7 in days
    )
    return next(max(at, begin) for begin, end in windows if at < end)


def jitter_share(page: int) -> float:
    """Return a page's share of any jitter, from 0 to 1: its number times the golden ratio spreads any run of pages.

    Knuth, The Art of Computer Programming, volume 3, section 6.4: each falls into one of the largest gaps.
    """
    return page * _GOLDEN % 1


def _at_minute(day: date, minute: int, local: datetime) -> datetime:
    wall = datetime(day.year, day.month, day.day, tzinfo=local.tzinfo) + timedelta(minutes=minute)
    return wall.astimezone(UTC)
