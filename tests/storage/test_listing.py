"""Lists of pages and choices of changes are what a scan of all would give, by whichever index they are found."""

from itertools import product
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, see
from fakes.older import write_older
from msgspec.structs import replace

from storage.choosing import Wanted
from storage.finding import fold
from storage.overview import Listed, Overview, open_overview
from storage.rows import PageDraft
from storage.write import open_store

LABELS = ((), ("校车", "edu"), ("edu",), ("edu", "校车 线"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a database of 24 pages on three hosts, some of which changed, some not watched any more."""
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        for number in range(24):
            draft = PageDraft(f"https://h{number % 3}.cn/{number}", name=f"名{number % 2}", labels=LABELS[number % 4])
            page = tx.put_page(draft, T0)
            for day in range(number % 3):
                at = T0 + (day * 7 + number * 5 % 11) * DAY
                see(tx, page, replace(A, title=f"第{number}页", editor=f"编辑{day}", body=("名单",)), at)
            if number % 5 == 0:
                tx.set_status(page, "retired")
    return tmp_path / "a.db"


def scanned(reader: Overview, words: list[str]) -> list[int]:
    """Return the pages with the words in the order of the list, by reading all."""
    last = {change.page: change.seen_at.timestamp() for change in reversed(reader.changes())}
    pages = [
        page
        for page in reader.pages()
        if all(word in fold(f"{page.url}\n{page.name}{page.labels}{page.title}") for word in words)
    ]
    pages.sort(key=lambda page: (page.status == "retired", -last.get(page.id, -1.0), page.id))
    return [page.id for page in pages]


def numbers(listed: Listed) -> list[int]:
    return [page.id for page, _ in listed.lines]


@pytest.mark.parametrize("counted", [2, 5, 1000])
@pytest.mark.parametrize("asked", ["", "名1", "h2.cn 名0", "第5页", "校车", "页 edu", "名单", "编辑"])
def test_pages_are_listed_as_a_scan_lists_them(
    file: Path, monkeypatch: pytest.MonkeyPatch, asked: str, counted: int
) -> None:
    monkeypatch.setattr("storage.overview._COUNTED", counted)
    with open_overview(file) as reader:
        right = scanned(reader, asked.split())
        for offset in (0, 3, 30):
            listed = reader.listed(asked, 3, offset)
            assert numbers(listed) == right[offset : offset + 3]
            assert listed.pages == len(right) or (listed.is_more and offset + 3 < listed.pages < len(right))
        assert numbers(reader.listed(asked, 100)) == right


@pytest.mark.parametrize(("pages", "changes"), [(0, 9), (3, 9), (20, 9), (20, 2)])
def test_changes_are_chosen_as_a_scan_chooses_them(
    file: Path, monkeypatch: pytest.MonkeyPatch, pages: int, changes: int
) -> None:
    monkeypatch.setattr("storage.choosing._FEW_PAGES", pages)
    monkeypatch.setattr("storage.choosing._FEW_CHANGES", changes)
    with open_overview(file) as reader:
        told = reader.changes()
        assert len(told) == 8
        for host, label in product(("", "h2.cn", "none.cn"), ("", "edu", "校车", "校车 线", "车")):
            right = [
                change.id
                for change in told
                if (not host or f"//{host}/" in change.url) and (not label or label in change.labels)
            ]
            for limit in (1, 100):
                chosen = reader.choose(Wanted(host=host, label=label, field="editor"), limit)
                assert [change.id for change in chosen] == right[:limit]
        assert reader.labels() == ["edu", "校车", "校车 线"]
        assert reader.hosts() == ["h0.cn", "h1.cn", "h2.cn"]


def test_a_database_of_before_lists_its_pages_in_the_same_order(file: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    write_older(file, older)
    with open_store(older), open_overview(older) as reader, open_overview(file) as new:
        assert numbers(reader.listed("", 100)) == numbers(new.listed("", 100)) == scanned(new, [])
