"""Reports to a webhook: JSON, signed by the Standard Webhooks specification (version 1)."""

import hmac
import http.client
import ssl
import time
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from email.message import Message
from typing import IO, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from core.errors import DeliveryError
from reports.channels.deadline import deadline
from reports.channels.values import Notice, Send

TIMEOUT_S = 15.0
DEADLINE_S = 30.0
"""How long an answer may take in all."""
_WORTH_AGAIN = (408, 425, 429)


class _Bounded(http.client.HTTPConnection):
    def getresponse(self) -> http.client.HTTPResponse:
        with deadline(self.sock, DEADLINE_S):
            return super().getresponse()


class _BoundedTls(_Bounded, http.client.HTTPSConnection):
    pass


class _Plain(HTTPHandler):
    def http_open(self, req: Request) -> http.client.HTTPResponse:
        """Open (the name and shape are urllib's)."""
        return self.do_open(_Bounded, req)


class _Secure(HTTPSHandler):
    def https_open(self, req: Request) -> http.client.HTTPResponse:
        """Open (the name and shape are urllib's)."""
        return self.do_open(_BoundedTls, req, context=ssl.create_default_context())


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would lose its body or go where nobody has looked."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> NoReturn:
        """Refuse (the name and shape are urllib's)."""
        # Only the host: the rest may hold the token of our own address.
        raise HTTPError(req.full_url, code, f"redirects to {urlsplit(newurl).hostname}", headers, fp)


def to_webhook(name: str, url: str, secret: str, clock: Callable[[], float] = time.time) -> Send:
    """Return what posts reports to `url`, signed where there is a secret (`whsec_` and base64, or any text).

    2xx is taken; 408, 425, 429 and 5xx are worth another try; any other answer is final.
    """
    opener = build_opener(_NoRedirect, _Plain, _Secure)

    def send(notice: Notice) -> None:
        body = notice.json.encode()
        request = Request(url, body, _headers(notice.id, body, secret, int(clock())), method="POST")
        try:
            # The body of the answer is not waited for: its status says that the report was taken.
            opener.open(request, timeout=TIMEOUT_S).close()
        except HTTPError as error:
            again = error.code in _WORTH_AGAIN or error.code >= 500
            raise DeliveryError(name, f"the webhook answered {error.code} {error.reason}", not again) from error
        except (URLError, http.client.HTTPException, OSError) as error:
            raise DeliveryError(name, f"the webhook cannot be reached: {_reason(error)}") from error

    return send


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, section Signature)."""
    digest = hmac.digest(_key(secret), f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{b64encode(digest).decode()}"


def _headers(message_id: str, body: bytes, secret: str, timestamp: int) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "govwatch",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
    }
    return headers | ({"webhook-signature": signature(secret, message_id, timestamp, body)} if secret else {})


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return b64decode(secret.removeprefix("whsec_"), validate=True)
        except Base64Error:
            pass  # A secret of another maker may begin like this too; it is then taken as it is.
    return secret.encode()


def _reason(error: Any) -> str:
    cause = getattr(error, "reason", error)
    return cause.verify_message if isinstance(cause, ssl.SSLCertVerificationError) else str(cause) or repr(cause)
