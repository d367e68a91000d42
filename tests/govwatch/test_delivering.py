"""Deliveries: at least once, under a stable id, grouped, retried with back-off, given up loudly."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes.clock import Clock
from fakes.receiver import Receiver, receiving

from config.settings import Channel, Cron, MailServer, Settings
from core.errors import ConfigError, StorageError
from core.model import Capture, FailureKind, FetchFailure
from govwatch import delivering
from govwatch.app import App
from govwatch.delivering import MOST_ATTEMPTS, MOST_SAID_CHARS, deliver, redacted, senders, wait_after
from govwatch.demo.article import article_html
from govwatch.queueing import HEALTH_HOLD
from govwatch.recording import Finding, record
from reports.channels.values import Notice
from storage.outbox import Most
from storage.rows import PageDraft
from storage.write import Store, open_store

T0 = datetime(2024, 5, 1, tzinfo=UTC)
HOLD = timedelta(seconds=60)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


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
    sends = senders(app)
    return [
        said for channel in app.settings.channels for said in deliver(app, store, channel, sends[channel.name], set())
    ]


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
    assert sent["subject"].startswith("第0题: editor 苏可明 -> 贺茜")
    assert [c["diff"]["fields"][0]["field"] for c in sent["changes"]] == ["editor"]


def test_many_changes_of_one_moment_are_one_report(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock, pages=5)
    clock.at += HOLD
    assert play(app, store) == ["5 changes delivered to hook"]
    assert json.loads(receiver.came[0][1])["subject"] == "5 pages of www.sc.gov.cn changed alike"


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
        list(deliver(app, store, app.settings.channels[0], killed, set()))
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


def test_a_fault_of_our_own_in_telling_is_told_and_does_not_end_the_daemon(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(T0)
    app = app_with(clock, webhook(receiver))
    change(app, store, clock)
    clock.at += HOLD
    with monkeypatch.context() as broken:
        broken.setattr(delivering, "notice_of", lambda reader, delivery: [].pop())
        (said,) = play(app, store)
    assert said.startswith("channel hook: a fault of govwatch, please report it: IndexError: pop from empty list; ")
    clock.at += wait_after(1)
    assert play(app, store) == ["1 change delivered to hook"]


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
    with pytest.raises(ConfigError, match=r"govwatch.toml: channel bad: the scheme 'syslog' is not allowed"):
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
    monkeypatch.setattr(delivering, "MOST_TOLD", Most(7, 7))
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


def digest(receiver: Receiver, line: str, zone: str = "Asia/Shanghai") -> Channel:
    return Channel("digest", "webhook", url=receiver.url, digest=Cron(line, ZoneInfo(zone)))


def test_a_daily_digest_holds_all_that_came_since_the_last(store: Store, receiver: Receiver) -> None:
    clock = Clock(datetime(2024, 5, 1, 23, 59, tzinfo=UTC))
    app = app_with(clock, digest(receiver, "0 8 * * *"))
    said: list[list[str]] = []
    for wait in (timedelta(minutes=1), timedelta(hours=1), timedelta(hours=22, minutes=59), timedelta(minutes=1)):
        change(app, store, clock, pages=2)
        clock.at += wait
        said.append(play(app, store))
    assert said == [["2 changes delivered to digest"], [], [], ["12 changes delivered to digest"]]
    assert play(app, store) == []


def test_an_hourly_digest_comes_with_the_hour_and_holds_health_too(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0 + timedelta(minutes=10))
    app = app_with(clock, digest(receiver, "0 * * * *"))
    change(app, store, clock)
    fall_ill(app, store, clock, 1)
    clock.at = T0 + timedelta(minutes=59)
    assert play(app, store) == []
    clock.at = T0 + timedelta(hours=1)
    assert play(app, store) == ["1 change and 1 health notice delivered to digest"]


def test_a_digest_told_daily_comes_at_that_time_also_when_the_clocks_change(store: Store, receiver: Receiver) -> None:
    clock = Clock(datetime(2026, 3, 28, 12, tzinfo=UTC))
    app = app_with(clock, digest(receiver, "0 8 * * *", "Europe/Berlin"))
    change(app, store, clock)
    clock.at = datetime(2026, 3, 29, 5, 59, tzinfo=UTC)
    assert play(app, store) == []
    clock.at += timedelta(minutes=1)
    assert play(app, store) == ["1 change delivered to digest"]


def test_the_membership_of_a_digest_is_frozen_before_its_first_try(store: Store, receiver: Receiver) -> None:
    clock = Clock(T0)
    app = app_with(clock, digest(receiver, "0 * * * *"))
    change(app, store, clock)
    clock.at += timedelta(hours=1)
    receiver.status = 503
    play(app, store)
    change(app, store, clock, pages=3)
    clock.at += timedelta(hours=1)
    receiver.status = 200
    assert play(app, store) == ["1 change delivered to digest", "4 changes delivered to digest"]
    ids = [headers["webhook-id"] for headers, _ in receiver.came]
    assert len(ids) == 3
    assert ids[0] == ids[1] != ids[2]


def test_a_new_channel_is_never_told_what_was_before(store: Store, tmp_path: Path) -> None:
    clock = Clock(T0)
    without = app_with(clock)
    change(without, store, clock)
    fall_ill(without, store, clock, 1)
    clock.at += timedelta(days=30)
    new = Channel("new", "file", path=f"{tmp_path}/new")
    app = app_with(clock, new, Channel("daily", "file", path=f"{tmp_path}/daily", digest=Cron("0 8 * * *")))
    assert play(app, store) == []
    change(app, store, clock)
    clock.at += timedelta(days=2)
    assert play(app, store) == ["2 changes delivered to new", "2 changes delivered to daily"]
    for name in ("new", "daily"):
        (line,) = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert sorted(change["change"] for change in json.loads(line)["changes"]) == [2, 3]


def test_a_channel_put_back_goes_on_where_it_was(store: Store, tmp_path: Path) -> None:
    clock = Clock(T0)
    old = app_with(clock, Channel("old", "file", path=f"{tmp_path}/old"))
    change(old, store, clock)
    clock.at += timedelta(days=30)
    without = app_with(clock)
    change(without, store, clock, pages=2)
    assert play(without, store) == []
    assert play(old, store) == ["1 change delivered to old"]


def test_what_a_receiver_repeats_of_a_secret_is_neither_told_nor_kept(receiver: Receiver, tmp_path: Path) -> None:
    clock = Clock(T0)
    url, secret = f"{receiver.url}/t0ken-of-path?key=t0ken-of-query", "s1gning-s3cret"
    receiver.location, receiver.status = f"https://elsewhere.org/{secret}?{url}", 302
    app = app_with(clock, Channel("hook", "webhook", url=url, secret=secret))
    with open_store(tmp_path / "kept.db") as store:
        change(app, store, clock)
        clock.at += HOLD
        (said,) = play(app, store)
    assert said.startswith("GIVEN UP after 1 try: channel hook: the webhook answered 302")
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for hidden in ("t0ken-of-path", "t0ken-of-query", secret):
        assert hidden not in said
        assert hidden not in receiver.came[0][1].decode()
        assert hidden.encode() not in kept


def test_all_channels_that_cannot_be_used_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    channels = (
        Channel("chat", "apprise", url="slack://T0KENT0KEN"),
        Channel("file", "file", path=f"{tmp_path}/none/out.jsonl"),
        Channel("good", "file", path=f"{tmp_path}/out.jsonl"),
        Channel("run", "apprise", url="exec://T0KENT0KEN"),
    )
    with pytest.raises(ConfigError) as caught:
        senders(app_with(Clock(T0), *channels))
    chat, file, run = caught.value.problems
    assert chat == "govwatch.toml: channel chat: needs the package apprise: pip install 'govwatch[apprise]'"
    assert "channel file: there is no folder" in file
    assert "channel run: the scheme 'exec' is not allowed" in run
    assert "T0KEN" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_a_mail_server_says_is_told_without_the_password_and_not_at_any_length() -> None:
    server = MailServer("h", 25, "none", "a@b.cn", ("c@d.cn",), "user", "hush-hush")
    said = redacted(f"535 no hush-hush {'x' * 10_000}", Channel("post", "mail", mail=server))
    assert said.startswith("535 no *** xxx")
    assert len(said) == MOST_SAID_CHARS + 1


def test_what_was_taken_is_not_sent_again_while_the_database_refuses_to_note_it(tmp_path: Path) -> None:
    clock, taken, sent = Clock(T0), set[int](), list[str]()
    app = app_with(clock, Channel("hook", "stdout"))
    with open_store(tmp_path / "kept.db", 0.05) as store, open_store(tmp_path / "kept.db") as other:
        change(app, store, clock)
        clock.at += HOLD
        lock = other.transaction()

        def send(notice: Notice) -> None:
            sent.append(notice.id)
            lock.__enter__()

        for _ in range(2):
            with pytest.raises(StorageError, match="another govwatch is writing"):
                list(deliver(app, store, app.settings.channels[0], send, taken))
        lock.__exit__(None, None, None)
        said = list(deliver(app, store, app.settings.channels[0], send, taken))
    assert said == ["1 change delivered to hook"]
    assert len(sent) == 1
    assert not taken
