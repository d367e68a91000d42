"""One request and its answer over a handle of libcurl: what was served, byte for byte, within bounds."""

import asyncio
import socket
from typing import Any

import pycurl
from scrapy.http import Response

from core.model import Headers
from crawler.egress import EgressGuard, EgressRefused
from crawler.failures import CurlError, Silent, TooLarge, Unsound
from crawler.intake import LARGE_BYTES, Intake

MOST_HEAD_BYTES = 128 * 1024
_CUT = frozenset({pycurl.E_PARTIAL_FILE, pycurl.E_RECV_ERROR, pycurl.E_FTP_WEIRD_SERVER_REPLY})
"""What libcurl says of a body that did not end as it was said to."""
_REFUSALS = frozenset({pycurl.E_COULDNT_CONNECT, pycurl.E_WRITE_ERROR})
_TOO_LARGE = 100
"""CURLE_TOO_LARGE, which pycurl has no name for."""
_PAUSE: int = pycurl.WRITEFUNC_PAUSE
_REFUSED = 0
"""Fewer bytes than were handed over: libcurl ends the transfer."""


class Answer(Response):
    """A response with its header fields as they were served, in order."""

    __slots__ = ("fields", "ip", "loss")

    fields: Headers
    ip: str
    loss: str
    """How the body is known to be incomplete; empty: it is not."""

    def field(self, name: str) -> str | None:
        """Return the last value of a field (its name in lower case)."""
        return next((value for given, value in reversed(self.fields) if given.lower() == name), None)


class Exchange:
    """A handle, used for one request after another, and the answer that arrives over it."""

    def __init__(self, guard: EgressGuard, intake: Intake, max_bytes: int, timeout_s: float) -> None:
        self.curl = pycurl.Curl()
        self._guard, self._intake = guard, intake
        self._max_bytes, self._timeout_s = max_bytes, timeout_s
        self.waited_s = 0.0
        self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        self.curl.setopt(pycurl.HEADERFUNCTION, self._take_line)
        self.curl.setopt(pycurl.WRITEFUNCTION, self._take_part)

    async def run(self, multi: pycurl.AsyncCurlMulti, url: str, end_s: float) -> Answer:
        """Have the prepared request answered until `end_s` of the loop's time. Raises what `explain` knows of."""
        self._begin(end_s)
        self._future = multi.add_handle(self.curl)
        self._watch()
        try:
            await self._future
            return self._answer(url, None)
        except pycurl.error as error:
            code, message = error.args
            return self._answer(url, CurlError(code, message, self.curl.getinfo(pycurl.OS_ERRNO)))
        except asyncio.CancelledError:
            if self._end is None:
                raise
            raise self._end from None
        finally:
            self._timer.cancel()
            if self._is_large:
                self._intake.leave(self)

    def _begin(self, end_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard_at_s, self._end_s = self._loop.time(), end_s
        self._lines: list[bytes] = []
        self._fields: Headers = ()
        self._parts: list[bytes] = []
        self._head_bytes = self._body_bytes = 0
        self._has_head = self._is_large = False
        self._refusal: Exception | None = None
        self._end: Exception | None = None
        self._paused_at_s: float | None = None
        self.waited_s = 0.0

    def _watch(self) -> None:
        """End the exchange where nothing was heard for too long, or its time is over; waiting in line is neither."""
        now_s = self._loop.time()
        next_s = min(self._heard_at_s + self._timeout_s, self._end_s)
        if self._paused_at_s is not None:
            next_s = now_s + self._timeout_s
        if next_s > now_s:
            self._timer = self._loop.call_at(next_s, self._watch)
            return
        is_silent = self._end_s > self._heard_at_s + self._timeout_s
        self._end_with(
            Silent(f"no answer for {self._timeout_s:g} s" if is_silent else "the fetch took longer than deadline_s")
        )

    def _end_with(self, error: Exception) -> None:
        self._end = error
        self._future.cancel()

    def resume(self) -> None:
        """Go on reading a body that had to wait."""
        assert self._paused_at_s is not None
        self._heard_at_s = self._loop.time()
        waited_s = self._heard_at_s - self._paused_at_s
        self._paused_at_s = None
        self.waited_s += waited_s
        self._end_s += waited_s
        try:
            self.curl.pause(pycurl.PAUSE_CONT)
        except pycurl.error as error:
            code, message = error.args
            self._end_with(self._refusal or CurlError(code, message, 0))

    def _open_socket(self, purpose: int, address: Any) -> Any:
        # The last step before connect(2): names, odd spellings, redirects, proxies and rebinding all end here.
        family, kind, protocol, (ip, *_) = address
        try:
            self._guard.check(ip)
            return socket.socket(family, kind, protocol)
        except (EgressRefused, OSError) as error:
            self._refusal = error
            return pycurl.SOCKET_BAD

    def _take_line(self, line: bytes) -> int | None:
        # Interim answers (1xx) count as well: a server may send them without end.
        self._head_bytes += len(line)
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refusal = TooLarge(f"header lines are larger than {MOST_HEAD_BYTES // 1024} KiB")
            return _REFUSED
        if self._has_head:
            if self._parts or line[:5].upper() != b"HTTP/":
                return None  # A trailer, behind the body.
            self._has_head = False
            self._lines.clear()
        if line in (b"\r\n", b"\n"):
            self._has_head = bool(self._lines)
            self._fields = _fields(self._lines[1:])
            self._heard_at_s = self._loop.time()
        else:
            self._lines.append(line)
        return None

    def _take_part(self, part: bytes) -> int | None:
        size = self._body_bytes + len(part)
        if size > self._max_bytes or (not self._parts and _length(self._fields) > self._max_bytes):
            self._refusal = TooLarge("body is larger than max_bytes")
            return _REFUSED
        if size > LARGE_BYTES:
            self._is_large = True
            if not self._intake.enter(self):
                self._paused_at_s = self._loop.time()
                return _PAUSE
        self._heard_at_s = self._loop.time()
        self._body_bytes = size
        self._parts.append(part)
        return None

    def _answer(self, url: str, error: CurlError | None) -> Answer:
        """Return what was served, a body that was cut included. Raises where that is no answer."""
        if error is not None:
            if self._refusal is not None and error.code in _REFUSALS:
                raise self._refusal
            if error.code == _TOO_LARGE:
                raise TooLarge("header lines are more than 5000, or one is larger than 100 KiB")
            if not self._has_head or error.code not in _CUT or not self.curl.getinfo(pycurl.RESPONSE_CODE):
                raise error
        elif not self._has_head:
            raise ConnectionError("connection closed before the end of the header lines")
        status = _status(self._lines[0])
        if status < 200:
            raise error or Unsound(f"answered with status {status} alone")
        answer = Answer(url, status, body=b"".join(self._parts))
        answer.fields, answer.ip = self._fields, self.curl.getinfo(pycurl.PRIMARY_IP)
        answer.loss = _loss(self._fields, self._body_bytes) if error is not None else ""
        return answer


def _status(line: bytes) -> int:
    status = line.split(None, 2)[1]
    if not status.isdigit():
        raise Unsound(f"status {status[:20]!r} is no number")
    return int(status)


def _fields(lines: list[bytes]) -> Headers:
    """Return the header fields of lines (RFC 9112 section 5), folded ones (5.2) as one."""
    fields: list[tuple[str, str]] = []
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        if name[:1] in (" ", "\t") and fields:
            last, before = fields.pop()
            fields.append((last, f"{before} {line.decode('latin-1').strip()}"))
        else:
            fields.append((name.strip(), value.strip()))
    return tuple(fields)


def _length(fields: Headers) -> int:
    said = next((value.strip() for name, value in fields if name.lower() == "content-length"), "")
    return int(said) if said.isdigit() else 0


def _loss(fields: Headers, have: int) -> str:
    """Say what is missing of a body that broke off; nothing where it was not said how long it would be."""
    said = {name.lower(): value for name, value in fields}
    if "transfer-encoding" in said:
        return f"chunked body ends early (have {have} bytes)"
    if "content-length" in said:
        return f"body shorter than its Content-Length (have {have} of {said['content-length']} bytes)"
    return ""
