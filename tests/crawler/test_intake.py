"""How many large bodies arrive at once, and what becomes of those that wait."""

import socket
import time
from contextlib import ExitStack
from threading import Event

from fakes.tls import listening

from config.settings import CrawlSettings
from core.model import Capture, FailureKind, FetchFailure, FetchPlan, Outcome
from crawler.crawl import fetch_all
from crawler.intake import MOST_LARGE, MOST_SLOW

LARGE = 1_500_000
SETTINGS = CrawlSettings(
    delay_s=0,
    retries=0,
    timeout_s=1,
    deadline_s=4,
    concurrency_per_host=8,
    obey_robots=False,
    allow_networks=("127.0.0.0/8",),
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"


def sent(client: socket.socket) -> None:
    client.recv(65536)
    client.sendall(HEAD % LARGE + bytes(LARGE))


def fetched(*ports: int) -> dict[int, Outcome]:
    got: dict[int, Outcome] = {}
    plans = [FetchPlan(port, f"http://127.0.0.1:{port}/") for port in ports]
    fetch_all(plans, SETTINGS, lambda plan, outcome: got.update({plan.page: outcome}))
    return got


def test_hosts_that_drip_large_bodies_keep_no_other_large_body_from_arriving() -> None:
    over = Event()

    def drip(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(HEAD % (2 * LARGE) + bytes(LARGE))
        while not over.wait(0.2):
            client.sendall(b"x")

    with ExitStack() as stack:
        dripping = [stack.enter_context(listening(drip)) for _ in range(MOST_LARGE)]
        good = stack.enter_context(listening(lambda client: time.sleep(0.3) or sent(client)))
        got = fetched(*dripping, good)
        over.set()
    assert isinstance(got[good], Capture), got[good]
    for port in dripping:
        outcome = got[port]
        assert isinstance(outcome, FetchFailure)
        assert outcome.kind is FailureKind.TIMEOUT


def test_waiting_in_line_counts_for_no_deadline() -> None:
    over = Event()

    def silent(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(HEAD % (2 * LARGE) + bytes(LARGE))
        for _ in range(20):
            if over.wait(0.5):
                return
            client.sendall(b"x")

    with ExitStack() as stack:
        holding = [stack.enter_context(listening(silent)) for _ in range(MOST_LARGE + MOST_SLOW)]
        good = stack.enter_context(listening(lambda client: time.sleep(0.5) or sent(client)))
        started_s = time.monotonic()
        got = fetched(*holding, good)
        over.set()
    assert isinstance(got[good], Capture), got[good]
    assert time.monotonic() - started_s < 3 * SETTINGS.deadline_s
