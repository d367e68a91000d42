"""What fetches, and a one-off run of it over many plans."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from core.hosts import site_of
from core.model import FetchPlan

MOST_AT_ONCE = 300
"""So many pages of a host are with the fetcher: to each a task at once took 2 KB a page, 20 MB of 10,000; and another
process that fetches wants some more than it has under way."""

_Came = TypeVar("_Came")
_Came_co = TypeVar("_Came_co", covariant=True)


class Fetcher(Protocol[_Came_co]):
    """What fetches: the crawler, what is around it, or a stand-in for it."""

    async def start(self) -> None:
        """Be ready to fetch."""

    async def fetch(self, plan: FetchPlan) -> _Came_co:
        """Fetch one plan; whatever the network does is a value."""

    async def stop(self, grace_s: float = 0.0) -> None:
        """Let what is under way finish for so long, end the rest, and close."""


async def fetch_each(
    fetcher: Fetcher[_Came], plans: Iterable[FetchPlan], on_came: Callable[[FetchPlan, _Came], None]
) -> None:
    """Fetch every plan, calling `on_came` as each finishes. What is raised meanwhile ends the run cleanly."""

    async def fetch(waiting: deque[FetchPlan]) -> None:
        while waiting:
            plan = waiting.popleft()
            on_came(plan, await fetcher.fetch(plan))

    await fetcher.start()
    by_host: dict[str, deque[FetchPlan]] = {}
    for plan in plans:
        by_host.setdefault(site_of(plan.url), deque()).append(plan)
    at_once = (waiting for waiting in by_host.values() for _ in range(min(len(waiting), MOST_AT_ONCE)))
    tasks = [asyncio.create_task(fetch(waiting)) for waiting in at_once]
    try:
        done = (await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION))[0] if tasks else ()
        for task in done:
            task.result()
    finally:
        left = [task for task in tasks if not _went_well(task)]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await fetcher.stop()


def _went_well(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
