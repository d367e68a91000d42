"""The live application: what its routes show, its feeds, its search and its API."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fakes.archive import EDITED, FIRST, NOW, POVERTY, VILLAGE, build
from fakes.checks import DAY, T0, fail, see
from fakes.reading import Reading, reading
from msgspec.structs import replace

from core.model import Attachment, NormalText
from storage.rows import PageDraft
from storage.write import open_store
from web.finding import marked
from web.routes import routes


@pytest.fixture(scope="module")
def live(archive: Path) -> Iterator[Reading]:
    with reading(archive) as live:
        yield live


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "白婉苹"),
        ("/pages", "停用通知"),
        ("/pages/1", "贺茜"),
        ("/pages/1/compare?from=1&to=3", "<del>36辆</del>"),
        ("/pages/1/compare?from=1&to=1", "no difference"),
        ("/changes", "停用通知"),
        ("/changes/1", "<ins>贺茜</ins>"),
        ("/search?q=扶贫", "<mark>扶贫</mark>"),
        ("/login", "Token"),
    ],
)
def test_every_view_is_shown_live(live: Reading, path: str, said: str) -> None:
    answer = live.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert said in answer.text


@pytest.mark.parametrize(
    ("choice", "changes"),
    [
        ("", [6, 5, 4, 3, 2, 1]),
        ("field=editor", [6, 3, 1]),
        ("label=edu", [6, 5, 4, 3, 2, 1]),
        ("label=none", []),
        ("host=www.sc.gov.cn", [6, 5, 4, 3, 2, 1]),
        ("host=WWW.SC.GOV.CN&kind=changed", [6, 2, 1]),
        ("host=evil.test", []),
        ("kind=removed", [4]),
        ("page=1", [6, 5, 4, 3, 2, 1]),
        ("page=2", []),
        ("since=2026-01-05", [6, 5, 4, 3]),
        ("until=2026-01-04", [2, 1]),
        ("before=3", [2, 1]),
        ("limit=2", [6, 5]),
        ("limit=0", [6]),
        ("limit=9999", [6, 5, 4, 3, 2, 1]),
    ],
)
def test_changes_are_chosen_by_time_host_label_field_kind_and_page(
    live: Reading, choice: str, changes: list[int]
) -> None:
    found = json.loads(live.ask(f"/api/changes?{choice}").text)
    assert [change["change"] for change in found["changes"]] == changes
    if "limit" not in choice:
        shown = live.ask(f"/changes?{choice}").text
        assert [int(number) for number in re.findall(r'<h3>.*?<a href="/changes/(\d+)"', shown)] == changes


def test_a_choice_is_found_among_many_pages_and_behind_many_others(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        for number in range(30):
            url = f"https://{'a' if number % 4 else 'b'}.test/{number}"
            page = tx.put_page(PageDraft(url, labels=("all", f"label {number}")), T0)
            for hour, text in enumerate((FIRST, EDITED, FIRST) if number < 2 else (FIRST, EDITED)):
                see(tx, page, text, T0 + timedelta(days=number, hours=hour))
    with reading(tmp_path / "a.db") as live:

        def pages(choice: str) -> list[int]:
            return [change["page"] for change in json.loads(live.ask(f"/api/changes?{choice}").text)["changes"]]

        assert pages("host=b.test") == [29, 25, 21, 17, 13, 9, 5, 1, 1]
        assert pages("host=a.test&limit=3") == [30, 28, 27]
        assert pages("label=all&limit=3") == [30, 29, 28]
        assert pages("kind=reverted&limit=1") == [2]
        assert pages("kind=reverted&limit=2") == [2, 1]
        assert pages("label=label%209") == [10]
        assert '<a class="label" href="/changes?label=label%209">' in live.ask("/pages/10").text


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=0001-01-01", "until=9999-12-31", "field=x", "kind=x", "page=x", "page=²", "before=-1"],
)
@pytest.mark.parametrize("path", ["/changes", "/api/changes", "/feed.atom", "/feed.json"])
def test_a_choice_that_cannot_be_is_told(live: Reading, path: str, query: str) -> None:
    if query.startswith("before") and path.startswith("/feed"):
        return
    answer = live.ask(f"{path}?{query}")
    assert (answer.status, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/pages/99",
        "/pages/99/compare?from=1&to=2",
        "/changes/99",
        "/changes?before=99",
        f"/pages/{2**70}",
        f"/api/changes/{2**70}",
        "/api/pages/99",
        "/api/changes?before=99",
        "/assets/app.py",
    ],
)
def test_what_there_is_not_is_not_found(live: Reading, path: str) -> None:
    answer = live.ask(path)
    assert answer.status == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/changes/1", "/feed.atom", "/feed.json?label=edu", "/api/changes", "/assets/site.js"]
)
def test_a_reader_who_has_it_gets_304(live: Reading, path: str) -> None:
    first = live.ask(path)
    for known in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}', "*"):
        again = live.ask(path, if_none_match=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert live.ask(path, if_none_match='"other"').status == 200


def test_a_view_follows_the_database(tmp_path: Path) -> None:
    build(tmp_path / "a.db")
    with reading(tmp_path / "a.db") as live:
        before = {path: live.ask(path).headers["etag"] for path in ("/", "/pages/2", "/feed.atom", "/feed.json")}
        assert "shown now" in live.ask("/search?q=扶贫先扶志").text
        with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
            see(tx, VILLAGE, replace(POVERTY, body=("脱贫攻坚。",)), NOW)
        after = {path: live.ask(path).headers["etag"] for path in before}
        assert not set(before.values()) & set(after.values())
        assert "no longer shown" in live.ask("/search?q=扶贫先扶志").text
        assert "<mark>攻坚</mark>" in live.ask("/search?q=攻坚").text


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        ("扶贫", [2]),
        ("何雨田 扶贫", [2]),
        ("贺茜", [1]),
        ("ＳＣＨＯＯＬ 校车", [1]),
        ("sc.gov.cn", [4, 3, 2, 1]),
        ("白婉苹", [1]),
        ("婉", [1]),
        ("白婉苹 扶贫", []),
        ("白苹", []),
        ('"', []),
        ("\x00 OR *", []),
        ("<script>", []),
        ("  ", []),
    ],
)
def test_search_finds_words_of_two_characters_in_all_versions(live: Reading, words: str, pages: list[int]) -> None:
    shown = live.ask(f"/search?q={words}").text
    assert [int(number) for number in re.findall(r'<h3><a href="/pages/(\d+)"', shown)] == pages
    assert "<script>" not in shown


@pytest.mark.parametrize(
    ("line", "words", "shown"),
    [
        ("扶贫先扶志", ["扶贫"], "[扶贫]先扶志"),
        ("扶贫先扶志", ["贫先", "扶贫"], "[扶贫先]扶志"),
        ("ＡＢ㈱c", ["b(株"], "Ａ[Ｂ㈱]c"),
        ("无", ["有"], "无"),
        ("前" * 100 + "中" + "后" * 100, ["中"], "…" + "前" * 40 + "[中]" + "后" * 79 + "…"),
    ],
)
def test_the_words_are_marked_in_the_line_around_them(line: str, words: list[str], shown: str) -> None:
    pieces = marked(line, words)
    assert "".join(f"[{piece.text}]" if piece.is_word else piece.text for piece in pieces) == shown


def test_long_lists_of_pages_are_shown_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.routes.LISTED", 3)
    monkeypatch.setattr("web.finding.PAGES", 3)
    monkeypatch.setattr("web.views.TROUBLES", 3)
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        for number in range(1, 6):
            page = tx.put_page(PageDraft(f"https://a.cn/{number}", name="ＢＵＳ" if number < 5 else ""), T0)
            for day, text in enumerate((FIRST, EDITED) if number == 4 else (FIRST,) if number == 3 else ()):
                see(tx, page, text, T0 + day * DAY)
        tx.set_status(1, "retired")
    with reading(tmp_path / "a.db") as live:

        def parts(path: str) -> list[list[int]]:
            found: list[list[int]] = []
            while path:
                text = live.ask(path).text
                found.append([int(number) for number in re.findall(r'<(?:th|h3)[^>]*><a href="/pages/(\d+)"', text)])
                (path,) = re.findall(r'rel="next" href="([^"]+)"', text) or [""]
                path = unescape(path)
            return found

        assert parts("/pages") == [[4, 2, 3], [5, 1]]
        assert parts("/pages?q=bus") == [[4, 2, 3], [1]]
        assert parts("/pages?q=云岭县 bus") == [[4, 3]]
        assert parts("/search?q=a.cn") == [[5, 4, 3], [2, 1]]
        assert re.search(r'id="found".*\b5</p>', live.ask("/search?q=a.cn&below=3").text)
        monkeypatch.setattr("web.finding.COUNTED", 4)
        shown = live.ask("/search?q=a.cn").text
        assert "at least 4" in shown
        assert "至少 4" in shown
        monkeypatch.setattr("storage.finding.MOST_READ", 1)
        assert "none so far" in live.ask("/search?q=ttt").text
        assert "No page fits." in live.ask("/pages?q=none").text
        assert [
            len(json.loads(live.ask(f"/api/pages?limit=3&after={after}").text)["pages"]) for after in (0, 3, 5)
        ] == [
            3,
            2,
            0,
        ]
        assert "1–3 / 5" in live.ask("/pages").text
        with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
            for number in (1, 3, 4):
                tx.set_status(number, "active")
                fail(tx, number, T0 + 2 * DAY)
        assert "Those longest without a good check" in live.ask("/").text


def test_the_api_tells_pages_and_changes_and_describes_itself(live: Reading) -> None:
    described = json.loads(live.ask("/api/openapi.json").text)
    assert sorted(described["paths"]) == sorted(
        re.sub(":int", "", route.path) for route in routes() if route.path.startswith("/api/")
    )
    assert [page["page"] for page in json.loads(live.ask("/api/pages").text)["pages"]] == [1, 2, 3, 4]
    page = json.loads(live.ask("/api/pages/1").text)
    assert (page["text"]["editor"], page["history"][0]["version"]) == ("贺茜", 1)
    assert json.loads(live.ask("/api/pages/3").text)["text"] is None
    change = json.loads(live.ask("/api/changes/1").text)
    assert change["diff"]["fields"][0] | {"spans": []} == {
        "field": "editor",
        "old": "白婉苹",
        "new": "贺茜",
        "spans": [],
    }


def test_a_database_that_cannot_be_read_is_told_without_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    build(file)
    with reading(file) as live:
        file.write_bytes(b"no database" * 1000)
        answer = live.ask("/pages")
    assert (answer.status, str(tmp_path) in answer.text) == (503, False)


def test_a_page_that_is_hostile_stays_text(tmp_path: Path) -> None:
    evil = '"><script>alert(1)</script>\x1b\u202e'
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        page = tx.put_page(PageDraft(f"https://evil.test/{evil}", name=evil, labels=(evil,)), T0)
        for number in range(2):
            see(
                tx,
                page,
                NormalText(evil + str(number), evil, evil, evil, (evil,), (Attachment(evil, evil),)),
                T0 + number * DAY,
            )
    with reading(tmp_path / "a.db") as live:
        paths = ("/", "/pages", "/pages/1", "/pages/1/compare?from=1&to=2", "/changes", "/changes/1", "/search?q=alert")
        for path in (
            *paths,
            "/changes?host=%22%3E%3Cscript%3E",
            "/search?q=%22%3E%3Cscript%3E",
            "/feed.atom",
            "/feed.json",
        ):
            answer = live.ask(path)
            assert answer.status == 200
            assert "<script>" not in answer.text or path == "/feed.json"
            assert not re.search("[\x1b\u202e]", answer.text)
        assert ElementTree.fromstring(live.ask("/feed.atom").text)
