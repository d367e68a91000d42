"""Shares out the places for fetches: a host that does not answer gives its place to the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE_S = 1.0
MOST_SLOW = 500
"""So many may be waited for beside the places: each takes a socket, and a process usually has 1,024."""


class Places:
    """So many places; who holds one for longer than `PATIENCE_S` keeps on without it, as long as those are not many."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._slow = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        await self._free.acquire()
        has_place = True

        def give_up() -> None:
            nonlocal has_place
            if self._slow < MOST_SLOW:
                has_place = False
                self._slow += 1
                self._free.release()

        patience = asyncio.get_running_loop().call_later(PATIENCE_S, give_up)
        try:
            yield
        finally:
            patience.cancel()
            if has_place:
                self._free.release()
            else:
                self._slow -= 1
