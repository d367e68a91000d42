"""`govwatch import`: saved pages as captures of their time, the page the project began with among them."""

from pathlib import Path

import pytest
from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import EDITOR, PARAGRAPHS, PUBLISHED_ISO, SOURCE, TITLE, article_html, article_text

URL = "https://www.sc.gov.cn/a.shtml"
SEED = Path(__file__).parents[3] / "shared" / "seed-page.txt"
NOISE = (
    "字体",
    "扫一扫",
    "主办单位",
    "运行维护",
    "微信",
    "微博",
    "客户端",
    "头条号",
    "手机版",
    "2020-07-14",
    "责任编辑",
)


def test_the_page_the_project_began_with_is_read_right(desk: Desk) -> None:
    if not SEED.is_file():
        pytest.skip("the page the project began with is not beside this checkout")
    assert desk.run("import", str(SEED), "--text", "--url", URL, "--at", "2020-07-14").code == 0
    shown = desk.run("show", "1", "--json").json
    assert shown["title"] == "教育厅精准扶贫对口帮扶武胜工作推进会召开"
    assert (shown["published"], shown["source"], shown["editor"]) == ("2017-05-22T14:50:00+08:00", "教育厅", "白婉苹")
    assert (len(shown["body"]), len(set(shown["body"]))) == (7, 7)
    assert not [word for word in NOISE if any(word in paragraph for paragraph in shown["body"])]


def test_the_seed_and_the_same_article_as_html_have_one_fingerprint(desk: Desk, site: Site) -> None:
    if not SEED.is_file():
        pytest.skip("the page the project began with is not beside this checkout")
    desk.run("import", str(SEED), "--text", "--url", site.url("/a"), "--at", "2020-07-14")
    text = desk.run("show", "1", "--json").json
    site.pages["/a"] = Page(
        article_html(text["title"], "2017年05月22日 14时50分", text["source"], text["editor"], text["body"])
    )
    assert desk.run("crawl", "1", "--json").json[0]["content"] == "same"
    assert len(desk.run("history", "1", "--json").json) == 1


def test_text_and_html_of_one_article_are_one_version(desk: Desk) -> None:
    (desk.folder / "page.txt").write_bytes(article_text())
    (desk.folder / "page.html").write_bytes(article_html(noise=77))
    first = desk.run("import", "page.txt", "--text", "--url", URL, "--at", "2024-07-14")
    assert first.out.splitlines() == [
        "page 1, as of 2024-07-14 00:00: first-seen",
        f"  title     {TITLE}",
        f"  published {PUBLISHED_ISO}",
        f"  source    {SOURCE}",
        f"  editor    {EDITOR}",
        f"  body      {len(PARAGRAPHS)} paragraphs",
    ]
    assert ": same" in desk.run("import", "page.html", "--url", URL, "--at", "2024-07-15T08:00+08:00").out
    shown = desk.run("show", "1", "--json").json
    assert tuple(shown["body"]) == PARAGRAPHS
    assert not [word for word in NOISE[:-1] if any(word in paragraph for paragraph in shown["body"][:1])]


def test_a_capture_of_the_past_takes_its_place_and_alarms_nobody(desk: Desk) -> None:
    for day, editor in ((10, "甲乙"), (20, "甲乙"), (15, "丙丁")):
        (desk.folder / "page.html").write_bytes(article_html(editor=editor))
        assert desk.run("import", "page.html", "--url", URL, "--at", f"2024-07-{day}").code == 0
    assert [spell["version"] for spell in desk.run("history", "1", "--json").json] == [1, 2, 1]
    assert desk.run("changes", "--json").json == []
    assert "editor      [-丙丁-]{+甲乙+}" in desk.run("diff", "1").out
    said = [check["content"] for check in desk.run("history", "1", "--checks", "--json").json]
    assert said == ["first-seen", "changed", "same"]


def test_a_saved_page_that_is_no_article_is_told(desk: Desk) -> None:
    (desk.folder / "page.html").write_bytes(b"")
    ran = desk.run("import", "page.html", "--url", URL, "--at", "2024-07-14")
    assert ran.code == 1
    assert "unknown" in ran.out


def test_one_paragraph_is_told_as_one(desk: Desk) -> None:
    (desk.folder / "page.html").write_bytes(article_html(paragraphs=PARAGRAPHS[:1]))
    told = desk.run("import", "page.html", "--url", URL, "--at", "2024-07-14").out
    assert told.splitlines()[-1] == "  body      1 paragraph"
