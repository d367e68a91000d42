"""`govwatch doctor`: each line says how bad, what, and what to do; the exit status whether anything is wrong."""

import ctypes
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fakes.desk import Desk

from govwatch import examining, machine
from govwatch.demo.article import article_html

URL = "https://www.sc.gov.cn/a.shtml"


@pytest.fixture
def kept(desk: Desk) -> Desk:
    (desk.folder / "page.html").write_bytes(article_html())
    assert desk.run("import", "page.html", "--url", URL, "--at", "2024-05-01").code == 0
    return desk


def told(desk: Desk, code: int = 0) -> dict[str, tuple[str, str, str]]:
    """What the doctor says by subject: level, what, advice."""
    ran = desk.run("doctor", "--json")
    assert (ran.code, ran.err) == (code, "")
    return {one["subject"]: (one["level"], one["what"], one["advice"]) for one in reversed(ran.json)}


def test_a_good_desk_has_nothing_wrong_and_every_line_says_what_was_looked_at(kept: Desk) -> None:
    kept.configure('[[channel]]\nname = "out"\nkind = "file"\npath = "out.jsonl"\n')
    found = told(kept)
    assert list(reversed(found)) == [
        *("versions", "SQLite", "clock", "configuration", "profiles", "rules", "file system", "permissions"),
        *("disk space", "database", "channel out"),
    ]
    assert not [one for one in found.values() if one[0] == "wrong"]
    assert found["database"] == ("ok", "govwatch.db is sound, 1 page", "")
    assert found["configuration"][1] == "govwatch.toml: 0 pages, 1 channel"
    lines = kept.run("doctor").out.splitlines()
    assert "ok        database: govwatch.db is sound, 1 page" in lines


def test_where_there_is_nothing_yet_the_doctor_says_so(desk: Desk) -> None:
    (desk.folder / "govwatch.toml").unlink()
    found = told(desk)
    assert found["configuration"][1] == "there is none; the defaults hold"
    assert found["database"][1] == "govwatch.db is not there yet; the first crawl makes it"


def test_a_folder_that_is_not_there_is_wrong(desk: Desk) -> None:
    ran = desk.run("doctor", "--db", "absent/a.db")
    assert ran.code == 1
    assert "wrong     permissions: there is no folder" in ran.out


def test_every_problem_of_a_configuration_is_a_line(desk: Desk) -> None:
    desk.configure('[[target]]\nname = "a"\nurl = "www.sc.gov.cn"\nprofle = "x"\n')
    ran = desk.run("doctor")
    assert (ran.code, ran.err, ran.out.count("wrong     configuration: govwatch.toml:")) == (1, "", 2)


def test_a_target_with_an_unknown_profile_is_wrong(desk: Desk) -> None:
    desk.configure(f'[[target]]\nname = "a"\nurl = "{URL}"\nprofile = "nope"\n')
    level, what, _ = told(desk, 1)["profiles"]
    assert (level, "there is no profile 'nope'" in what) == ("wrong", True)


def test_rules_of_ones_own_are_held_to_their_examples(desk: Desk) -> None:
    rules = desk.folder / "mine" / "rules" / "a.toml"
    rules.parent.mkdir(parents=True)
    config = desk.folder / "govwatch.toml"
    config.write_text('rules_dir = "mine"\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    rule = '[[rule]]\nid = "mine"\nwhy = "w"\npattern = "b"\nexamples = [{ before = ["a"], after = [] }]\n'
    rules.write_text(rule, encoding="utf-8")
    assert told(desk, 1)["rules"][1] == "fail their own examples: mine"
    rules.write_text("[[rule", encoding="utf-8")
    found = told(desk, 1)
    assert "cannot be read" in found["profiles"][1]
    assert "rules" not in found


def test_a_damaged_database_is_wrong_and_one_that_is_none_is_too(kept: Desk) -> None:
    with sqlite3.connect(kept.folder / "govwatch.db") as connection:
        connection.execute("insert into spell select 99, 77, '', 1, '', '', 1, 1")
    connection.close()
    level, what, advice = told(kept, 1)["database"]
    assert (level, what) == ("wrong", "govwatch.db is damaged: rows of spell refer to none")
    assert "restore a backup" in advice
    (kept.folder / "govwatch.db").write_bytes(b"notes, not a database\n")
    level, what, _ = told(kept, 1)["database"]
    assert (level, "restore a backup" in what) == ("wrong", True)


def test_a_check_of_the_future_tells_that_the_clock_was_wrong(kept: Desk) -> None:
    with sqlite3.connect(kept.folder / "govwatch.db") as connection:
        connection.execute("update page set last_check_at = '2999-01-01T00:00:00.000000Z'")
    connection.close()
    ran = kept.run("doctor")
    assert ran.code == 0
    assert "warning   clock: the newest check is of 2999-01-01" in ran.out


def test_channels_that_cannot_be_used_or_reached_are_wrong(desk: Desk) -> None:
    desk.configure('[[channel]]\nname = "out"\nkind = "file"\npath = "absent/out.jsonl"\n')
    level, what, _ = told(desk, 1)["channels"]
    assert (level, "channel out: there is no folder absent" in what) == ("wrong", True)
    desk.configure('[[channel]]\nname = "c"\nkind = "apprise"\nurl = "ftp://x"\n')
    assert "the scheme 'ftp' is not allowed" in told(desk, 1)["channels"][1]


@pytest.mark.parametrize(
    ("kind", "level"), [("ext4", "ok"), ("nfs4", "wrong"), ("fuse.sshfs", "wrong"), ("tmpfs", "warning"), ("", "ok")]
)
def test_file_systems_that_cannot_do_wal_are_wrong(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, level: str
) -> None:
    mounts = desk.folder / "mountinfo"
    here = str(desk.folder.resolve()).replace(" ", "\\040")
    lines = f"1 1 8:1 / / rw - ext4 /dev/a rw\n2 1 8:1 / {here} rw shared:1 - {kind} server:/x rw\n"
    if kind:
        mounts.write_text(lines)
    monkeypatch.setattr(machine, "_MOUNTS", mounts)
    found = told(desk, int(level == "wrong"))["file system"]
    assert found[0] == level
    assert (found[1] or "this system").startswith(kind or "this system")


def use(free: int) -> Callable[[Path], SimpleNamespace]:
    return lambda _: SimpleNamespace(free=free)


def test_a_disk_that_is_nearly_full_is_told(kept: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", use(100 * 1024 * 1024))
    assert told(kept, 1)["disk space"][0] == "wrong"
    assert re.fullmatch(r"100 MiB free, the database has \d+\.\d KiB", told(kept, 1)["disk space"][1])
    monkeypatch.setattr(examining, "_LEAST_FREE", 0)
    monkeypatch.setattr(shutil, "disk_usage", use(1))
    assert told(kept)["disk space"][0] == "warning"


def test_missing_rights_and_open_doors_are_told(kept: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (kept.folder / "govwatch.db").chmod(0o666)
    level, what, _ = told(kept)["permissions"]
    assert (level, "everybody may write to" in what) == ("warning", True)
    monkeypatch.setattr(machine.os, "access", lambda path, right: right != machine.os.W_OK)
    level, what, _ = told(kept, 1)["permissions"]
    assert (level, "govwatch.db cannot be written" in what) == ("wrong", True)


def test_a_clock_that_nothing_keeps_right_is_warned_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.is_clock_set() in (True, False, None)
    for answer, level in ((5, "warning"), (0, "ok"), (-1, "ok")):
        monkeypatch.setattr(ctypes, "CDLL", lambda _, a=answer: SimpleNamespace(adjtimex=lambda state, a=a: a))
        assert told(desk)["clock"][0] == level
    monkeypatch.setattr(sys, "platform", "darwin")
    assert machine.is_clock_set() is None


def test_the_sqlite_with_the_bug_is_warned_of_with_its_source(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for is_bad, level in ((True, "warning"), (False, "ok")):
        monkeypatch.setattr(examining, "has_wal_reset_bug", lambda is_bad=is_bad: is_bad)
        found = told(desk)["SQLite"]
        assert found[0] == level
        assert ("sqlite.org/wal.html#walresetbug" in found[1]) is is_bad
