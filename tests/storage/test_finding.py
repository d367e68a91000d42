"""The search index finds a stretch of letters where it stands, and nowhere else; it grows with what is new."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, see
from hypothesis import given
from hypothesis import strategies as st

from core.model import Attachment, NormalText
from storage import schema
from storage.finding import TABLE, fold, phrase, tokens, words_of
from storage.overview import open_overview
from storage.rows import PageDraft
from storage.write import open_store

LETTERS = st.text("扶贫志aＡ é😀1.\"'*(){}-\x00\x1f　^:", max_size=8)


@given(st.lists(LETTERS, min_size=1, max_size=5), LETTERS)
def test_a_word_is_found_in_exactly_the_lines_that_hold_it(lines: list[str], asked: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute(TABLE)
    index.executemany(
        "insert into version_words (rowid, words) values (?, ?)", enumerate(tokens([one]) for one in lines)
    )
    for word in words_of(asked):
        found = index.execute("select rowid from version_words where version_words match ?", (phrase(word),))
        assert {row[0] for row in found} == {at for at, line in enumerate(lines) if word in fold(line)}
    index.close()


def filled(file: Path) -> Path:
    files = (Attachment("名单.pdf", "https://a.cn/list.pdf"),)
    with open_store(file) as store, store.transaction() as tx:
        for number in range(3):
            page = tx.put_page(PageDraft(f"https://a.cn/{number}", name=f"ＰＡＧＥ {number}", labels=("校车",)), T0)
            for day in range(3):
                see(
                    tx,
                    page,
                    replace(A, editor=f"编辑{day}", body=("扶贫先扶志", f"第{number}页"), attachments=files),
                    T0 + day * DAY,
                )
    return file


@pytest.mark.parametrize(
    ("asked", "pages"),
    [
        ("扶贫", [3, 2, 1]),
        ("第1页", [2]),
        ("编辑0 编辑2 第2页", [3]),
        ("page", [3, 2, 1]),
        ("校车 第1", [2]),
        ("list.pdf", [3, 2, 1]),
        ("志第", []),
        ("", []),
        ("扶", [3, 2, 1]),
    ],
)
def test_pages_are_found_by_any_version_address_name_and_label(tmp_path: Path, asked: str, pages: list[int]) -> None:
    with open_overview(filled(tmp_path / "a.db")) as reader:
        found, first = reader.find(asked, 10)
        assert (found, [one.page.id for one in first]) == (len(pages), pages)
        assert [one.page.id for one in reader.find(asked, 1, 1)[1]] == pages[1:2]


def test_a_line_is_indexed_where_it_first_appears(tmp_path: Path) -> None:
    with open_overview(filled(tmp_path / "a.db")) as reader:
        assert [one.versions for one in reader.find("扶贫", 1)[1]] == [(1,)]
        assert [one.versions for one in reader.find("编辑1", 1)[1]] == [(2,)]


def test_a_database_of_before_is_indexed_when_it_is_opened(tmp_path: Path) -> None:
    file = filled(tmp_path / "a.db")
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "drop table version_words; drop table seen_mark; drop table pruning; pragma user_version = 3;"
            "alter table page_check drop column checks; alter table page_check drop column last_at;"
            "alter table page_check drop column stands_in;"
            "delete from _sqlite_migrations where name in ('seen_marks', 'search_index', 'retention')"
        )
    connection.close()
    with open_store(file), open_overview(file) as reader:
        assert [len(reader.find(word, 10)[1]) for word in ("扶贫", "编辑2", "第0页")] == [3, 3, 1]
        assert reader.unseen() == 6
    assert schema.migrations


def test_a_query_is_bounded() -> None:
    assert len(words_of("词 " * 5000)) <= 8
    assert max(map(len, words_of("词" * 5000))) <= 64
    assert words_of(" \x00\x1f　") == []


def test_a_text_without_anything_new_is_no_trouble(tmp_path: Path) -> None:
    nothing = NormalText(None, None, None, None, None, None)
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        page = tx.put_page(PageDraft("https://a.cn/"), T0)
        see(tx, page, A, T0)
        see(tx, page, replace(A, body=A.body[:1]), T0 + DAY)
        see(tx, tx.put_page(PageDraft("https://a.cn/2"), T0), nothing, T0)
    with open_overview(tmp_path / "a.db") as reader:
        assert reader.find(A.body[1], 5)[0] == 1
