"""Deliveries: at least once, under a stable id, grouped, retried with back-off, given up loudly."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.clock import Clock
from fakes.receiver import Receiver, receiving

from config.settings import Channel, Settings
from core.errors import UsageError
from core.model import Capture, FailureKind, FetchFailure
from govwatch import delivering
from govwatch.app import App
from govwatch.delivering import MOST_ATTEMPTS, deliver, senders, wait_after
from govwatch.demo.article import article_html
from govwatch.health import HOLD as HEALTH_HOLD
from govwatch.recording import Finding, record
from reports.channels.values import Notice
from storage.rows import PageDraft
from storage.write import Store, open_store

T0 = datetime(2024, 5, 1, tzinfo=UTC)
HOLD = timedelta(seconds=60)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store(Path(":memory:")) as store:
        yield store


def app_with(clock: Clock, *channels: Channel) -> App:
    return App(Settings(path="govwatch.toml", channels=channels), Path("unused.db"), clock)


def change(app: App, store: Store, clock: Clock, pages: int = 1, labels: tuple[str, ...] = ()) -> None:
    """Let pages be seen first, and then change their editor."""
    for number in range(pages):
        url = f"https://www.sc.gov.cn/{number}.shtml"
        with store.transaction() as tx:
            tx.put_page(PageDraft(url, labels=labels), T0)
            (page,) = tx.find_pages(url)
        for editor in ("苏可明", "贺茜"):
            got = Capture(url, url, 200, (), article_html(f"第{number}题", editor=editor), clock(), clock())
            record(app, store, [Finding(page, got, clock())])


def webhook(receiver: Receiver) -> Channel:
    return Channel("hook", "webhook", url=receiver.url)


def play(app: App, store: Store) -> list[str]:
    said: list[str] = []
    deliver(app, store, senders(app), said.append)
    return said


def test_a_change_waits_for_its_hold_and_is_delivered_once(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock)
    assert play(app, store) == []
    clock.at += HOLD
    assert play(app, store) == ["1 change delivered to hook"]
    assert play(app, store) == []
    (headers, body) = receiver.came[0]
    sent = json.loads(body)
    assert sent["id"] == headers["webhook-id"]
    assert sent["subject"] == "第0题: editor 苏可明 -> 贺茜"
    assert [c["diff"]["fields"][0]["field"] for c in sent["changes"]] == ["editor"]


def test_many_changes_of_one_moment_are_one_report(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock, pages=5)
    clock.at += HOLD
    assert play(app, store) == ["5 changes delivered to hook"]
    assert json.loads(receiver.came[0][1])["subject"] == "5 changes on 5 pages"


def test_a_receiver_that_is_down_gets_the_same_report_under_the_same_id_later(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock)
    clock.at += HOLD
    receiver.status = 503
    assert "after 1 try the next is in 0.5 minutes" in play(app, store)[0]
    assert play(app, store) == []
    clock.at += wait_after(1)
    change(app, store, clock, pages=2)
    receiver.status = 200
    assert play(app, store) == ["1 change delivered to hook"]
    (first, body), (again, same) = receiver.came
    assert first["webhook-id"] == again["webhook-id"]
    assert body == same


def test_killed_between_sending_and_acknowledging_the_same_id_goes_out_again(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock)
    clock.at += HOLD
    send = senders(app)["hook"]

    def killed(notice: Notice) -> None:
        send(notice)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(app, store, {"hook": killed}, lambda said: None)
    assert play(app, store) == ["1 change delivered to hook"]
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert len(receiver.came) == 2


def test_a_final_refusal_or_too_many_tries_are_given_up_loudly(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock)
    clock.at += HOLD
    receiver.status = 410
    assert play(app, store)[0].startswith("GIVEN UP after 1 try: channel hook: the webhook answered 410")
    change(app, store, clock, pages=2)
    receiver.status = 500
    clock.at += HOLD
    said = []
    for attempt in range(1, MOST_ATTEMPTS + 3):
        said += play(app, store)
        clock.at += wait_after(attempt)
    assert len(said) == MOST_ATTEMPTS
    assert said[-1].startswith(f"GIVEN UP after {MOST_ATTEMPTS} tries")


def test_each_channel_gets_what_its_filters_let_through(store: Store, tmp_path: Path) -> None:
    clock = Clock(T0)
    names = {"all": {}, "edu": {"labels": ("edu",)}, "titles": {"fields": ("title",)}, "gone": {"kinds": ("removed",)}}
    channels = [Channel(name, "file", path=f"{tmp_path}/{name}", **given) for name, given in names.items()]
    app = app_with(clock, *channels)
    change(app, store, clock, labels=("edu",))
    clock.at += HOLD
    play(app, store)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["all", "edu"]


def test_a_new_channel_starts_from_now_and_a_removed_one_is_left_alone(store: Store, tmp_path: Path) -> None:
    clock = Clock(T0)
    old = app_with(clock, Channel("old", "file", path=f"{tmp_path}/old"))
    change(old, store, clock)
    clock.at += HOLD
    assert play(app_with(clock, Channel("new", "file", path=f"{tmp_path}/new")), store) == []
    assert play(old, store) == ["1 change delivered to old"]


def test_a_channel_that_cannot_be_used_is_told_at_the_start() -> None:
    app = app_with(Clock(T0), Channel("bad", "apprise", url="syslog://localhost"))
    with pytest.raises(UsageError, match=r"govwatch.toml: the scheme 'syslog' is not allowed"):
        senders(app)


def test_the_waits_double_up_to_a_quarter_of_a_day() -> None:
    waits = [wait_after(attempt) / timedelta(seconds=1) for attempt in range(1, MOST_ATTEMPTS)]
    assert waits[:3] == [30, 60, 120]
    assert waits[-1] == 6 * 3600


def test_a_change_that_the_rules_took_away_is_not_sent_any_more(store: Store, tmp_path: Path) -> None:
    clock = Clock(T0)
    app = app_with(clock, Channel("out", "file", path=f"{tmp_path}/out"))
    change(app, store, clock)
    with store.transaction() as tx:
        tx.put_history(1, "other rules", [], [T0], clock())
    clock.at += HOLD
    assert play(app, store) == []


def fall_ill(app: App, store: Store, clock: Clock, number: int) -> None:
    """Let three checks of a page fail."""
    url = f"https://dead.gov.cn/{number}.shtml"
    with store.transaction() as tx:
        tx.put_page(PageDraft(url), T0)
        (page,) = tx.find_pages(url)
    for ago in (7, 1, 0):
        at = clock() - timedelta(hours=ago)
        record(app, store, [Finding(page, FetchFailure(url, FailureKind.TIMEOUT, "no answer in 30 s", at, at), at)])


def test_a_host_whose_pages_fall_ill_one_after_the_other_is_one_delivery(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    said: list[str] = []
    for number in range(40):
        fall_ill(app, store, clock, number)
        clock.at += timedelta(seconds=10)
        said += play(app, store)
    assert said == []
    clock.at += HEALTH_HOLD
    assert play(app, store) == ["40 health notices delivered to hook"]
    assert play(app, store) == []
    ((headers, body),) = receiver.came
    sent = json.loads(body)
    assert (sent["id"], sent["subject"]) == (headers["webhook-id"], "40 pages failing")
    assert sent["changes"] == []
    assert {notice["reason"] for notice in sent["health"]} == {"timeout: no answer in 30 s"}


def test_a_change_does_not_take_along_health_notices_that_wait_for_others(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    fall_ill(app, store, clock, 1)
    change(app, store, clock)
    clock.at += HOLD
    assert play(app, store) == ["1 change delivered to hook"]
    change(app, store, clock, pages=2)
    clock.at += HEALTH_HOLD - HOLD
    assert play(app, store) == ["3 changes and 1 health notice delivered to hook"]


def test_ten_thousand_changes_at_once_are_several_deliveries_of_bounded_size(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "MOST_TOLD", 7)
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock, pages=16)
    clock.at += HOLD
    assert play(app, store) == [f"{many} changes delivered to hook" for many in (7, 7, 2)]
    sent = [json.loads(body) for _, body in receiver.came]
    assert len({one["id"] for one in sent}) == 3
    assert sorted(change["change"] for one in sent for change in one["changes"]) == list(range(1, 17))


def test_a_clock_set_back_does_not_hold_anything_back_for_a_year(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0 + timedelta(days=365))
    app = app_with(clock, webhook(receiver))
    change(app, store, clock)
    clock.at = T0
    receiver.status = 503
    assert "after 1 try" in play(app, store)[0]
    clock.at -= timedelta(days=30)
    receiver.status = 200
    assert play(app, store) == ["1 change delivered to hook"]
