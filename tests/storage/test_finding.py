"""A stretch of letters is found where it stands, and nowhere else; the index grows with what is new."""

import sqlite3
import unicodedata
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, see
from fakes.older import write_older
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.model import Attachment, NormalText
from storage.finding import TABLE, fold, matching, tokens, words_of
from storage.overview import open_overview
from storage.rows import PageDraft
from storage.write import open_store

LETTERS = st.text("扶贫志aＡ é😀1.\"'*(){}-\x00\x1f　^:", max_size=8) | st.text("12贫", max_size=8)


@given(st.lists(LETTERS, min_size=1, max_size=5), LETTERS)
def test_the_index_misses_no_line_that_holds_a_word_and_knows_exactly_those_of_two_letters(
    lines: list[str], asked: str
) -> None:
    index = sqlite3.connect(":memory:")
    index.execute(TABLE)
    index.executemany("insert into page_words (rowid, words) values (?, ?)", enumerate(tokens([one]) for one in lines))
    for word in words_of(asked):
        rows = index.execute("select rowid from page_words where page_words match ?", (matching([word]),))
        found = {row[0] for row in rows}
        right = {at for at, line in enumerate(lines) if word in fold(line)}
        assert found >= right
        assert found == right or len(word) > 2
    index.close()


@given(st.lists(st.text(max_size=6), max_size=4), st.text(max_size=6))
def test_text_is_folded_as_unicode_says_however_it_is_cut(lines: list[str], end: str) -> None:
    for text in (end, "\n".join((*lines, end)), "，".join((*lines, end)), " ".join((*lines, end))):
        assert fold(text) == unicodedata.normalize("NFKC", text).lower()


def test_a_page_whose_pairs_of_letters_stand_apart_is_not_found(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        for number, body in enumerate((("教育局与育厅",), ("教育厅",), ("某教育", "育厅某"))):
            see(tx, tx.put_page(PageDraft(f"https://a.cn/{number}"), T0), replace(A, body=body), T0)
    with open_overview(tmp_path / "a.db") as reader:
        assert [one.page.id for one in reader.find("教育厅", 10).found] == [2]
        assert [one.page.id for one in reader.find("育厅", 10).found] == [3, 2, 1]


def test_a_name_that_a_page_has_no_longer_is_not_found(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store:
        for name in ("旧名", "新名"):
            with store.transaction() as tx:
                tx.put_page(PageDraft("https://a.cn/", name=name), T0)
    with open_overview(tmp_path / "a.db") as reader:
        assert [len(reader.find(word, 10).found) for word in ("旧名", "新名", "a.cn")] == [0, 1, 1]


def test_a_search_that_reads_much_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.finding.MOST_READ", 4)
    with open_overview(filled(tmp_path / "a.db")) as reader:
        for asked, pages in (("编辑0", [3, 2, 1]), ("page 编辑0 第1页", [2]), ("扶先志", [])):
            found, below, steps = list[int](), None, 0
            while steps == 0 or below is not None:
                step = reader.find(asked, 2, below)
                found += [one.page.id for one in step.found]
                below, steps = step.rest, steps + 1
            assert found == pages


def test_words_are_indexed_however_much_one_transaction_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.indexing.MOST_LETTERS", 100)
    with open_overview(filled(tmp_path / "a.db")) as reader:
        assert len(reader.find("扶贫 编辑1", 10).found) == 3


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
        assert [one.page.id for one in reader.find(asked, 10).found] == pages
        for shown in pages:
            below = [one.page.id for one in reader.find(asked, 1, shown).found]
            assert below == [page for page in pages if page < shown][:1]


def test_a_word_is_told_of_the_newest_version_that_shows_it(tmp_path: Path) -> None:
    with open_overview(filled(tmp_path / "a.db")) as reader:
        assert [one.versions for one in reader.find("扶贫", 1).found] == [(3,)]
        assert [one.versions for one in reader.find("编辑1", 1).found] == [(2,)]
        assert [one.versions for one in reader.find("编辑0 扶贫", 1).found] == [(3, 2, 1)]


def test_a_database_of_before_is_indexed_when_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "older.db"
    write_older(filled(tmp_path / "a.db"), file, before="seen_marks")
    with open_store(file), open_overview(file) as reader:
        assert [len(reader.find(word, 10).found) for word in ("扶贫", "编辑2", "第0页")] == [3, 3, 1]
        assert reader.unseen() == 6


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
        assert len(reader.find(A.body[1], 5).found) == 1
