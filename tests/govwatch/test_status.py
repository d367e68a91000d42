"""`govwatch status`: coverage, pages in trouble, and what is on its way to the channels."""

import re
import socket
from datetime import UTC, datetime, timedelta

from fakes.desk import Desk
from fakes.site import Page, Site

from core.health import Health
from core.hosts import HostState
from govwatch.demo.article import TITLE, article_html
from storage.rows import PageDraft
from storage.write import open_store


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
    checked, well, on_time, host, failed, told, never, *rest = ran.out.splitlines()
    assert checked == "Checked 2 of 3 pages in the last 24 hours, 2 well; 0 overdue."
    assert well == "Last seen well: 2 within a day, 0 within a week, 0 before, 1 never."
    assert on_time == "On time: 1 of 1 scheduled page (100.0%)."
    assert host == "1 host failed in the last 24 hours:"
    assert failed.startswith(
        f"      {site.url('').removeprefix('http://')}  0 pages; 1 failure in a row; status 503, 20"
    )
    assert told == "2 pages without a good latest check (1 not checked yet, 1 error-page):"
    assert never == "   3  https://www.sc.gov.cn/never.shtml"
    assert rest[0] == "      last good check never; not checked yet"
    assert rest[1] == f"   2  {TITLE}"
    assert "(0 minutes ago); error-page: status 503" in rest[2]
    status = desk.run("status", "--json").json
    assert (status["pages"], status["checked_24h"], status["overdue"]) == (3, 2, 0)
    assert [trouble["page"] for trouble in status["troubles"]] == [3, 2]


def test_the_status_tells_what_is_on_its_way_to_a_channel(desk: Desk) -> None:
    hook = f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "http://127.0.0.1:{closed_port()}/"\nhold = "1h"\n'
    desk.configure(hook)
    for day, editor in ((1, "苏可明"), (2, "贺茜")):
        (desk.folder / "page.html").write_bytes(article_html(editor=editor))
        desk.run("import", "page.html", "--url", "https://www.sc.gov.cn/a.shtml", "--at", f"2024-05-0{day}")
    assert "Channel hook: 1 waiting, 0 on the way, 0 given up\n" in desk.run("status").out
    desk.configure()
    assert "0 given up; it is not in the configuration\n" in desk.run("status").out
    (queue,) = desk.run("status", "--json").json["channels"]
    assert (queue["channel"], queue["waiting"]) == ("hook", 1)


def put(desk: Desk, number: int, due: timedelta, **health: object) -> None:
    """Write a page that is due so long from now, and what is known of its health."""
    with open_store(desk.folder / "govwatch.db") as store, store.transaction() as tx:
        page = tx.put_page(PageDraft(f"https://a.gov.cn/{number}.html", scheduled=True), datetime.now(UTC))
        tx.set_next_due(page, datetime.now(UTC) + due)
        tx.put_health(
            page, Health(bad_checks=4, is_failing=True) if health.get("ill") else Health(), health.get("late_s")
        )


def test_the_status_tells_which_pages_are_overdue_and_that_their_host_is_left_alone(desk: Desk) -> None:
    for number in range(25):
        put(desk, number, -timedelta(days=3) if number < 23 else timedelta(hours=1), late_s=601 if number == 24 else 5)
    until = datetime.now(UTC) + timedelta(hours=1)
    with open_store(desk.folder / "govwatch.db") as store, store.transaction() as tx:
        tx.put_host("a.gov.cn", HostState(5, until, "timeout: no \x1banswer", datetime.now(UTC)))
    lines = desk.run("status").out.splitlines()
    assert lines[0].startswith("Checked 0 of 25 pages in the last 24 hours, 0 well; 23 overdue since 20")
    assert lines[2] == "On time: 1 of 25 scheduled pages (4.0%)."
    assert lines[3] == "23 pages overdue:"
    assert re.match(
        r"   1  since 20[\d :-]+ \(3 days\)  https://a.gov.cn/0.html; a.gov.cn is left alone until 20", lines[4]
    )
    assert lines[24] == "      … and 3 more; all of them with --json"
    assert lines[25] == "1 host left alone after failures:"
    assert lines[26].startswith("      a.gov.cn  25 pages; 5 failures in a row; asked again 20")
    assert "timeout: no \ufffdanswer" in lines[26]
    status = desk.run("status", "--json").json
    assert (status["overdue"], len(status["overdue_pages"]), status["on_time_share"]) == (23, 23, 0.04)
    assert (status["hosts"][0]["host"], status["hosts"][0]["failures"]) == ("a.gov.cn", 5)


def test_the_status_tells_what_was_told_of_a_page_and_how_old_its_good_capture_is(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    desk.run("crawl", site.url("/a"))
    for _ in range(2):
        site.pages["/a"] = Page("busy", status=503)
        desk.run("crawl", "1")
    put(desk, 2, timedelta(hours=1), ill=True)
    out = desk.run("status").out
    assert "(0 minutes ago); 2 bad checks in a row; error-page" in out
    assert "last good check never; 4 bad checks in a row; told as failing; not checked yet" in out
    status = desk.run("status", "--json").json
    assert status["trouble_kinds"] == {"": 1, "error-page": 1}
    assert [(one["kind"], one["bad_checks"], one["told"]) for one in status["troubles"]] == [
        ("", 4, ["failing"]),
        ("error-page", 2, []),
    ]
    assert 0 <= status["last_good_age_s"]["1"] < 60
    assert status["last_good_age_s"]["2"] is None
