"""The figures of the daemon and its health, asked for over HTTP and made from a real database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from fakes.archive import NOW, build
from prometheus_client.parser import text_string_to_metric_families

from govwatch.listening import listening, served_beside
from web import metrics
from web.metrics import Meter, make_metrics_app


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "govwatch.db"
    build(file)
    return file


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter(file: Path, clock: Clock) -> Meter:
    return Meter(file, lambda: NOW + timedelta(hours=1), clock)


def figures(text: bytes) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(text.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_checks_pages_and_memory_are_told(meter: Meter, clock: Clock) -> None:
    for verdict, failure in (("same", ""), ("same", ""), ("unknown", "timeout"), ("unknown", "blocked")):
        meter.count(verdict, failure)
    clock.now_s += 7
    told = figures(meter.text())
    assert told["govwatch_checks_total", "same"] == 2
    assert told["govwatch_failures_total", "timeout"] == told["govwatch_failures_total", "blocked"] == 1
    assert told["govwatch_last_tick_age_seconds",] == 7
    assert [told["govwatch_pages", state] for state in ("watched", "due", "overdue")] == [3, 2, 2]
    assert told["govwatch_database_readable",] == 1
    assert told["process_resident_memory_bytes",] > 1_000_000


def test_the_queue_of_a_channel_is_told_whatever_its_name(meter: Meter, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "insert into outbox (change, channel, not_before) select 1, ?, seen_at from change limit 1", ('a"b\n',)
        )
        connection.commit()
    assert figures(meter.text())["govwatch_queue", 'a"b\n', "waiting"] == 1


def test_a_database_that_cannot_be_read_is_a_figure_too(meter: Meter, file: Path) -> None:
    file.write_bytes(b"notes")
    told = figures(meter.text())
    assert told["govwatch_database_readable",] == 0
    assert ("govwatch_pages", "due") not in told


def test_the_daemon_is_well_while_it_ticks_and_can_write(meter: Meter, file: Path, clock: Clock) -> None:
    assert meter.ailment() == ""
    clock.now_s += 31
    assert meter.ailment() == "no tick for 31 s"
    meter.tick()
    assert meter.ailment() == ""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("pragma user_version").fetchone()[0] > 0


def test_that_it_can_write_is_tried_by_writing_but_not_at_each_request(
    meter: Meter, file: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.fitness._PATIENCE_S", 0.05)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert meter.ailment() == "the database cannot be written to: database is locked"
        other.execute("rollback")
        clock.now_s += 5
        assert "locked" in meter.ailment()
        clock.now_s += 6
        assert meter.ailment() == ""
    tried = []
    monkeypatch.setattr(metrics, "refusal", lambda file: tried.append(file) or "")
    clock.now_s += 11
    assert [meter.ailment() for _ in range(9)] == [""] * 9
    assert len(tried) == 1


@pytest.fixture
def address(meter: Meter) -> Iterator[str]:
    with listening("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with served_beside(make_metrics_app(meter), "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


def test_both_are_served_to_this_machine_alone(address: str, clock: Clock) -> None:
    with urlopen(f"{address}/metrics") as answer:
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert ("govwatch_pages", "due") in figures(answer.read())
    with urlopen(f"{address}/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok\n")
    clock.now_s += 60
    with pytest.raises(HTTPError) as ill:
        urlopen(f"{address}/healthz")
    assert (ill.value.code, ill.value.read()) == (503, b"no tick for 60 s\n")
    with pytest.raises(HTTPError) as foreign:
        urlopen(Request(f"{address}/metrics", headers={"Host": "evil.example"}))
    assert foreign.value.code == 421
