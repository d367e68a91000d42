"""`govwatch extract` and `probe`: what is read out of a page, without a database."""

import json
from collections.abc import Callable
from itertools import count

import pytest
from fakes.desk import Desk
from fakes.site import Page, Request, Site

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


def differing(*lines: str, **shown: Callable[[int], str]) -> Callable[[Request], Page]:
    """A page on which `{}` in the lines below its text, and in the fields, is another number in every response."""
    numbers = count(101)

    def answer(_: Request) -> Page:
        number = next(numbers)
        fields = {name: value(number) for name, value in shown.items()}
        return Page(article_html(paragraphs=(*PARAGRAPHS, *(line.format(number) for line in lines)), **fields))

    return answer


def test_a_page_fetched_twice_gives_rules_to_paste_by_which_it_is_read_the_same(desk: Desk, site: Site) -> None:
    site.pages["/a"] = differing("本文热度：{}", "当前在线 {} 人 编者按")
    ran = desk.run("probe", site.url("/a"), "--twice", "3")
    assert (ran.code, ran.err, len(site.asked("/a"))) == (0, "", 3)
    assert "differed in 3 of 3 fetches: 本文热度：101, 本文热度：102, 本文热度：103" in ran.out
    assert ran.out.count("[[rule]]") == 2
    assert "Not proposed" not in ran.out
    file = desk.folder / "mine" / "rules" / "mine.toml"
    file.parent.mkdir(parents=True)
    file.write_text(ran.out, encoding="utf-8")
    config = desk.folder / "govwatch.toml"
    config.write_text('rules_dir = "mine"\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    again = desk.run("probe", site.url("/a"), "--twice", "2")
    assert again.out == f"# 2 fetches of {site.url('/a')}\n# read the same: no rule is needed.\n"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (lambda: differing("{}"), "too few words"),
        (lambda: differing(title=lambda number: f"{TITLE}第{number}号"), "the field title differs"),
        (lambda: differing("通知编号 {} 浏览次数：7"), "read again with a rule for it"),
    ],
)
def test_what_cannot_be_a_safe_rule_is_a_comment(
    desk: Desk, site: Site, page: Callable[[], Callable[[Request], Page]], reason: str
) -> None:
    site.pages["/a"] = page()
    ran = desk.run("probe", site.url("/a"), "--twice", "2")
    assert ran.code == 0
    assert "# differ in nothing a rule should take:" in ran.out
    assert f"# Not proposed: {reason}" in ran.out
    assert all(line.startswith("#") or not line for line in ran.out.splitlines())
    site.pages["/a"] = page()
    learnt = desk.run("probe", site.url("/a"), "--twice", "2", "--json").json
    assert (learnt["fetches"], learnt["read"], learnt["rules"]) == (2, 2, [])
    assert learnt["left"][0]["reason"].startswith(reason)


def test_a_rule_is_proposed_beside_what_cannot_be_one(desk: Desk, site: Site) -> None:
    site.pages["/a"] = differing("本文热度：{}", "{}")
    learnt = desk.run("probe", site.url("/a"), "--twice", "2", "--json").json
    assert [rule["pattern"][:5] for rule in learnt["rules"]] == ["本文热度:"]
    assert len(learnt["left"]) == 1


def test_fetches_that_gave_no_article_are_told_and_left_out(desk: Desk, site: Site) -> None:
    numbers = count()
    good, busy = Page(article_html()), Page("busy", status=503)
    site.pages["/a"] = lambda _: busy if next(numbers) == 1 else good
    ran = desk.run("probe", site.url("/a"), "--twice", "3")
    assert (ran.code, ran.out.splitlines()[1]) == (0, "# read the same: no rule is needed.")
    assert "503" in ran.err
    site.pages["/a"] = Page(behaviour="reset")
    ran = desk.run("probe", site.url("/a"), "--twice", "2")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("0 of 2 fetches gave the article; there is nothing to compare\n")


def test_a_file_cannot_be_fetched_twice(desk: Desk) -> None:
    save(desk)
    ran = desk.run("probe", "page.html", "--twice", "2")
    assert ran.code == 2
    assert "--twice fetches a page" in ran.err
