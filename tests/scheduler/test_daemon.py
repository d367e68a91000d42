"""Claims about the daemon, with a fetcher that answers when the test says so."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest

from core.errors import StorageError
from core.model import FailureKind, FetchFailure, FetchPlan, Outcome
from scheduler import daemon
from scheduler.daemon import Daemon

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class StandIn:
    """A fetcher whose answers come once `answer` is set; at `stop` those under way are answered."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.under_way = self.most_under_way = 0
        self.answer = asyncio.Event()
        self.at_stop: Callable[[], None] = lambda: None
        self.running = False

    async def start(self) -> None:
        self.running = True

    async def fetch(self, plan: FetchPlan) -> Outcome:
        assert self.running
        self.asked.append(plan.page)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await self.answer.wait()
        self.under_way -= 1
        return FetchFailure(plan.url, FailureKind.TIMEOUT, "no answer", NOW, NOW)

    async def stop(self, grace_s: float) -> None:
        assert grace_s > 0
        self.at_stop()
        await asyncio.sleep(0.03)
        self.answer.set()
        self.running = False


class Watch:
    """Pages that are due until they were checked, and what a daemon made of them."""

    def __init__(self, pages: int, most: int = 100) -> None:
        self.pages = list(range(1, pages + 1))
        self.kept: list[int] = []
        self.asked_for: list[tuple[int, tuple[int, ...]]] = []
        self.fetcher = StandIn()
        self.daemon = Daemon(self.fetcher, self.due, self.keep, most)

    async def due(self, most: int, under_way: Sequence[int]) -> list[FetchPlan]:
        self.asked_for.append((most, tuple(under_way)))
        free = [page for page in self.pages if page not in (*under_way, *self.kept)]
        return [FetchPlan(page, f"http://a.cn/{page}") for page in free[:most]]

    def keep(self, plan: FetchPlan, outcome: Outcome) -> None:
        assert outcome.url == plan.url
        self.kept.append(plan.page)

    def run(self, script: Callable[[], Awaitable[None]]) -> None:
        """Run the daemon while `script` runs beside it; raises what either raises."""

        async def both() -> None:
            async with asyncio.timeout(5), asyncio.TaskGroup() as group:
                group.create_task(self.daemon.run())
                await script()

        asyncio.run(both())


@pytest.fixture(autouse=True)
def short_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "TICK_S", 0.01)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what is waited for is not one event
        await asyncio.sleep(0.002)


def stop(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


def test_due_pages_are_fetched_and_kept() -> None:
    watch = Watch(pages=3)

    async def script() -> None:
        watch.fetcher.answer.set()
        await until(lambda: len(watch.kept) == 3)
        watch.pages.append(4)
        await until(lambda: len(watch.kept) == 4)
        stop()

    watch.run(script)
    assert watch.kept == [1, 2, 3, 4]
    assert not watch.fetcher.running


def test_a_page_under_way_is_not_taken_twice() -> None:
    watch = Watch(pages=2)

    async def script() -> None:
        await until(lambda: len(watch.asked_for) > 4)
        assert watch.fetcher.asked == [1, 2]
        assert watch.asked_for[1:5] == [(98, (1, 2))] * 4
        watch.fetcher.answer.set()
        await until(lambda: len(watch.kept) == 2)
        await until(lambda: watch.asked_for[-1] == (100, ()))
        stop()

    watch.run(script)
    assert watch.fetcher.asked == [1, 2]


def test_no_more_than_so_many_are_under_way() -> None:
    watch = Watch(pages=7, most=3)

    async def script() -> None:
        await until(lambda: watch.fetcher.under_way == 3)
        await asyncio.sleep(0.05)
        assert watch.asked_for == [(3, ())]
        watch.fetcher.answer.set()
        await until(lambda: len(watch.kept) == 7)
        stop()

    watch.run(script)
    assert watch.fetcher.most_under_way == 3
    assert sorted(watch.fetcher.asked) == watch.pages


def test_a_page_that_is_given_up_is_neither_kept_nor_under_way_and_may_be_taken_again() -> None:
    watch = Watch(pages=3)
    give_up: list[int] = []

    async def given_up(under_way: Sequence[int]) -> list[int]:
        return [give_up.pop()] if give_up else []

    watch.daemon = Daemon(watch.fetcher, watch.due, watch.keep, 100, given_up)

    async def script() -> None:
        await until(lambda: watch.fetcher.under_way == 3)
        give_up.append(2)
        await until(lambda: watch.fetcher.asked == [1, 2, 3, 2])
        watch.fetcher.answer.set()
        await until(lambda: len(watch.kept) == 3)
        stop()

    watch.run(script)
    assert sorted(watch.kept) == [1, 2, 3]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_fetching_ends_with_the_outcomes_under_way_kept(number: int) -> None:
    watch = Watch(pages=4)
    watch.fetcher.at_stop = lambda: watch.pages.append(5)

    async def script() -> None:
        await until(lambda: watch.fetcher.under_way == 4)
        stop(number)
        stop(number)

    watch.run(script)
    assert watch.kept == [1, 2, 3, 4]
    assert watch.fetcher.asked == [1, 2, 3, 4]


async def nothing() -> None:
    """Leave the daemon alone: it has to end by itself."""


def raised(watch: Watch) -> BaseException:
    with pytest.raises(ExceptionGroup) as caught:
        watch.run(nothing)
    (error,) = caught.value.exceptions
    return error


def test_an_error_of_keep_stops_the_daemon_and_is_raised() -> None:
    watch = Watch(pages=3)
    watch.fetcher.answer.set()
    keep = watch.keep

    def full(plan: FetchPlan, outcome: Outcome) -> None:
        if plan.page == 2:
            raise StorageError("the disk is full")
        keep(plan, outcome)

    watch.daemon = Daemon(watch.fetcher, watch.due, full, 100)
    assert str(raised(watch)) == "the disk is full"
    assert watch.kept == [1, 3]
    assert not watch.fetcher.running


def test_the_first_of_several_errors_is_the_one_raised() -> None:
    watch = Watch(pages=3)
    watch.fetcher.answer.set()

    def broken(plan: FetchPlan, outcome: Outcome) -> None:
        raise StorageError(f"page {plan.page}")

    watch.daemon = Daemon(watch.fetcher, watch.due, broken, 100)
    assert str(raised(watch)) == "page 1"


def test_an_error_of_due_stops_the_daemon_and_is_raised() -> None:
    watch = Watch(pages=1)
    due = watch.due

    async def damaged(most: int, under_way: Sequence[int]) -> list[FetchPlan]:
        if under_way:
            raise StorageError("the database is damaged")
        return await due(most, under_way)

    watch.daemon = Daemon(watch.fetcher, damaged, watch.keep, 100)
    assert str(raised(watch)) == "the database is damaged"
    assert watch.kept == [1]


def test_a_fetcher_that_breaks_its_promise_stops_the_daemon() -> None:
    watch = Watch(pages=1)

    async def breaks(plan: FetchPlan) -> Outcome:
        raise RuntimeError("a bug")

    watch.fetcher.fetch = breaks  # type: ignore[method-assign]
    assert str(raised(watch)) == "a bug"
    assert watch.kept == []
