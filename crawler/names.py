"""Looks host names up beside the event loop, and remembers the addresses for a minute."""

import asyncio
import socket
from contextlib import suppress
from threading import Thread

_KEPT_S = 60.0
_MOST_KEPT = 10_000

Addresses = tuple[str, ...]


class Names:
    """Host names and their addresses; names asked for at the same time are looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Addresses]] = {}
        self._asked: dict[str, asyncio.Future[Addresses]] = {}

    def known(self, host: str) -> Addresses | None:
        """Return the addresses of a host where they were looked up not long ago."""
        until_s, addresses = self._known.get(host, (0.0, None))
        return addresses if asyncio.get_running_loop().time() < until_s else None

    async def look_up(self, host: str) -> Addresses:
        """Return the addresses of a host in the order of getaddrinfo. Raises OSError and UnicodeError."""
        asked = self._asked.get(host)
        if asked is None:
            asked = self._asked[host] = asyncio.get_running_loop().create_future()
            asked.add_done_callback(lambda done: self._keep(host, done))
            # A thread of its own, which nobody waits for at the end: a name whose server does not answer takes up to
            # half a minute, and of a pool ten of those would hold up all others. There are as many as fetches.
            Thread(target=_look_up, args=(host, asked), daemon=True).start()
        return await asyncio.shield(asked)

    def _keep(self, host: str, done: "asyncio.Future[Addresses]") -> None:
        del self._asked[host]
        if not done.cancelled() and done.exception() is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[host] = done.get_loop().time() + _KEPT_S, done.result()


def _look_up(host: str, asked: "asyncio.Future[Addresses]") -> None:
    try:
        found = socket.getaddrinfo(host, None, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        _tell(asked, error)
    else:
        _tell(asked, tuple(dict.fromkeys(str(address[0]) for *_, address in found)))


def _tell(asked: "asyncio.Future[Addresses]", answer: Addresses | Exception) -> None:
    def tell() -> None:
        if asked.cancelled():
            return
        if isinstance(answer, Exception):
            asked.set_exception(answer)
        else:
            asked.set_result(answer)

    with suppress(RuntimeError):  # The loop was closed meanwhile, and nobody waits for it any more.
        asked.get_loop().call_soon_threadsafe(tell)
