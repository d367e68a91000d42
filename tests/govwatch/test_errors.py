"""Bad input: one clear line on standard error that says what, where and what to do; nothing is lost."""

import sqlite3
from pathlib import Path

import pytest
from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import article_html
from storage import database

URL = "http://127.0.0.1:9/a.shtml"

USAGE = [
    (("crawl",), "say what to crawl"),
    (("crawl", "www.sc.gov.cn/a.shtml"), "write https://www.sc.gov.cn/a.shtml"),
    (("crawl", "ftp://www.sc.gov.cn/a"), "only http:// and https:// can"),
    (("crawl", "http:///a"), "no host"),
    (("crawl", "http://[::1"), "is not an address"),
    (("crawl", "7"), "there is no page '7'"),
    (("crawl", ""), "there is no page ''"),
    (("crawl", URL, "--db", ":memory:"), "is no file"),
    (("remove", ""), "there is no page ''"),
    (("show", "1", "9" * 20), "is not in the range"),
    (("show", "\udcff"), "there is no page '\\udcff'"),
    (("changes", "--since", "0001-01-01"), "is no time"),
    (("show", "7"), "there is no page '7'"),
    (("show", "1", "9"), "page 1 has no version 9"),
    (("diff", "1", "--from", "3"), "page 1 has no version 3"),
    (("history", "nobody"), "`govwatch list` shows the pages"),
    (("changes", "--since", "yesterday"), "write for example 12h, 7d or 2026-11-01"),
    (("changes", "--field", "editr"), "editr"),
    (("changes", "--limit", "0"), "0"),
    (("import", "absent.html", "--url", URL, "--at", "2024-01-01"), "absent.html cannot be read: No such file"),
    (("import", ".", "--url", URL, "--at", "2024-01-01"), "cannot be read: Is a directory"),
    (("import", "govwatch.toml", "--url", "x", "--at", "2024-01-01"), "write https://x"),
    (("import", "govwatch.toml", "--url", URL, "--at", "May"), "write for example 2020-07-14"),
    (("import", "govwatch.toml", "--url", URL, "--at", "2999-01-01"), "lies in the future"),
    (("import", "govwatch.toml", "--url", URL, "--at", "0001-01-01"), "is no time"),
    (("add", URL, "--every", "1s"), "the shortest interval is 10s"),
    (("add", URL, "--cron", "61 * * * *"), "which is not 0 to 59"),
    (("add", URL, "--cron", "1 * * * *", "--every", "1h"), "give one of --every and --cron"),
    (("add", URL, "--name", "12"), "is a number, which pages have"),
    (("add", URL, "--profile", "sc.gov"), "there is no profile of this name"),
    (("pause", "7"), "there is no page '7'"),
    (("remove", "kept"), "take it out of there"),
    (("extract",), "give one FILE, or --jsonl"),
    (("extract", "absent.html"), "cannot be read"),
    (("probe", "absent.html"), "cannot be read"),
    (("init",), "is there already and was left as it is"),
    (("check-config", "--config", "absent.toml"), "absent.toml"),
    (("--config", "absent.toml", "list"), "absent.toml"),
    (("list", "--db", "absent.db"), "there is no database absent.db; crawl a page first"),
    (("crawl", URL, "--db", "absent/a.db"), "the folder absent does not exist"),
    (("crwl", URL), "No such command"),
    (("demo", "--dir", "govwatch.toml"), "give another with --dir"),
]


@pytest.fixture
def kept(desk: Desk, site: Site) -> Desk:
    """A desk with one page kept."""
    site.pages["/a"] = Page(article_html())
    desk.configure(f'[[target]]\nname = "kept"\nurl = "{site.url("/a")}"\n')
    assert desk.run("crawl", "kept").code == 0
    return desk


@pytest.mark.parametrize(("words", "said"), USAGE, ids=[" ".join(words) for words, _ in USAGE])
def test_a_wrong_command_is_told_in_one_line(kept: Desk, words: tuple[str, ...], said: str) -> None:
    before = (kept.folder / "govwatch.db").read_bytes()
    ran = kept.run(*words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    lines = [line for line in ran.err.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert len(lines) == 1
    assert (kept.folder / "govwatch.db").read_bytes() == before


def test_every_error_of_a_configuration_is_told_at_once_with_its_line(desk: Desk) -> None:
    desk.configure('[[target]]\nname = "a"\nurl = "www.sc.gov.cn"\nprofle = "x"\n')
    ran = desk.run("list")
    assert ran.code == 2
    assert ran.err.count("govwatch.toml:") == 2
    assert "did you mean 'profile'?" in ran.err


def test_an_unknown_profile_in_the_configuration_is_told_with_those_there_are(desk: Desk) -> None:
    desk.configure('[[target]]\nname = "a"\nurl = "https://www.sc.gov.cn/"\nprofile = "nope"\n')
    for words in (("check-config",), ("crawl", "--all")):
        ran = desk.run(*words)
        assert ran.code == 2
        assert "there is no profile 'nope'; there are: generic, gkmlpt, hanweb, sc.gov.cn, trs, ucap, vsb" in ran.err


def test_a_locked_database_is_waited_for_and_told(kept: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = database.connect_writer
    monkeypatch.setattr("storage.write.connect_writer", lambda path, busy_s: real(path, 0.1))
    other = sqlite3.connect(kept.folder / "govwatch.db", isolation_level=None)
    other.execute("begin immediate")
    ran = kept.run("crawl", "kept")
    other.close()
    waiting, told = ran.err.splitlines()
    assert (ran.code, waiting.endswith("waiting for it")) == (2, True)
    assert "another govwatch is writing to it" in told
    assert kept.run("crawl", "kept").code == 0


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_database_is_told_and_left_as_it_is(desk: Desk, content: bytes) -> None:
    file = desk.folder / "govwatch.db"
    file.write_bytes(content)
    for words in (("list",), ("crawl", URL)):
        ran = desk.run(*words)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "left as it is" in ran.err
    assert file.read_bytes() == content


def test_a_database_of_a_newer_version_is_told(kept: Desk) -> None:
    with sqlite3.connect(kept.folder / "govwatch.db") as connection:
        connection.execute("pragma user_version = 99")
    for words in (("list",), ("crawl", "kept")):
        ran = kept.run(*words)
        assert ran.code == 2
        assert "update govwatch" in ran.err


def test_a_full_disk_is_told_and_what_was_kept_stays(kept: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = database.connect_writer

    def small(path: Path, busy_s: float) -> sqlite3.Connection:
        connection = real(path, busy_s)
        (pages,) = connection.execute("pragma page_count").fetchone()
        connection.execute(f"pragma max_page_count = {pages}")
        return connection

    monkeypatch.setattr("storage.write.connect_writer", small)
    site.pages["/a"] = Page(article_html(paragraphs=[f"第{number}段：{number * 7919}" for number in range(3000)]))
    ran = kept.run("crawl", "kept")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "the disk is full" in ran.err
    monkeypatch.undo()
    assert len(kept.run("history", "kept", "--checks", "--json").json) == 1
    assert kept.run("crawl", "kept").code == 0


def test_a_rule_of_ones_own_that_cannot_work_is_told_with_its_file(desk: Desk) -> None:
    (desk.folder / "mine" / "rules").mkdir(parents=True)
    (desk.folder / "mine" / "rules" / "a.toml").write_text('[[rule]]\nid = "x"\nwhy = "w"\npattern = "("\n')
    desk.configure()
    file = desk.folder / "govwatch.toml"
    file.write_text('rules_dir = "mine"\n' + file.read_text())
    ran = desk.run("crawl", URL)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "x" in ran.err
    assert "compiled" in ran.err


def test_an_interrupted_command_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("govwatch.commands.reading.open_reader", interrupt)
    ran = desk.run("list")
    assert (ran.code, ran.err.strip()) == (130, "govwatch: interrupted")
