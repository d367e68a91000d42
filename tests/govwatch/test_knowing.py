"""Noise that was learned is not read again; what is no noise is, and a stencil that erred is dropped and told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.settings import Settings
from core.model import Capture, Quality, QualityKind, SameAs
from core.stencil import Hole, cut, spans
from govwatch.app import App
from govwatch.demo.article import article_html
from govwatch.knowing import LONGEST_UNREAD, MOST_LESSONS, READ_AFTER_ALL
from govwatch.recording import Checked, Finding, record
from govwatch.recording import read as read_finding
from storage.known import Learned
from storage.rows import PageDraft
from storage.write import Store

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2024, 5, 1, 0, 0, 0, 7, tzinfo=UTC)
"""Its microsecond is none of those at which a capture is read by chance."""
HTML = ("Content-Type", "text/html; charset=utf-8")
APP = App(Settings(), Path("unused.db"))
NOISE = 100_001
VISITS = b"%d" % (1000 + 7 * NOISE)


@pytest.fixture
def store(store: Store) -> Store:
    with store.transaction() as tx:
        tx.put_page(PageDraft(URL), T0)
    return store


def served(minute: float, visits: int, **shown: object) -> Capture:
    at = T0 + timedelta(minutes=minute)
    body = article_html(noise=NOISE, **shown).replace(VISITS, b"%06d" % visits)  # type: ignore[arg-type]
    return Capture(URL, URL, 200, (HTML,), body, at, at)


def keep(store: Store, capture: Capture) -> Checked:
    page = store.reading().pages()[0]
    return record(APP, store, [Finding(page, capture, capture.received_at)])[0]


def learned(store: Store) -> Learned | None:
    return store.reading().learned(1, APP.reader_of(URL).rules_id)


def lesson(store: Store) -> None:
    keep(store, served(0, 700_001))
    keep(store, served(1, 700_002))


def test_a_counter_that_moved_is_known_after_one_lesson_and_the_check_says_the_same(
    store: Store, read: list[Capture]
) -> None:
    lesson(store)
    read.clear()
    checked = [keep(store, served(minute, 700_000 + minute * minute)) for minute in range(2, 9)]
    assert {(one.verdict.presence, one.verdict.content, one.verdict.reason) for one in checked} == {
        ("present", "same", "")
    }
    assert read == []
    checks = store.reading().checks(1)
    assert len({str((check.removed, check.number, check.quality)) for check in checks}) == 1
    assert [store.reading().capture(one.recorded.capture or 0).body for one in checked] == [
        served(minute, 700_000 + minute * minute).body for minute in range(2, 9)
    ]


def test_what_is_known_again_is_said_without_its_text(store: Store) -> None:
    lesson(store)
    later, page = served(2, 700_003), store.reading().pages()[0]
    known = read_finding(APP, store.reading(), Finding(page, later, later.received_at))
    assert known.reading == SameAs(1, APP.reader_of(URL).rules_id, Quality(QualityKind.OK), known.reading.removed)
    checked = record(APP, store, [known])[0]
    assert checked.decision.text is None
    assert checked.decision.shown == store.reading().version(1, 1).text


def test_what_was_known_is_read_after_all_where_another_process_moved_the_head_meanwhile(
    store: Store, read: list[Capture]
) -> None:
    lesson(store)
    later, page = served(5, 700_003), store.reading().pages()[0]
    finding = read_finding(APP, store.reading(), Finding(page, later, later.received_at))
    assert keep(store, served(2, 700_004, editor="贺茜")).verdict.content == "changed"
    read.clear()
    checked = record(APP, store, [finding])[0]
    assert checked.verdict.content == "reverted"
    assert len(read) == 1


def test_an_import_of_the_past_that_says_what_the_head_does_is_held_beside_what_the_page_then_showed(
    store: Store,
) -> None:
    lesson(store)
    keep(store, served(9, 700_003, editor="贺茜"))
    past = replace(served(5, 700_003, editor="贺茜"), origin="import")
    assert keep(store, past).verdict.content == "reverted"
    assert [spell.number for spell in store.reading().history(1)] == [1, 2]
    assert keep(store, replace(served(10, 700_003, editor="贺茜"), origin="import")).verdict.content == "same"


def test_an_edit_is_told_though_the_counter_was_learned(store: Store, read: list[Capture]) -> None:
    lesson(store)
    edited = keep(store, served(2, 700_003, editor="贺茜"))
    assert edited.decision.change is not None
    assert [field.field for field in edited.decision.change.fields] == ["editor"]
    assert learned(store) is None
    assert keep(store, served(3, 700_004)).verdict.content == "reverted"
    read.clear()
    assert keep(store, served(4, 700_005)).verdict.content == "same"
    assert read == []


def test_a_page_is_read_once_a_week_and_by_chance_all_the_same(store: Store, read: list[Capture]) -> None:
    lesson(store)
    week = LONGEST_UNREAD / timedelta(minutes=1)
    read.clear()
    for minute in (week, week + 2, week + 3):
        keep(store, served(minute, 710_000 + int(minute)))
    assert len(read) == 1
    by_chance = served(week + 4 + 13 / 60_000_000, 700_009)
    assert by_chance.received_at.microsecond == 20
    assert keep(store, by_chance).verdict.content == "same"
    assert len(read) == 2
    known = learned(store)
    assert known is not None
    assert known.read_at == by_chance.received_at


def test_a_stencil_that_erred_is_dropped_for_good_and_told_with_the_change(store: Store, read: list[Capture]) -> None:
    lesson(store)
    known, head = learned(store), served(1, 700_002)
    assert known is not None
    assert known.stencil is not None
    number = head.body.index(b"3228")
    found = sorted([(number, number + 4), *(spans(head.body, known.stencil.holes) or ())])
    ends = [0, *(end for _, end in found)]
    holes = tuple(Hole(start - end, "digits") for (start, _), end in zip(found, ends, strict=False))
    with store.transaction() as tx:
        tx.put_learned(1, Learned(known.same, cut(head, holes, found), T0, 1))
    edited = served(LONGEST_UNREAD / timedelta(minutes=1) + 5, 700_003)
    edited = Capture(
        URL, URL, 200, (HTML,), edited.body.replace(b"3228", b"4228", 1), edited.requested_at, edited.received_at
    )
    checked = keep(store, edited)
    assert checked.verdict.content == "changed"
    assert checked.verdict.reason == READ_AFTER_ALL
    assert store.reading()._rows("select holes, times from stencil")[0]["times"] == MOST_LESSONS


def test_noise_that_is_no_hole_is_read_and_after_some_lessons_no_more_are_taken(
    store: Store, read: list[Capture]
) -> None:
    lessons = []
    for minute in range(MOST_LESSONS + 4):
        telephone = served(minute, 700_001)
        body = telephone.body.replace("备00000001号".encode(), f"备{minute:08}号".encode())
        keep(store, Capture(URL, URL, 200, (HTML,), body, telephone.requested_at, telephone.received_at))
        known = learned(store)
        lessons.append(known.times if known else 0)
    assert lessons == [0, 1, 2, 3, 4, 5, *[MOST_LESSONS] * 4]
    assert len(read) == MOST_LESSONS + 4


def test_noise_that_is_new_is_learned_with_what_was_known(store: Store, read: list[Capture]) -> None:
    lesson(store)

    def with_script(minute: int, visits: int) -> Capture:
        counted = served(minute, visits)
        return replace(counted, body=counted.body.replace(b"</body>", b"<script>var n=%d</script></body>" % minute))

    for minute, visits in ((2, 700_002), (3, 700_002), (4, 1_700_003)):
        assert keep(store, with_script(minute, visits)).verdict.content == "same"
    read.clear()
    assert keep(store, with_script(55, 7)).verdict.content == "same"
    assert read == []
    known = learned(store)
    assert known is not None
    assert known.times == 4


def test_a_counter_that_gained_a_digit_is_known(store: Store, read: list[Capture]) -> None:
    lesson(store)
    read.clear()
    for minute in (2, 3, 4):
        keep(store, served(minute, 1_000_000 + minute))
    assert read == []
