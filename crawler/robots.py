"""Answers whether robots.txt allows an address, asking each site once in a while (RFC 9309)."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from msgspec import Struct
from protego import Protego

from core.model import Capture, FailureKind, FetchFailure, FetchPlan, Outcome

_KEPT_S = 24 * 3600.0
_KEPT_UNREACHABLE_S = 60.0
_FORBIDS_UNREACHABLE_S = 24 * 3600.0
"""A robots.txt that cannot be had forbids everything for so long; RFC 9309 (2.3.1.4) leaves the time to the crawler."""
_LONGEST_DELAY_S = 60.0
_MOST_BYTES = 512 * 1024
_LARGE_CHARS = 16 * 1024
_MOST_SITES = 10_000

Fetch = Callable[[FetchPlan], Awaitable[Outcome]]
SlowDown = Callable[[str, float], None]


class Refusal(Struct, frozen=True):
    """Why an address may not be fetched."""

    kind: FailureKind
    detail: str


class _Answer(Struct, frozen=True):
    """What a site's robots.txt said. The text is kept, not its rules, which take up to 80 times as much."""

    text: str
    refusal: Refusal | None
    until_s: float
    unreachable_since_s: float | None = None


class Robots:
    """The robots.txt of every site met, kept for a day; `slow_down` is told a host's crawl-delay in seconds."""

    def __init__(self, agent: str, fetch: Fetch, slow_down: SlowDown) -> None:
        self._agent = agent
        self._fetch = fetch
        self._slow_down = slow_down
        self._answers: dict[tuple[str, str, bool], asyncio.Task[_Answer]] = {}
        self._reading_large = asyncio.Lock()

    async def refusal(self, url: str, plan: FetchPlan) -> Refusal | None:
        """Return why `url` may not be fetched, None where it may, over the proxy and TLS rule of `plan`."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        key = (site, plan.proxy, plan.accept_invalid_tls)
        task = self._answers.get(key)
        if task is None or (task.done() and (task.cancelled() or task.result().until_s < _now_s())):
            if len(self._answers) >= _MOST_SITES:
                self._answers.clear()
            before = task.result() if task is not None and task.done() and not task.cancelled() else None
            task = self._answers[key] = asyncio.ensure_future(self._ask(*key, before))
        answer = await asyncio.shield(task)
        if answer.refusal is not None:
            return answer.refusal
        is_allowed, delay_s = await self._judge(answer.text, url)
        self._slow_down(parts.hostname or "", min(delay_s, _LONGEST_DELAY_S))
        if is_allowed:
            return None
        return Refusal(FailureKind.ROBOTS, f"its site's robots.txt forbids {url}; obey_robots = false overrides")

    async def _judge(self, text: str, url: str) -> tuple[bool, float]:
        """Return whether a text allows an address, and the seconds that it wants between two requests."""
        if len(text) <= _LARGE_CHARS:
            return _judged(text, url, self._agent)
        # 512 KiB of rules take 0.6 s and 40 MB to read: beside the loop, and one at a time.
        async with self._reading_large:
            return await asyncio.to_thread(_judged, text, url, self._agent)

    async def _ask(self, site: str, proxy: str, accept_invalid_tls: bool, before: _Answer | None) -> _Answer:
        plan = FetchPlan(0, f"{site}/robots.txt", proxy=proxy, accept_invalid_tls=accept_invalid_tls)
        outcome = await self._fetch(plan)
        now_s = _now_s()
        if isinstance(outcome, Capture) and outcome.status == 200:
            return _Answer(outcome.body[:_MOST_BYTES].decode("utf-8", "replace"), None, now_s + _KEPT_S)
        if _is_unavailable(outcome):
            return _Answer("", None, now_s + _KEPT_S)
        since_s = before.unreachable_since_s if before and before.unreachable_since_s is not None else now_s
        is_over = now_s - since_s > _FORBIDS_UNREACHABLE_S
        known = before.text if before else ""
        refusal = None if known or is_over else _unreachable(outcome)
        return _Answer(known, refusal, now_s + _KEPT_UNREACHABLE_S, since_s)

    def close(self) -> None:
        """Stop asking."""
        for task in self._answers.values():
            task.cancel()


def _judged(text: str, url: str, agent: str) -> tuple[bool, float]:
    rules = Protego.parse(text)
    return bool(rules.can_fetch(url, agent)), float(rules.crawl_delay(agent) or 0)


def _is_unavailable(outcome: Outcome) -> bool:
    """Tell whether a site has no robots.txt, so that all is allowed (RFC 9309, 2.3.1.2 and 2.3.1.3)."""
    if isinstance(outcome, FetchFailure):
        return outcome.kind is FailureKind.REDIRECT
    return isinstance(outcome, Capture) and outcome.status < 500


def _unreachable(outcome: Outcome) -> Refusal:
    """Say why nothing may be fetched: a site that cannot be reached is told as that, not as one that forbids."""
    if isinstance(outcome, FetchFailure):
        return Refusal(outcome.kind, f"{outcome.detail} (asked for robots.txt, without which nothing is fetched)")
    status = f"status {outcome.status}" if isinstance(outcome, Capture) else "304"
    return Refusal(
        FailureKind.ROBOTS_UNREACHABLE,
        f"its site's robots.txt answers {status}, which for a day forbids everything; obey_robots = false overrides",
    )


def _now_s() -> float:
    return asyncio.get_running_loop().time()
