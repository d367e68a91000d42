"""When the trouble of a page is told, and when its end: a table of cases."""

from datetime import UTC, datetime, timedelta

import pytest

from core.health import Health, HealthKind, HealthPolicy, Seen, judge_health

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
G, B, A, W, U = Seen.GOOD, Seen.BAD, Seen.ABSENT, Seen.WAITING, Seen.UNCHECKED
F, S, R = HealthKind.FAILING, HealthKind.STALE, HealthKind.RECOVERED


def life(checks: list[Seen], every: timedelta = DAY, policy: HealthPolicy | None = None) -> list[HealthKind | None]:
    """Return what is told at each of the checks, one after each `every`."""
    health, told = Health(), []
    for turn, seen in enumerate(checks):
        now = T0 + turn * every
        health, kind = judge_health(health, seen, now, policy or HealthPolicy(), now + every)
        told.append(kind)
    return told


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        ([G, G, G], [None] * 3),
        ([G, B, B, G], [None] * 4),
        ([G, B, B, B, B, B, G, G], [None, None, None, F, None, S, R, None]),
        ([B, B, B, B], [None, None, F, None]),
        ([G, B, G, B, G, B, G], [None] * 7),
        ([G, B, B, W, B, W, G], [None, None, None, None, F, None, R]),
        ([G, B, B, B, A, A, G], [None, None, None, F, None, None, None]),
        ([G, B, B, A, B, B, B, G], [None, None, None, None, None, None, F, R]),
        ([G, U, U, U, U, U, U, G], [None, None, None, None, None, S, None, R]),
        ([G, U, U, U, U, U, B, B, B, G], [None, None, None, None, None, S, None, None, F, R]),
        ([G, B, B, B, G, B, B, B, G], [None, None, None, F, R, None, None, F, R]),
        ([A, *[B] * 20], [None, None, None, F, *[None] * 17]),
        ([W, U, U, U, U, U, U], [None] * 7),
    ],
)
def test_trouble_is_told_once_and_so_is_its_end(checks: list[Seen], told: list[HealthKind | None]) -> None:
    assert life(checks) == told


@pytest.mark.parametrize(
    ("every", "policy", "told_at"),
    [
        (DAY, HealthPolicy(1000), 5 * DAY),
        (7 * DAY, HealthPolicy(1000), 35 * DAY),
        (HOUR, HealthPolicy(1000), 25 * HOUR),
        (HOUR, HealthPolicy(1000, stale_after=3 * HOUR), 3 * HOUR),
        (DAY, HealthPolicy(1000, stale_after=30 * DAY), 30 * DAY),
    ],
)
def test_the_limit_without_a_good_check_is_the_setting_or_follows_the_schedule(
    every: timedelta, policy: HealthPolicy, told_at: timedelta
) -> None:
    told = life([G, *[B] * 40], every, policy)
    assert [turn * every for turn, kind in enumerate(told) if kind] == [told_at]


def test_both_at_the_same_check_are_told_as_failing_alone() -> None:
    assert life([G, B, B, B, B, B, B], policy=HealthPolicy(5)) == [None, None, None, None, None, F, None]


def test_bad_checks_that_follow_quickly_are_told_only_when_they_have_lasted() -> None:
    told = life([G, *[B] * 9], HOUR)
    assert told.index(F) == 7
    assert life([G, *[B] * 9], HOUR, HealthPolicy(failing_for=timedelta(0))).index(F) == 3


def test_a_page_without_a_schedule_is_never_stale() -> None:
    health, _ = judge_health(Health(), G, T0, HealthPolicy(stale_after=DAY))
    assert health == Health(well_at=T0)
    assert judge_health(health, U, T0 + 99 * DAY, HealthPolicy(stale_after=DAY)) == (health, None)


def test_a_limit_edited_meanwhile_holds_from_the_last_good_check_on() -> None:
    health, _ = judge_health(Health(), G, T0, HealthPolicy(), T0 + DAY)
    assert judge_health(health, U, T0 + 5 * DAY, HealthPolicy(stale_after=6 * DAY))[1] is None
    assert judge_health(health, U, T0 + 2 * DAY, HealthPolicy(stale_after=2 * DAY))[1] is S


def test_a_clock_set_back_starts_the_time_without_a_good_check_anew() -> None:
    health, _ = judge_health(Health(), G, T0 + 365 * DAY, HealthPolicy(), T0 + 366 * DAY)
    health, kind = judge_health(health, B, T0, HealthPolicy(), T0 + DAY)
    assert (kind, health.well_at, health.stale_at) == (None, T0, T0 + 5 * DAY)
    assert health.bad_since == T0
