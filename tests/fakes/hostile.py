"""Hosts on loopback that do to a client what the worst of hosts do, each at an address of its own."""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from threading import Event, Thread

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_NO_ROBOTS = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_MOST_PARTS = 100_000

Act = Callable[[socket.socket, Event, str], None]


def _never(client: socket.socket, over: Event, path: str) -> None:
    over.wait(600)


def _drip(client: socket.socket, over: Event, path: str) -> None:
    client.sendall(_OK + b"Content-Length: 100000\r\n\r\n")
    for _ in range(_MOST_PARTS):
        if over.wait(1):
            return
        client.sendall(b"x")


def _drip_head(client: socket.socket, over: Event, path: str) -> None:
    for byte in _OK * 100:
        client.sendall(bytes([byte]))
        if over.wait(1):
            return


def _endless(begin: bytes, part: bytes) -> Act:
    def act(client: socket.socket, over: Event, path: str) -> None:
        client.sendall(begin)
        for _ in range(_MOST_PARTS):
            client.sendall(part)

    return act


def _once(answer: Callable[[], bytes]) -> Act:
    def act(client: socket.socket, over: Event, path: str) -> None:
        client.sendall(answer())

    return act


def _loop(client: socket.socket, over: Event, path: str) -> None:
    client.sendall(
        f"HTTP/1.1 302 Found\r\nLocation: {path}0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )


@cache
def _bomb() -> bytes:
    packed = gzip.compress(bytes(1 << 28))
    return _OK + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed


@cache
def _headers() -> bytes:
    return _OK + b"".join(b"X-%d: y\r\n" % number for number in range(200_000)) + b"\r\nbody"


KINDS: dict[str, Act] = {
    "never": _never,
    "drip": _drip,
    "drip-head": _drip_head,
    "endless": _endless(_OK + b"\r\n", b"x" * 65536),
    "endless-chunks": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"y" * 32768 + b"\r\n"),
    "endless-interim": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "headers": _once(_headers),
    "loop": _loop,
    "bomb": _once(_bomb),
    "too-long": _once(lambda: _OK + b"Content-Length: 1000000000\r\n\r\n" + b"z" * 1_000_000),
    "too-short": _once(lambda: _OK + b"Content-Length: 5\r\n\r\n" + b"z" * 100_000),
    "tls-garbage": _once(lambda: b"\x16\x03\x01\xff\xff" + bytes(range(256)) * 64),
}


@contextmanager
def hostile(kind: str, ip: str) -> Iterator[str]:
    """Run such a host; return the address of its page. It has no robots.txt; one that never answers has nothing."""
    over = Event()
    with socket.create_server((ip, 0), backlog=100) as listener:
        Thread(target=_accept, args=(listener, KINDS[kind], over), daemon=True).start()
        scheme = "https" if kind == "tls-garbage" else "http"
        try:
            yield f"{scheme}://{ip}:{listener.getsockname()[1]}/{kind}"
        finally:
            over.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, act: Act, over: Event) -> None:
    with suppress(OSError):
        while not over.is_set():
            client, _ = listener.accept()
            Thread(target=_converse, args=(client, act, over), daemon=True).start()


def _converse(client: socket.socket, act: Act, over: Event) -> None:
    with client, suppress(OSError, ValueError, IndexError):
        path = client.recv(65536).split(b" ")[1].decode("latin-1")
        if path == "/robots.txt" and act is not _never:
            client.sendall(_NO_ROBOTS)
        else:
            act(client, over, path)
