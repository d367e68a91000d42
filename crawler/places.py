"""Shares out the places for fetches: a host that does not answer gives its place to the next."""

import asyncio

PATIENCE_S = 1.0
MOST_SLOW = 500
"""So many may be waited for beside the places: each takes a socket, and a process usually has 1,024."""


class Places:
    """So many places; who holds one for longer than `PATIENCE_S` keeps on without it, as long as those are not many."""

    def __init__(self, most: int) -> None:
        self.free = asyncio.Semaphore(most)
        self.slow = 0

    def one(self) -> "_Place":
        """Return a place to be waited for and held by an `async with`."""
        return _Place(self)


class _Place:
    # A generator for a context manager would cost 3 µs more.

    def __init__(self, places: Places) -> None:
        self._places = places

    async def __aenter__(self) -> None:
        await self._places.free.acquire()
        self._is_held = True
        self._patience = asyncio.get_running_loop().call_later(PATIENCE_S, self._give_up)

    async def __aexit__(self, *_: object) -> None:
        self._patience.cancel()
        if self._is_held:
            self._places.free.release()
        else:
            self._places.slow -= 1

    def _give_up(self) -> None:
        if self._places.slow < MOST_SLOW:
            self._is_held = False
            self._places.slow += 1
            self._places.free.release()
