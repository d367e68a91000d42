"""One fetch from its plan to its outcome: redirects, retries and robots within one budget of time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from scrapy import Request

from config.settings import CrawlSettings
from core.hosts import retry_after
from core.model import Capture, FailureKind, FetchFailure, FetchPlan, Hop, NotModified, Outcome
from core.transfer import TOO_LARGE, unwrap
from crawler.exchange import Answer
from crawler.failures import explain
from crawler.robots import Refusal
from crawler.wire import Leg, Way, header_line

Download = Callable[[Request], Awaitable[Answer]]
Clock = Callable[[], datetime]
Refuse = Callable[[str, FetchPlan], Awaitable[Refusal | None]]

_MOST_REDIRECTS = 10
_LONGEST_RETRY_AFTER_S = 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})
_RETRIED_KINDS = frozenset({FailureKind.TIMEOUT, FailureKind.REFUSED, FailureKind.CONNECTION})


class Failed(Exception):
    """The fetch is over without a capture."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class Trip:
    """The state of one fetch: where it is, how it got there, and the time it has left."""

    def __init__(self, plan: FetchPlan, settings: CrawlSettings, agent: str, download: Download, now: Clock) -> None:
        self._plan = plan
        self._settings = settings
        self._agent = agent
        self._download = download
        self._now = now
        self._requested_at = now()
        self._left_s = settings.deadline_s
        self._url = plan.url.partition("#")[0]
        self._hops: list[Hop] = []

    async def run(self, refuse: Refuse | None = None) -> Outcome:
        """Return the outcome; `refuse` is asked before each address (none: nothing is refused)."""
        try:
            while True:
                _require_http(self._url)
                if refuse is not None and (refusal := await refuse(self._url, self._plan)) is not None:
                    raise Failed(refusal.kind, refusal.detail)
                answer = await self._answer()
                if not _is_redirect(answer):
                    return self._outcome(answer)
                self._follow(answer)
        except Failed as failed:
            return self.failure(failed.kind, failed.detail)

    def failure(self, kind: FailureKind, detail: str) -> FetchFailure:
        """Return the failure of this fetch, ending now."""
        return FetchFailure(self._plan.url, kind, detail, self._requested_at, self._now())

    async def _answer(self) -> Answer:
        """Ask the current address until it answers well, or the retries or the time are used up."""
        wait_s = self._settings.retry_wait_s
        for retries_left in range(self._settings.retries, -1, -1):
            answer, failed = await self._try()
            if answer is not None and answer.status not in _RETRIED_STATUS:
                return answer
            pause_s = max(wait_s, _retry_after_s(answer, self._now()))
            if not retries_left or pause_s >= self._left_s or not _is_retried(failed):
                break
            await asyncio.sleep(pause_s)
            self._left_s -= pause_s
            wait_s *= 2
        if failed is not None:
            raise failed
        assert answer is not None
        return answer

    async def _try(self) -> tuple[Answer | None, Failed | None]:
        way = Way(self._plan.proxy, self._plan.accept_invalid_tls)
        leg = Leg(self._left_s, way, self._header_lines())
        try:
            return await self._download(Request(self._url, meta={"leg": leg}, dont_filter=True)), None
        except Exception as error:  # the network stack raises whatever it likes; explain() gives each a kind
            return None, Failed(*explain(error))
        finally:
            leg.drop()
            self._left_s -= leg.spent_s

    def _header_lines(self) -> tuple[bytes, ...]:
        plan = self._plan
        fields = [("User-Agent", self._agent), ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")]
        if self._url == plan.url or _origin(self._url) == _origin(plan.url):
            # What the config gives for one site is not told to another one that it redirects to.
            fields += plan.headers
            if plan.cookies:
                fields.append(("Cookie", "; ".join(f"{name}={value}" for name, value in plan.cookies)))
        if not self._hops:
            # The validators are those of this very address; elsewhere they could give a false 304.
            fields += _validators(plan).items()
        fields.append(("Accept-Encoding", "gzip, deflate"))
        # A later field takes the place of an earlier one, in whatever case its name is.
        return tuple(header_line(*field) for field in {field[0].lower(): field for field in fields}.values())

    def _follow(self, answer: Answer) -> None:
        location = (answer.field("location") or "").encode("latin-1").decode("utf-8", "replace")
        try:
            target = urldefrag(urljoin(self._url, location)).url
        except ValueError:
            raise Failed(FailureKind.REDIRECT, f"redirected to {location!r}, which is no address") from None
        self._hops.append(Hop(self._url, answer.status))
        if len(self._hops) > _MOST_REDIRECTS:
            raise Failed(FailureKind.REDIRECT, f"more than {_MOST_REDIRECTS} redirects, last to {target}")
        if urlsplit(target).scheme not in ("http", "https"):
            raise Failed(FailureKind.REDIRECT, f"redirected to {target}, which is neither http nor https")
        self._url = target

    def _outcome(self, answer: Answer) -> Outcome:
        now, headers, ip = self._now(), answer.fields, answer.ip
        if answer.status == 304:
            if self._hops or not _validators(self._plan):
                raise Failed(FailureKind.PROTOCOL, "304 Not Modified to a request without validators")
            return NotModified(self._plan.url, headers, self._requested_at, now, ip)
        wire = answer.body
        body, defect = unwrap(wire, headers, self._settings.max_bytes)
        if defect == TOO_LARGE:
            raise Failed(FailureKind.TOO_LARGE, f"{defect} (max_bytes = {self._settings.max_bytes})")
        return Capture(
            url=self._plan.url,
            final_url=self._url,
            status=answer.status,
            headers=headers,
            body=body,
            requested_at=self._requested_at,
            received_at=now,
            redirects=tuple(self._hops),
            ip=ip,
            tls=self._tls(),
            wire_bytes=len(wire),
            wire_sha256="" if body is wire else sha256(wire).hexdigest(),
            defect=answer.loss or defect,
        )

    def _tls(self) -> Literal["", "verified", "unverified"]:
        if not self._url.startswith("https:"):
            return ""
        return "unverified" if self._plan.accept_invalid_tls else "verified"


def _require_http(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        sound = False
    if not sound:
        raise Failed(FailureKind.PROTOCOL, f"{url!r} is no http or https address")


def _validators(plan: FetchPlan) -> dict[str, str]:
    pairs = {"If-None-Match": plan.etag, "If-Modified-Since": plan.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _is_redirect(answer: Answer) -> bool:
    return answer.status in _REDIRECTS and answer.field("location") is not None


def _is_retried(failed: Failed | None) -> bool:
    return failed is None or failed.kind in _RETRIED_KINDS


def _retry_after_s(answer: Answer | None, now: datetime) -> float:
    if answer is None:
        return 0.0
    return min(retry_after(answer.fields, now).total_seconds(), _LONGEST_RETRY_AFTER_S)
