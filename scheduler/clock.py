"""Notices that the clock on the wall was set, by comparing it with one that never is."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

NOTICED = timedelta(seconds=10)
"""Smaller steps matter to no schedule: the shortest interval is as long."""


class ClockWatch:
    """Compares two clocks. A machine that slept shows as a clock that was set forward."""

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady = wall, steady
        self.accept()

    def accept(self) -> None:
        """Take the time as it is now for right."""
        self._wall_at, self._steady_at = self._wall(), self._steady()

    def jump(self) -> timedelta:
        """Return by how much the clock was set since the last `accept`, forward or (negative) back; zero for little."""
        moved = self._wall() - self._wall_at - timedelta(seconds=self._steady() - self._steady_at)
        return moved if abs(moved) > NOTICED else timedelta(0)
