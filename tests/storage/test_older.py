"""A database of an older govwatch is brought up to date, and every value in it stays what it was."""

from pathlib import Path
from typing import Any

import pytest
from fakes.archive import build
from fakes.checks import DAY, T0, URL, A, see, watched
from fakes.older import write_older

from core.errors import StorageError
from storage.overview import Overview, open_overview
from storage.read import open_reader
from storage.rows import PageDraft, Validators
from storage.write import open_store


def everything(reader: Overview) -> list[Any]:
    """Return all that was kept, as the values in which it is read."""
    captures = [reader.capture(row["id"]) for row in reader._rows("select id from capture order by id")]
    pages = [
        (
            page,
            reader.history(page.id),
            reader.checks(page.id),
            reader.lengths(page.id),
            reader.validators(page.id),
            [reader.version(page.id, spell.number) for spell in reader.history(page.id)],
        )
        for page in reader.pages()
    ]
    return [captures, pages, reader.changes(), reader.troubles()]


@pytest.fixture
def older(file: Path) -> Path:
    build(file)
    older = file.with_name("older.db")
    write_older(file, older)
    return older


def test_all_that_was_kept_is_read_as_before(file: Path, older: Path) -> None:
    told: list[str] = []
    with open_store(older, on_wait=told.append), open_store(older, on_wait=told.append) as store:
        tx = store.reading()
        assert tx._rows("pragma foreign_key_check") == []
        assert tx._rows("pragma foreign_keys")[0][0] == 1
        with pytest.raises(StorageError, match="never altered"), store.transaction() as writing:
            writing._update("version", 1, {"number": 9})
    assert told == [f"{older} is of an older govwatch: bringing it up to date; a large one takes minutes"]
    with open_overview(file) as reader, open_overview(older) as other:
        assert everything(other) == everything(reader)
        assert [tuple(row) for row in other._rows(SCHEMA)] == [tuple(row) for row in reader._rows(SCHEMA)]


def test_hosts_are_given_the_headers_that_those_of_their_captures_are_packed_against(older: Path) -> None:
    with open_store(older) as store:
        frames = store.reading()._rows("""select header_frame, capture.base, version.id from host
            join capture on capture.id = header_frame left join version on version.capture = header_frame""")
        assert frames
        assert all(row["base"] is None and row["id"] for row in frames)


def test_pages_are_asked_for_with_the_validators_that_their_heads_were_served_with(file: Path) -> None:
    with watched(file) as (tx, page):
        for day, etag in enumerate(("1", "2")):
            see(tx, page, A, T0 + day * DAY, headers=(("ETag", f'"{etag}"'), ("last-modified", "Thu, 01 Jan 2026")))
        see(tx, tx.put_page(PageDraft(f"{URL}?2"), T0), A, T0)
    older = file.with_name("older.db")
    write_older(file, older)
    with open_store(older) as store:
        assert store.reading().validators(1) == Validators('"2"', "Thu, 01 Jan 2026", T0 + DAY)
        assert store.reading().validators(2) == Validators("", "", T0)
        assert [row["etag"] for row in store.reading()._rows("select etag from capture order by id")][1:] == [
            '"2"',
            None,
        ]


def test_what_comes_after_is_kept_as_a_difference_from_what_was_there(file: Path, older: Path) -> None:
    with open_store(older):
        pass
    with open_reader(older) as reader:
        sizes = reader._rows("select length(text) as bytes from version where base is not null")
    assert sizes
    assert max(row["bytes"] for row in sizes) < 200


SCHEMA = "select type, name, tbl_name from sqlite_master where name not like 'page_words%' order by 1, 2"
