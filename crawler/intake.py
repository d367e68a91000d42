"""Bounds how many large bodies arrive at once; the others wait, unread, for their turn."""

import asyncio
from collections import deque
from typing import Protocol

LARGE_BYTES = 1024 * 1024
MOST_LARGE = 2
"""Of a body of 8 MiB twice as much is in memory while it arrives: without this, 52 hostile hosts took 159 MB."""
PATIENCE_S = 2.0
MOST_SLOW = 4
"""So many bodies that did not arrive within the patience keep on beside the places, lest hosts that drip hold them."""


class Body(Protocol):
    """A body that may be told to go on."""

    def resume(self) -> None:
        """Go on reading."""


class Intake:
    """The places for large bodies that all exchanges of a crawler share."""

    def __init__(self) -> None:
        self._reading: dict[Body, asyncio.TimerHandle] = {}
        self._slow: set[Body] = set()
        self._waiting: deque[Body] = deque()

    def enter(self, body: Body) -> bool:
        """Let a large body in, True; or have it wait until it is resumed."""
        if body in self._reading or body in self._slow:
            return True
        if len(self._reading) < MOST_LARGE:
            self._give_place(body)
            return True
        self._waiting.append(body)
        return False

    def leave(self, body: Body) -> None:
        """Note that a body is over, and let the next one in."""
        if body in self._reading:
            self._reading.pop(body).cancel()
        elif body in self._slow:
            self._slow.remove(body)
        elif body in self._waiting:
            self._waiting.remove(body)
        self._let_in()

    def _give_place(self, body: Body) -> None:
        self._reading[body] = asyncio.get_running_loop().call_later(PATIENCE_S, self._move_on, body)

    def _move_on(self, body: Body) -> None:
        if len(self._slow) >= MOST_SLOW:
            self._give_place(body)
            return
        del self._reading[body]
        self._slow.add(body)
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and len(self._reading) < MOST_LARGE:
            body = self._waiting.popleft()
            self._give_place(body)
            body.resume()
