"""How connections are made: TLS of old servers, tunnels through proxies, connections that break."""

import shutil
import socket
import ssl
import struct
import time
from pathlib import Path

import pytest
from fakes.site import self_signed
from fakes.tls import answering, context_of, gnutls, listening
from msgspec.structs import replace

from config.settings import CrawlSettings
from core.model import Capture, FailureKind, FetchFailure, FetchPlan, Outcome
from crawler.crawl import fetch_all

SETTINGS = CrawlSettings(
    delay_s=0, retries=0, timeout_s=2, deadline_s=4, obey_robots=False, allow_networks=("127.0.0.0/8",)
)
HELLO = b"HTTP/1.0 200 OK\r\n\r\nhello"


def fetch(plan: FetchPlan, settings: CrawlSettings = SETTINGS) -> Outcome:
    got: list[Outcome] = []
    fetch_all([plan], settings, lambda _, outcome: got.append(outcome))
    return got[0]


def told(outcome: Outcome) -> str:
    """Return the body, or the kind of a failure."""
    if isinstance(outcome, Capture):
        return f"{outcome.body.decode()} {outcome.defect}".strip()
    assert isinstance(outcome, FetchFailure), outcome
    return outcome.kind.value


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate for localhost that is trusted."""
    files = self_signed(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    return files


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"])
def test_old_versions_of_tls_are_spoken_only_where_the_plan_accepts_them(
    certificate: tuple[Path, Path], version: str
) -> None:
    context = context_of(certificate, getattr(ssl.TLSVersion, version))
    is_old = version in ("TLSv1", "TLSv1_1")
    with listening(answering(context, HELLO)) as port:
        plan = FetchPlan(1, f"https://localhost:{port}/")
        assert told(fetch(plan)) == ("tls" if is_old else "hello")
        assert told(fetch(replace(plan, accept_invalid_tls=True))) == "hello"


@pytest.mark.skipif(shutil.which("gnutls-serv") is None, reason="gnutls-serv (Debian: gnutls-bin) is not installed")
def test_a_server_without_secure_renegotiation_is_spoken_to(certificate: tuple[Path, Path]) -> None:
    with gnutls(certificate, "NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION") as port:
        for accept in (False, True):
            plan = FetchPlan(1, f"https://localhost:{port}/", accept_invalid_tls=accept)
            assert "GnuTLS" in told(fetch(plan))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HELLO, "hello"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
            "hello body shorter than its Content-Length (have 5 of 9 bytes)",
        ),
    ],
)
def test_a_tls_body_without_a_goodbye_is_whole_where_nothing_says_otherwise(
    certificate: tuple[Path, Path], answer: bytes, expected: str
) -> None:
    context = context_of(certificate, ssl.TLSVersion.TLSv1_2)
    with listening(answering(context, answer, says_goodbye=False)) as port:
        assert told(fetch(FetchPlan(1, f"https://localhost:{port}/"))) == expected


@pytest.mark.parametrize("wait_s", [0, 0.1])
def test_a_connection_lost_in_the_handshake_is_no_fault_of_tls(wait_s: float) -> None:
    # Closed at once it ends; closed with something unread it is reset.
    with listening(lambda client: time.sleep(wait_s)) as port:
        assert told(fetch(FetchPlan(1, f"https://localhost:{port}/"))) == "connection"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"Content-Length: 9\r\n\r\nhello", "hello body shorter than its Content-Length (have 5 of 9 bytes)"),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello", "hello chunked body ends early (have 5 bytes)"),
        (b"\r\nhello", "hello"),
    ],
)
def test_a_body_that_ends_in_a_reset_is_kept_with_what_is_known_to_be_missing(head: bytes, expected: str) -> None:
    def converse(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\n" + head)
        time.sleep(0.1)  # What is still under way when the reset comes is lost.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(converse) as port:
        assert told(fetch(FetchPlan(1, f"http://127.0.0.1:{port}/"))) == expected


def test_a_tunnel_is_asked_for_with_the_proxys_login_and_told_nothing_else(certificate: tuple[Path, Path]) -> None:
    asked: list[bytes] = []
    context = context_of(certificate, ssl.TLSVersion.TLSv1_3)

    def proxy(client: socket.socket) -> None:
        asked.append(client.recv(65536))
        client.sendall(b"HTTP/1.1 200 Connected\r\nX-Proxy: 1\r\n\r\n")
        answering(context, HELLO)(client)

    with listening(proxy) as port:
        url = f"http://me:p%40w@127.0.0.1:{port}"
        plan = FetchPlan(1, "https://localhost:4433/", proxy=url, cookies=(("secret", "1"),))
        got = fetch(plan)
    assert isinstance(got, Capture), got
    assert (got.body, got.tls, got.ip, got.headers) == (b"hello", "verified", "127.0.0.1", ())
    (head,) = asked
    assert head.startswith(b"CONNECT localhost:4433 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6cEB3\r\n" in head
    assert b"secret" not in head
    assert b"User-Agent" not in head


@pytest.mark.parametrize("status", [407, 502])
def test_a_proxy_that_opens_no_tunnel_gives_no_capture(status: int) -> None:
    def proxy(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 %d No\r\nContent-Length: 2\r\n\r\nno" % status)

    with listening(proxy) as port:
        got = fetch(FetchPlan(1, "https://example.org/", proxy=f"http://127.0.0.1:{port}"))
    assert isinstance(got, FetchFailure)
    assert got.kind is FailureKind.PROTOCOL
    assert str(status) in got.detail


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    def converse(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(HELLO)

    with listening(converse) as port:
        assert told(fetch(FetchPlan(1, f"http://127.0.0.1:{port}/"))) == "hello"


def test_a_fields_value_cannot_begin_another_field() -> None:
    asked: list[bytes] = []

    def converse(client: socket.socket) -> None:
        asked.append(client.recv(65536))
        client.sendall(HELLO)

    with listening(converse) as port:
        headers = (("X-A", "1\r\nX-Smuggled: 1"), ("X-Empty", ""), ("user-agent", "mine"))
        assert told(fetch(FetchPlan(1, f"http://127.0.0.1:{port}/", headers=headers))) == "hello"
    lines = asked[0].split(b"\r\n")
    assert b"X-A: 1  X-Smuggled: 1" in lines
    assert b"X-Empty:" in lines
    assert [line for line in lines if line.lower().startswith(b"user-agent")] == [b"user-agent: mine"]
