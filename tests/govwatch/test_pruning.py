"""Pruning changes nothing that is told: history, versions, changes, diffs, stretches, rules, and what a replay gives."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

import pytest
from fakes.desk import Desk
from fakes.writer import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from config.settings import Retention, Settings
from core.errors import StorageError
from core.model import Capture, FailureKind, FetchFailure, NotModified, Outcome
from govwatch.app import App
from govwatch.demo.article import PARAGRAPHS, article_html
from govwatch.events import Event as DaemonEvent
from govwatch.pruning import keep_pruning
from govwatch.recording import Finding, record
from govwatch.replaying import replay_pages
from storage import retention
from storage.backup import back_up
from storage.overview import open_overview
from storage.retention import prune, would_prune
from storage.rows import PageDraft
from storage.rulehealth import open_rule_reader
from storage.write import open_store
from web.reading import change_report, page_report
from web.site import write_site

URL = "https://www.sc.gov.cn/a.shtml"
T0 = datetime(2024, 5, 1, tzinfo=UTC)
NOW = T0 + timedelta(days=400)
DAY_S = 86400
KEEP_LITTLE = Retention(DAY_S, DAY_S, DAY_S)
RULE = '[[rule]]\nid = "{0}"\nwhy = "a test"\npattern = "{1}"\nkind = "{2}"\n'
RULES = {
    "none": "",
    "counts": RULE.format("counts", "今日到访[0-9]+人", "block"),
    "hotline": RULE.format("hotline", "热线[0-9]+", "part"),
}
EXTRAS = ((), ("今日到访1人",), ("今日到访2人",), ("咨询请拨热线100。",), ("新的一段。",))
STEPS = ["a", "a", "a", "a", 1, 2, 3, 4, "editor", "gone", "gone", "blocked", "blocked", "failure", "304"]
LIVES = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 9)), max_size=30)


def outcome(step: int | str, at: datetime, number: int) -> Outcome:
    if step == "failure":
        return FetchFailure(URL, FailureKind.TIMEOUT, "no answer", at, at)
    if step == "304":
        return NotModified(URL, (), at, at)
    status = {"gone": 404, "blocked": 521}.get(str(step), 200)
    extra = EXTRAS[step] if isinstance(step, int) else ()
    editor = "贺茜" if step == "editor" else "苏可明"
    body = article_html(editor=editor, paragraphs=(*PARAGRAPHS, *extra), noise=number)
    return Capture(URL, URL, status, (), body if status == 200 else b"no %d" % number, at, at)


FOLDER = TemporaryDirectory()


@cache
def app_of(rules: str) -> App:
    mine = Path(FOLDER.name) / rules / "rules"
    mine.mkdir(parents=True, exist_ok=True)
    (mine / "mine.toml").write_text(RULES[rules], encoding="utf-8")
    return App(Settings(rules_dir=str(mine.parent)), Path("unused.db"), lambda: NOW)


def lived(file: Path, steps: Sequence[tuple[int | str, int]], app: App, pages: int = 1) -> None:
    """Let pages live through steps, each with the hours until the next."""
    with open_store(file) as store:
        with store.transaction() as tx:
            for page in range(pages):
                tx.put_page(PageDraft(f"{URL}?{page}"), T0)
        at = T0
        for number, (step, hours) in enumerate(steps):
            rows = store.reading().pages()
            record(app, store, [Finding(page, outcome(step, at, number), at) for page in rows])
            at += timedelta(hours=hours)


def told(file: Path) -> Any:
    """All that reading commands tell of a database, but for the rows of single checks."""
    with open_overview(file) as reader:
        pages = reader.pages()
        changes = reader.changes()
        life = [
            (reader.history(page.id), reader.stretches(page.id), reader.versions(page.id, range(1, 99)))
            for page in pages
        ]
        reports = [change_report(reader, change) for change in changes]
        counts = [sum(entry.checks for entry in page_report(reader, page).timeline) for page in pages]
        kept = [reader.capture(version.capture) for _, _, versions in life for version in versions.values()]
        whole = reader.coverage(NOW), reader.troubles(), reader.changes_by_day()
    with open_rule_reader(file) as rules:
        under = rules.read_under(T0)
        health = rules.rule_health(T0, [one.rules_id for one in under], 0.01)
    return pages, life, changes, reports, counts, kept, whole, under, health


def replayed(file: Path, rules: str) -> Any:
    """What reading again under other rules tells, and the history it leaves."""
    app = app_of(rules)
    with open_store(file) as store:
        done = [
            (one.appeared, one.vanished) for page in store.reading().pages() for one in replay_pages(app, store, [page])
        ]
        lives = [
            [
                (spell.number, spell.first_seen_at, spell.last_seen_at, spell.title)
                for spell in store.reading().history(page.id)
            ]
            for page in store.reading().pages()
        ]
    return done, lives


def is_sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        whole = connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return whole and connection.execute("pragma foreign_key_check").fetchall() == []


@settings(deadline=None, max_examples=20)
@given(LIVES, st.sampled_from(["counts", "hotline"]), st.sampled_from([3600, 6 * 3600, DAY_S]))
@example([("a", 1)] * 30, "counts", DAY_S)
@example(
    [("blocked", 2)] * 9 + [("a", 1), ("304", 1), ("gone", 5), ("gone", 5), ("gone", 5), ("a", 1)], "hotline", DAY_S
)
def test_what_is_told_and_what_a_replay_gives_is_the_same_before_and_after(
    steps: list[tuple[int | str, int]], rules: str, every: int
) -> None:
    with TemporaryDirectory() as folder:
        full, pruned = Path(folder) / "full.db", Path(folder) / "pruned.db"
        lived(full, steps, app_of("none"))
        back_up(full, pruned)
        keep = replace(KEEP_LITTLE, capture_every_s=every)
        expected = would_prune(pruned, keep, NOW)
        assert prune(pruned, keep, NOW) == expected
        assert told(pruned) == told(full)
        assert is_sound(pruned)
        assert not any(asdict(prune(pruned, keep, NOW)).values())
        assert replayed(pruned, rules) == replayed(full, rules)
        prune(pruned, keep, NOW)
        assert is_sound(pruned)
        assert replayed(pruned, "none") == replayed(full, "none")
        assert is_sound(pruned)


def long_life(file: Path, days: int = 12, pages: int = 1) -> None:
    lived(file, [("a", 1)] * 24 * days, app_of("none"), pages)


def test_a_year_of_noise_becomes_a_capture_and_a_row_a_day(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    long_life(file)
    went = prune(file, KEEP_LITTLE, NOW)
    assert (went.noise, went.bad) == (24 * 12 - 14, 0)
    assert went.bodies >= went.noise - 1
    with open_overview(file) as reader:
        checks = reader.checks(1)
        assert sum(check.checks for check in checks) == 24 * 12
        assert len(checks) == 12 + 3
        assert {check.stands_in for check in checks} == {True, False}
        (stretch,) = reader.stretches(1)
        assert stretch.checks == 24 * 12


def test_what_went_is_on_record_in_the_database(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    long_life(file, 3)
    went = prune(file, KEEP_LITTLE, NOW)
    with closing(sqlite3.connect(file)) as connection:
        at, kept, *rows = connection.execute(
            "select at, retention, captures, bodies, checks, bytes from pruning"
        ).fetchone()
    assert at.startswith("2025-06-05")
    assert json.loads(kept) == asdict(KEEP_LITTLE)
    assert rows == [went.noise, went.bodies, went.checks, went.capture_bytes + went.body_bytes + went.check_bytes]


def test_without_ages_nothing_goes_and_each_age_lets_go_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    long_life(file, 3)
    assert not any(asdict(would_prune(file, Retention(), NOW)).values())
    assert would_prune(file, Retention(captures_after_s=DAY_S), NOW).checks == 0
    only_checks = would_prune(file, Retention(checks_after_s=DAY_S), NOW)
    assert (only_checks.noise, only_checks.checks) == (0, 0)
    assert not any(asdict(would_prune(file, KEEP_LITTLE, T0 + timedelta(days=1))).values())


def test_a_large_page_goes_in_small_transactions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.db"
    long_life(file, 5)
    expected = would_prune(file, KEEP_LITTLE, NOW)
    monkeypatch.setattr(retention, "_MOST", 7)
    assert prune(file, KEEP_LITTLE, NOW) == expected
    assert is_sound(file)


def test_a_run_that_is_stopped_goes_on_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = tmp_path / "a.db", tmp_path / "b.db"
    long_life(file, 5)
    back_up(file, other)
    monkeypatch.setattr(retention, "_MOST", 7)
    for most in range(60):
        asked = iter(range(most))
        prune(file, KEEP_LITTLE, NOW, lambda asked=asked: next(asked, None) is None)
        assert is_sound(file)
    prune(other, KEEP_LITTLE, NOW)
    assert told(file) == told(other)
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(other)) as two:
        for table in ("capture", "body", "page_check"):
            assert one.execute(f"select * from {table}").fetchall() == two.execute(f"select * from {table}").fetchall()


def configure(desk: Desk) -> None:
    desk.configure('[retention]\ncaptures_after = "1d"\ncapture_every = "1d"\nchecks_after = "1d"\n')


def test_the_command_shows_what_would_go_and_then_lets_it_go(desk: Desk) -> None:
    long_life(desk.folder / "govwatch.db", 3)
    ran = desk.run("prune")
    assert ran.code == 2
    assert "nothing is ever pruned without captures_after or checks_after under [retention] in govwatch.toml" in ran.err
    configure(desk)
    before = desk.run("history", "1").out
    dry = desk.run("prune", "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert [line.split()[:5] for line in dry.out.splitlines()] == [
        ["67", "captures", "would", "be", "pruned,"],
        ["67", "bodies", "would", "be", "pruned,"],
        ["66", "checks", "would", "be", "pruned,"],
    ]
    assert "differ in noise from one that stays" in dry.out
    expected = desk.run("prune", "--dry-run", "--json").json
    assert expected == desk.run("prune", "--json").json
    assert desk.run("prune").out == "Nothing pruned.\n"
    assert "Pruned so far: 67 captures and 66 checks; last looked at 20" in desk.run("stats").out
    assert desk.run("history", "1").out == before
    told = desk.run("history", "1", "--checks")
    assert "same        version 1  ×15 until 2024-05-01 23:00" in told.out
    rows = desk.run("history", "1", "--checks", "--json").json
    assert sum(row["checks"] for row in rows) == 72
    assert {row["stands_in"] for row in rows} == {True, False}


def test_a_run_of_bad_captures_is_told_with_its_reason(desk: Desk) -> None:
    lived(desk.folder / "govwatch.db", [("a", 1), *[("blocked", 1)] * 9], app_of("none"))
    configure(desk)
    ran = desk.run("prune")
    assert ran.out.splitlines()[0].split(": ")[1] == "7 bad, amid a run of such"


def test_the_reading_site_counts_checks_as_before(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    long_life(file, 3)
    prune(file, KEEP_LITTLE, NOW)
    with open_overview(file) as reader:
        write_site(reader, tmp_path / "site", NOW)
    told = [file.read_text(encoding="utf-8") for file in (tmp_path / "site").rglob("*.html")]
    assert [page for page in told if "×71" in page]


def test_a_saved_page_of_the_past_finds_its_place_among_rolled_up_checks(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    long_life(file, 3)
    prune(file, KEEP_LITTLE, NOW)
    at = T0 + timedelta(hours=30, minutes=30)
    saved = replace(outcome("editor", at, 99), origin="import")
    with open_store(file) as store:
        record(app_of("none"), store, [Finding(store.reading().pages()[0], saved, at)])
        spells = store.reading().history(1)
    assert [spell.number for spell in spells] == [1, 2, 1]
    assert spells[1].first_seen_at == at
    assert spells[0].last_seen_at < at < spells[2].first_seen_at


PRUNE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from config.settings import Retention
from storage import retention
retention._MOST = 5
print("ready", flush=True)
retention.prune(Path(sys.argv[1]), Retention(86400, 86400, 86400), datetime(2025, 6, 5, tzinfo=UTC))
"""


def test_pruning_that_is_killed_leaves_everything_that_is_told_as_it_was(tmp_path: Path) -> None:
    file, full = tmp_path / "a.db", tmp_path / "full.db"
    long_life(file, 5, pages=2)
    back_up(file, full)
    chance = random.Random(7)
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", PRUNE, str(file)], cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
        assert is_sound(file)
        assert told(file) == told(full)
    prune(file, KEEP_LITTLE, NOW)
    assert told(file) == told(full)
    assert replayed(file, "counts") == replayed(full, "counts")


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
from core.errors import StorageError
try:
    exec(sys.argv[3])
except StorageError as error:
    sys.exit(str(error) if not error.is_passing else 3)
"""


def test_a_disk_that_is_full_amid_pruning_loses_nothing_and_the_next_run_goes_on(tmp_path: Path) -> None:
    file, full = tmp_path / "a.db", tmp_path / "full.db"
    long_life(file, 5)
    back_up(file, full)
    codes, unmeasured = set(), {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    for most in (0, 3_000, 40_000, 90_000, 10_000_000):
        command = [sys.executable, "-c", FULL, str(file), str(most), PRUNE]
        codes.add(subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, env=unmeasured).returncode)
        assert told(file) == told(full)
        assert is_sound(file)
    assert codes == {0, 3}
    assert not any(asdict(prune(file, KEEP_LITTLE, NOW)).values())


def run_once(app: App, monkeypatch: pytest.MonkeyPatch, rounds: int = 1) -> list[DaemonEvent]:
    """Let the daemon's pruning look so many times."""
    is_over, events, left = Event(), list[DaemonEvent](), iter(range(rounds - 1))
    monkeypatch.setattr(is_over, "wait", lambda _: next(left, None) is None)
    keep_pruning(app, is_over, events.append)
    return events


def test_the_daemon_prunes_once_a_day_where_the_configuration_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.db"
    long_life(file, 3)
    clock = [NOW]
    app = App(Settings(retention=KEEP_LITTLE), file, lambda: clock[0])
    assert run_once(App(Settings(), file), monkeypatch) == []
    (event,) = run_once(app, monkeypatch, rounds=3)
    assert (event.kind, event.facts["noise"]) == ("pruned", 67)
    assert event.text.startswith("67 captures pruned, ")
    clock[0] += timedelta(hours=25)
    (event,) = run_once(app, monkeypatch)
    assert event.text == "Nothing pruned."
    clock[0] = NOW - timedelta(days=9)
    assert len(run_once(app, monkeypatch)) == 1


def test_a_lock_is_told_and_waited_out_and_damage_ends_the_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.db"
    long_life(file, 2)
    app = App(Settings(retention=KEEP_LITTLE), file, lambda: NOW)
    monkeypatch.setattr("storage.database.BUSY_S", 0.01)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        (event,) = run_once(app, monkeypatch)
        other.execute("rollback")
    assert (event.kind, "locked" in event.text) == ("trouble", True)
    file.write_bytes(b"notes, not a database\n")
    with pytest.raises(StorageError, match="file is not a database"):
        run_once(app, monkeypatch)
