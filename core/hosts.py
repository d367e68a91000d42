"""What a check says of its host, and how long a host that fails is left alone: a circuit breaker with a probe."""

from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from core.model import Capture, FailureKind, FetchFailure, Headers, Outcome

MOST_FAILURES = 3
"""After so many failures in a row a host is left alone: one may be chance, and a page may have one of its own."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ASKED = timedelta(hours=6)
"""The longest that a host may ask for with Retry-After."""


class Sign(Enum):
    """What one outcome says of its host."""

    ANSWERED = "answered"
    FAILED = "failed"
    NONE = "none"


_FAILED = {
    FailureKind.DNS,
    FailureKind.TLS,
    FailureKind.TIMEOUT,
    FailureKind.REFUSED,
    FailureKind.CONNECTION,
    FailureKind.ROBOTS_UNREACHABLE,
}
_ANSWERED = {FailureKind.TOO_LARGE, FailureKind.REDIRECT}
_ASKING = {429, 503}


class HostState(Struct, frozen=True):
    """How a host does. `failures` are in a row; until `not_before` none of its pages is fetched.

    What failed last, and when, stays known when it is well again.
    """

    failures: int = 0
    not_before: datetime | None = None
    last_error: str = ""
    failed_at: datetime | None = None


def site_of(url: str) -> str:
    """Return scheme and host as an address writes them: what is up to its third slash, whatever that is."""
    return "/".join(url.split("/", 3)[:3])


def host_of(url: str) -> str:
    """Return the host of an address, with its port where one is given."""
    return urlsplit(url).netloc.lower()


def sign_of(outcome: Outcome) -> Sign:
    """Tell whether a host failed, or answered; what robots.txt forbids, the egress guard or a stop is no sign of it.

    Nor is nonsense: one page's odd header must not delay the others.
    """
    if isinstance(outcome, FetchFailure):
        return Sign.FAILED if outcome.kind in _FAILED else Sign.ANSWERED if outcome.kind in _ANSWERED else Sign.NONE
    if isinstance(outcome, Capture) and (outcome.status == 429 or outcome.status >= 500):
        return Sign.FAILED
    return Sign.ANSWERED


def after_check(state: HostState, outcome: Outcome, now: datetime) -> HostState:
    """Return how a host does after one more check of a page of it.

    Fetches that were under way when the host was given up say nothing new: their failures do not lengthen the wait,
    their answers do not end it.
    """
    sign = sign_of(outcome)
    if sign is Sign.NONE:
        return state
    is_late = state.not_before is not None and outcome.requested_at < state.not_before
    if sign is Sign.ANSWERED:
        is_old = is_late and state.failed_at is not None and outcome.requested_at < state.failed_at
        not_before = state.not_before if is_old else None
        is_as_before = not state.failures and state.not_before == not_before
        return state if is_as_before else replace(state, failures=0, not_before=not_before)
    failures = state.failures if is_late else state.failures + 1
    waits = [_asked_until(outcome, now), state.not_before if is_late else now + _wait_after(failures)]
    not_before = max(at for at in waits if at)
    return HostState(failures, not_before if not_before > now else None, _error(outcome), now)


def retry_after(headers: Headers, now: datetime) -> timedelta:
    """Return what Retry-After asks for (RFC 9110 section 10.2.3), seconds or a date; nothing where it says neither."""
    text = next((value for name, value in headers if name.lower() == "retry-after"), "").strip()
    if not text:
        return timedelta(0)
    from email.utils import parsedate_to_datetime  # Takes 4 ms to load, and few hosts ask for anything.

    try:
        wait_s = float(text) if text.isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError):
        return timedelta(0)
    return timedelta(seconds=min(max(wait_s, 0.0), LONGEST_ASKED.total_seconds()))


def _wait_after(failures: int) -> timedelta:
    if failures < MOST_FAILURES:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(failures - MOST_FAILURES, 16)), LONGEST_WAIT)


def _asked_until(outcome: Outcome, now: datetime) -> datetime:
    if isinstance(outcome, Capture) and outcome.status in _ASKING:
        return now + retry_after(outcome.headers, now)
    return now


def _error(outcome: Outcome) -> str:
    if isinstance(outcome, FetchFailure):
        return f"{outcome.kind}: {outcome.detail}"
    return f"status {outcome.status}" if isinstance(outcome, Capture) else ""
