"""Claims about when a page is next checked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.schedule import cron
from config.settings import Every, Schedule
from config.window import window
from core.hosts import HostState
from scheduler.timing import jitter_share, next_check, next_due, opens_at

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo(SHANGHAI))
"""A Monday."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
DAILY, WELL = Every(86400), HostState()


@pytest.mark.parametrize(
    ("schedule", "failures", "minutes"),
    [
        (DAILY, 0, 24 * 60),
        (DAILY, 1, 15),
        (DAILY, 2, 30),
        (DAILY, 9, 6 * 60),
        (Every(600), 1, 10),
        (cron("5 12 * * *"), 1, 5),
        (cron("0 13 * * *"), 1, 15),
    ],
)
def test_a_page_whose_check_failed_is_tried_again_before_its_time(
    schedule: Schedule, failures: int, minutes: int
) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo(SHANGHAI))
    assert next_check(schedule, 0, failures, WELL, now) == now + timedelta(minutes=minutes)


def test_a_page_is_not_tried_again_before_its_host_may_be_asked() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    resting = HostState(9, now + timedelta(hours=1), "timeout: no answer", now)
    assert next_check(DAILY, 0, 1, resting, now) == now + timedelta(hours=1)
    # Its own time holds all the same: the page is due, and is told as that.
    assert next_check(Every(600), 0, 1, resting, now) == now + timedelta(minutes=10)


@pytest.mark.parametrize("schedule", [Every(3600, jitter_s=600), replace(cron("0 8 * * *"), jitter_s=600)])
def test_jitter_spreads_the_pages_of_a_schedule_evenly_and_each_keeps_its_place(schedule: Schedule) -> None:
    plain = next_due(schedule, NOON)
    late = [next_check(schedule, page, 0, WELL, NOON) - plain for page in range(1, 1001)]
    assert timedelta(0) <= min(late) < max(late) < 10 * MINUTE
    for tenth in range(10):
        assert 95 <= sum(tenth * MINUTE <= one < (tenth + 1) * MINUTE for one in late) <= 105
    assert next_check(schedule, 7, 0, WELL, NOON) - plain == late[6]


@given(st.integers(1, 2**40), TIMES)
def test_jitter_never_moves_a_slot_to_the_next(page: int, now: datetime) -> None:
    schedule = replace(cron("*/5 * * * *", BERLIN), jitter_s=299)
    due = next_due(schedule, now, jitter_share(page))
    assert now < due <= now + 5 * MINUTE + timedelta(seconds=1)


def test_without_jitter_a_cron_line_is_exact() -> None:
    times = {next_check(cron("0 8 * * *"), page, 0, WELL, NOON) for page in range(100)}
    assert times == {NOON + timedelta(hours=20)}


OFFICE = window("mon-fri 08:00-18:00")


@pytest.mark.parametrize(
    ("line", "at", "opens"),
    [
        ("mon-fri 08:00-18:00", "2026-03-02 07:59:59", "2026-03-02 08:00"),
        ("mon-fri 08:00-18:00", "2026-03-02 08:00", "2026-03-02 08:00"),
        ("mon-fri 08:00-18:00", "2026-03-02 17:59:59", "2026-03-02 17:59:59"),
        ("mon-fri 08:00-18:00", "2026-03-02 18:00", "2026-03-03 08:00"),
        ("mon-fri 08:00-18:00", "2026-03-06 18:00", "2026-03-09 08:00"),
        ("sun 08:00-18:00", "2026-03-01 18:00", "2026-03-08 08:00"),
        ("00:00-24:00", "2026-03-02 23:59:59", "2026-03-02 23:59:59"),
        ("mon 00:00-24:00", "2026-03-03 00:00", "2026-03-09 00:00"),
        ("fri 22:00-06:00", "2026-03-07 05:59", "2026-03-07 05:59"),
        ("fri 22:00-06:00", "2026-03-07 06:00", "2026-03-13 22:00"),
        ("fri 22:00-06:00", "2026-03-06 03:00", "2026-03-06 22:00"),
    ],
)
def test_a_window_is_open_or_opens_next(line: str, at: str, opens: str) -> None:
    zone = ZoneInfo(SHANGHAI)
    found = opens_at(Every(60, window(line)), datetime.fromisoformat(at).replace(tzinfo=zone))
    assert found == datetime.fromisoformat(opens).replace(tzinfo=zone)


def test_where_the_clocks_jump_a_window_opens_by_the_clock_on_the_wall() -> None:
    schedule = Every(60, window("08:00-18:00", BERLIN))
    for day, hour in (("2026-03-28", 7), ("2026-03-29", 6), ("2026-10-24", 6), ("2026-10-25", 7)):
        midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
        assert opens_at(schedule, midnight) == midnight.replace(hour=hour)


def checks(schedule: Schedule, page: int, days: int) -> Iterator[datetime]:
    now = NOON
    while now < NOON + days * DAY:
        now = next_check(schedule, page, 0, WELL, now)
        yield now.astimezone(ZoneInfo(SHANGHAI))


@pytest.mark.parametrize("jitter_s", [0, 600])
def test_a_page_is_checked_in_its_window_alone_and_all_through_it(jitter_s: int) -> None:
    times = list(checks(Every(1800, OFFICE, jitter_s), 3, days=14))
    assert all(time.weekday() < 5 and 8 <= time.hour < 18 for time in times)
    assert len({time.date() for time in times}) >= 10
    assert len(times) >= 10 * 20 * 1800 / (1800 + jitter_s) - 20


def test_a_check_that_failed_is_tried_again_in_the_window_alone() -> None:
    schedule, evening = Every(86400, OFFICE), NOON.replace(hour=17, minute=50)
    assert next_check(schedule, 3, 1, WELL, evening) == NOON.replace(hour=8) + DAY
    assert next_check(schedule, 3, 1, WELL, NOON) == NOON + 15 * MINUTE


def test_a_cron_line_has_no_window() -> None:
    assert opens_at(cron("0 8 * * *"), NOON) == NOON
