"""Keeping a check against what others kept meanwhile, and against rules that changed meanwhile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.settings import Settings
from core.errors import StorageError
from core.model import Capture, FailureKind, FetchFailure, NotModified, Outcome, SameAs
from govwatch.app import App
from govwatch.demo.article import article_html, article_text
from govwatch.recording import Checked, Finding, record
from govwatch.recording import read as read_finding
from storage.rows import PackedBody, PageDraft, PageRow
from storage.write import Store, open_store

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2024, 5, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(store: Store) -> Store:
    with store.transaction() as tx:
        tx.put_page(PageDraft(URL), T0)
    return store


def page_of(store: Store) -> PageRow:
    with store.transaction() as tx:
        return tx.pages()[0]


def capture(asked: datetime, came: datetime, **shown: object) -> Capture:
    return Capture(URL, URL, 200, (), article_html(**shown), asked, came)


def keep(store: Store, page: PageRow, outcome: Outcome, at: datetime, app: App | None = None) -> Checked:
    app = app or App(Settings(), Path("unused.db"))
    return record(app, store, [Finding(page, outcome, at)])[0]


def test_an_answer_overtaken_by_another_crawl_is_unknown_and_reverts_nothing(store: Store) -> None:
    keep(store, page_of(store), capture(T0, T0), T0)
    planned = page_of(store)
    slow = capture(T0 + MINUTE, T0 + 9 * MINUTE)
    quick = keep(store, planned, capture(T0 + 2 * MINUTE, T0 + 3 * MINUTE, editor="贺茜"), T0 + 3 * MINUTE)
    late = keep(store, planned, slow, T0 + 9 * MINUTE)
    assert quick.verdict.content == "changed"
    assert (late.verdict.presence, late.verdict.content) == ("unknown", "none")
    assert "another crawl" in late.verdict.reason
    again = keep(store, page_of(store), capture(T0 + 10 * MINUTE, T0 + 10 * MINUTE, editor="贺茜"), T0 + 10 * MINUTE)
    assert again.verdict.content == "same"


def test_what_waits_for_a_lock_is_read_once(tmp_path: Path, read: list[Capture]) -> None:
    path = tmp_path / "govwatch.db"
    with open_store(path, busy_s=0) as store, open_store(path) as other:
        with store.transaction() as tx:
            tx.put_page(PageDraft(URL), T0)
        waiting = [Finding(page_of(store), capture(T0, T0), T0)]
        with other.transaction():
            for _ in range(3):
                with pytest.raises(StorageError):
                    record(App(Settings(), path), store, waiting)
        (kept,) = record(App(Settings(), path), store, waiting)
    assert (kept.verdict.content, len(read)) == ("first-seen", 1)


def known_again(store: Store, asked: datetime) -> tuple[Finding, Capture]:
    """Return what a worker sends of a page whose bytes are those of its first capture, and the capture."""
    whole = capture(asked, asked)
    read = read_finding(App(Settings(), Path("unused.db")), store.reading(), Finding(page_of(store), whole, asked))
    assert isinstance(read.reading, SameAs)
    return replace(read, outcome=whole.without_body(), body=store.reading().packed_body(read.page.id, whole)), whole


def test_what_was_sent_without_its_body_is_read_from_the_kept_one_where_the_head_moved_meanwhile(store: Store) -> None:
    keep(store, page_of(store), capture(T0, T0), T0)
    sent, whole = known_again(store, T0 + 9 * MINUTE)
    keep(store, page_of(store), capture(T0 + MINUTE, T0 + MINUTE, editor="贺茜"), T0 + MINUTE)
    (checked,) = record(App(Settings(), Path("unused.db")), store, [sent])
    assert checked.verdict.content == "reverted"
    assert checked.recorded.capture is not None
    assert store.reading().capture(checked.recorded.capture) == whole


def test_what_was_packed_against_a_body_that_is_no_longer_kept_is_unknown_and_never_the_same(store: Store) -> None:
    keep(store, page_of(store), capture(T0, T0), T0)
    sent, _ = known_again(store, T0 + MINUTE)
    other = capture(T0 + MINUTE, T0 + MINUTE, noise=5)
    gone = PackedBody(b"not the hash of a body that is kept", b"", len(other.body))
    (checked,) = record(
        App(Settings(), Path("unused.db")), store, [replace(sent, outcome=other.without_body(), body=gone)]
    )
    assert (checked.verdict.presence, checked.verdict.content, checked.failure) == ("unknown", "none", "cancelled")
    assert "dropped" in checked.verdict.reason
    assert page_of(store).last_good_at == T0


def test_a_page_whose_check_was_cancelled_stays_due(store: Store) -> None:
    with store.transaction() as tx:
        tx.put_page(PageDraft(URL, scheduled=True, schedule="every 86400"), T0)
    keep(store, page_of(store), capture(T0, T0), T0)
    due = page_of(store).next_due
    keep(store, page_of(store), FetchFailure(URL, FailureKind.CANCELLED, "stopped", T0, T0), T0 + 30 * MINUTE)
    assert page_of(store).next_due == due is not None


def test_a_304_that_was_overtaken_stands_for_nothing(store: Store) -> None:
    keep(store, page_of(store), capture(T0, T0), T0)
    planned = page_of(store)
    keep(store, planned, capture(T0 + MINUTE, T0 + MINUTE, editor="贺茜"), T0 + MINUTE)
    late = keep(store, planned, NotModified(URL, (), T0 + 2 * MINUTE, T0 + 2 * MINUTE), T0 + 2 * MINUTE)
    assert (late.verdict.presence, late.verdict.content) == ("unknown", "none")


def test_a_clock_set_back_hides_no_change(store: Store) -> None:
    keep(store, page_of(store), capture(T0 + timedelta(days=365), T0 + timedelta(days=365)), T0 + timedelta(days=365))
    for minute, editor in enumerate(("贺茜", "丙丁"), start=1):
        at = T0 + minute * MINUTE
        checked = keep(store, page_of(store), capture(at, at, editor=editor), at)
        assert checked.recorded.change is not None


def test_rules_edited_after_a_text_capture_forget_no_attachment(store: Store, tmp_path: Path) -> None:
    keep(store, page_of(store), capture(T0, T0, attachments=(("附件", "/a.pdf"),)), T0)
    text = replace(capture(T0, T0), body=article_text(), media="text", origin="import")
    keep(store, page_of(store), text, T0 + MINUTE)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.toml").write_text(
        '[[rule]]\nid = "x"\nwhy = "w"\npattern = "绝无此行"\n', encoding="utf-8"
    )
    app = App(Settings(rules_dir=str(tmp_path)), Path("unused.db"))
    at = T0 + 2 * MINUTE
    checked = keep(store, page_of(store), capture(at, at, attachments=(("附件", "/b.pdf"),)), at, app)
    assert [change.field for change in checked.decision.change.fields] == ["attachments"]  # type: ignore[union-attr]


DAILY = PageDraft(URL, scheduled=True, schedule="every 86400")


def failed(at: datetime) -> FetchFailure:
    return FetchFailure(URL, FailureKind.TIMEOUT, "no answer", at, at)


def test_a_failed_check_is_tried_again_soon_and_the_host_is_given_up_in_the_same_transaction(store: Store) -> None:
    with store.transaction() as tx:
        tx.put_page(DAILY, T0)
    waits = []
    for _ in range(3):
        keep(store, page_of(store), failed(T0), T0)
        due = page_of(store).next_due
        assert due is not None
        waits.append((due - T0) / MINUTE)
    assert waits == [15, 30, 60]
    host = store.reading().before_check(1).host
    assert (host.failures, host.not_before, host.last_error) == (3, T0 + MINUTE, "timeout: no answer")
    keep(store, page_of(store), capture(T0 + MINUTE, T0 + MINUTE), T0 + MINUTE)
    assert page_of(store).next_due == T0 + MINUTE + timedelta(days=1)
    assert (store.reading().before_check(1).failures, store.reading().before_check(1).host.failures) == (0, 0)


def test_a_schedule_given_while_the_page_was_fetched_holds(store: Store) -> None:
    with store.transaction() as tx:
        tx.put_page(DAILY, T0)
    planned = page_of(store)
    with store.transaction() as tx:
        tx.put_page(replace(DAILY, schedule="every 300"), T0)
    keep(store, planned, capture(T0, T0), T0)
    assert page_of(store).next_due == T0 + 5 * MINUTE


def test_an_import_says_nothing_of_the_host_and_moves_no_time(store: Store) -> None:
    with store.transaction() as tx:
        tx.put_page(DAILY, T0)
    keep(store, page_of(store), failed(T0), T0)
    before = store.reading().before_check(1).host
    saved = replace(capture(T0 + MINUTE, T0 + MINUTE), origin="import")
    keep(store, page_of(store), saved, T0 + MINUTE)
    assert store.reading().before_check(1).host == before
    assert store.reading().before_check(1).failures == 1
    assert page_of(store).next_due == T0 + 15 * MINUTE
