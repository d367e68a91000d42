"""Answers whether robots.txt allows an address, asking each site once in a while (RFC 9309)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from core.model import Capture, FetchPlan, Outcome

_KEPT_S = 24 * 3600.0
_KEPT_UNREACHABLE_S = 600.0
_MOST_BYTES = 512 * 1024
_MOST_SITES = 10_000

Fetch = Callable[[FetchPlan], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class _Answer:
    rules: Protego | None
    until_s: float


class Robots:
    """The robots.txt of every site met, kept for a day."""

    def __init__(self, agent: str, fetch: Fetch) -> None:
        self._agent = agent
        self._fetch = fetch
        self._answers: dict[tuple[str, str, bool], asyncio.Task[_Answer]] = {}

    async def allowed(self, url: str, plan: FetchPlan) -> bool:
        """Tell whether `url` may be fetched, over the proxy and TLS rule of `plan`."""
        parts = urlsplit(url)
        key = (f"{parts.scheme}://{parts.netloc}", plan.proxy, plan.accept_invalid_tls)
        task = self._answers.get(key)
        if task is None or (task.done() and (task.cancelled() or task.result().until_s < _now_s())):
            if len(self._answers) >= _MOST_SITES:
                self._answers.clear()
            task = self._answers[key] = asyncio.ensure_future(self._ask(*key))
        rules = (await asyncio.shield(task)).rules
        return rules is None or bool(rules.can_fetch(url, self._agent))

    async def _ask(self, site: str, proxy: str, accept_invalid_tls: bool) -> _Answer:
        plan = FetchPlan(0, f"{site}/robots.txt", proxy=proxy, accept_invalid_tls=accept_invalid_tls)
        outcome = await self._fetch(plan)
        if not isinstance(outcome, Capture) or outcome.status >= 500:
            # RFC 9309 would forbid all. Where a site is really down the page's own fetch says so, with its
            # kind; and a firewall in front of robots.txt must not end the watching of a whole site.
            return _Answer(None, _now_s() + _KEPT_UNREACHABLE_S)
        text = outcome.body[:_MOST_BYTES].decode("utf-8", "replace") if outcome.status == 200 else ""
        return _Answer(Protego.parse(text), _now_s() + _KEPT_S)

    def close(self) -> None:
        """Stop asking."""
        for task in self._answers.values():
            task.cancel()


def _now_s() -> float:
    return asyncio.get_running_loop().time()
