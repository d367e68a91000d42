"""What a check says of its host, and how long a host that fails is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from core.hosts import LONGEST_ASKED, LONGEST_WAIT, HostState, Sign, after_check, host_of, retry_after, sign_of
from core.model import Capture, FailureKind, FetchFailure, NotModified, Outcome

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def failure(kind: FailureKind = FailureKind.TIMEOUT, at: datetime = T0) -> FetchFailure:
    return FetchFailure(URL, kind, "no answer", at, at)


def answer(status: int = 200, at: datetime = T0, **headers: str) -> Capture:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(URL, URL, status, fields, b"", at, at)


def after(*outcomes: Outcome) -> HostState:
    """How a host does after outcomes, each kept when it came."""
    state = HostState()
    for outcome in outcomes:
        state = after_check(state, outcome, outcome.received_at)
    return state


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (URL, "www.sc.gov.cn"),
        ("http://WWW.SC.GOV.CN:8080/a?b#c", "www.sc.gov.cn:8080"),
        ("http://[::1]:80/", "[::1]:80"),
    ],
)
def test_a_host_is_the_name_and_port_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


SIGNS = [
    (failure(FailureKind.DNS), Sign.FAILED),
    (failure(FailureKind.TLS), Sign.FAILED),
    (failure(FailureKind.TIMEOUT), Sign.FAILED),
    (failure(FailureKind.REFUSED), Sign.FAILED),
    (failure(FailureKind.CONNECTION), Sign.FAILED),
    (failure(FailureKind.ROBOTS_UNREACHABLE), Sign.FAILED),
    (answer(500), Sign.FAILED),
    (answer(502), Sign.FAILED),
    (answer(503), Sign.FAILED),
    (answer(521), Sign.FAILED),
    (answer(429), Sign.FAILED),
    (answer(200), Sign.ANSWERED),
    (answer(301), Sign.ANSWERED),
    (answer(403), Sign.ANSWERED),
    (answer(404), Sign.ANSWERED),
    (answer(412), Sign.ANSWERED),
    (NotModified(URL, (), T0, T0), Sign.ANSWERED),
    (failure(FailureKind.TOO_LARGE), Sign.ANSWERED),
    (failure(FailureKind.REDIRECT), Sign.ANSWERED),
    (failure(FailureKind.ROBOTS), Sign.NONE),
    (failure(FailureKind.EGRESS), Sign.NONE),
    (failure(FailureKind.PROTOCOL), Sign.NONE),
    (failure(FailureKind.CANCELLED), Sign.NONE),
    (failure(FailureKind.SETTINGS), Sign.NONE),
]


@pytest.mark.parametrize(("outcome", "sign"), SIGNS)
def test_what_is_the_failure_of_the_host(outcome: Outcome, sign: Sign) -> None:
    assert sign_of(outcome) is sign


def test_every_kind_of_failure_is_judged() -> None:
    assert {outcome.kind for outcome, _ in SIGNS if isinstance(outcome, FetchFailure)} == set(FailureKind)


def test_two_failures_in_a_row_may_be_chance_and_the_third_gives_the_host_a_rest() -> None:
    assert after(failure(), failure()) == HostState(2, None, "timeout: no answer", T0)
    state = after(failure(), failure(), failure())
    assert (state.failures, state.not_before) == (3, T0 + MINUTE)


def test_each_probe_that_fails_doubles_the_wait_up_to_an_hour() -> None:
    state, waits = after(failure(), failure(), failure()), []
    for _ in range(80):
        assert state.not_before is not None
        probed_at = state.not_before
        state = after_check(state, failure(at=probed_at), probed_at)
        assert state.not_before is not None
        waits.append((state.not_before - probed_at) / MINUTE)
    assert waits[:7] == [2, 4, 8, 16, 32, 60, 60]
    assert waits[-1] == LONGEST_WAIT / MINUTE == 60


def test_fetches_under_way_when_the_host_was_given_up_do_not_lengthen_the_wait() -> None:
    state = after(*[failure()] * 8)
    assert (state.failures, state.not_before) == (3, T0 + MINUTE)
    late = after_check(state, failure(FailureKind.REFUSED), T0 + 30 * timedelta(seconds=1))
    assert (late.failures, late.not_before, late.last_error) == (3, T0 + MINUTE, "refused: no answer")


def test_an_answer_ends_the_back_off_and_what_failed_last_stays_known() -> None:
    well = after(failure(), failure(), failure(), answer(404, T0 + 2 * MINUTE))
    assert well == HostState(0, None, "timeout: no answer", T0)


def test_an_answer_between_failures_begins_the_count_anew() -> None:
    assert after(failure(), failure(), answer(), failure()).failures == 1


def test_an_answer_asked_for_before_the_failure_does_not_end_the_wait() -> None:
    state = after_check(HostState(), answer(503, Retry_After="600"), T0 + MINUTE)
    late = after_check(state, answer(200), T0 + MINUTE)
    assert (late.failures, late.not_before) == (0, T0 + 11 * MINUTE)
    # One asked for since, by hand, shows that the host is well again.
    assert after_check(state, answer(200, T0 + 2 * MINUTE), T0 + 2 * MINUTE).not_before is None


@pytest.mark.parametrize("kind", [FailureKind.ROBOTS, FailureKind.CANCELLED, FailureKind.PROTOCOL])
def test_what_is_no_sign_of_the_host_changes_nothing(kind: FailureKind) -> None:
    state = after(failure(), failure(), failure())
    assert after_check(state, failure(kind, T0 + MINUTE), T0 + MINUTE) == state


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_a_wait_gets_it_at_once(status: int) -> None:
    state = after(answer(status, Retry_After="120"))
    assert (state.failures, state.not_before) == (1, T0 + 2 * MINUTE)
    assert state.last_error == f"status {status}"


def test_only_a_busy_answer_may_ask_for_a_wait() -> None:
    assert after(answer(500, Retry_After="120")).not_before is None
    assert after(answer(200, Retry_After="120")).not_before is None


def test_the_longer_of_the_two_waits_holds() -> None:
    failed = (failure(), failure())
    assert after(*failed, answer(503, Retry_After="10")).not_before == T0 + MINUTE
    assert after(*failed, answer(503, Retry_After="300")).not_before == T0 + 5 * MINUTE
    assert after(*failed, failure(), answer(429, Retry_After="300")).not_before == T0 + 5 * MINUTE


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", timedelta(0)),
        (" 90 ", timedelta(seconds=90)),
        ("Thu, 01 Jan 2026 00:10:00 GMT", timedelta(minutes=10)),
        ("Wed, 31 Dec 2025 00:00:00 GMT", timedelta(0)),
        ("Thu, 01 Jan 2226 00:00:00 GMT", LONGEST_ASKED),
        ("9" * 400, LONGEST_ASKED),
        ("-5", timedelta(0)),
        ("1.5", timedelta(0)),
        ("²", timedelta(0)),
        ("soon", timedelta(0)),
        ("Thu, 01 Jan 2026 00:10:00 -0000", timedelta(0)),
        ("", timedelta(0)),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_bounded(text: str, wait: timedelta) -> None:
    assert retry_after((("Server", "x"), ("retry-after", text)), T0) == wait


def test_without_the_header_no_wait_is_asked() -> None:
    assert retry_after((), T0) == timedelta(0)
