"""A site under load whose truth is known: pages of about 40 KB, in rounds of noise, edits, faults and 304s.

Run as a script it serves on loopback and prints its port; `GET /round/NAME` begins a round. A response is joined from
ready pieces, so that the site costs little beside what is measured.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from typing import Any

from core.model import FIELDS
from govwatch.demo.article import EDITOR, PARAGRAPHS, TITLE, article_html

ROUNDS = ("first", "unchanged", "noise", "noise-again", "edits", "faults", "not-modified")
"""`unchanged` serves the bytes of `first` once more; in all later ones every response differs by its noise.

In `noise` a page's noise is learned, by two readings more; in `noise-again` it is known.
"""

FAULTS = ("error", "missing", "cut", "challenge", "empty", "reset", "maintenance", "login", "half", "bad-gzip")
"""What the first ten of every hundred pages answer in the round `faults`."""

MOST_HOSTS = 8
_NOISE = 123_456
_REPEAT_BYTES = 3_190
"""What a repetition of the paragraphs takes in both copies of the article."""
_MARKS = {
    b"@NUMBER@": "number",
    b"@BODY@": "body",
    b"@EDITOR@": "editor",
    b"%d" % (1000 + 7 * _NOISE): "visits",
    b"%016x" % ((_NOISE + 1) * 2654435761 % 2**64): "token",
}
_MARK = re.compile(b"(" + b"|".join(map(re.escape, _MARKS)) + b")")
_CHALLENGE = b"<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname</script>"
_NOTICE = "<html><head><title>系统维护</title></head><body><p>网站正在维护，请稍后访问。</p></body></html>".encode()
_LOGIN = "<html><head><title>用户登录</title></head><body><form>用户名 密码 登录</form></body></html>".encode()


def edits_of(number: int, round_name: str) -> tuple[int, int]:
    """Return how often body and editor of a page were edited up to and including a round."""
    at = ROUNDS.index(round_name)
    is_edited, is_later = at >= ROUNDS.index("edits"), at >= ROUNDS.index("faults")
    body = (is_edited and number % 20 == 15) + (is_later and number % 100 == 45)
    editor = (is_edited and number % 20 == 10) + (is_later and number % 100 == 25)
    return int(body), int(editor)


def fault_of(number: int, round_name: str) -> str:
    """Return what is wrong with the answer of a page in a round; empty where nothing is."""
    return FAULTS[number % 100] if round_name == "faults" and number % 100 < len(FAULTS) else ""


def truth_of(number: int, round_name: str) -> tuple[str, frozenset[str]]:
    """Return the content a check must report, and the fields that changed."""
    if fault_of(number, round_name):
        return "none", frozenset()
    if round_name == "first":
        return "first-seen", frozenset()
    before = edits_of(number, ROUNDS[ROUNDS.index(round_name) - 1])
    after = edits_of(number, round_name)
    fields = frozenset(name for name, old, new in zip(("body", "editor"), before, after, strict=True) if old != new)
    return ("changed" if fields else "same"), fields & frozenset(FIELDS)


def urls(port: int, pages: int, hosts: int = 1) -> list[str]:
    """Return the addresses of so many pages, spread over hosts."""
    return [f"http://127.0.0.{1 + number % hosts}:{port}/article/{number}.html" for number in range(pages)]


def number_of(url: str) -> int:
    """Return the number of the page at an address."""
    return int(url.rpartition("/")[2].removesuffix(".html"))


def _pieces(repeats: int = 10) -> list[bytes]:
    """Return the page in pieces, every second of which is a mark."""
    body = [f"{paragraph}@NUMBER@之{number}" for number in range(repeats) for paragraph in PARAGRAPHS]
    body[5] += "@BODY@"
    page = article_html(f"{TITLE}@NUMBER@", paragraphs=body, editor=f"{EDITOR}@EDITOR@", noise=_NOISE)
    return _MARK.split(page)


class Pages:
    """Every page of the site in its state of one round."""

    def __init__(self, large_every: int = 0, large_mb: float = 0) -> None:
        self.round_name, self._noise, self._large_every = ROUNDS[0], 0, large_every
        self._pieces = _pieces()
        self._large = _pieces(round(large_mb * 1_000_000 / _REPEAT_BYTES)) if large_mb else self._pieces

    def begin(self, round_name: str) -> None:
        """Begin a round; its noise differs from that of all before, but for the rounds without any."""
        self.round_name = round_name
        self._noise += round_name not in ("first", "unchanged")

    def body(self, number: int) -> bytes:
        """Return a page as served in this round."""
        body, editor = edits_of(number, self.round_name)
        values = {
            "number": b"%d" % number,
            "body": "。拨款增加".encode() * bool(body) + b"%d" % (body * 36) * bool(body),
            "editor": "贺茜".encode() * editor,
            "visits": b"%d" % (1000 + 7 * self._noise + number),
            "token": b"%016x" % ((self._noise + 1) * (number + 1) * 2654435761 % 2**64),
        }
        is_large = self._large_every and number % self._large_every == self._large_every - 1
        pieces = self._large if is_large else self._pieces
        return b"".join(values[_MARKS[piece]] if piece in _MARKS else piece for piece in pieces)

    def answer(self, number: int, has_validators: bool) -> bytes | None:
        """Return the whole response to a request for a page; None: the connection is reset."""
        if self.round_name == "not-modified" and has_validators:
            return _response("304 Not Modified", b"", f'ETag: "{number}"')
        whole = self.body(number)
        etag = f'ETag: "{number}-{self.round_name}"'
        match fault_of(number, self.round_name):
            case "error":
                return _response("500 Internal Server Error", b"<html><body>500</body></html>")
            case "missing":
                return _response("404 Not Found", b"<html><body>404</body></html>")
            case "cut":
                return _response("200 OK", whole, etag)[: -len(whole) // 2]
            case "challenge":
                return _response("521 Down", _CHALLENGE)
            case "empty":
                return _response("200 OK", b"")
            case "reset":
                return None
            case "maintenance":
                return _response("200 OK", _NOTICE)
            case "login":
                return _response("200 OK", _LOGIN)
            case "half":
                return _response("200 OK", whole[: len(whole) // 2], etag)
            case "bad-gzip":
                return _response("200 OK", whole, etag, "Content-Encoding: gzip")
        return _response("200 OK", whole, etag)


def _response(status: str, body: bytes, *fields: str) -> bytes:
    head = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *fields]
    head += [] if status.startswith("304") else [f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


class _Connection(asyncio.Protocol):
    """One connection kept alive; requests come one after another."""

    def __init__(self, pages: Pages, latency_s: float) -> None:
        self._pages, self._latency_s = pages, latency_s
        self._waiting = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            if self._latency_s:
                asyncio.get_running_loop().call_later(self._latency_s, self._reply, request)
            else:
                self._reply(request)

    def _reply(self, request: bytes) -> None:
        path = request.split(b" ", 2)[1].decode()
        if path.startswith("/round/"):
            self._pages.begin(path.removeprefix("/round/"))
            self._transport.write(_response("200 OK", b"round"))
        elif not path.startswith("/article/"):
            self._transport.write(_response("404 Not Found", b""))
        else:
            self._serve(number_of(path), b"if-none-match" in request.lower())

    def _serve(self, number: int, has_validators: bool) -> None:
        answer = self._pages.answer(number, has_validators)
        if answer is None:
            self._transport.abort()
            return
        self._transport.write(answer)
        if fault_of(number, self._pages.round_name) == "cut":
            self._transport.close()


async def serve(latency_s: float, large_every: int, large_mb: float) -> None:
    """Serve on the addresses of all hosts until killed."""
    pages, loop, port = Pages(large_every, large_mb), asyncio.get_running_loop(), 0
    for host in range(MOST_HOSTS):
        server = await loop.create_server(lambda: _Connection(pages, latency_s), f"127.0.0.{1 + host}", port)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await server.serve_forever()


def main(arguments: Sequence[str]) -> None:
    """Serve with a latency in milliseconds; with two more numbers, every so many pages is so many MB large."""
    latency_ms, large_every, large_mb, *_ = (*map(float, arguments), 0, 0, 0)
    asyncio.run(serve(latency_ms / 1000, int(large_every), large_mb))


if __name__ == "__main__":
    main(sys.argv[1:])
