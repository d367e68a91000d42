"""SIGTERM: the daemon ends within 10 seconds, whatever is under way, and nothing is lost."""

import json
import os
import sqlite3
import threading
import time

from fakes.daemon import Running, running
from fakes.desk import Desk
from fakes.site import Page, Request, Site

from govwatch.demo.article import PARAGRAPHS, article_html

MOST_S = 10.0


def ended_after(daemon: Running) -> float:
    """Ask for the end; return the seconds until it came. The process must end by itself, as asked."""
    start = time.monotonic()
    daemon.process.terminate()
    assert daemon.wait(30) == 0, daemon.said
    return time.monotonic() - start


def test_while_a_host_drips_a_delivery_hangs_and_history_is_read_again(desk: Desk, site: Site) -> None:
    """All at once: what came before the signal is kept, the dripping page is due, the delivery waits."""
    for day in range(1, 21):
        saved = article_html(paragraphs=(*PARAGRAPHS * 100, f"今日到访{day}人"))
        (desk.folder / "page.html").write_bytes(saved)
        desk.run("import", "page.html", "--url", "https://www.sc.gov.cn/a.shtml", "--at", f"2024-05-{day:02}")
    site.pages |= {
        "/drip": Page(b"x" * 100_000, behaviour="drip", drip_s=0.5),
        "/never": Page(behaviour="never"),
        "/good": Page(article_html()),
        "/hook": Page(behaviour="never"),
    }
    (desk.folder / "mine" / "rules").mkdir(parents=True)
    rule = '[[rule]]\nid = "counts"\nwhy = "a test"\npattern = "今日到访[0-9]+人"\n'
    (desk.folder / "mine" / "rules" / "a.toml").write_text(rule, encoding="utf-8")
    urls = [site.url(path) for path in ("/good", "/drip", "/never")]
    desk.configure(
        f'[[target]]\nname = "a"\nurls = {json.dumps(urls)}\n'
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{site.url("/hook")}"\nhold = "0s"\n'
    )
    desk.run("crawl", urls[0])
    site.pages["/good"] = Page(article_html(editor="贺茜"))
    config = desk.folder / "govwatch.toml"
    patient = config.read_text().replace('"1s"', '"200s"').replace('"2s"', '"300s"')
    config.write_text('rules_dir = "mine"\n' + patient.replace("[crawl]", "[crawl]\nconcurrency_per_host = 3"))
    desk.run("crawl", urls[0])
    with running(desk.folder, os.environ) as daemon:
        assert daemon.wait_until(lambda: all(site.asked(path) for path in ("/drip", "/never", "/hook")))
        assert ended_after(daemon) < MOST_S
    pages = {page["url"]: page for page in desk.run("list", "--json").json}
    for url in urls[1:]:
        assert pages[url]["last_check_at"] is None
        assert pages[url]["next_due"] <= pages[urls[0]]["last_check_at"]
    (queue,) = desk.run("status", "--json").json["channels"]
    assert (queue["pending"], queue["failed"]) == (1, 0)
    (change,) = desk.run("changes", "--page", urls[0], "--json").json
    assert change["fields"][0]["new"] == "贺茜"


def test_while_a_name_server_is_silent(desk: Desk) -> None:
    """A look-up that hangs cannot be ended, and must not be waited for."""
    (desk.folder / "sitecustomize.py").write_text(
        "import socket, time\n"
        "def hang(*_, **__): open('asked', 'w').close(); time.sleep(60)\n"
        "socket.getaddrinfo = socket.gethostbyname = hang\n"
    )
    desk.configure('[[target]]\nname = "a"\nurl = "http://silent.gov.cn/"\n')
    with running(desk.folder, os.environ | {"PYTHONPATH": str(desk.folder)}) as daemon:
        assert daemon.wait_until((desk.folder / "asked").exists)
        assert ended_after(daemon) < MOST_S


def test_while_another_process_holds_the_database(desk: Desk, site: Site) -> None:
    """What could not be kept is due again."""
    answer = threading.Event()

    def slow(request: Request) -> Page:
        answer.wait(20)
        return Page(article_html())

    site.pages["/a"] = slow
    desk.configure(f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\n')
    config = desk.folder / "govwatch.toml"
    config.write_text(config.read_text().replace('"1s"', '"20s"').replace('"2s"', '"20s"'))
    with running(desk.folder, os.environ) as daemon:
        assert daemon.wait_until(lambda: site.asked("/a") != [])
        other = sqlite3.connect(desk.folder / "govwatch.db", isolation_level=None)
        other.execute("begin immediate")
        answer.set()
        assert daemon.wait_until(lambda: "1 checks wait" in daemon.said)
        start = time.monotonic()
        daemon.process.terminate()
        assert daemon.wait(30) == 2
        assert time.monotonic() - start < MOST_S
        other.close()
    (page,) = desk.run("list", "--json").json
    assert page["last_check_at"] is None
