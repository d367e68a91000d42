"""Health notices: told once, in the transaction of the check or by the daemon's tick, and never as a change."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from fakes.clock import Clock

from config.settings import Channel, Settings, Target
from core.model import Capture, FailureKind, FetchFailure, Outcome
from govwatch import health
from govwatch.app import App
from govwatch.demo.article import article_html
from govwatch.health import GRACE, TICK_S, Wakefulness, note_stale, watch_health
from govwatch.queueing import HEALTH_HOLD, HEALTH_PAUSE
from govwatch.recording import Checked, Finding, record
from storage.health import HealthRow
from storage.outbox import Most
from storage.rows import PageDraft
from storage.write import Store, open_store

T0 = datetime(2024, 5, 1, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HOOK = Channel("hook", "stdout")


@pytest.fixture
def clock() -> Clock:
    return Clock(T0)


def app_with(clock: Clock, *channels: Channel, targets: tuple[Target, ...] = ()) -> App:
    return App(Settings(path="govwatch.toml", channels=channels, targets=targets), Path("unused.db"), clock)


def url(number: int, host: str = "www.sc.gov.cn") -> str:
    return f"https://{host}/{number}.shtml"


def add(store: Store, address: str, labels: tuple[str, ...] = ()) -> None:
    with store.transaction() as tx:
        tx.put_page(PageDraft(address, scheduled=True, labels=labels), T0)


def good(address: str, at: datetime, **shown: object) -> Capture:
    return Capture(address, address, 200, (), article_html(**shown), at, at)


def dead(address: str, at: datetime) -> FetchFailure:
    return FetchFailure(address, FailureKind.TIMEOUT, "no answer in 30 s", at, at)


def blocked(address: str, at: datetime) -> Capture:
    return Capture(address, address, 521, (), b"<script>document.cookie=('_')+('_')</script>", at, at)


def gone(address: str, at: datetime) -> Capture:
    return Capture(address, address, 404, (), b"Not Found", at, at)


def check(app: App, store: Store, outcome: Outcome) -> Checked:
    (page,) = store.reading().find_pages(outcome.url)
    return record(app, store, [Finding(page, outcome, app.now())])[0]


def fall_ill(app: App, store: Store, address: str, at: datetime) -> None:
    """Let checks fail until that is told."""
    (page,) = store.reading().find_pages(address)
    for ago in (7, 1, 0):
        failed_at = at - timedelta(hours=ago)
        record(app, store, [Finding(page, dead(address, failed_at), failed_at)])


def notices(store: Store) -> list[HealthRow]:
    return store.reading().notices(range(1, 1000))


def kinds(store: Store) -> list[str]:
    return [row.kind for row in notices(store)]


def waiting(store: Store) -> list[str]:
    return [row["channel"] for row in store.reading()._rows("select channel from outbox where health is not null")]


def test_bad_checks_in_a_row_are_told_once_never_as_a_change_and_so_is_the_recovery(store: Store, clock: Clock) -> None:
    app = app_with(clock, HOOK)
    add(store, url(1))
    for make in (good, blocked, dead, blocked, blocked, blocked, good, good):
        check(app, store, make(url(1), clock()))
        clock.at += DAY
    assert kinds(store) == ["failing", "stale", "recovered"]
    failing, _, recovered = notices(store)
    assert (failing.bad_checks, failing.since, failing.at) == (3, T0 + DAY, T0 + 3 * DAY)
    assert failing.reason.startswith("blocked: status 521")
    assert (recovered.bad_checks, recovered.since) == (5, T0 + DAY)
    assert store.reading().changes() == []
    assert len(store.reading().history(1)) == 1


def test_what_is_told_as_removed_is_a_change_and_no_trouble(store: Store, clock: Clock) -> None:
    app = app_with(clock, HOOK)
    add(store, url(1))
    for make in (good, *[gone] * 20, good):
        check(app, store, make(url(1), clock()))
        clock.at += DAY
        note_stale(app, store)
    assert kinds(store) == []
    assert [change.kind for change in store.reading().changes()] == ["restored", "removed"]


def test_what_is_imported_says_nothing_of_the_health(store: Store, clock: Clock) -> None:
    app = app_with(clock, HOOK)
    add(store, url(1))
    for _ in range(5):
        clock.at += MINUTE
        saved = Capture(url(1), url(1), 521, (), b"x", clock(), clock(), origin="import")
        check(app, store, saved)
    assert kinds(store) == []


def test_a_page_that_nothing_checks_is_told_once_and_after_its_recovery_again(store: Store, clock: Clock) -> None:
    app = app_with(clock, HOOK)
    add(store, url(1))
    add(store, url(2))
    check(app, store, good(url(1), clock()))
    told = []
    for _ in range(20):
        clock.at += DAY / 2
        told.append(note_stale(app, store))
    assert [turn for turn, many in enumerate(told) if many] == [1, 9]
    assert [(row.page, row.kind, row.bad_checks) for row in notices(store)] == [(2, "stale", 0), (1, "stale", 0)]
    check(app, store, good(url(1), clock()))
    clock.at += 5 * DAY
    assert note_stale(app, store) == 1
    assert kinds(store) == ["stale", "stale", "recovered", "stale"]


def test_the_limits_are_settings_of_the_target(store: Store, clock: Clock) -> None:
    quick = Target("quick", url(1), failing_after=1, failing_for_s=0, stale_after_s=3600)
    app = app_with(clock, HOOK, targets=(quick,))
    add(store, url(1))
    add(store, url(2))
    for number in (1, 2):
        check(app, store, good(url(number), clock()))
    clock.at += timedelta(hours=2)
    assert note_stale(app, store) == 1
    for number in (1, 2):
        check(app, store, dead(url(number), clock()))
    assert [(row.page, row.kind) for row in notices(store)] == [(1, "stale"), (1, "failing")]


def test_a_page_resumed_after_a_long_pause_is_not_stale(store: Store, clock: Clock) -> None:
    app = app_with(clock, HOOK)
    add(store, url(1))
    check(app, store, good(url(1), clock()))
    with store.transaction() as tx:
        tx.set_status(1, "paused")
    clock.at += 90 * DAY
    assert note_stale(app, store) == 0
    with store.transaction() as tx:
        tx.set_status(1, "active")
        tx.watch_from(1, clock())
    assert note_stale(app, store) == 0
    clock.at += 2 * DAY
    assert note_stale(app, store) == 1


def test_channels_are_told_unless_they_say_otherwise_or_the_labels_do(store: Store, clock: Clock) -> None:
    channels = (HOOK, Channel("quiet", "stdout", health=False), Channel("edu", "stdout", labels=("edu",)))
    app = app_with(clock, *channels, Channel("titles", "stdout", fields=("title",), kinds=("removed",)))
    for number, labels in ((1, ()), (2, ("edu",))):
        add(store, url(number), labels)
        fall_ill(app, store, url(number), clock())
    assert sorted(waiting(store)) == ["edu", "hook", "hook", "titles", "titles"]


def due_at(store: Store) -> list[datetime]:
    rows = store.reading()._rows("select not_before from outbox order by id")
    return [datetime.fromisoformat(row["not_before"]) for row in rows]


def test_pages_of_one_host_that_fall_ill_one_after_the_other_wait_for_each_other(store: Store, clock: Clock) -> None:
    app = app_with(clock, HOOK)
    for number in range(8):
        address = url(number, "a.gov.cn" if number < 6 else "b.gov.cn")
        add(store, address)
        fall_ill(app, store, address, clock())
        clock.at += MINUTE
        if number == 3:
            with store.transaction() as tx:
                tx.make_delivery("hook", "first", clock(), timedelta(0), Most(9, 9))
    first, told = T0 + HEALTH_HOLD, T0 + 4 * MINUTE
    assert due_at(store) == [first] * 4 + [told + HEALTH_PAUSE] * 2 + [T0 + 6 * MINUTE + HEALTH_HOLD] * 2


def test_the_daemon_waits_after_its_start_a_sleep_and_a_jump_of_the_clock() -> None:
    tick = timedelta(seconds=TICK_S)
    awake, now = Wakefulness(T0), T0

    def ticks(many: int) -> list[bool]:
        nonlocal now
        said = []
        for _ in range(many):
            now += tick
            said.append(awake.is_long_enough(now))
        return said

    whole = int(GRACE / tick)
    assert ticks(whole + 1) == [False] * (whole - 1) + [True] * 2
    for jump in (DAY, -DAY):
        now += jump
        assert ticks(whole + 1) == [False] * whole + [True]


def test_an_outcome_that_is_not_kept_tells_nothing(store: Store, clock: Clock) -> None:
    app = app_with(clock, HOOK, targets=(Target("quick", url(1), failing_after=1, failing_for_s=0),))
    add(store, url(1))
    (page,) = store.reading().find_pages(url(1))
    broken = Finding(page, "no outcome", clock())  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        record(app, store, [Finding(page, dead(url(1), clock()), clock()), broken])
    assert kinds(store) == []
    check(app, store, dead(url(1), clock()))
    assert kinds(store) == ["failing"]


def test_the_daemon_tells_of_pages_that_nothing_checks_until_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "TICK_S", 0.01)
    monkeypatch.setattr(health, "open_store", lambda file: open_store(file, 0.05))
    monkeypatch.setattr(health, "GRACE", timedelta(0))
    file, now, said = tmp_path / "kept.db", T0 + 2 * DAY, list[str]()
    with open_store(file) as store:
        add(store, url(1))
        app, is_over = App(Settings(path="govwatch.toml"), file, lambda: now), Event()
        thread = Thread(target=watch_health, args=(app, is_over, said.append))
        with store.transaction():
            thread.start()
            until(lambda: bool(said))
        until(lambda: kinds(store) == ["stale"])
        is_over.set()
        thread.join(5)
    assert not thread.is_alive()
    assert "another govwatch is writing to it" in said[0]


def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it does not come to hold")
