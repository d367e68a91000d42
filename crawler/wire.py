"""Puts requests on the wire: libcurl on the running event loop, guarded where sockets connect."""

import asyncio
import ctypes
import os
import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pycurl
from msgspec import Struct
from scrapy import Request

from config.settings import CrawlSettings
from crawler.egress import EgressGuard
from crawler.exchange import Answer, Exchange
from crawler.failures import Silent
from crawler.intake import Intake
from crawler.names import Names

_MOST_KEPT_OPEN = 100
_PORTS = {"http": 80, "https": 443}
_BUFFER_BYTES = 64 * 1024
_FIXED = {
    pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
    pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
    pycurl.HTTP_CONTENT_DECODING: 0,
    pycurl.PATH_AS_IS: 1,
    pycurl.NOSIGNAL: 1,
    # Proxies come from the plan alone, never from the environment.
    pycurl.PROXY: "",
    pycurl.NOPROXY: "",
    # Ours is among the header fields; this one would be told to proxies.
    pycurl.USERAGENT: "",
    pycurl.BUFFERSIZE: _BUFFER_BYTES,
}
_VERIFIED = {
    pycurl.SSL_VERIFYPEER: 1,
    pycurl.SSL_VERIFYHOST: 2,
    pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_2,
    pycurl.SSL_CIPHER_LIST: "DEFAULT",
}
_UNVERIFIED = {
    pycurl.SSL_VERIFYPEER: 0,
    pycurl.SSL_VERIFYHOST: 0,
    pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_0,
    pycurl.SSL_CIPHER_LIST: "DEFAULT:@SECLEVEL=0",
}
"""TLS 1.0, keys and signatures of old servers; libcurl keeps such connections apart from verified ones."""

_OPENSSL_CONF = Path(__file__).parent / "openssl.cnf"
_SPACES = bytes.maketrans(b"\r\n\0", b"   ")

Options = dict[int, Any]


class Way(Struct, frozen=True):
    """How a request gets to its server; no two ways share a connection."""

    proxy: str = ""
    accept_invalid_tls: bool = False


class Leg(Struct):
    """One request of a fetch, from queueing to the last byte; what it took is counted from the wire on."""

    budget_s: float
    way: Way
    header_lines: tuple[bytes, ...]
    spent_s: float = 0.0
    task: "asyncio.Task[Answer] | None" = None

    def drop(self) -> None:
        """Take it off the wire, and let go of its answer, which leads back to it and would else live on for a while."""
        if self.task is not None:
            self.task.cancel()
            self.task = None


class Wire:
    """The connections of one crawler, kept open between requests."""

    def __init__(self, settings: CrawlSettings) -> None:
        self._settings = settings
        self._guard = EgressGuard(settings.allow_networks)
        self._intake, self._names = Intake(), Names()
        self._idle: dict[Way, list[Exchange]] = {}
        self._multi = pycurl.AsyncCurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, _MOST_KEPT_OPEN)
        self._options = _FIXED | _trust()
        self._is_ready_for_tls = False

    async def download(self, request: Request, leg: Leg) -> Answer:
        """Return the answer to a request, within the leg's limits. Raises what `explain` knows of."""
        loop = asyncio.get_running_loop()
        if not self._is_ready_for_tls and request.url.startswith("https:"):
            _take_old_servers()
            self._is_ready_for_tls = True
        started_s, waited_s = loop.time(), 0.0
        end_s = started_s + leg.budget_s
        try:
            addresses = await self._addresses(leg.way.proxy or request.url, end_s)
            idle = self._idle.setdefault(leg.way, [])
            exchange = idle.pop() if idle else self._exchange(leg.way)
            try:
                exchange.curl.setopt(pycurl.URL, request.url)
                exchange.curl.setopt(pycurl.HTTPHEADER, leg.header_lines)
                exchange.curl.setopt(pycurl.RESOLVE, addresses)
                return await exchange.run(self._multi, request.url, end_s)
            finally:
                waited_s = exchange.waited_s
                idle.append(exchange)
        finally:
            leg.spent_s = loop.time() - started_s - waited_s

    async def close(self) -> None:
        """Close the connections."""
        await self._multi.aclose()
        self._idle.clear()

    def _exchange(self, way: Way) -> Exchange:
        exchange = Exchange(self._guard, self._intake, self._settings.max_bytes, self._settings.timeout_s)
        for option, value in (self._options | _options_of(way)).items():
            exchange.curl.setopt(option, value)
        return exchange

    async def _addresses(self, url: str, end_s: float) -> list[str]:
        """Return what libcurl is told of the name that a connection needs (its CURLOPT_RESOLVE)."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        addresses = self._names.known(host)
        if addresses is None:
            left_s = min(self._settings.timeout_s, end_s - asyncio.get_running_loop().time())
            try:
                addresses = await asyncio.wait_for(self._names.look_up(host), left_s)
            except TimeoutError:
                raise Silent(f"no answer to a question for the name {host}") from None
        if addresses == (host,):
            return []
        return [f"+{host}:{parts.port or _PORTS[parts.scheme]}:{','.join(addresses)}"]


@lru_cache(maxsize=256)
def header_line(name: str, value: str) -> bytes:
    """Return a header line for libcurl, which drops `name:` and takes `name;` for a field without a value."""
    line = f"{name}: {value}" if value.strip() else f"{name};"
    return line.encode().translate(_SPACES)


def _options_of(way: Way) -> Options:
    options = _UNVERIFIED if way.accept_invalid_tls else _VERIFIED
    if not way.proxy:
        return options
    parts = urlsplit(way.proxy)
    login, _, host = parts.netloc.rpartition("@")
    options = options | {pycurl.PROXY: parts._replace(netloc=host).geturl()}
    if login:
        user, _, password = login.partition(":")
        options |= {pycurl.PROXYUSERNAME: unquote(user).encode(), pycurl.PROXYPASSWORD: unquote(password).encode()}
    return options


def _trust() -> Options:
    """Return where the certificates are that the system trusts, as OpenSSL says, its environment variables included."""
    paths = ssl.get_default_verify_paths()
    options: Options = {}
    if paths.cafile:
        options |= {pycurl.CAINFO: paths.cafile, pycurl.PROXY_CAINFO: paths.cafile}
    # A system that has both has the same in both, and from a single file libcurl reads it once for all connections.
    if paths.capath and (not paths.cafile or paths.openssl_cafile_env in os.environ):
        options |= {pycurl.CAPATH: paths.capath, pycurl.PROXY_CAPATH: paths.capath}
    return options


def _take_old_servers() -> None:
    """Have libcurl's own OpenSSL read openssl.cnf, for which pycurl has no option.

    A libcurl on another library, or one that hides its symbols, keeps that one's rule for old servers.
    """
    library = ctypes.CDLL(pycurl._pycurl.__file__)
    with suppress(AttributeError):
        library.OPENSSL_load_builtin_modules()
        library.CONF_modules_load_file(os.fsencode(_OPENSSL_CONF), None, 0)
