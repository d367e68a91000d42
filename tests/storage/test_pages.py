"""Pages come, are due, paused and retired without losing what is known of them."""

from datetime import datetime

import pytest
from fakes.checks import DAY, T0, URL, A, B, fail, reprocess, see, see_bad, see_past, see_same
from msgspec.structs import replace

from core.model import ChangeKind, Content, Hop, Presence, QualityKind
from storage.rows import PageDraft, PageRow, Validators
from storage.write import Store, Transaction

DAILY = PageDraft(URL, "notices", "config", scheduled=True, schedule="every 1d", labels=("教育",), watch=("editor",))
ETAG = (("ETag", 'W/"1"'), ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"))
LATER = T0 + 9 * DAY

Watching = tuple[Transaction, int]


def the_page(tx: Transaction) -> PageRow:
    (page,) = tx.pages()
    return page


def test_a_page_is_kept_as_the_draft_says(store: Store) -> None:
    with store.transaction() as tx:
        number = tx.put_page(replace(DAILY, profile="sc.gov.cn"), T0)
        page = the_page(tx)
    assert (page.id, page.url, page.name, page.origin, page.status) == (number, URL, "notices", "config", "active")
    assert (page.scheduled, page.schedule, page.profile) == (True, "every 1d", "sc.gov.cn")
    assert (page.labels, page.watch) == (("教育",), ("editor",))
    assert (page.added_at, page.next_due) == (T0, T0)
    assert (page.presence, page.head_number, page.title, page.last_check_at) == (Presence.UNKNOWN, None, "", None)


CASES = [
    # schedule put at first, status it then has, draft put later, due at the end (None: never)
    (DAILY, "active", DAILY, T0 + DAY),
    (DAILY, "active", replace(DAILY, name="other", labels=()), T0 + DAY),
    (DAILY, "active", replace(DAILY, schedule="every 1h"), LATER),
    (DAILY, "retired", DAILY, LATER),
    (DAILY, "paused", DAILY, T0 + DAY),
    (PageDraft(URL), "active", DAILY, LATER),
    (PageDraft(URL), "active", PageDraft(URL), None),
]


@pytest.mark.parametrize(("before", "status", "after", "due"), CASES)
def test_a_page_put_again_keeps_its_history_and_its_time_where_its_schedule_stays(
    store: Store, before: PageDraft, status: str, after: PageDraft, due: datetime | None
) -> None:
    with store.transaction() as tx:
        page = tx.put_page(before, T0)
        see(tx, page, A, T0)
        if before.scheduled:
            tx.set_next_due(page, T0 + DAY)
        tx.set_status(page, status)
        assert tx.put_page(after, LATER) == page
        row = the_page(tx)
        assert (row.next_due, row.head_number, row.added_at) == (due, 1, T0)
        assert (row.name, row.labels, row.schedule) == (after.name, after.labels, after.schedule)
        assert row.status == ("paused" if status == "paused" else "active")


def test_a_check_says_when_the_next_one_is_or_leaves_that_as_it_is(store: Store) -> None:
    with store.transaction() as tx:
        page = tx.put_page(DAILY, T0)
        fail(tx, page, T0, next_due=T0 + DAY)
        assert the_page(tx).next_due == T0 + DAY
        # A check that was on its way when the page was put on a schedule knows of no next one.
        fail(tx, page, T0)
        assert the_page(tx).next_due == T0 + DAY


def test_what_the_configuration_no_longer_lists_is_retired_and_nothing_else(store: Store) -> None:
    with store.transaction() as tx:
        for name, origin in (("kept", "config"), ("dropped", "config"), ("mine", "command")):
            see(tx, tx.put_page(PageDraft(f"{URL}?{name}", name, origin), T0), A, T0, url=f"{URL}?{name}")
        tx.retire_missing({f"{URL}?kept"})
        assert {page.name: page.status for page in tx.pages()} == {
            "kept": "active",
            "dropped": "retired",
            "mine": "active",
        }
        assert [page.name for page in tx.pages(("active",))] == ["kept", "mine"]
        assert all(tx.history(page.id) for page in tx.pages())


def test_validators_are_those_of_the_fetch_that_gave_the_head(watching: Watching) -> None:
    tx, page = watching
    assert tx.validators(page) is None
    see(tx, page, A, T0, headers=ETAG)
    told = Validators('W/"1"', "Thu, 01 Jan 2026 00:00:00 GMT", T0)
    assert tx.validators(page) == told
    see_same(tx, page, T0 + DAY)
    fail(tx, page, T0 + 2 * DAY)
    see_bad(tx, page, QualityKind.BLOCKED, T0 + 3 * DAY)
    see_past(tx, page, B, T0 - DAY)
    see_past(tx, page, B, T0 + 2 * DAY)
    assert tx.validators(page) == told
    see(tx, page, A, T0 + 4 * DAY)
    assert tx.validators(page) == Validators("", "", T0 + 4 * DAY)


@pytest.mark.parametrize("other", [{"origin": "import"}, {"redirects": (Hop(URL, 301),)}])
def test_there_are_no_validators_of_another_address_or_of_a_saved_page(
    watching: Watching, other: dict[str, object]
) -> None:
    """Else a 304, which speaks of the fetch before, would be taken for "as the saved page"."""
    tx, page = watching
    see(tx, page, A, T0, headers=ETAG)
    see(tx, page, B, T0 + DAY, headers=ETAG, **other)
    assert tx.validators(page) is None


def test_a_304_stands_for_the_capture_of_the_head(watching: Watching) -> None:
    tx, page = watching
    first = see(tx, page, A, T0)
    fail(tx, page, T0 + 5 * DAY)
    see_past(tx, page, B, T0 + 3 * DAY)
    again = see_same(tx, page, T0 + 6 * DAY)
    assert (again.capture, again.version_number) == (first.capture, 1)
    assert tx.before_check(page).head_capture == first.capture


def test_a_saved_page_of_the_past_alarms_nobody_and_moves_no_head_that_was_told(watching: Watching) -> None:
    tx, page = watching
    see(tx, page, A, T0 + DAY)
    fail(tx, page, T0 + 9 * DAY)
    before = tx.pages()
    for day in (0, 1, 5):
        kept = see_past(tx, page, B, T0 + day * DAY)
        assert (kept.version_number, kept.change) == (2, None)
    assert tx.pages() == before
    assert tx.changes() == []


def test_a_bad_saved_page_is_kept_as_a_check_and_nothing_else(watching: Watching) -> None:
    tx, page = watching
    fail(tx, page, T0 + DAY)
    kept = see_past(tx, page, A, T0, kind=QualityKind.SUSPECT)
    assert (kept.version_number, kept.change) == (None, None)
    assert [check.quality for check in tx.checks(page)] == ["", "suspect"]
    assert tx.before_check(page).state.head is None


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_first_fetch_that_succeeds_is_compared_with_the_newest_saved_page(
    watching: Watching, order: tuple[int, int]
) -> None:
    """A page that could not be fetched at first, and of which saved copies were imported, misses no change."""
    tx, page = watching
    fail(tx, page, T0 + 5 * DAY)
    for day in order:
        see_past(tx, page, A if day == 2 else B, T0 + day * DAY)
    assert see(tx, page, A, T0 + 6 * DAY).change is None
    assert tx.checks(page, 1)[0].content is Content.SAME
    see(tx, page, B, T0 + 7 * DAY)
    assert [change.kind for change in tx.changes()] == [ChangeKind.REVERTED]


def test_reading_the_head_again_keeps_the_old_version_and_tells_nothing(watching: Watching) -> None:
    tx, page = watching
    first = see(tx, page, A, T0)
    reprocess(tx, page, B, "r2")
    head = tx.before_check(page).state.head
    assert head is not None
    assert (head.rules_id, head.text, tx.before_check(page).head_capture) == ("r2", B, first.capture)
    assert [tx.version(page, number).text for number in (1, 2)] == [A, B]
    assert [spell.number for spell in tx.history(page)] == [2]
    assert see(tx, page, B, T0 + DAY, "r2").version_number == 2
    assert tx.changes() == []
