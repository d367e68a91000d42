"""Whether a page is checked well: when trouble is told, once, and when its end is."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

_LEAST_STALE = timedelta(days=1)
_STALE_WAITS = 4


class HealthKind(StrEnum):
    """What a health notice tells of a page."""

    FAILING = "failing"
    STALE = "stale"
    RECOVERED = "recovered"


class Seen(StrEnum):
    """What a check means for the health of a page.

    `absent`: the page is told as removed or moved, which is an answer. `waiting`: the check says nothing yet, as the
    first `gone` of those that it takes. `unchecked`: time has passed, and there was no check.
    """

    GOOD = "good"
    BAD = "bad"
    ABSENT = "absent"
    WAITING = "waiting"
    UNCHECKED = "unchecked"


class HealthPolicy(Struct, frozen=True):
    """When trouble is told: after so many bad checks in a row over so long, and after so long without a good one.

    `stale_after` None: by the schedule, after five times the wait for the next check, and at least that wait and a day.
    """

    failing_after: int = 3
    failing_for: timedelta = timedelta(hours=6)
    stale_after: timedelta | None = None


class Health(Struct, frozen=True):
    """What is known of a page's health. `well_at`: the last good check, or since when the page is watched.

    From `stale_at` on it is without a good check for too long; None: that is not told of this page. `is_failing` and
    `is_stale` say what was told and is not over.
    """

    well_at: datetime | None = None
    stale_at: datetime | None = None
    bad_checks: int = 0
    bad_since: datetime | None = None
    is_failing: bool = False
    is_stale: bool = False


def judge_health(
    health: Health, seen: Seen, now: datetime, policy: HealthPolicy, next_due: datetime | None = None
) -> tuple[Health, HealthKind | None]:
    """Return the health after a check, or at a time without one, and what is to be told, if anything.

    `next_due` is the time of the next check; a page without one is not told as stale.
    """
    if seen is Seen.WAITING:
        return health, None
    if seen is Seen.ABSENT:
        return Health(well_at=now), None
    if seen is Seen.GOOD:
        is_over = health.is_failing or health.is_stale
        return _well(now, policy, next_due), HealthKind.RECOVERED if is_over else None
    if seen is Seen.BAD:
        health = _counted(health, now, policy, next_due)
    if policy.stale_after and health.stale_at and health.well_at:
        # The setting may have been edited since.
        health = replace(health, stale_at=health.well_at + policy.stale_after)
    has_lasted = health.bad_since is not None and now - health.bad_since >= policy.failing_for
    is_failing = has_lasted and health.bad_checks >= policy.failing_after
    is_stale = health.stale_at is not None and now >= health.stale_at
    told = replace(health, is_failing=health.is_failing or is_failing, is_stale=health.is_stale or is_stale)
    if told.is_failing != health.is_failing:
        return told, HealthKind.FAILING
    return told, HealthKind.STALE if told.is_stale != health.is_stale else None


def _well(now: datetime, policy: HealthPolicy, next_due: datetime | None) -> Health:
    if next_due is None:
        return Health(well_at=now)
    usual = next_due + max(_LEAST_STALE, _STALE_WAITS * (next_due - now))
    return Health(well_at=now, stale_at=now + policy.stale_after if policy.stale_after else usual)


def _counted(health: Health, now: datetime, policy: HealthPolicy, next_due: datetime | None) -> Health:
    """Return the health with one more bad check; where no good one is known, or only one to come, from now on."""
    if health.well_at is None or health.well_at > now:
        begun = _well(now, policy, next_due)
        health = replace(health, well_at=begun.well_at, stale_at=begun.stale_at)
    return replace(health, bad_checks=health.bad_checks + 1, bad_since=health.bad_since or now)
