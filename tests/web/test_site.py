"""The static site: what its files say, that they need nothing else, and what happens to the folder."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from fakes.archive import FIRST, FRESH, NOW, SCHOOL, SILENT, VILLAGE
from fakes.checks import DAY, T0, see
from fakes.desk import Desk
from msgspec.structs import replace

import web.steps
import web.views
from core.errors import UsageError
from storage.overview import open_overview
from storage.rows import PageDraft
from storage.write import open_store
from web.html import FILE_POLICY, Views, asset, tongue
from web.links import FILES, ROUTES
from web.site import write_site
from web.views import change_view, overview_view, page_view, pages_view
from web.words import Words


class Document(HTMLParser):
    """What matters of a file: ids, links, what it loads, handlers and inline styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values["id"]} if "id" in values else set()
        self.links += [values["href"]] if tag == "a" and "href" in values else []
        self.loads += [values["src"]] if "src" in values else []
        self.loads += [values["href"]] if tag == "link" else []
        self.inline += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in values) else []


def documents(site: Path) -> dict[str, Document]:
    return {file.name: Document(file.read_text(encoding="utf-8")) for file in site.glob("*.html")}


def words(site: Path, name: str) -> str:
    """The text of a file, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", (site / name).read_text(encoding="utf-8"))).split())


def test_there_is_a_file_for_every_view_page_and_change(site: Path) -> None:
    changes = {f"change-{number}.html" for number in range(1, 7)}
    pages = {f"page-{number}.html" for number in range(1, 5)}
    assert {file.name for file in site.iterdir()} == {
        "index.html",
        "pages.html",
        "search.html",
        "assets",
    } | pages | changes


def test_every_link_leads_to_a_file_and_a_place_that_is_there(site: Path) -> None:
    found = documents(site)
    followed = 0
    for name, document in found.items():
        for link in document.links:
            if not link or link.startswith("https://www.sc.gov.cn/"):
                continue
            file, place = urldefrag(link)
            target = found[file or name]
            if place and not place.startswith("compare-"):
                assert place in target.ids, f"{name}: {link}"
            followed += 1
    assert followed > 60


def test_no_file_loads_or_runs_anything_but_the_assets_beside_it(site: Path) -> None:
    for name, document in documents(site).items():
        assert document.loads, name
        assert all((site / load).is_file() and load.startswith("assets/") for load in document.loads), name
        assert document.inline == [], name
        assert f'content="{FILE_POLICY}"'.replace("'", "&#39;") in (site / name).read_text(encoding="utf-8")
    for file in (site / "assets").glob("*.css"):
        assert "url(" not in file.read_text(encoding="utf-8")
        assert "@import" not in file.read_text(encoding="utf-8")


def test_the_overview_tells_coverage_and_each_change_in_one_line(site: Path) -> None:
    said = words(site, "index.html")
    assert "2 /4 pages checked in the last 24 hours" in said
    assert "2 overdue" not in said
    assert "1 overdue" in said
    assert "2 without a good latest check" in said
    assert "editor 白婉苹 -> 贺茜" in said
    assert "责任编辑 白婉苹 → 贺茜" in said
    assert "正文修改 1 段、新增 1 段，+11 −3 字；新增附件：名单.pdf" in said
    assert "改回版本 1" in said
    assert "body rewritten, 0% kept" in said
    assert "blocked: why" in said
    assert "尚未检查" in said


@pytest.mark.parametrize(("days_later", "coverage"), [(0, (4, 2, 2, 1)), (-1.5, (4, 3, 2, 1)), (5, (4, 0, 0, 3))])
def test_coverage_counts_the_checks_of_the_last_day(
    archive: Path, days_later: float, coverage: tuple[int, int, int, int]
) -> None:
    with open_overview(archive) as reader:
        found = reader.coverage(NOW + days_later * DAY)
    assert (found.pages, found.checked, found.good, found.overdue) == coverage


def test_a_silent_edit_is_told_only_where_the_page_shows_a_date(archive: Path) -> None:
    with open_overview(archive) as reader:
        said = {told.report.summary for told in overview_view(reader, NOW).latest}
    assert "editor 白婉苹 -> 贺茜; published date unchanged: a silent edit" in said
    assert "the page was removed" in said


def test_pages_in_trouble_are_those_without_a_good_latest_check(archive: Path) -> None:
    with open_overview(archive) as reader:
        assert [(trouble.page, trouble.reason) for trouble in reader.troubles()] == [
            (SILENT, "blocked: why"),
            (FRESH, ""),
        ]
        states = {line.page.id: web.views.page_state(line) for line in pages_view(reader).lines}
    assert states == {SCHOOL: "fine", VILLAGE: "fine", SILENT: "never seen", FRESH: "never seen"}


def test_the_list_of_pages_begins_with_what_changed_last(archive: Path) -> None:
    with open_overview(archive) as reader:
        assert [line.page.id for line in pages_view(reader).lines] == [SCHOOL, VILLAGE, SILENT, FRESH]


def test_a_page_is_told_step_by_step_with_marks_against_the_step_before(archive: Path) -> None:
    with open_overview(archive) as reader:
        page = reader.page(SCHOOL)
        assert page
        view = page_view(reader, page, NOW)
    assert [(step.number, step.version, step.is_last) for step in view.steps] == [
        (1, 1, False),
        (2, 2, True),
        (3, 3, True),
        (4, 1, False),
        (5, 1, True),
        (6, 4, True),
    ]
    editors = [
        "".join(f"{span.kind[0]}{span.old or span.new} " for span in step.fields[3].spans) for step in view.steps
    ]
    assert editors[:4] == ["e白婉苹 ", "d白婉苹 i贺茜 ", "e贺茜 ", "d贺茜 i白婉苹 "]
    assert [file.kind for file in view.steps[2].files] == ["added"]
    assert [file.kind for file in view.steps[3].files] == ["removed"]
    assert [part.kind for part in view.life.segments] == ["good"] * 4 + ["unknown", "removed", "good", "good"]
    assert [part.version for part in view.life.segments] == [1, 2, 3, 1, 0, 0, 1, 4]


def test_a_long_life_shows_its_newest_steps_and_says_how_many_are_left_out(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.steps, "STEPS", 2)
    monkeypatch.setattr(web.views, "TOLD_IN_FULL", 1)
    with open_overview(archive) as reader:
        page = reader.page(SCHOOL)
        assert page
        view = page_view(reader, page, NOW)
        text = Views(FILES).render("page.html", view=view, made_at=NOW)
    assert ([step.number for step in view.steps], view.steps_left_out) == ([5, 6], 4)
    assert "4 older ones are left out here; `govwatch show 1 N` shows them." in text
    assert "5 older changes" in text
    assert [part.version for part in view.life.segments] == [0, 0, 0, 1, 4]


def test_giant_texts_are_told_briefly_in_a_list_and_in_full_by_themselves(tmp_path: Path) -> None:
    giants = [replace(FIRST, editor=f"编辑{day}", body=(f"{day}" * 400_000,)) for day in range(4)]
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        page = tx.put_page(PageDraft("https://a.cn/"), T0)
        for day, text in enumerate(giants):
            see(tx, page, text, T0 + day * DAY)
    with open_overview(tmp_path / "a.db") as reader:
        (told, *_) = overview_view(reader, NOW).latest
        assert told.report.diff is None
        assert told.summary == Words("editor 编辑2 -> 编辑3; body changed", "责任编辑 编辑2 → 编辑3；正文有变化")
        (change,) = reader.changes(limit=1)
        assert change_view(reader, change).report.diff
        row = reader.page(page)
        assert row
        view = page_view(reader, row, NOW)
        assert ([step.version for step in view.steps], view.steps_left_out) == ([3, 4], 2)


def test_a_rewrite_is_shown_side_by_side_without_marks(site: Path) -> None:
    text = (site / "change-6.html").read_text(encoding="utf-8")
    assert re.search(r'id="view-sides" checked', text)
    table = text[text.index("<table>") : text.index("</table>")]
    assert "本栏目自即日起不再更新" in table
    assert not re.search("<(del|ins)>", table)


def test_an_edit_is_shown_in_one_text_and_side_by_side(site: Path) -> None:
    text = (site / "change-2.html").read_text(encoding="utf-8")
    assert re.search(r'id="view-inline" checked', text)
    assert text.count("<del>36辆</del>") == text.count("<ins>63辆</ins>") == 2
    assert "<ins>会后印发了名单。</ins>" in text


def test_a_superseded_change_says_that_it_is_none_under_todays_rules(archive: Path) -> None:
    with open_overview(archive) as reader:
        change = reader.change(2)
        assert change
        told = [change_view(reader, replace(change, superseded=superseded)) for superseded in (False, True)]
    texts = [Views(FILES).render("change.html", view=view) for view in told]
    assert ["no change under today" in text for text in texts] == [False, True]


def test_each_change_leads_to_the_one_before_and_the_one_after(site: Path) -> None:
    links = documents(site)["change-3.html"].links
    assert {"change-2.html", "change-4.html", "page-1.html", "page-1.html#compare-3-1"} <= set(links)
    assert "change-0.html" not in documents(site)["change-1.html"].links


def test_the_index_of_the_search_holds_each_text_once_with_its_versions(site: Path) -> None:
    text = (site / "assets" / "search-index.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("govwatchIndex = ").rstrip(";\n"))
    school = next(page for page in index if page["page"] == SCHOOL)
    found = dict(map(tuple, school["texts"]))
    assert found["白婉苹"] == [1]
    assert found["贺茜"] == [2, 3, 4]
    assert found[FIRST.body[0]] == [1, 2, 3]
    assert school["now"] == 4
    assert school["labels"] == ["校车", "edu"]


def test_a_new_report_replaces_an_older_one_and_leaves_other_files_alone(archive: Path, tmp_path: Path) -> None:
    with open_overview(archive) as reader:
        write_site(reader, tmp_path, NOW)
        for name in ("page-99.html", "change-99.html", "notes.html"):
            (tmp_path / name).write_text("old", encoding="utf-8")
        written = write_site(reader, tmp_path, NOW)
    assert (written.pages, written.changes, written.index) == (4, 6, tmp_path / "index.html")
    assert (tmp_path / "notes.html").exists()
    assert not list(tmp_path.glob("*-99.html"))


def test_a_long_list_of_pages_is_written_in_parts(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.site.LISTED", 3)
    (tmp_path / "pages-9.html").write_text("old", encoding="utf-8")
    with open_overview(archive) as reader:
        assert write_site(reader, tmp_path, NOW).pages == 4
    found = documents(tmp_path)
    assert {name for name in found if name.startswith("pages")} == {"pages.html", "pages-3.html"}
    assert "pages-3.html" in found["pages.html"].links
    assert [sum(link.startswith("page-") for link in found[name].links) for name in ("pages.html", "pages-3.html")] == [
        3,
        1,
    ]


def test_a_folder_that_is_not_ours_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>mine</h1>", encoding="utf-8")
    with open_overview(archive) as reader, pytest.raises(UsageError, match=r"was not written by govwatch"):
        write_site(reader, tmp_path, NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]


def test_a_folder_that_cannot_be_used_is_told(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with open_overview(archive) as reader, pytest.raises(UsageError, match=r"cannot be used: .* --out"):
        write_site(reader, tmp_path / "file", NOW)


def test_two_reports_of_one_moment_are_the_same_byte_for_byte(archive: Path, site: Path, tmp_path: Path) -> None:
    with open_overview(archive) as reader:
        write_site(reader, tmp_path, NOW)
    for file in site.rglob("*.*"):
        assert file.read_bytes() == (tmp_path / file.relative_to(site)).read_bytes()


def test_the_command_writes_the_site_and_says_what_to_open(archive: Path, tmp_path: Path) -> None:
    ran = Desk(tmp_path).run("report", "--db", str(archive), "--out", "out")
    assert (ran.code, ran.out) == (0, f"4 pages, 6 changes; open {Path('out') / 'index.html'}\n")
    assert Desk(tmp_path).run("report", "--out", "out").code == 2


def test_an_empty_database_has_a_site_too(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db"):
        pass
    with open_overview(tmp_path / "a.db") as reader:
        write_site(reader, tmp_path / "site", NOW)
    assert "There are no pages yet." in words(tmp_path / "site", "index.html")
    assert "There are no pages yet." in words(tmp_path / "site", "pages.html")


def test_the_same_templates_serve_files_and_routes(archive: Path) -> None:
    views = Views(ROUTES)
    with open_overview(archive) as reader:
        change = reader.change(2)
        page = reader.page(SCHOOL)
        assert change
        assert page
        texts = (
            views.render("overview.html", view=overview_view(reader, NOW)),
            views.render("pages.html", view=pages_view(reader)),
            views.render("page.html", view=page_view(reader, page, NOW)),
            views.render("change.html", view=change_view(reader, change)),
        )
        assert (reader.change(99), reader.page(99)) == (None, None)
    for text in texts:
        document = Document(text)
        assert document.loads
        assert all(load.startswith("/assets/") for load in document.loads)
        assert all(link[:1] in "/#" for link in document.links if not link.startswith("https://www.sc.gov.cn/"))
        assert "Content-Security-Policy" not in text


def test_only_assets_are_handed_out() -> None:
    assert asset("site.js")
    with pytest.raises(KeyError):
        asset("../html.py")


@pytest.mark.parametrize(("text", "language"), [("扶贫", "zh-CN"), ("𠮷", "zh-CN"), ("Notice 3", ""), ("", "")])
def test_the_language_of_a_text_is_told_by_its_letters(text: str, language: str) -> None:
    assert tongue(text) == language


def test_control_characters_and_direction_marks_reach_no_file(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        see(tx, tx.put_page(PageDraft("https://www.sc.gov.cn/a", name="x\x1b\u202ey"), T0), FIRST, T0)
    with open_overview(tmp_path / "a.db") as reader:
        write_site(reader, tmp_path, NOW)
    for file in tmp_path.rglob("*.*"):
        assert file.suffix.startswith(".db") or not re.search("[\x1b\u202e]", file.read_text(encoding="utf-8"))
