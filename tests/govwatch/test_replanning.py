"""A clock that is set, a machine that sleeps: no slot is skipped beyond one interval, none is run twice.

Days are played with a clock that the test sets, on the daemon's own parts: claim, keep, plan anew.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.schedule import cron, to_text
from config.settings import Every, Schedule, Settings
from core.hosts import HostState
from core.model import NotModified
from govwatch.app import App
from govwatch.checking import Checking
from govwatch.recording import Finding
from govwatch.replanning import replan
from scheduler import clock
from storage.rows import PageDraft
from storage.write import Store, open_store

URL = "https://www.sc.gov.cn/a.shtml"
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
T0 = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


class Played:
    """A daemon whose time the test makes: `at` is the true time, `wrong_by` what the clock on the wall shows beside it."""

    def __init__(self, schedule: Schedule, start: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.wrong_by = start, timedelta(0)
        self.checks: list[tuple[datetime, datetime]] = []
        self.said: list[str] = []
        self.app = App(Settings(), Path(":memory:"), lambda: self.at + self.wrong_by)
        monkeypatch.setattr(clock.ClockWatch.__init__, "__defaults__", (lambda: self.at.timestamp(),))
        self.schedule = schedule

    def run(self, *steps: tuple[timedelta, timedelta, timedelta]) -> None:
        """Play steps of (how long, with which tick, by how much the clock is wrong)."""
        asyncio.run(self._run(steps))

    async def _run(self, steps: tuple[tuple[timedelta, timedelta, timedelta], ...]) -> None:
        with open_store(Path(":memory:")) as store:
            with store.transaction() as tx:
                page = tx.put_page(PageDraft(URL, scheduled=True, schedule=to_text(self.schedule)), self.app.now())
                tx.set_next_due(page, self.app.now())
            checking = Checking(self.app, store, lambda checked: None, lambda kind, said: self.said.append(said))
            for long, tick, self.wrong_by in steps:
                for _ in range(int(long / tick)):
                    for plan in await checking.due(100, ()):
                        now = self.app.now()
                        self.checks.append((self.at, now))
                        checking.keep(plan, Finding(checking.page_of(1), NotModified(URL, (), now, now), now))
                    self.at += tick

    @property
    def gaps(self) -> list[timedelta]:
        """The true time between checks."""
        times = [true for true, _ in self.checks]
        return [after - before for before, after in pairwise(times)]


JUMPS = [sign * size for size in (SECOND, HOUR, DAY) for sign in (1, -1)]


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("every", [600, 3600, 86400])
def test_a_page_is_checked_within_two_intervals_whatever_the_clock_does(
    every: int, jump: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick = timedelta(seconds=every / 60)
    played = Played(Every(every), T0, monkeypatch)
    played.run((5.5 * every * SECOND, tick, timedelta(0)), (6 * every * SECOND, tick, jump))
    assert max(played.gaps) <= timedelta(seconds=2 * every) + 2 * tick
    assert len(played.checks) >= 10


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("hour", [8, 9])
def test_a_daily_slot_is_run_once_and_none_is_skipped_beyond_a_day(
    hour: int, jump: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is set at half past eight in Shanghai: the slot of the day has just run, or is just to come."""
    played = Played(cron(f"0 {hour} * * *"), T0, monkeypatch)
    played.run((3 * DAY, HOUR / 4, timedelta(0)), (4 * DAY, HOUR / 4, jump))
    # The slot of a check is the last one before it by the clock on the wall.
    slots = [(shown - hour * HOUR).astimezone(ZoneInfo("Asia/Shanghai")).date() for _, shown in played.checks[1:]]
    assert len(slots) == len(set(slots))
    assert max(played.gaps) <= 2 * DAY


def test_six_hours_without_a_tick_are_made_up_by_one_check(monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(Every(600), T0, monkeypatch)
    played.run((HOUR, 60 * SECOND, timedelta(0)), (6 * HOUR, 6 * HOUR, timedelta(0)), (HOUR, 60 * SECOND, timedelta(0)))
    late = [gap for gap in played.gaps if gap > timedelta(minutes=10)]
    assert len(late) == 1
    assert late[0] <= 6 * HOUR + timedelta(minutes=10)
    assert min(played.gaps) == timedelta(minutes=10)
    assert played.said == []


def test_a_clock_set_back_is_told_with_what_was_planned_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(Every(600), T0, monkeypatch)
    played.run((HOUR, 60 * SECOND, timedelta(0)), (HOUR, 60 * SECOND, -DAY), (HOUR, 60 * SECOND, timedelta(0)))
    assert played.said == [
        "the clock was set back by 1 day, 0:00:00; 1 page planned anew",
        "the clock was set forward, or the machine slept, by 1 day, 0:00:00",
    ]


def test_at_the_start_what_a_wrong_clock_planned_is_planned_anew_and_nothing_else(store: Store) -> None:
    app = App(Settings(), Path(":memory:"), lambda: T0)
    with store.transaction() as tx:
        for name, every, due in (("far", 3600, 400 * DAY), ("near", 3600, 2 * HOUR), ("weekly", 604800, 7 * DAY)):
            page = tx.put_page(PageDraft(f"https://{name}.cn/", scheduled=True, schedule=f"every {every}"), T0)
            tx.set_next_due(page, T0 + due)
        tx.put_host("far.cn", HostState(5, T0 + 400 * DAY, "dns", T0 + 400 * DAY))
        tx.put_host("near.cn", HostState(5, T0 + HOUR, "dns", T0))
    assert replan(app, store) == 1
    due = {page.host: page.next_due for page in store.reading().pages()}
    assert due == {"far.cn": T0 + HOUR, "near.cn": T0 + 2 * HOUR, "weekly.cn": T0 + 7 * DAY}
    assert store.reading().before_check(1).host.not_before is None
    assert store.reading().before_check(2).host.not_before == T0 + HOUR
    assert replan(app, store) == 0


def test_while_the_database_is_locked_nothing_is_fetched_by_the_old_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, said = [timedelta(0)], list[str]()
    app = App(Settings(), tmp_path / "a.db", lambda: T0 + wrong[0])
    monkeypatch.setattr(clock.ClockWatch.__init__, "__defaults__", (lambda: T0.timestamp(),))

    async def play(daemon: Store, other: Store) -> None:
        with daemon.transaction() as tx:
            tx.put_page(PageDraft(URL, scheduled=True, schedule="every 600"), T0)
        checking = Checking(app, daemon, lambda checked: None, lambda kind, text: said.append(text))
        wrong[0] = DAY
        with other.transaction():
            assert await checking.due(9, ()) == ()
        assert "pages are claimed when it has passed" in said[0]
        assert len(await checking.due(9, ())) == 1

    with open_store(tmp_path / "a.db", 0.01) as daemon, open_store(tmp_path / "a.db") as other:
        asyncio.run(play(daemon, other))
