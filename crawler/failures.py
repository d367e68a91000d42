"""Tells which kind of failure an exception of the network stack is, and says it in one line."""

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from service_identity import VerificationError
from twisted.internet import error as tx_errors
from twisted.internet.ssl import VerificationError as TxVerificationError
from twisted.web._newclient import ParseError
from twisted.web.http import _MalformedChunkedDataError

from core.model import FailureKind
from crawler.egress import EgressRefused
from crawler.intake import HeadTooLarge

_TLS_ADVICE = 'certificate or handshake refused; if the site is known to be so, set tls = "accept-invalid"'

_KINDS: tuple[tuple[FailureKind, tuple[type[BaseException], ...]], ...] = (
    (FailureKind.EGRESS, (EgressRefused,)),
    (FailureKind.TLS, (SSL.Error, VerificationError, TxVerificationError)),
    (FailureKind.TOO_LARGE, (HeadTooLarge,)),
    (FailureKind.PROTOCOL, (ParseError, _MalformedChunkedDataError)),
    (FailureKind.DNS, (scrapy_errors.CannotResolveHostError, tx_errors.DNSLookupError)),
    (FailureKind.REFUSED, (scrapy_errors.DownloadConnectionRefusedError, tx_errors.ConnectionRefusedError)),
    (FailureKind.TIMEOUT, (scrapy_errors.DownloadTimeoutError, tx_errors.TimeoutError)),
    (FailureKind.TOO_LARGE, (scrapy_errors.DownloadCancelledError,)),
    (FailureKind.CONNECTION, (tx_errors.ConnectionClosed, tx_errors.ConnectError, OSError)),
)


def explain(error: BaseException) -> tuple[FailureKind, str]:
    """Return (kind, one line of detail); the most telling cause decides, not the outermost wrapper."""
    chain = list(_causes(error))
    for kind, types in _KINDS:
        for cause in chain:
            if isinstance(cause, types):
                return kind, _detail(kind, cause)
    return FailureKind.PROTOCOL, _line(error)


def _detail(kind: FailureKind, cause: BaseException) -> str:
    if kind is FailureKind.TLS:
        return f"{_TLS_ADVICE} ({_line(cause)})"
    if kind is FailureKind.DNS:
        return f"host name not found ({_line(cause)})"
    if isinstance(cause, scrapy_errors.DownloadCancelledError):
        return "body is larger than max_bytes"
    return _line(cause)


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:300]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        for failure in getattr(error, "reasons", None) or ():
            yield from _causes(failure.value)
        error = error.__cause__
