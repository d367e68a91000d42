"""A programmable HTTP server on loopback that sends exactly the bytes it is told to."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal

Behaviour = Literal["serve", "never", "reset", "drip", "cut", "cut-chunked", "garbage"]
RawHeaders = tuple[tuple[str, str | bytes], ...]


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    method: str
    path: str
    headers: dict[str, str]
    """Field names in lower case."""
    at_s: float


@dataclass(frozen=True)
class Page:
    """What to answer. With an `etag`, a matching If-None-Match gets a 304.

    Behaviours: `serve`; `never` (no answer); `reset` (RST); `drip` (a byte of the body every `drip_s`);
    `cut` (Content-Length of the whole, half the body, close); `cut-chunked` (half a chunk, close);
    `garbage` (not HTTP at all).
    """

    body: bytes | str = b""
    status: int = 200
    headers: RawHeaders = ()
    behaviour: Behaviour = "serve"
    etag: str = ""
    drip_s: float = 0.05


Reply = Page
Answer = Page | bytes
"""Bytes go on the wire as they are, and the connection closes."""


@dataclass
class Site:
    """A site on 127.0.0.1 with its own thread: `with Site() as site: site.pages["/a"] = Page("hello")`.

    `pages[path]` is a `Page`, raw `bytes` (the whole reply), or a callable from `Request` to either. Paths
    include the query where one is set; else the query is ignored. `requests` logs everything asked.
    """

    tls: tuple[Path, Path] | None = None
    """Certificate and key files (PEM); None serves plain http."""
    host: str = "127.0.0.1"
    pages: dict[str, Answer | Callable[[Request], Answer]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> "Site":
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._context = None
        if self.tls is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*self.tls)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            _hang_up(connection)

    def url(self, path: str = "/", host: str = "") -> str:
        """Return the address of `path`, under another spelling of the host where given."""
        name = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{'https' if self.tls else 'http'}://{name}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """Return the requests for `path`, in order."""
        return [request for request in self.requests if request.path == path]

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(connection)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, plain: socket.socket) -> None:
        connection = plain
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._context is not None:
                connection = self._context.wrap_socket(plain, server_side=True)
                self._open.add(connection)
            with connection.makefile("rb") as stream:
                for request in _requests(stream):
                    self.requests.append(request)
                    if not self._send(connection, request):
                        return
        except (OSError, ValueError):
            return
        finally:
            for one in (connection, plain):
                self._open.discard(one)
                _hang_up(one)

    def _send(self, connection: socket.socket, request: Request) -> bool:
        """Answer; tell whether the connection stays open."""
        page = self.pages.get(request.path, self.pages.get(request.path.partition("?")[0], Page(status=404)))
        answer = page(request) if callable(page) else page
        if isinstance(answer, bytes):
            connection.sendall(answer)
            return False
        return self._behave(connection, request, answer)

    def _behave(self, connection: socket.socket, request: Request, page: Page) -> bool:
        body = page.body.encode() if isinstance(page.body, str) else page.body
        match page.behaviour:
            case "never":
                self._closing.wait(60)
            case "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case "garbage":
                connection.sendall(b"\x00\xff this is no HTTP \r\n\r\n")
            case "cut":
                connection.sendall(_head(page, len(body)) + body[: len(body) // 2])
            case "cut-chunked":
                connection.sendall(_head(page, None) + f"{len(body):x}\r\n".encode() + body[: len(body) // 2])
            case "drip":
                connection.sendall(_head(page, len(body)))
                self._drip(connection, body, page.drip_s)
            case _:
                return _serve(connection, request, page, body)
        return False

    def _drip(self, connection: socket.socket, body: bytes, drip_s: float) -> None:
        for byte in body:
            if self._closing.wait(drip_s):
                return
            connection.sendall(bytes([byte]))


def _serve(connection: socket.socket, request: Request, page: Page, body: bytes) -> bool:
    if page.etag and request.headers.get("if-none-match") == page.etag:
        connection.sendall(f"HTTP/1.1 304 Not Modified\r\nETag: {page.etag}\r\n\r\n".encode())
    else:
        connection.sendall(_head(page, len(body)) + body)
    return True


def _requests(stream: object) -> Iterator[Request]:
    while line := stream.readline(65536):  # type: ignore[attr-defined]
        method, path, _ = line.decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while (field_line := stream.readline(65536)).strip():  # type: ignore[attr-defined]
            name, _, value = field_line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        yield Request(method, path, headers, time.monotonic())


def _head(page: Page, length: int | None) -> bytes:
    given = {name.lower() for name, _ in page.headers}
    fields: list[tuple[str, str | bytes]] = list(page.headers)
    if "content-type" not in given:
        fields.append(("Content-Type", "text/html; charset=utf-8"))
    if page.etag:
        fields.append(("ETag", page.etag))
    if length is None:
        fields.append(("Transfer-Encoding", "chunked"))
    elif "content-length" not in given:
        fields.append(("Content-Length", str(length)))
    lines = [f"HTTP/1.1 {page.status} Status".encode()]
    lines += [name.encode() + b": " + (v if isinstance(v, bytes) else v.encode("latin-1")) for name, v in fields]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        if not connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)[0]:
            connection.shutdown(socket.SHUT_RDWR)  # with linger set, only close() sends the RST
    connection.close()


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return what a client needs to trust a self-signed certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificate)
    return context


def self_signed(folder: Path, *names: str) -> tuple[Path, Path]:
    """Write a fresh self-signed certificate for `names` into `folder`; return its and its key's file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
