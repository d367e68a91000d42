"""The times of a cron line, on clocks that are turned forward and back."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.schedule import cron
from config.settings import Every, Schedule
from scheduler.timing import next_due

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


def test_an_interval_counts_from_now() -> None:
    now = datetime(2026, 3, 1, 12, 0, 30, 5, tzinfo=UTC)
    assert next_due(Every(1800), now) == datetime(2026, 3, 1, 12, 30, 30, 5, tzinfo=UTC)


# 1 March 2026 is a Sunday.
@pytest.mark.parametrize(
    ("line", "now", "due"),
    [
        ("0 8 * * *", "2026-03-01 07:59:59", "2026-03-01 08:00"),
        ("0 8 * * *", "2026-03-01 08:00:00", "2026-03-02 08:00"),
        ("0 8 * * *", "2026-03-01 08:00:00.000001", "2026-03-02 08:00"),
        ("* * * * *", "2026-12-31 23:59:30", "2027-01-01 00:00"),
        ("*/20 * * * *", "2026-03-01 10:20", "2026-03-01 10:40"),
        ("5-35/15 * * * *", "2026-03-01 10:20", "2026-03-01 10:35"),
        ("50/5 * * * *", "2026-03-01 10:51", "2026-03-01 10:55"),
        ("7,3,5 * * * *", "2026-03-01 10:04", "2026-03-01 10:05"),
        ("0 8 * * mon-fri", "2026-03-06 09:00", "2026-03-09 08:00"),
        ("0 8 * * MON", "2026-03-01 09:00", "2026-03-02 08:00"),
        ("0 8 * * 1", "2026-03-01 09:00", "2026-03-02 08:00"),
        ("0 8 * * 0", "2026-03-01 09:00", "2026-03-08 08:00"),
        ("0 8 * * 7", "2026-03-01 09:00", "2026-03-08 08:00"),
        ("0 8 * * sat-sun", "2026-03-01 09:00", "2026-03-07 08:00"),
        ("0 8 * * 5-7", "2026-03-01 07:00", "2026-03-01 08:00"),
        ("0 0 1 jan,jul *", "2026-03-01 00:00", "2026-07-01 00:00"),
        ("0 0 31 * *", "2026-04-01 00:00", "2026-05-31 00:00"),
        ("0 0 29 2 *", "2026-03-01 00:00", "2028-02-29 00:00"),
        # The day of the month or the day of the week: either suffices ...
        ("0 8 15 * fri", "2026-03-01 09:00", "2026-03-06 08:00"),
        ("0 8 3 * fri", "2026-03-01 09:00", "2026-03-03 08:00"),
        ("0 0 31 2 fri", "2026-03-01 09:00", "2027-02-05 00:00"),
        # ... but where one begins with a star, both must hold.
        ("0 8 */2 * fri", "2026-03-01 09:00", "2026-03-13 08:00"),
        ("0 8 15 * */3", "2026-03-01 09:00", "2026-03-15 08:00"),
    ],
)
def test_a_cron_line_gives_the_next_of_its_times(line: str, now: str, due: str) -> None:
    zone = ZoneInfo(SHANGHAI)
    found = next_due(cron(line), datetime.fromisoformat(now).replace(tzinfo=zone))
    assert found == datetime.fromisoformat(due).replace(tzinfo=zone)
    assert found.tzinfo is UTC


# In 2026 the clocks of Berlin go from 02:00 to 03:00 on 29 March (01:00 UTC), and back on 25 October.
@pytest.mark.parametrize(
    ("zone", "line", "now", "due"),
    [
        (SHANGHAI, "0 8 * * *", "2026-03-01 00:00", "2026-03-02 00:00"),
        (BERLIN, "0 8 * * *", "2026-03-28 07:00", "2026-03-29 06:00"),
        (BERLIN, "30 2 * * *", "2026-03-28 02:00", "2026-03-29 01:30"),
        (BERLIN, "30 2 * * *", "2026-03-29 01:30", "2026-03-30 00:30"),
        (BERLIN, "15 * * * *", "2026-03-29 00:15", "2026-03-29 01:15"),
        (BERLIN, "30 2 * * *", "2026-10-24 00:30", "2026-10-25 00:30"),
        (BERLIN, "30 2 * * *", "2026-10-25 00:30", "2026-10-26 01:30"),
        (BERLIN, "*/15 * * * *", "2026-10-25 01:20", "2026-10-25 01:30"),
        (BERLIN, "*/15 * * * *", "2026-10-25 01:45", "2026-10-25 02:00"),
        # A line for every hour goes on through both hours, one for an hour of its own runs in the first.
        (BERLIN, "*/15 * * * *", "2026-10-25 00:45", "2026-10-25 01:00"),
        (BERLIN, "20 * * * *", "2026-10-25 00:20", "2026-10-25 01:20"),
        (BERLIN, "20 * * * *", "2026-10-25 00:59:59.9", "2026-10-25 01:20"),
        (BERLIN, "*/15 2 * * *", "2026-10-25 00:45", "2026-10-26 01:00"),
        (BERLIN, "*/15 2 * * *", "2026-10-25 01:05", "2026-10-26 01:00"),
        # APScheduler alone says 6 April: it loses the midnight hour of the first Monday after the jump.
        ("Europe/Dublin", "45 0 * * mon", "2026-03-28 09:00", "2026-03-29 23:45"),
    ],
)
def test_a_clock_that_jumps_loses_no_check(zone: str, line: str, now: str, due: str) -> None:
    found = next_due(cron(line, zone), datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def fields(first: int, last: int) -> st.SearchStrategy[str]:
    number = st.integers(first, last)
    ranges = st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}")
    steps = st.tuples(st.just("*") | ranges, st.integers(1, last)).map(lambda two: f"{two[0]}/{two[1]}")
    return st.just("*") | st.lists(number.map(str) | ranges, min_size=1, max_size=3).map(",".join) | steps


LINES = st.tuples(fields(0, 59), fields(0, 23), fields(1, 28), fields(1, 12), fields(0, 7)).map(" ".join)
ZONES = st.sampled_from([SHANGHAI, BERLIN, "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"])
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@settings(deadline=None)
@given(LINES, ZONES, TIMES)
def test_the_next_check_is_always_after_now(line: str, zone: str, now: datetime) -> None:
    due = next_due(cron(line, zone), now)
    assert due > now
    assert due.second == due.microsecond == 0


@given(st.integers(10, 366 * 86400), TIMES)
def test_the_next_check_of_an_interval_is_always_after_now(seconds: int, now: datetime) -> None:
    assert next_due(Every(seconds), now) - now == timedelta(seconds=seconds)


def walked(schedule: Schedule, start: datetime, end: datetime) -> list[datetime]:
    """Every check of a schedule between two times, each made when it is due."""
    times = [start]
    while times[-1] < end:
        times.append(next_due(schedule, times[-1]))
    return times[1:-1]


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
@pytest.mark.parametrize(("line", "minutes"), [("*/15 * * * *", 15), ("7 * * * *", 60), ("* * * * *", 1)])
def test_an_hourly_line_keeps_its_pace_on_the_days_on_which_the_clocks_of_berlin_jump(
    day: str, line: str, minutes: int
) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    times = walked(cron(line, BERLIN), start, start + timedelta(days=1))
    assert {after - before for before, after in pairwise(times)} == {timedelta(minutes=minutes)}


@pytest.mark.parametrize("edge", ["2026-03-29", "2026-10-25"])
@pytest.mark.parametrize("line", ["30 2 * * *", "0 2 * * *", "59 1 * * *", "0 3 * * *", "0 8 * * *", "15 0,2,4 * * *"])
def test_each_slot_comes_once_over_the_days_on_which_the_clocks_of_berlin_jump(edge: str, line: str) -> None:
    noon = datetime.fromisoformat(edge).replace(hour=12, tzinfo=ZoneInfo(BERLIN))
    times = walked(cron(line, BERLIN), noon - timedelta(days=3), noon + timedelta(days=4))
    slots_a_day = line.split()[1].count(",") + 1
    assert len(times) == 7 * slots_a_day
    # On the day of a jump a slot comes an hour earlier or later than a day after the one before.
    gaps = [after - before for before, after in zip(times, times[slots_a_day:], strict=False)]
    assert {gap.total_seconds() / 3600 for gap in gaps} <= {23, 24, 25}
