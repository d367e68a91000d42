"""Turns: the loop and the thread are each alone for a while, neither is shut out, and nobody waits for long."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, sleep

import pytest

from govwatch import turns
from govwatch.turns import Turn, run

MANY = 50


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns are waited for so long that what depends on not waiting fails."""
    monkeypatch.setattr(turns, "LONGEST_S", 30.0)


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.mark.usefixtures("patient")
def test_the_loop_does_nothing_within_a_turn_of_the_thread(thread: ThreadPoolExecutor) -> None:
    turn, said = Turn(), list[str]()

    def work() -> None:
        for _ in range(MANY):
            with turn:
                said.append("begin")
                sleep(0.001)
                said.append("end")

    async def play() -> None:
        job = asyncio.get_running_loop().run_in_executor(thread, work)
        while not job.done():
            said.append("loop")
            await asyncio.sleep(0.0001)

    run(play(), turn)
    following = [said[at + 1] for at, one in enumerate(said) if one == "begin"]
    assert following == ["end"] * MANY
    assert "loop" in said[said.index("begin") : -1]


def test_a_busy_loop_does_not_shut_the_thread_out(thread: ThreadPoolExecutor) -> None:
    turn, done = Turn(), threading.Event()

    def work() -> None:
        for _ in range(MANY):
            with turn:
                pass
        done.set()

    async def play() -> None:
        async with asyncio.timeout(20):
            job = asyncio.get_running_loop().run_in_executor(thread, work)
            while not done.is_set():  # noqa: ASYNC110 - the loop is to be busy
                await asyncio.sleep(0)
            await job

    run(play(), turn)


@pytest.mark.usefixtures("patient")
def test_a_busy_thread_does_not_shut_the_loop_out(thread: ThreadPoolExecutor) -> None:
    turn, done = Turn(), threading.Event()

    def work() -> None:
        while not done.is_set():
            with turn:
                pass

    async def play() -> None:
        job = asyncio.get_running_loop().run_in_executor(thread, work)
        for _ in range(MANY):
            await asyncio.sleep(0.0001)
        done.set()
        await job

    start = perf_counter()
    run(play(), turn)
    assert perf_counter() - start < 20


def test_the_loop_goes_on_beside_a_long_turn_of_the_thread(thread: ThreadPoolExecutor) -> None:
    turn, went_on = Turn(), threading.Event()

    def work() -> bool:
        with turn:
            return went_on.wait(20)

    async def play() -> bool:
        loop = asyncio.get_running_loop()
        loop.call_later(0.05, went_on.set)
        return await loop.run_in_executor(thread, work)

    assert run(play(), turn)


def test_the_thread_goes_on_beside_a_long_turn_of_the_loop(thread: ThreadPoolExecutor) -> None:
    turn, went_on = Turn(), threading.Event()

    def work() -> None:
        with turn:
            went_on.set()

    async def play() -> bool:
        await asyncio.sleep(0)
        job = thread.submit(work)
        waited = went_on.wait(20)
        job.result()
        return waited

    assert run(play(), turn)


@pytest.mark.usefixtures("patient")
def test_when_the_loop_is_over_the_thread_has_every_turn(thread: ThreadPoolExecutor) -> None:
    turn = Turn()
    run(asyncio.sleep(0.001), turn)
    start = perf_counter()
    with turn:
        pass
    assert perf_counter() - start < 20


@pytest.mark.usefixtures("patient")
def test_what_goes_wrong_ends_the_turn() -> None:
    turn = Turn()
    with pytest.raises(ZeroDivisionError), turn:
        raise ZeroDivisionError
    start = perf_counter()
    run(asyncio.sleep(0.001), turn)
    assert perf_counter() - start < 20
