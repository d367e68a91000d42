"""Which captures and checks of a page may go, so that its history, its changes and a replay stay as they are.

Captures: kept are those something refers to (borders of spells, versions, the head), one per span of time of each run
of one version, and the first and last of each run of bad ones. A check whose capture goes stands from then on for the
kept one before it, which read the same, as a 304 does. Checks: those in a row that found nothing new by one capture
become one row, with the first and last time and their number.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from core.model import Content, QualityKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_STARTS = timedelta(hours=8)
"""Days are those of Asia/Shanghai, as in every report."""


class CheckFact(Struct, frozen=True):
    """One row of checks: `checks` of them from `at` to `last_at`, all with the same finding.

    `is_border`: it begins or ends a spell, found a change, or is referred to. `is_needed`: so is its capture.
    """

    id: int
    at: datetime
    last_at: datetime
    checks: int
    outcome: str
    quality: str
    content: str
    rules_id: str
    version: int | None
    removed: str
    capture: int | None
    is_border: bool
    is_needed: bool


class Thinning(Struct, frozen=True):
    """One capture that may go, the kept one that stands for it, and whether it is one of a run of bad ones."""

    capture: int
    stand_in: int
    is_bad: bool


class Rolling(Struct, frozen=True):
    """Rows of checks that may become one: that of `id`, up to `last_at`, `checks` in all; the others go."""

    id: int
    last_at: datetime
    checks: int
    gone: tuple[int, ...]


def thinned(checks: Sequence[CheckFact], before: datetime, every: timedelta) -> list[Thinning]:
    """Return the captures from before a time that may go, where one is kept for each `every`.

    `checks` are all of a page, in the order of their time.
    """
    return [*_thinned_good(checks, before, every), *_thinned_bad(checks, before)]


def stood_in(checks: Sequence[CheckFact], thinnings: Sequence[Thinning]) -> list[CheckFact]:
    """Return the checks with the captures that stand for those that go."""
    stand_ins: dict[int | None, int] = {one.capture: one.stand_in for one in thinnings}
    return [replace(check, capture=stand_ins.get(check.capture, check.capture)) for check in checks]


def rolled(checks: Sequence[CheckFact], before: datetime) -> list[Rolling]:
    """Return the runs of rows from before a time that may become one row each, none longer than a day."""
    runs = (list(run) for _, run in groupby(checks, key=_same_finding(before)))
    return [
        Rolling(run[0].id, run[-1].last_at, sum(one.checks for one in run), tuple(one.id for one in run[1:]))
        for run in runs
        if len(run) > 1
    ]


def _thinned_good(checks: Sequence[CheckFact], before: datetime, every: timedelta) -> Iterator[Thinning]:
    """Yield what may go of the runs of one version; what is bad in between ends no run, as it ends no spell."""
    seen = set[int]()
    run, span, standing = (object(), 0), 0, 0
    for check in checks:
        if check.version is None or check.capture is None:
            continue
        found = (check.rules_id, check.version)
        if check.capture in seen:
            # A 304, or a check whose own capture is gone. Where it shows another version, the next run begins anew.
            run = run if found == run else (object(), 0)
            continue
        seen.add(check.capture)
        now = (check.at + _DAY_STARTS - _EPOCH) // every
        is_own = check.outcome == "capture" and not check.is_needed
        if found == run and now == span and check.at < before and is_own:
            yield Thinning(check.capture, standing, is_bad=False)
        else:
            run, span, standing = found, now, check.capture


def _thinned_bad(checks: Sequence[CheckFact], before: datetime) -> Iterator[Thinning]:
    """Yield what may go of the runs of bad captures of one kind: all but the first and the last."""
    seen = set[int]()
    run, first, last = "", 0, 0
    for check in checks:
        if check.capture is None or not check.quality:
            continue
        if check.quality in (QualityKind.OK, QualityKind.NOT_MODIFIED):
            run = ""
        elif check.capture not in seen:
            seen.add(check.capture)
            if check.quality != run:
                run, first, last = check.quality, check.capture, 0
                continue
            if last:
                yield Thinning(last, first, is_bad=True)
            last = check.capture if check.at < before and not check.is_needed else 0


def _same_finding(before: datetime) -> Callable[[CheckFact], object]:
    def key(check: CheckFact) -> object:
        if check.is_border or check.content != Content.SAME or check.last_at >= before:
            return check.id
        day = (check.at + _DAY_STARTS).date()
        return check.outcome, check.quality, check.rules_id, check.version, check.removed, check.capture, day

    return key
