"""Claims about a run over many plans."""

import asyncio
from collections import Counter

from core.model import FetchPlan
from crawler.fetcher import MOST_AT_ONCE, fetch_each


class Slow:
    """Fetches nothing, in three turns of the loop, and counts how many plans of a host it has at once."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def start(self) -> None:
        """Do nothing."""

    async def fetch(self, plan: FetchPlan) -> int:
        host = plan.url.split("/")[2]
        self.now[host] += 1
        self.most[host] = max(self.most[host], self.now[host])
        for _ in range(3):
            await asyncio.sleep(0)
        self.now[host] -= 1
        return plan.page

    async def stop(self, grace_s: float = 0.0) -> None:
        """Do nothing."""


def test_all_pages_are_fetched_in_their_order_but_not_handed_over_at_once() -> None:
    slow, came = Slow(), list[int]()
    many = [FetchPlan(page, f"http://many.example/{page}") for page in range(3 * MOST_AT_ONCE)]
    few = [FetchPlan(page, f"http://few.example/{page}") for page in range(10_000, 10_005)]
    asyncio.run(fetch_each(slow, many + few, lambda plan, page: came.append(page)))
    assert [page for page in came if page < 10_000] == [plan.page for plan in many]
    assert sorted(came[: MOST_AT_ONCE + 5])[-5:] == [plan.page for plan in few]
    assert slow.most == {"many.example": MOST_AT_ONCE, "few.example": 5}
