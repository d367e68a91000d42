"""The ways in which a fetch can fail, and what each is told as: a kind and one line."""

import errno
import socket

import pycurl

from core.model import FailureKind
from crawler.egress import EgressRefused

_TLS_ADVICE = 'certificate or handshake refused; if the site is known to be so, set tls = "accept-invalid"'

_KINDS = {
    pycurl.E_COULDNT_RESOLVE_HOST: FailureKind.DNS,
    pycurl.E_COULDNT_RESOLVE_PROXY: FailureKind.DNS,
    pycurl.E_OPERATION_TIMEDOUT: FailureKind.TIMEOUT,
    pycurl.E_COULDNT_CONNECT: FailureKind.CONNECTION,
    pycurl.E_GOT_NOTHING: FailureKind.CONNECTION,
    pycurl.E_SEND_ERROR: FailureKind.CONNECTION,
    pycurl.E_RECV_ERROR: FailureKind.CONNECTION,
    pycurl.E_PARTIAL_FILE: FailureKind.CONNECTION,
    pycurl.E_SSL_CONNECT_ERROR: FailureKind.TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: FailureKind.TLS,
    pycurl.E_SSL_CERTPROBLEM: FailureKind.TLS,
    pycurl.E_SSL_CIPHER: FailureKind.TLS,
    pycurl.E_SSL_ISSUER_ERROR: FailureKind.TLS,
    pycurl.E_SSL_INVALIDCERTSTATUS: FailureKind.TLS,
}


class CurlError(Exception):
    """What libcurl says went wrong: its code, its message, and the errno of the last system call."""

    def __init__(self, code: int, message: str, number: int) -> None:
        super().__init__(message or f"error {code} of libcurl")
        self.code, self.number = code, number


class TooLarge(Exception):
    """An answer is larger than it may be; the message is for the user."""


class Silent(Exception):
    """An answer did not come in time; the message is for the user."""


class Unsound(Exception):
    """An answer is none of HTTP; the message is for the user."""


def explain(error: Exception) -> tuple[FailureKind, str]:
    """Return (kind, one line of detail)."""
    kind, line = _kind(error), _line(error)
    if kind is FailureKind.TLS:
        return kind, f"{_TLS_ADVICE} ({line})"
    if kind is FailureKind.DNS:
        return kind, f"host name not found ({line})"
    return kind, line


def _kind(error: Exception) -> FailureKind:
    match error:
        case EgressRefused():
            return FailureKind.EGRESS
        case TooLarge():
            return FailureKind.TOO_LARGE
        case Silent():
            return FailureKind.TIMEOUT
        case socket.gaierror() | UnicodeError():
            return FailureKind.DNS
        case CurlError():
            return _curl_kind(error)
        case OSError():
            return FailureKind.CONNECTION
    return FailureKind.PROTOCOL


def _curl_kind(error: CurlError) -> FailureKind:
    kind = _KINDS.get(error.code, FailureKind.PROTOCOL)
    if "CONNECT tunnel failed" in str(error):
        return FailureKind.PROTOCOL
    if error.code == pycurl.E_COULDNT_CONNECT:
        return {errno.ECONNREFUSED: FailureKind.REFUSED, errno.ETIMEDOUT: FailureKind.TIMEOUT}.get(error.number, kind)
    if kind is FailureKind.TLS and _is_lost(str(error)):
        return FailureKind.CONNECTION
    return kind


def _is_lost(message: str) -> bool:
    """Tell whether a handshake ended because the connection did: then OpenSSL has no error of its own."""
    return any(
        sign in message for sign in ("Recv failure", "Send failure", "SSL_ERROR_SYSCALL", "lib(0)", "unexpected eof")
    )


def _line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, CurlError) and error.code == pycurl.E_UNSUPPORTED_PROTOCOL:
        text = f"what came is no answer of HTTP/1 ({text})"
    return text[:300]
