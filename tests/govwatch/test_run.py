"""`govwatch run`, the daemon, as a process of its own."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path
from urllib.request import urlopen

import pytest
from fakes.desk import Desk
from fakes.site import Page, Request, Site

from config.settings import Settings
from core.errors import StorageError
from govwatch import running as daemon_run
from govwatch.app import App
from govwatch.demo.article import PARAGRAPHS, TITLE, article_html


def started(desk: Desk) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "govwatch", "run"],
        cwd=desk.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def line_with(process: subprocess.Popen[str], word: str) -> str:
    """Read on until a line holds `word`."""
    assert process.stdout is not None
    return next(line for line in process.stdout if word in line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_due_pages_are_checked_until_the_signal_to_stop(desk: Desk, site: Site, number: int) -> None:
    noise = count()
    site.pages["/a"] = lambda request: Page(article_html(noise=next(noise)))
    desk.configure(f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\n')
    daemon = started(desk)
    assert "watching 1 page," in line_with(daemon, "watching")
    assert TITLE in line_with(daemon, "first-seen")
    daemon.send_signal(number)
    out, err = daemon.communicate(timeout=10)
    assert (daemon.returncode, err) == (0, "")
    assert out.splitlines()[-1].endswith("stopped")
    (page,) = desk.run("list", "--json").json
    assert page["next_due"] > page["last_check_at"]


def test_a_fetch_under_way_at_the_signal_is_finished_and_kept(desk: Desk, site: Site) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(request: Request) -> Page:
        asked.set()
        answer.wait(5)
        return Page(article_html())

    site.pages["/a"] = slow
    desk.configure(f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\n')
    text = (desk.folder / "govwatch.toml").read_text().replace('"1s"', '"9s"').replace('"2s"', '"9s"')
    (desk.folder / "govwatch.toml").write_text(text)
    daemon = started(desk)
    assert asked.wait(10)
    daemon.send_signal(signal.SIGTERM)
    answer.set()
    out, err = daemon.communicate(timeout=10)
    assert (daemon.returncode, err) == (0, "")
    assert "first-seen" in out
    assert len(desk.run("history", "1", "--json").json) == 1


def test_history_is_read_again_in_the_background_when_the_rules_have_changed(desk: Desk, site: Site) -> None:
    for day, visits in ((1, 11), (2, 22)):
        (desk.folder / "page.html").write_bytes(article_html(paragraphs=(*PARAGRAPHS, f"今日到访{visits}人")))
        desk.run("import", "page.html", "--url", "https://www.sc.gov.cn/a.shtml", "--at", f"2024-05-0{day}")
    (desk.folder / "mine" / "rules").mkdir(parents=True)
    rule = '[[rule]]\nid = "counts"\nwhy = "a test"\npattern = "今日到访[0-9]+人"\n'
    (desk.folder / "mine" / "rules" / "a.toml").write_text(rule, encoding="utf-8")
    config = desk.folder / "govwatch.toml"
    config.write_text('rules_dir = "mine"\n' + config.read_text())
    daemon = started(desk)
    assert "2 checks" in line_with(daemon, "read again")
    assert "body" in line_with(daemon, "vanishes")
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=10)
    assert daemon.returncode == 0
    assert len(desk.run("history", "1", "--json").json) == 1


def test_a_full_disk_under_the_log_does_not_end_the_daemon(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    desk.configure(f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\n')
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "govwatch", "run"]
        daemon = subprocess.Popen(command, cwd=desk.folder, stdout=full, stderr=subprocess.PIPE)
        for _ in range(600):
            if desk.run("history", "1").code == 0 and desk.run("history", "1", "--json").json:
                break
            time.sleep(0.1)
        assert daemon.poll() is None
        daemon.terminate()
        daemon.communicate(timeout=10)
    assert len(desk.run("history", "1", "--json").json) == 1


def test_a_page_added_while_the_daemon_runs_is_checked(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    daemon = started(desk)
    assert "watching 0 pages" in line_with(daemon, "watching")
    desk.run("add", site.url("/a"), "--every", "1h")
    assert TITLE in line_with(daemon, "first-seen")
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=10)
    assert daemon.returncode == 0


def test_the_daemon_delivers(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    desk.configure(
        f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\n'
        '[[channel]]\nname = "out"\nkind = "file"\npath = "out.jsonl"\nhold = "0s"\n'
    )
    desk.run("crawl", "a")
    site.pages["/a"] = Page(article_html(editor="贺茜"))
    desk.run("crawl", "a")
    daemon = started(desk)
    assert "1 change delivered to out" in line_with(daemon, "delivered")
    daemon.terminate()
    daemon.communicate(timeout=10)
    (line,) = (desk.folder / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["changes"][0]["summary"].startswith("editor 苏可明 -> 贺茜")


def test_the_daemon_tells_its_figures_and_nobody_who_asks_can_hold_it_up(desk: Desk, site: Site) -> None:
    site.pages |= {"/a": Page(article_html()), "/b": Page("busy", status=503)}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        targets = "".join(f'[[target]]\nname = "{name}"\nurl = "{site.url(f"/{name}")}"\n' for name in "ab")
        desk.configure(f"{targets}[metrics]\nport = {port}\n")
        # In a process of its own: the database is held until that ends.
        refused = started(desk)
        assert (
            f"127.0.0.1 port {port} cannot be listened on: Address already in use" in refused.communicate(timeout=30)[1]
        )
    assert refused.returncode == 2
    daemon = started(desk)
    line_with(daemon, "first-seen")
    line_with(daemon, "503")
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
    silent[0].sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    assert 'govwatch_checks_total{verdict="first-seen"} 1.0' in text
    assert 'govwatch_failures_total{kind="error-page"} 1.0' in text
    assert 'govwatch_pages{state="watched"} 2.0' in text
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.read() == b"ok\n"
    daemon.terminate()
    _, err = daemon.communicate(timeout=10)
    assert (daemon.returncode, err) == (0, "")
    for one in silent:
        one.close()


@pytest.mark.parametrize("command", ["run", "check-config"])
def test_a_channel_that_cannot_work_is_told_at_the_start(desk: Desk, command: str) -> None:
    desk.configure(
        '[[channel]]\nname = "out"\nkind = "file"\npath = "none/out.jsonl"\n'
        '[[channel]]\nname = "chat"\nkind = "apprise"\nurl = "exec://T0KEN"\n'
    )
    ran = desk.run(command)
    assert ran.code == 2
    first, second = ran.err.splitlines()
    assert first.startswith("govwatch: govwatch.toml: channel out: there is no folder none; make it")
    assert second.startswith("govwatch.toml: channel chat: the scheme 'exec' is not allowed")
    assert "T0KEN" not in ran.err


def test_what_goes_on_beside_is_done_again_after_a_lock_and_its_defects_are_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(daemon_run, "TRY_AGAIN_S", 0.01)
    app, over, told, done = App(Settings(), Path("unused.db")), threading.Event(), list[str](), list[int]()

    def work(app: App, is_over: threading.Event) -> None:
        done.append(1)
        if len(done) < 3:
            raise StorageError("the database is locked", is_passing=True)
        if len(done) == 4:
            raise StorageError("the database is damaged", is_passing=False)

    daemon_run._through_trouble(app, over, told.append, work)
    assert told == ["the database is locked; tried again in 0.01 s"] * 2
    with pytest.raises(StorageError, match="damaged"):
        daemon_run._through_trouble(app, over, told.append, work)


def test_what_waits_for_a_channel_that_is_no_more_is_told_at_the_start(desk: Desk) -> None:
    desk.configure('[[channel]]\nname = "gone"\nkind = "file"\npath = "out.jsonl"\n')
    for day, editor in ((1, "苏可明"), (2, "贺茜")):
        (desk.folder / "page.html").write_bytes(article_html(editor=editor))
        desk.run("import", "page.html", "--url", "https://www.sc.gov.cn/a.shtml", "--at", f"2024-05-0{day}")
    desk.configure()
    daemon = started(desk)
    assert "what waits for it (1) is kept until it is there again" in line_with(daemon, "channel gone")
    daemon.terminate()
    daemon.communicate(timeout=10)
    assert daemon.returncode == 0


def test_a_receiver_that_never_answers_delays_neither_other_channels_nor_the_end(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        desk.configure(
            f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\n[[channel]]\nname = "hook"\nkind = "webhook"\n'
            f'url = "http://127.0.0.1:{silent.getsockname()[1]}/"\nhold = "0s"\n'
            '[[channel]]\nname = "out"\nkind = "file"\npath = "out.jsonl"\nhold = "0s"\n'
        )
        desk.run("crawl", "a")
        site.pages["/a"] = Page(article_html(editor="贺茜"))
        desk.run("crawl", "a")
        daemon = started(desk)
        assert "1 change delivered to out" in line_with(daemon, "delivered")
        daemon.terminate()
        daemon.communicate(timeout=10)
        assert daemon.returncode == 0
    hook, out = desk.run("status", "--json").json["channels"]
    assert [(queue["channel"], queue["waiting"], queue["pending"]) for queue in (hook, out)] == [
        ("hook", 0, 1),
        ("out", 0, 0),
    ]
