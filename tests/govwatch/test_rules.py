"""`govwatch rules`: what each rule did, which do nothing, and which do too much."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import article_html

BODY = ("打印本页", "县里召开会议。" * 10)
URL = "https://www.sc.gov.cn/a.shtml"
FIRM = '[[rule]]\nid = "firm"\nwhy = "A test."\npattern = "云岭.*|会议.*|据了解.*|.*孩子的路.*"\n'
IDLE = '[[rule]]\nid = "idle"\nwhy = "A test."\npattern = "not to be found"\n'


def configure(desk: Desk, rules: str) -> None:
    """Let the desk have rules of its own."""
    file = Path(desk.folder) / "mine" / "rules" / "mine.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(rules, encoding="utf-8")
    desk.configure()
    text = (desk.folder / "govwatch.toml").read_text(encoding="utf-8")
    (desk.folder / "govwatch.toml").write_text('rules_dir = "mine"\n' + text, encoding="utf-8")


def rule(desk: Desk, name: str, *words: str) -> dict[str, object]:
    (found,) = [one for one in desk.run("rules", "--json", *words).json["rules"] if one["rule"] == name]
    return found


def test_each_rule_tells_its_pages_hits_share_and_last_hit(desk: Desk, site: Site) -> None:
    site.pages |= {path: Page(article_html(paragraphs=BODY)) for path in ("/a", "/b")}
    desk.run("crawl", site.url("/a"), site.url("/b"))
    desk.run("crawl", site.url("/a"))
    ran = desk.run("rules")
    assert (ran.code, ran.err) == (0, "")
    first, head, fired, *_ = ran.out.splitlines()
    assert first == "3 good checks in 30 days under today's rules."
    assert head.split() == ["rule", "pages", "hits", "removed", "last", "hit"]
    assert fired.split()[:4] == ["buttons", "2", "3", "5.4%"]
    told = rule(desk, "buttons")
    assert (told["pages"], told["hits"], told["share_removed"], told["removed_much_of"]) == (2, 3, 0.0541, [])
    assert datetime.fromisoformat(str(told["last_hit_at"])) > datetime.now(UTC) - timedelta(minutes=5)


def test_rules_that_match_nothing_are_warned_of_once_something_was_checked(desk: Desk, site: Site) -> None:
    configure(desk, IDLE)
    desk.run("add", URL)
    before = desk.run("rules")
    assert before.out.startswith("0 good checks in 30 days under today's rules.\n")
    assert "Warning" not in before.out
    site.pages["/a"] = Page(article_html())
    desk.run("crawl", site.url("/a"))
    (line,) = [line for line in desk.run("rules").out.splitlines() if "matched nothing anywhere" in line]
    assert line.endswith(", idle")
    assert "idle" in desk.run("rules", "--json").json["matched_nothing"]


def test_a_rule_that_takes_most_of_a_page_is_warned_of_with_the_pages(desk: Desk, site: Site) -> None:
    configure(desk, FIRM)
    site.pages |= {f"/{number}": Page(article_html()) for number in range(11)}
    site.pages["/other"] = Page(article_html(paragraphs=("县里修了一条路。" * 30, "云岭县")))
    desk.run("crawl", *map(site.url, site.pages))
    lines = desk.run("rules").out.splitlines()
    at = lines.index("Warning: firm removed more than 50 % of 11 pages:")
    assert lines[at + 1].endswith(f"%  {site.url('/0')}")
    assert lines[at + 11] == "      … and 1 more; all of them with --json"
    assert len(rule(desk, "firm")["removed_much_of"]) == 11  # type: ignore[arg-type]
    assert "firm removed" not in desk.run("rules", "--share", "99").out


def test_what_was_read_under_other_rules_or_long_ago_does_not_count(desk: Desk, site: Site) -> None:
    page = article_html(paragraphs=BODY)
    site.pages["/a"] = Page(page)
    desk.run("crawl", site.url("/a"))
    (desk.folder / "page.html").write_bytes(page)
    desk.run("import", "page.html", "--url", URL, "--at", "2024-05-01")
    assert (rule(desk, "buttons")["hits"], rule(desk, "buttons", "--days", "20000")["hits"]) == (1, 2)
    configure(desk, IDLE)
    assert desk.run("rules", "--json").json["checks"] == rule(desk, "buttons")["hits"] == 0


def test_a_page_whose_profile_is_no_more_does_not_count(desk: Desk, site: Site) -> None:
    file = desk.folder / "mine" / "profiles" / "own.toml"
    file.parent.mkdir(parents=True)
    file.write_text('name = "own"\nhosts = ["own.gov.cn"]\n[fields]\nbody = ["//ucapcontent"]\n', encoding="utf-8")
    configure(desk, IDLE)
    site.pages["/a"] = Page(article_html())
    target = f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\nprofile = "own"\n'
    config = desk.folder / "govwatch.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + target, encoding="utf-8")
    desk.run("crawl", "--all")
    assert desk.run("rules", "--json").json["checks"] in (0, 1)
    file.unlink()
    config.write_text(text, encoding="utf-8")
    ran = desk.run("rules", "--json")
    assert (ran.code, ran.json["checks"]) == (0, 0)
