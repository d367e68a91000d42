"""Who may read and write: every request passes here before any route is looked at, and is denied unless it has a right.

In this order: the Host must be one of ours (DNS rebinding points other names at us); nothing may come from another site
but a link that is followed (Fetch Metadata, W3C); what is posted must say that it comes from us; and where there is a
token, it must be shown: by the cookie of a login, as `Authorization: Bearer`, or as the password of `Basic`, which feed
readers can do.
"""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGIN = "/login"
COOKIE = "govwatch"
LEAST_TOKEN = 16
"""Characters a token must have: guessing goes on in the open."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""What every answer says; `cache-control` only where a route does not say it itself.

Other sites get no referrer. Under `no-referrer` a browser would post our own forms with `Origin: null`.
"""
_READING = ("GET", "HEAD")


class Refusal(Struct, frozen=True):
    """Why a request is denied, with its status."""

    status: int
    reason: str


class Guard(Struct, frozen=True):
    """What is let in: requests to one of `hosts`, and with the `token` where there is one."""

    hosts: frozenset[str] = LOOPBACK
    token: str = ""

    @property
    def session(self) -> str:
        """What a browser keeps instead of the token."""
        return hmac.new(self.token.encode(), b"govwatch session", sha256).hexdigest()

    def knows(self, token: str) -> bool:
        """Whether this is the token; takes as long for any wrong one."""
        return bool(self.token) and _same(token, self.token)

    def refusal(self, request: Request) -> Refusal | None:
        """Return why a request is denied, None where it is not."""
        if _host(request.headers.get("host", "")) not in self.hosts:
            return Refusal(421, "This host name is not served here; --allow-host names more.")
        if _is_foreign(request):
            return Refusal(403, "This request comes from another site.")
        if request.method not in (*_READING, "POST"):
            return Refusal(405, "Only GET and POST are known here.")
        is_open = (
            request.url.path == LOGIN or request.url.path == "/favicon.ico" or request.url.path.startswith("/assets/")
        )
        if self.token and not is_open and not self._has_token(request):
            return Refusal(401, "A token is needed.")
        return None

    def _has_token(self, request: Request) -> bool:
        if _same(request.cookies.get(COOKIE, ""), self.session):
            return True
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            given = _password(given)
        return scheme.lower() in ("bearer", "basic") and self.knows(given.strip())


class Safety:
    """The middleware: denies by the guard, and puts HEADERS on every answer, also on those that deny."""

    def __init__(self, app: ASGIApp, guard: Guard, denied: Callable[[Request, Refusal], Response]) -> None:
        self._app, self._guard, self._denied = app, guard, denied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _harden(MutableHeaders(scope=message))
            await send(message)

        request = Request(scope, receive)
        refusal = self._guard.refusal(request)
        app = self._app if refusal is None else self._denied(request, refusal)
        await app(scope, receive, send_with_headers)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there. A name may mean anything, but for `localhost`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _harden(headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        if name != "cache-control" or name not in headers:
            headers[name] = value


def _is_foreign(request: Request) -> bool:
    """Whether another site made the browser ask: `same-site` is another port of this machine, so foreign too."""
    if request.method not in _READING:
        return not _is_our_form(request)
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return False
    if site is not None:
        is_link = request.headers.get("sec-fetch-mode") == "navigate" and request.headers.get("sec-fetch-dest") in (
            None,
            "document",
        )
        return not is_link
    # Old browsers, and new ones over plain http, send no Sec-Fetch-Site; but an Origin with what is not a mere link.
    return not all(_is_our_origin(request, origin) for origin in request.headers.getlist("origin"))


def _is_our_form(request: Request) -> bool:
    """Whether a browser says that what is posted comes from us; what says nothing of it is denied."""
    sites, origins = request.headers.getlist("sec-fetch-site"), request.headers.getlist("origin")
    is_ours = set(sites) <= {"same-origin"} and all(_is_our_origin(request, origin) for origin in origins)
    return is_ours and bool(sites or origins)


def _is_our_origin(request: Request, origin: str) -> bool:
    scheme, _, host = origin.partition("://")
    return scheme in ("http", "https") and host == request.headers.get("host")


def _host(header: str) -> str:
    """Return the name of a Host header, without its port; empty where it is none."""
    try:
        parts = urlsplit(f"//{header}")
        parts.port  # noqa: B018 - raises where it is no number.
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.netloc == header and "@" not in header else ""


def _password(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except (NotBase64, ValueError):
        return ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(sha256(given.encode("utf-8", "replace")).digest(), sha256(wanted.encode()).digest())
