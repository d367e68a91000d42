"""One daemon per database, and commands that write beside it: as processes of their own."""

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fakes.daemon import Running, running
from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import article_html
from storage.holding import hold_for_daemon

TARGET = '[[target]]\nname = "a"\nurl = "{}"\nschedule = {{ every = "10s" }}\n'


def govwatch(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "govwatch", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60)


def at_work(daemon: Running) -> bool:
    return daemon.wait_until(lambda: "watching" in daemon.said)


def test_a_second_daemon_refuses_to_start_however_the_database_is_spelled(desk: Desk) -> None:
    with running(desk.folder, os.environ) as daemon:
        assert at_work(daemon)
        (desk.folder / "link.db").symlink_to("govwatch.db")
        (desk.folder / "folder").symlink_to(".")
        os.link(desk.folder / "govwatch.db", desk.folder / "hard.db")
        for name in ("govwatch.db", str(desk.folder / "govwatch.db"), "link.db", "folder/govwatch.db", "hard.db"):
            second = govwatch(desk.folder, "--db", name, "run")
            assert (second.returncode, second.stdout) == (2, "")
            said = f"govwatch: database {name}: another `govwatch run` is at work on it; there can be only one\n"
            assert second.stderr == said
        assert daemon.stop() == 0


def test_after_kill_9_the_next_daemon_starts(desk: Desk) -> None:
    with running(desk.folder, os.environ) as daemon:
        assert at_work(daemon)
        daemon.process.kill()
    with running(desk.folder, os.environ) as daemon:
        # As soon as it says that it is at work, it hears the signal.
        assert at_work(daemon)
        assert daemon.stop() == 0


def test_a_database_that_is_held_is_held_for_one(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    hold_for_daemon(tmp_path / "a.db")
    from core.errors import StorageError

    with pytest.raises(StorageError, match="there can be only one"):
        hold_for_daemon(tmp_path / "a.db")
    with pytest.raises(StorageError, match="cannot be held for one daemon: Is a directory"):
        hold_for_daemon(tmp_path)


def test_commands_that_write_work_beside_the_daemon_and_nothing_is_lost_or_told_twice(desk: Desk, site: Site) -> None:
    """The editor changes with each round; daemon and crawls look at the page at once, each change is told once."""
    shown = {"editor": "编辑0"}
    site.pages["/a"] = lambda request: Page(article_html(editor=shown["editor"]))
    site.pages["/b"] = Page(article_html())
    desk.configure(TARGET.format(site.url("/a")))
    (desk.folder / "saved.html").write_bytes(article_html())
    with running(desk.folder, os.environ) as daemon:
        assert daemon.wait_until(lambda: "first-seen" in daemon.said)
        for number in range(1, 6):
            shown["editor"] = f"编辑{number}"
            command = [sys.executable, "-m", "govwatch", "crawl", "a"]
            crawls = [subprocess.Popen(command, cwd=desk.folder, stdout=subprocess.PIPE, text=True) for _ in range(2)]
            for crawl in crawls:
                said = crawl.communicate(timeout=60)[0]
                assert crawl.returncode == 0 or "another crawl of the page was quicker" in said
        done = [
            govwatch(desk.folder, *words)
            for words in (
                ("add", site.url("/b"), "--every", "1h"),
                ("import", "saved.html", "--url", site.url("/c"), "--at", "2024-05-01"),
                ("pause", site.url("/c")),
                ("replay",),
            )
        ]
        assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 4
        assert daemon.wait_until(lambda: site.url("/b") in daemon.said or site.asked("/b") != [])
        assert daemon.stop() == 0
    changes = desk.run("changes", "--json").json
    told = [field["new"] for change in reversed(changes) for field in change["fields"]]
    assert told == [f"编辑{number}" for number in range(1, 6)]
    assert {page["url"]: page["status"] for page in desk.run("list", "--json").json} == {
        site.url("/a"): "active",
        site.url("/b"): "active",
        site.url("/c"): "paused",
    }


def test_a_command_that_finds_the_database_locked_says_so_and_waits(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    desk.run("crawl", site.url("/a"))
    other = sqlite3.connect(desk.folder / "govwatch.db", isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    threading.Timer(7.0, other.execute, ["rollback"]).start()
    ran = govwatch(desk.folder, "pause", "1")
    other.close()
    assert (ran.returncode, ran.stderr) == (
        0,
        "govwatch: another govwatch is writing to govwatch.db; waiting for it\n",
    )
    assert "page 1 is paused" in ran.stdout
