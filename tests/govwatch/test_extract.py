"""`govwatch extract` and `probe`: what is read out of a page, without a database."""

import json

from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import EDITOR, PARAGRAPHS, PUBLISHED_ISO, SOURCE, TITLE, article_html, article_text

URL = "https://www.sc.gov.cn/a.shtml"


def save(desk: Desk, **shown: object) -> None:
    (desk.folder / "page.html").write_bytes(article_html(**shown))


def test_one_file_gives_its_fields(desk: Desk) -> None:
    save(desk, attachments=(("附件", "/f.doc"),))
    assert desk.run("extract", "page.html", "--url", URL).json == {
        "title": TITLE,
        "published": PUBLISHED_ISO,
        "source": SOURCE,
        "editor": EDITOR,
        "body": "\n".join(PARAGRAPHS),
        "attachments": [{"name": "附件", "url": "https://www.sc.gov.cn/f.doc"}],
        "quality": "ok",
        "reason": "",
    }
    assert not list(desk.folder.glob("*.db"))


def test_lines_are_answered_in_order_and_a_bad_one_in_its_place(desk: Desk) -> None:
    save(desk)
    lines = [
        json.dumps({"id": "one", "file": "page.html", "url": URL}),
        json.dumps({"id": 2, "file": "absent.html"}),
        "",
        "{broken",
        json.dumps(["a list"]),
        json.dumps({"id": None, "file": "page.html", "url": None}),
    ]
    ran = desk.run("extract", "--jsonl", stdin="\n".join(lines).encode())
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 1
    assert [answer["id"] for answer in answers] == ["one", 2, None, None, None]
    assert [answer.get("title") for answer in answers] == [TITLE, None, None, None, TITLE]
    assert [answer.get("error", "")[:7] for answer in answers] == ["", "absent.", "line 4 ", "line 5 ", ""]


def test_a_plain_text_is_read_with_text(desk: Desk) -> None:
    (desk.folder / "page.txt").write_bytes(article_text())
    fields = desk.run("extract", "page.txt", "--text", "--url", URL).json
    assert (fields["editor"], fields["attachments"]) == (EDITOR, [])


def test_a_probe_tells_the_selectors_and_what_each_rule_removed(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    shown = desk.run("probe", site.url("/a"))
    assert shown.code == 0
    assert "quality  ok" in shown.out
    assert "UCAPTITLE" in shown.out.upper()
    probed = desk.run("probe", site.url("/a"), "--json").json
    assert (probed["title"], probed["charset"]) == (TITLE, "utf-8")
    assert set(probed["selectors"]) >= {"title", "published", "source", "editor", "body"}
    assert not list(desk.folder.glob("*.db"))


def test_a_probe_of_a_file_may_be_by_a_named_profile(desk: Desk) -> None:
    save(desk)
    assert desk.run("probe", "page.html", "--profile", "generic", "--json").json["profile"] == "generic"


def test_a_probe_that_cannot_fetch_says_why(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(behaviour="reset")
    ran = desk.run("probe", site.url("/a"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("connection: ")
