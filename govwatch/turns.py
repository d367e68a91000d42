"""Turns of an event loop and of the thread that works beside it: each is for a while alone with the interpreter.

Only one of them runs Python at a time anyway. Without turns the interpreter's lock went to and fro at each call of
libcurl and SQLite that lets it go: 27 futex calls a page, now 7, and a first crawl took 5 to 8% more CPU.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractContextManager
from selectors import DefaultSelector
from threading import Lock
from typing import Any, TypeVar

LONGEST_S = 0.005
"""So long one waits for the other: to read a page of 5 MB takes a second. Both run at once then, as without turns."""

_Given = TypeVar("_Given")
_Value = TypeVar("_Value")


class Turn(AbstractContextManager[None]):
    """One of two who take turns; `other` is the one it shares them with. To enter it is to begin a turn."""

    def __init__(self, other: "Turn | None" = None) -> None:
        self._turn: Lock = other._turn if other else Lock()
        # Who waits for a turn keeps the door, so that the other one, who just had it, cannot be quicker once more.
        self._door: Lock = other._door if other else Lock()
        self._is_mine = False

    def begin(self) -> None:
        """Wait for the turn, but not for long."""
        with self._door:
            self._is_mine = self._turn.acquire(timeout=LONGEST_S)

    def end(self) -> None:
        """Leave it to the other."""
        if self._is_mine:
            self._is_mine = False
            self._turn.release()

    def __enter__(self) -> None:
        self.begin()

    def __exit__(self, *_: object) -> None:
        self.end()


def in_turns(work: Callable[[_Given], _Value], given: Iterable[_Given], turn: Turn | None) -> list[_Value]:
    """Return what comes of some work on each of some values, in a turn for each; nobody takes turns without `turn`."""
    if turn is None:
        return list(map(work, given))
    done = []
    for one in given:
        with turn:
            done.append(work(one))
    return done


class _Selector(DefaultSelector):
    """Waits for the network; whatever the loop does until it has to wait once more is its turn."""

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self._turn = turn
        turn.begin()

    def select(self, timeout: float | None = None) -> list[tuple[Any, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)  # It has more to do.
        self._turn.end()
        try:
            return super().select(timeout)
        finally:
            self._turn.begin()

    def close(self) -> None:
        self._turn.end()
        super().close()


def run(main: Coroutine[Any, Any, _Value], thread: Turn) -> _Value:
    """Run a coroutine as `asyncio.run` does, in turns with a thread that enters `thread` for each piece of its work."""
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_Selector(Turn(thread)))) as runner:
        return runner.run(main)
