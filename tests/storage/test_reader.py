"""Reading what was kept: never writing, finding what is meant, and telling damage as such."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from fakes.checks import DAY, T0, URL, A, B, C, capture, fail, keep, reading, see, see_bad, see_same, watched
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.errors import StorageError
from core.model import Content, QualityKind
from storage.claims import Claims
from storage.columns import headers_from_columns, text_from_json, text_to_json, to_octets
from storage.overview import open_overview
from storage.pack import pack_text
from storage.read import Reader, open_reader
from storage.rows import CheckRow, PageDraft
from storage.times import from_text, from_text_or_none, to_text
from storage.write import Store, Transaction

Watching = tuple[Transaction, int]


def everything(reader: Reader) -> None:
    """Read all there is, by every road."""
    for page in reader.pages():
        reader.find_pages(page.url)
        reader.validators(page.id)
        reader.history(page.id)
        for check in reader.checks(page.id):
            if check.capture is not None:
                reader.capture(check.capture)
            if check.number is not None:
                reader.version(page.id, check.number)
    reader.changes(field="editor")
    Claims(reader._connection, reader._path).claim(T0, 9, ())


@pytest.mark.parametrize("statement", ["delete from page", "create table a (b)", "pragma user_version = 9"])
def test_a_reader_cannot_write(file: Path, statement: str) -> None:
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
    before = file.read_bytes()
    with open_reader(file) as reader, pytest.raises(StorageError, match="it cannot be written to"):
        reader._rows(statement)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        ("1", ["first"]),
        ("2", ["7"]),
        ("7", ["7"]),
        ("9", []),
        (URL, ["first"]),
        (f"{URL}?2", ["7"]),
        ("twice", ["twice", "twice"]),
        ("", []),
        ("０１", []),
        ("9" * 30, []),
        ("9" * 5000, []),
        ("' or 1 --", []),
    ],
)
def test_a_page_is_found_by_number_address_or_name(store: Store, reference: str, names: list[str]) -> None:
    with store.transaction() as tx:
        for number, name in enumerate(("first", "7", "twice", "twice"), start=1):
            tx.put_page(PageDraft(URL if number == 1 else f"{URL}?{number}", name), T0)
        assert [page.name for page in tx.find_pages(reference)] == names


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"limit": 2}, [5, 4]),
        ({"since": T0 + 3 * DAY}, [5, 4, 3]),
        ({"since": T0 + 3 * DAY + timedelta(microseconds=1)}, [5, 4]),
        ({"since": (T0 + 3 * DAY).astimezone(timezone(timedelta(hours=8)))}, [5, 4, 3]),
        ({"since": T0 + 9 * DAY}, []),
        ({"page": 2}, [5, 4]),
        ({"page": 3}, []),
        ({"field": "editor"}, [4, 3, 2, 1]),
        ({"field": "attachments"}, [5, 3, 2]),
        ({"field": "title"}, []),
        ({"field": "editor", "page": 1, "since": T0 + 2 * DAY}, [3, 2]),
    ],
)
def test_changes_are_found_newest_first(store: Store, asked: dict[str, object], found: list[int]) -> None:
    with store.transaction() as tx:
        one = tx.put_page(PageDraft(URL, "one", labels=("教育",)), T0)
        two = tx.put_page(PageDraft(f"{URL}?2", "two"), T0)
        for page, texts in ((one, (A, B, C, B)), (two, (A, B, replace(B, attachments=C.attachments)))):
            for day, text in enumerate(texts):
                see(tx, page, text, T0 + (day + (3 if page == two else 0)) * DAY)
        assert [change.id for change in tx.changes(**asked)] == found


def test_a_change_tells_page_versions_fields_and_the_time_between(watching: Watching) -> None:
    tx, page = watching
    see(tx, page, A, T0)
    fail(tx, page, T0 + DAY)
    kept = see(tx, page, B, T0 + 2 * DAY)
    see(tx, page, A, T0 + 3 * DAY)
    back, change = tx.changes()
    assert (change.id, change.check, change.page, change.url) == (kept.change, kept.check, page, URL)
    assert (change.kind, change.from_number, change.to_number) == ("changed", 1, 2)
    assert [(field.field, field.old, field.new) for field in change.fields] == [("editor", "苏可明", "何雨田")]
    assert (change.last_good_at, change.seen_at, change.title) == (T0, T0 + 2 * DAY, A.title)
    assert (back.kind, back.from_number, back.to_number) == ("reverted", 2, 1)


def test_an_absence_is_told_under_the_title_that_was_last_seen(watching: Watching) -> None:
    tx, page = watching
    see(tx, page, A, T0)
    for day in (1, 2):
        see_bad(tx, page, QualityKind.MOVED, T0 + day * DAY)
    (change,) = tx.changes()
    assert (change.kind, change.title, change.from_number, change.to_number) == ("moved", A.title, 1, None)
    assert (change.fields, change.detail) == ((), "why")


def test_checks_tell_what_came_of_each_newest_first(watching: Watching) -> None:
    tx, page = watching
    first = see(tx, page, A, T0)
    failed = fail(tx, page, T0 + DAY)
    see_same(tx, page, T0 + 2 * DAY)
    same, failure, seen = tx.checks(page)
    assert [check.at for check in tx.checks(page, 2)] == [same.at, failure.at]
    assert (same.outcome, same.content, same.number, same.capture) == ("not-modified", Content.SAME, 1, first.capture)
    assert failure == CheckRow(
        id=failed.check,
        at=T0 + DAY,
        outcome="failure",
        failure="timeout",
        capture=None,
        quality="",
        presence=failure.presence,
        content=Content.NONE,
        reason="timeout: no answer",
        number=None,
        removed={},
        checks=1,
        last_at=T0 + DAY,
        stands_in=False,
    )
    assert (seen.quality, seen.removed) == ("ok", {"visits": 8})


def test_a_version_tells_how_it_was_read(watching: Watching) -> None:
    tx, page = watching
    kept = keep(tx, page, capture(C, T0), reading(C), T0)
    version = tx.version(page, 1)
    assert version is not None
    assert (version.text, version.capture, version.profile, version.charset) == (C, kept.capture, "sc.gov.cn", "utf-8")
    assert tx.has_version(page, "r1", version.fingerprint)
    assert not tx.has_version(page, "r2", version.fingerprint)
    assert tx.version(page, 2) is None
    assert tx.version(page + 1, 1) is None


def test_a_text_that_is_damaged_is_told(watching: Watching) -> None:
    tx, page = watching
    for day, text in enumerate((A, B)):
        see(tx, page, text, T0 + day * DAY)
    tx._connection.execute("drop trigger version_is_kept")
    for damage in ("substr(text, 1, 20)", "cast('x' as blob)"):
        tx._connection.execute(f"update version set text = {damage} where number = 2")
        with pytest.raises(StorageError, match="a row is damaged: a text is damaged"):
            tx.version(page, 2)


@pytest.mark.parametrize(
    "text", [b'{"title":"\xff"}', b'{"title":"\xed\xa0\x80"}', b"\xef\xbb\xbf{}", b"{", b"[]", b"null"]
)
def test_a_text_that_is_altered_is_told_where_the_next_is_kept_too(watching: Watching, text: bytes) -> None:
    tx, page = watching
    for day, shown in enumerate((A, B, A)):
        see(tx, page, shown, T0 + day * DAY)
    tx._connection.execute("drop trigger version_is_kept")
    tx._connection.execute("update version set base = null, text = ? where number = 2", (pack_text(text),))
    for touch in (lambda: tx.version(page, 2), lambda: see(tx, page, C, T0 + 3 * DAY)):
        with pytest.raises(StorageError, match="a row is damaged"):
            touch()


def test_what_was_shown_at_a_time_is_what_was_last_seen_by_then(watching: Watching) -> None:
    tx, page = watching
    for day, text in ((1, A), (3, B), (5, A)):
        see(tx, page, text, T0 + day * DAY)
    shown = [tx.shown_at(page, "r1", T0 + day * DAY) for day in range(7)]
    assert [head and head.text for head in shown] == [None, A, A, B, B, A, A]
    assert shown[1] == shown[6] == tx.before_check(page).state.head
    assert tx.shown_at(page, "r2", T0 + DAY) is None


@pytest.mark.parametrize(
    "damage",
    [
        "update page set labels = '['",
        "update page set added_at = 'yesterday'",
        "update page set presence = 'perhaps'",
        "update page_check set removed = ''",
        "update spell set last_seen_at = '2026-13-01'",
        "update capture set headers = cast('[1]' as blob)",
        "update capture set redirects = '[[]]'",
    ],
)
def test_a_damaged_row_is_told(file: Path, damage: str) -> None:
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
        tx._connection.execute(damage)
    with open_reader(file) as reader, pytest.raises(StorageError, match=r"govwatch\.db: a row is damaged: .*restore"):
        everything(reader)


def test_whatever_bytes_are_damaged_reading_tells_it_or_gives_what_is_there(file: Path) -> None:
    with watched(file) as (tx, page):
        for day in range(20):
            see(tx, page, (A, B, C)[day % 3], T0 + day * DAY)
    whole, chance, told = file.read_bytes(), Random(7), 0
    for _ in range(150):
        damaged = bytearray(whole)
        for place in chance.sample(range(100, len(whole)), chance.choice((1, 60))):
            damaged[place] = chance.randrange(256)
        file.write_bytes(damaged)
        try:
            with open_reader(file) as reader:
                everything(reader)
        except StorageError:
            told += 1
        assert file.read_bytes() == damaged
    assert 50 < told < 150


texts = st.none() | st.text(st.characters(codec="utf-8"), max_size=20)


@given(texts, texts, st.none() | st.lists(st.text(st.characters(codec="utf-8"), max_size=20)).map(tuple))
def test_a_normal_text_is_read_back_as_it_was(title: str | None, editor: str | None, body: tuple[str, ...]) -> None:
    for attachments in (None, (), C.attachments):
        text = replace(A, title=title, editor=editor, body=body, attachments=attachments)
        assert text_from_json(text_to_json(text).decode()) == text


def test_headers_keep_their_order_and_bytes() -> None:
    headers = (("B", "\xff\x00"), ("a", "1"), ("B", "2"))
    row = {"headers": pack_text(to_octets(headers)), "base_headers": None}
    assert headers_from_columns(row) == headers


zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones)


@given(times, times)
def test_times_as_text_sort_as_times_and_come_back(one: datetime, other: datetime) -> None:
    assert from_text(to_text(one)) == one
    assert from_text(to_text(one)).tzinfo is UTC
    assert (to_text(one) < to_text(other)) == (one < other)
    assert len(to_text(one)) == len("2026-11-24T16:05:00.000000Z")
    assert from_text_or_none(None) is None


def test_a_text_that_cannot_be_kept_is_told(watching: Watching) -> None:
    tx, page = watching
    with pytest.raises(StorageError, match="surrogates not allowed"):
        see(tx, page, replace(A, title="\ud800"), T0, body=b"")
    with pytest.raises(StorageError, match="surrogates not allowed"):
        tx.put_page(PageDraft(f"{URL}?2", labels=("\ud800",)), T0)


def test_an_error_of_sqlite_that_is_not_foreseen_is_told_as_it_is(watching: Watching) -> None:
    tx, _ = watching
    with pytest.raises(StorageError, match=r"govwatch\.db: no such table: nowhere$") as told:
        tx._rows("select * from nowhere")
    assert isinstance(told.value.__cause__, sqlite3.OperationalError)


def test_what_is_told_while_an_overview_is_read_is_in_no_part_of_it(store: Store, file: Path) -> None:
    with store.transaction() as tx:
        page = tx.put_page(PageDraft(URL), T0)
        see(tx, page, A, T0)
        see(tx, page, B, T0 + DAY)
    with open_overview(file) as reader:
        (shown,) = reader.changes()
        with store.transaction() as tx:
            see(tx, page, C, T0 + 2 * DAY)
        # "Mark all as seen" goes up to here: what nobody was shown must not be marked.
        assert reader.newest_change() == shown.id
        assert reader.unseen() == 1
    with open_overview(file) as reader:
        assert len(reader.changes()) == 2
