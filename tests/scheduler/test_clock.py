"""A clock that was set is noticed, by one that never is."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import ClockWatch

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clocks:
    """Time that passes, and a clock on the wall that can be set."""

    def __init__(self) -> None:
        self.passed = self.set_by = timedelta(0)
        self.watch = ClockWatch(lambda: T0 + self.passed + self.set_by, lambda: self.passed.total_seconds())


def test_time_that_passes_is_no_jump() -> None:
    clocks = Clocks()
    clocks.passed = 6 * HOUR
    assert clocks.watch.jump() == timedelta(0)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR, timedelta(seconds=11), timedelta(seconds=-11)])
def test_a_clock_that_was_set_is_noticed_until_its_time_is_accepted(jump: timedelta) -> None:
    clocks = Clocks()
    clocks.set_by, clocks.passed = jump, HOUR
    assert clocks.watch.jump() == clocks.watch.jump() == jump
    clocks.watch.accept()
    assert clocks.watch.jump() == timedelta(0)


@pytest.mark.parametrize("seconds", [1, -1, 10, -10])
def test_a_step_shorter_than_any_interval_matters_to_none(seconds: int) -> None:
    clocks = Clocks()
    clocks.set_by = timedelta(seconds=seconds)
    assert clocks.watch.jump() == timedelta(0)


def test_small_steps_one_way_add_up() -> None:
    clocks = Clocks()
    for _ in range(11):
        clocks.set_by -= timedelta(seconds=1)
        jump = clocks.watch.jump()
    assert jump == timedelta(seconds=-11)
