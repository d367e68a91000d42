"""The one Twisted reactor of the process: on the running asyncio loop, and guarded where sockets connect."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from twisted.internet import asyncioreactor, tcp
from twisted.internet._resolver import GAIResolver
from twisted.internet.main import installReactor
from twisted.python.failure import Failure

from crawler.egress import EgressGuard, EgressRefused

_CLOSED_GUARD = EgressGuard()


class _Lookups:
    """Looks each name up in a thread of its own, which nobody waits for at the end.

    A name whose server does not answer takes up to half a minute: of Twisted's pool, ten of those would hold up all
    others, and the end of the process. There are as many as fetches under way.
    """

    def callInThreadWithCallback(self, on_result: Callable[[bool, Any], None], look_up: Any, *given: Any) -> None:
        """Look up (the name and shape are those of Twisted's thread pool)."""

        def run() -> None:
            try:
                result, is_found = look_up(*given), True
            except Exception:
                result, is_found = Failure(), False  # type: ignore[no-untyped-call]
            with suppress(RuntimeError):  # The loop was closed meanwhile, and nobody waits for it any more.
                on_result(is_found, result)

        Thread(target=run, daemon=True).start()


class _GuardedClient(tcp.Client):
    def _setRealAddress(self, address: tuple[Any, ...]) -> None:
        # The last step before connect(2): names, odd spellings, redirects, proxies and rebinding all end here.
        try:
            self.reactor.guard.check(address[0])
        except EgressRefused:
            self.failIfNotConnected(Failure())  # type: ignore[no-untyped-call]
        else:
            super()._setRealAddress(address)  # type: ignore[no-untyped-call]


class _GuardedConnector(tcp.Connector):
    def _makeTransport(self) -> _GuardedClient:
        return _GuardedClient(self.host, self.port, self.bindAddress, self, self.reactor)  # type: ignore[no-untyped-call]


class GuardedReactor(asyncioreactor.AsyncioSelectorReactor):
    """An asyncio reactor whose TCP connections pass `guard`, and that can move to another loop while idle."""

    guard: EgressGuard = _CLOSED_GUARD

    def connectTCP(self, host: str, port: int, factory: Any, timeout: float = 30, bindAddress: Any = None) -> Any:
        """Connect through the guard (the name and shape are Twisted's)."""
        connector = _GuardedConnector(host, port, factory, timeout, bindAddress, self)
        connector.connect()
        return connector

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Move to `loop`. The old loop may be closed already, so nothing is asked of it."""
        if loop is self._asyncioEventloop:
            return
        readers, self._readers = list(self._readers), {}
        self._writers = {}
        self._asyncioEventloop, self._scheduledAt, self._timerHandle = loop, None, None
        for reader in readers:
            self.addReader(reader)  # type: ignore[no-untyped-call]
        self._reschedule()  # type: ignore[no-untyped-call]

    def rest(self) -> None:
        """Let nothing connect any more."""
        self.guard = _CLOSED_GUARD


def ready(guard: EgressGuard) -> Callable[[], None]:
    """Have the process's reactor run on the running loop behind `guard`; return what ends that."""
    loop = asyncio.get_running_loop()
    if "twisted.internet.reactor" not in sys.modules:
        reactor = GuardedReactor(loop)
        lookups = _Lookups()
        reactor.installNameResolver(GAIResolver(reactor, lambda: lookups))  # type: ignore[arg-type, return-value]
        installReactor(reactor)  # type: ignore[no-untyped-call]
        reactor.startRunning(installSignalHandlers=False)
    from twisted.internet import reactor as installed

    if not isinstance(installed, GuardedReactor):
        raise RuntimeError("another Twisted reactor was installed first; import the crawler before it")
    installed.bind(loop)
    installed.guard = guard
    rest: Callable[[], None] = installed.rest
    return rest
