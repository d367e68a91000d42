"""`govwatch status`: coverage, pages in trouble, and what is on its way to the channels."""

import socket

from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import TITLE, article_html


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_status_tells_coverage_and_every_page_in_trouble(desk: Desk, site: Site) -> None:
    site.pages |= {"/good": Page(article_html()), "/bad": Page(article_html())}
    desk.run("crawl", site.url("/good"), site.url("/bad"))
    site.pages["/bad"] = Page("busy", status=503)
    desk.run("crawl", "2")
    desk.run("add", "https://www.sc.gov.cn/never.shtml")
    ran = desk.run("status")
    assert ran.code == 0
    first, told, never, *rest = ran.out.splitlines()
    assert first == "Checked 2 of 3 pages in the last 24 hours, 2 well; 0 overdue."
    assert told == "2 pages without a good latest check:"
    assert never == "   3  https://www.sc.gov.cn/never.shtml"
    assert rest[0] == "      last good check never; not checked yet"
    assert rest[1] == f"   2  {TITLE}"
    assert "503" in rest[2]
    status = desk.run("status", "--json").json
    assert (status["pages"], status["checked_24h"], status["overdue"]) == (3, 2, 0)
    assert [trouble["page"] for trouble in status["troubles"]] == [3, 2]


def test_the_status_tells_what_is_on_its_way_to_a_channel(desk: Desk) -> None:
    hook = f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "http://127.0.0.1:{closed_port()}/"\nhold = "1h"\n'
    desk.configure(hook)
    for day, editor in ((1, "苏可明"), (2, "贺茜")):
        (desk.folder / "page.html").write_bytes(article_html(editor=editor))
        desk.run("import", "page.html", "--url", "https://www.sc.gov.cn/a.shtml", "--at", f"2024-05-0{day}")
    assert "Channel hook: 1 change waiting, 0 on the way, 0 given up\n" in desk.run("status").out
    (queue,) = desk.run("status", "--json").json["channels"]
    assert (queue["channel"], queue["waiting"]) == ("hook", 1)
