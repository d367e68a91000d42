"""When a page whose check failed is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from core.model import Capture, FailureKind, FetchFailure, Outcome, Quality, QualityKind, Reading
from core.retry import is_worth_retrying, retry_wait

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2026, 1, 1, tzinfo=UTC)


def capture(status: int = 200) -> Capture:
    return Capture(URL, URL, status, (), b"", T0, T0)


def failure(kind: FailureKind) -> FetchFailure:
    return FetchFailure(URL, kind, "", T0, T0)


CASES = [
    (failure(FailureKind.TIMEOUT), None, True),
    (failure(FailureKind.DNS), None, True),
    (failure(FailureKind.ROBOTS_UNREACHABLE), None, True),
    (failure(FailureKind.ROBOTS), None, False),
    (failure(FailureKind.TOO_LARGE), None, False),
    (failure(FailureKind.CANCELLED), None, False),
    (capture(503), QualityKind.ERROR_PAGE, True),
    (capture(412), QualityKind.BLOCKED, True),
    (capture(), QualityKind.ERROR_PAGE, True),
    (capture(), QualityKind.PARTIAL, True),
    (capture(), QualityKind.OK, False),
    (capture(), QualityKind.SUSPECT, False),
    (capture(404), QualityKind.GONE, False),
    (capture(301), QualityKind.MOVED, False),
    # An answer that another crawl overtook is not read.
    (capture(), None, False),
]


@pytest.mark.parametrize(("outcome", "quality", "is_retried"), CASES)
def test_a_page_that_may_well_be_there_is_tried_again(
    outcome: Outcome, quality: QualityKind | None, is_retried: bool
) -> None:
    reading = Reading(Quality(quality), "r1") if quality else None
    assert is_worth_retrying(outcome, reading) is is_retried


def test_the_wait_doubles_up_to_a_quarter_of_a_day() -> None:
    assert [retry_wait(failures) / timedelta(minutes=1) for failures in (1, 2, 3, 4, 5, 6, 999)] == [
        *(15, 30, 60, 120, 240),
        *(360, 360),
    ]
