"""What fetches, and a one-off run of it over many plans."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from core.model import FetchPlan

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

    async def one(plan: FetchPlan) -> None:
        on_came(plan, await fetcher.fetch(plan))

    await fetcher.start()
    tasks = [asyncio.create_task(one(plan)) for plan in plans]
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
