"""From an outcome to a kept check: read, judge against the head under the same rules, write in one transaction."""

from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from core.decide import carry_over, decide
from core.hosts import after_check
from core.model import (
    Capture,
    Decision,
    FailureKind,
    FetchFailure,
    Head,
    NotModified,
    Outcome,
    PageState,
    Quality,
    QualityKind,
    Reading,
    SameAs,
    Verdict,
)
from core.read import PageReader
from core.retry import is_worth_retrying
from govwatch.app import App
from govwatch.health import note_health, seen_as
from govwatch.knowing import know
from govwatch.pages import schedule_of
from govwatch.queueing import queue_change
from govwatch.turns import Turn, in_turns
from scheduler.timing import next_check
from storage.known import Learned
from storage.rows import BeforeCheck, PackedBody, PageRow, Recorded
from storage.write import Store, Transaction

_OVERTAKEN = "another crawl of the page was quicker, and its answer may be newer; crawl again"
_DROPPED = "kept bytes without which its answer cannot be kept were dropped meanwhile; crawl again"


class Checked(Struct, frozen=True):
    """One check, done and kept."""

    page: PageRow
    verdict: Verdict
    decision: Decision
    reading: Reading | SameAs | None
    recorded: Recorded
    failure: FailureKind | None = None

    @property
    def title(self) -> str:
        """The title of what the page is now taken to show; empty where the check did not find that out."""
        if self.decision.text is not None:
            return self.decision.text.title or ""
        return self.page.title if self.decision.fingerprint else ""

    @property
    def is_good(self) -> bool:
        """Whether the check found out what the page shows, or that it is not there."""
        return bool(self.decision.fingerprint) or self.verdict.presence in ("removed", "moved")

    @property
    def trouble(self) -> str:
        """What came instead of a good capture: the kind of the failure, or the quality; empty where one came."""
        quality = self.reading.quality.kind if self.reading else QualityKind.OK
        return self.failure or ("" if quality in (QualityKind.OK, QualityKind.NOT_MODIFIED) else quality)


class Finding(Struct, frozen=True):
    """One outcome of a page on its way into the database; `reading` where it was read, or known again, already.

    `learned` is what that showed of the noise of the page, and `doubt` what it showed to be wrong in what was learned.
    `body` is that of its capture where this was sent without it.
    """

    page: PageRow
    outcome: Outcome
    at: datetime
    reading: Reading | SameAs | None = None
    learned: Learned | None = None
    doubt: str = ""
    body: PackedBody | None = None


def read(app: App, kept: Transaction, finding: Finding) -> Finding:
    """Return a finding with what its capture says: all that needs no write lock. Raises StorageError."""
    capture, page = finding.outcome, finding.page
    if finding.reading or not isinstance(capture, Capture):
        return finding
    known = know(kept, page, _reader(app, page), capture, finding.at)
    return replace(finding, reading=known.reading, learned=known.learned, doubt=known.doubt)


def record(app: App, store: Store, findings: list[Finding], turn: Turn | None = None) -> list[Checked]:
    """Judge and keep checks, all in one transaction. Raises StorageError, and then none of them is kept.

    What was read stays in `findings`, so that to try again, every 5 s behind a lock, reads nothing again.
    """
    findings[:] = in_turns(partial(read, app, store.reading()), findings, turn)
    with store.transaction() as tx:
        return in_turns(partial(_record, app, tx), findings, turn)


def _reader(app: App, page: PageRow) -> PageReader:
    return app.reader_of(page.url, page.profile)


def _record(app: App, tx: Transaction, finding: Finding) -> Checked:
    finding = _kept_body(tx, finding)
    page, outcome = finding.page, finding.outcome
    policy = app.policy_of(page.watch, outcome)
    reader = _reader(app, page)
    rules_id = reader.rules_id
    before, reprocessed = _under_rules(app, tx, page, reader, tx.before_check(page.id))
    state = before.state
    is_past = isinstance(outcome, Capture) and _is_of_the_past(outcome, page, finding.at)
    if is_past:
        state = PageState(head=tx.shown_at(page.id, rules_id, finding.at))
    observed = _observed(tx, reader, finding, state.head)
    if _is_overtaken(before.last_check_at, page, outcome):
        # The capture is kept; without a reading no replay will take it for what the page showed at this time.
        observed = _cancelled(outcome, _OVERTAKEN)
    reading = None if isinstance(observed, FetchFailure) else observed

    def is_known(fingerprint: bytes) -> bool:
        return tx.has_version(page.id, rules_id, fingerprint)

    if isinstance(outcome, Capture) and is_past:
        assert reading is not None
        decision = decide(state, reading, finding.at, policy, is_known)
        kept = tx.record_past(page.id, outcome, reading, decision, finding.at)
    else:
        decision = _doubted(decide(state, observed, finding.at, policy, is_known, reprocessed), finding.doubt)
        next_due, failures = _timed(tx, page, before, outcome, reading, finding.at)
        kept = tx.record(page.id, before, outcome, reading, decision, finding.at, next_due, failures)
        if decision.change is not None and kept.change is not None:
            queue_change(app, tx, page, decision.change, kept.change)
        if not (isinstance(outcome, Capture) and outcome.origin == "import"):
            seen = seen_as(observed, decision.verdict.presence)
            note_health(app, tx, page, before.health, seen, finding.at, decision.verdict.reason, next_due)
    if finding.learned:
        tx.put_learned(page.id, finding.learned)
    failure = observed.kind if isinstance(observed, FetchFailure) else None
    return Checked(page, decision.verdict, decision, reading, kept, failure)


def _kept_body(tx: Transaction, finding: Finding) -> Finding:
    """Return a finding, its packed body kept; as a cancelled fetch where what that is packed against was dropped."""
    outcome, body = finding.outcome, finding.body
    if isinstance(outcome, Capture) and body and not tx.put_packed_body(outcome.body_sha256, body):
        return Finding(finding.page, _cancelled(outcome, _DROPPED), finding.at)
    return finding


def _cancelled(outcome: Outcome, why: str) -> FetchFailure:
    return FetchFailure(outcome.url, FailureKind.CANCELLED, why, outcome.requested_at, outcome.received_at)


def _observed(
    tx: Transaction, reader: PageReader, finding: Finding, head: Head | None
) -> Reading | SameAs | FetchFailure:
    """Return what an outcome says beside the head: for a 304 that is the same as the head.

    So is a capture that was known again, unless another process moved the head meanwhile, or it is of the past.
    """
    outcome, said = finding.outcome, finding.reading
    if isinstance(outcome, FetchFailure):
        return outcome
    if isinstance(outcome, NotModified):
        if head is None:
            missing = Quality(QualityKind.NOT_MODIFIED, "304, but nothing is kept to compare with")
            return Reading(missing, reader.rules_id)
        return SameAs(head.version, reader.rules_id, Quality(QualityKind.NOT_MODIFIED))
    assert said is not None
    if isinstance(said, SameAs) and (head is None or head.version != said.version):
        return reader.read(tx.with_body(outcome))
    return said


def _doubted(decision: Decision, doubt: str) -> Decision:
    """Say in the reason of a check what it showed of earlier ones, if anything."""
    if not doubt:
        return decision
    reason = "; ".join(filter(None, (decision.verdict.reason, doubt)))
    return replace(decision, verdict=replace(decision.verdict, reason=reason))


def _timed(
    tx: Transaction,
    page: PageRow,
    before: BeforeCheck,
    outcome: Outcome,
    reading: Reading | SameAs | None,
    now: datetime,
) -> tuple[datetime | None, int]:
    """Return when the page is next checked (None: as before) and its failures in a row; keep how its host does.

    The schedule is the one that the page has by now: it may have been given another while it was fetched. An import
    and a fetch that was cancelled are no check of it: it stays due when it was.
    """
    if isinstance(outcome, Capture) and outcome.origin == "import":
        return None, before.failures
    if isinstance(outcome, FetchFailure) and outcome.kind is FailureKind.CANCELLED:
        return None, before.failures
    host = after_check(before.host, outcome, now)
    if host != before.host:
        tx.put_host(page.host, host)
    failures = before.failures + 1 if is_worth_retrying(outcome, reading) else 0
    due = next_check(schedule_of(before.schedule), page.id, failures, host, now) if before.is_scheduled else None
    return due, failures


def _is_overtaken(last: datetime | None, page: PageRow, outcome: Outcome) -> bool:
    """Tell whether another process kept a check of the page meanwhile, `last`; this one may tell what is over then.

    A 304 then speaks of a version that may no longer be the head.
    """
    if last is None or last == page.last_check_at or isinstance(outcome, FetchFailure):
        return False
    return isinstance(outcome, NotModified) or (outcome.origin == "fetch" and outcome.requested_at < last)


def _is_of_the_past(capture: Capture, page: PageRow, at: datetime) -> bool:
    """Tell whether an import is older than the newest check. A fetch is news even where the clock was set back."""
    return capture.origin == "import" and page.last_check_at is not None and at < page.last_check_at


def _under_rules(
    app: App, tx: Transaction, page: PageRow, reader: PageReader, before: BeforeCheck
) -> tuple[BeforeCheck, bool]:
    """Return what is known with its head under today's rules, and whether these rules made it another text.

    The same rules stand on both sides of every comparison: a head that was read under others is read again
    from its capture. Where that is no longer possible there is no head to compare with.
    """
    state = before.state
    if state.head is None or state.head.rules_id == reader.rules_id:
        return before, False
    assert before.head_capture is not None
    reading = reader.read(tx.capture(before.head_capture))
    if reading.quality.kind is not QualityKind.OK:
        return replace(before, state=replace(state, head=None)), True
    policy = app.policy_of(page.watch)
    # What this one capture could not show, such as the attachments of a text, is what the head knew.
    if reading.text is not None:
        reading = replace(reading, text=carry_over(reading.text, state.head.text))
    again = decide(replace(state, head=None), reading, state.last_good_at or page.added_at, policy, lambda mark: False)
    tx.reprocess(page.id, reading, again, before.head_capture)
    return tx.before_check(page.id), again.fingerprint != state.head.fingerprint
