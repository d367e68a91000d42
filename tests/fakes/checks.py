"""Checks made by hand: a text becomes a capture, a reading and a decision, and goes into a real store as a crawl's does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from core.decide import Policy, decide
from core.model import (
    Attachment,
    Capture,
    FailureKind,
    FetchFailure,
    NormalText,
    NotModified,
    Outcome,
    PageState,
    Quality,
    QualityKind,
    Reading,
    Removal,
    SameAs,
)
from storage.read import open_reader
from storage.rows import PageDraft, Recorded
from storage.write import Transaction, open_store

URL = "https://www.example.gov.cn/a.shtml"
T0 = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
A = NormalText("县教育局召开现场会", "2026-01-01", "教育局", "苏可明", ("第一段。", "第二段。"), ())
B = replace(A, editor="何雨田")
C = replace(A, body=("第一段。",), attachments=(Attachment("名单.pdf", "https://www.example.gov.cn/1.pdf"),))


def capture(text: NormalText, at: datetime, **other: Any) -> Capture:
    """Return a response that shows `text`, apart from the others by its visit counter."""
    body = f"{text.title}{text.editor}{text.body} visits {at.timestamp()}".encode(errors="surrogatepass")
    return Capture(**{"url": URL, "final_url": URL, "status": 200, "headers": (), "body": body} | _times(at) | other)


def reading(text: NormalText, rules_id: str = "r1") -> Reading:
    """Return the reading of a good capture."""
    return Reading(Quality(QualityKind.OK), rules_id, text, "utf-8", "sc.gov.cn", (Removal("visits", 8),))


def see(tx: Transaction, page: int, text: NormalText, at: datetime, rules_id: str = "r1", **other: Any) -> Recorded:
    """Keep a good check that shows `text`."""
    return keep(tx, page, capture(text, at, **other), reading(text, rules_id), at)


def see_past(
    tx: Transaction,
    page: int,
    text: NormalText,
    at: datetime,
    rules_id: str = "r1",
    kind: QualityKind = QualityKind.OK,
) -> Recorded:
    """Keep a saved page of a time before the last check."""
    saved = capture(text, at, origin="import")
    read = reading(text, rules_id) if kind is QualityKind.OK else Reading(Quality(kind, "why"), rules_id)
    return tx.record_past(page, saved, read, decide(PageState(), read, at, POLICY, lambda mark: False), at)


def see_bad(tx: Transaction, page: int, kind: QualityKind, at: datetime) -> Recorded:
    """Keep a check whose capture is not good."""
    return keep(tx, page, capture(A, at, body=b"sorry"), Reading(Quality(kind, "why"), "r1"), at)


def see_same(tx: Transaction, page: int, at: datetime, rules_id: str = "r1") -> Recorded:
    """Keep a 304."""
    head = tx.before_check(page).state.head
    same = SameAs(head.version if head else 0, rules_id, Quality(QualityKind.NOT_MODIFIED))
    return keep(tx, page, NotModified(URL, (), **_times(at)), same, at)


def fail(tx: Transaction, page: int, at: datetime, next_due: datetime | None = None) -> Recorded:
    """Keep a fetch that timed out."""
    return keep(tx, page, FetchFailure(URL, FailureKind.TIMEOUT, "no answer", **_times(at)), None, at, next_due)


def reprocess(tx: Transaction, page: int, text: NormalText, rules_id: str) -> None:
    """Read the head again under other rules, by which its capture says `text`."""
    before = tx.before_check(page)
    assert before.head_capture is not None
    read = reading(text, rules_id)
    at = before.state.last_good_at or T0
    decision = decide(replace(before.state, head=None), read, at, POLICY, lambda mark: False)
    tx.reprocess(page, read, decision, before.head_capture)


def keep(
    tx: Transaction,
    page: int,
    outcome: Outcome,
    read: Reading | SameAs | None,
    at: datetime,
    next_due: datetime | None = None,
) -> Recorded:
    """Judge one outcome against the page's head, and record it."""
    observed = outcome if isinstance(outcome, FetchFailure) else read
    assert observed is not None
    rules_id = read.rules_id if read else ""
    before = tx.before_check(page)
    decision = decide(before.state, observed, at, POLICY, lambda mark: tx.has_version(page, rules_id, mark))
    return tx.record(page, before, outcome, read, decision, at, next_due)


@contextmanager
def watched(file: Path) -> Iterator[tuple[Transaction, int]]:
    """Open a store with one page, within one transaction."""
    with open_store(file) as store, store.transaction() as tx:
        yield tx, tx.put_page(PageDraft(URL), T0)


def write(file: Path) -> None:
    """Open a store and write a page."""
    with open_store(file) as store, store.transaction() as tx:
        tx.set_status(tx.put_page(PageDraft(URL), T0), "active")


def read(file: Path) -> None:
    """Open a reader and read the pages."""
    with open_reader(file) as reader:
        reader.pages()


def _times(at: datetime) -> dict[str, Any]:
    return {"requested_at": at, "received_at": at}


POLICY = Policy(confirmations=2, hold=timedelta())
