"""Work on findings in a thread, in batches: the loop only fetches, and outcomes of one moment share a transaction."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Generic, TypeVar

from core.errors import StorageError
from core.model import Capture, Reading
from govwatch.recording import Finding

MOST = 100
MOST_BYTES = 2 * 1024 * 1024
"""So much shares a transaction, so that nobody waits long for the write lock."""
LEAST_BYTES = 4 * 1024
"""What a finding takes without a body: measured, 3.8 KB."""
MOST_WAITING_BYTES = 4 * MOST_BYTES
"""While so much waits to be worked on, nothing more is fetched."""
TRY_AGAIN_S = 5.0
LINGER_S = 0.05
"""The longest an outcome waits for company. A crash before loses no more than these fetches, which are due again."""

_Done = TypeVar("_Done")
_Value = TypeVar("_Value")


class Batch(Generic[_Done]):
    """Findings on their way through `work`, beside a running event loop; `on_done` is called with what comes of them.

    One batch after the other, in the order in which they came, in one thread: to read, pack and commit a page of 5 MB
    takes up to a second. What goes wrong is raised by the next call. With `on_trouble` an error that may pass, such as
    a lock or a full disk, is told to it instead, and the batch is worked on again until it has passed.
    """

    def __init__(
        self,
        work: Callable[[list[Finding]], Sequence[_Done]],
        on_done: Callable[[_Done], None],
        on_trouble: Callable[[str], None] | None = None,
    ) -> None:
        self._work, self._on_done, self._on_trouble = work, on_done, on_trouble
        self._waiting: list[Finding] = []
        self._at_work: list[Finding] = []
        self._thread = ThreadPoolExecutor(1)
        self._job: Future[Sequence[_Done]] | None = None
        self._ended = asyncio.Event()
        self._added = self._done = self._waiting_bytes = 0
        self._error: Exception | None = None
        self._is_planned = False
        self._is_stuck = False

    def add(self, finding: Finding) -> None:
        """Take one more; a full batch is begun at once."""
        self._raise()
        self._added += 1
        self._waiting.append(finding)
        self._waiting_bytes += size_of(finding)
        self._go_on()

    async def room(self) -> None:
        """Wait until so little waits that more may be fetched."""
        while self._waiting_bytes >= MOST_WAITING_BYTES and not self._error:
            await self._ended.wait()

    async def failed(self) -> None:
        """Wait for what goes wrong, and raise it, for who would else hear of it with the next finding alone."""
        while not self._error:
            await self._ended.wait()
        self._raise()

    async def settle(self) -> bool:
        """Work on all that came by now, and tell whether that went well; while trouble lasts, it is not tried again."""
        until = self._added
        while self._done < until and not self._is_stuck and not self._error:
            self._begin()
            await self._ended.wait()
        self._raise()
        return not self._is_stuck

    async def between(self, read: Callable[[], _Value]) -> _Value:
        """Call a function in the thread, between two batches."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, read)

    def flush(self) -> None:
        """Work on what is left, the loop being over. Raises StorageError, and then the rest is left undone."""
        if self._job:
            wait([self._job])
            self._end()
        self._thread.shutdown()
        self._raise()
        while self._waiting:
            self._take()
            self._tell(self._work(self._at_work))

    def _go_on(self) -> None:
        if self._is_stuck:
            self._plan(TRY_AGAIN_S)
        elif len(self._waiting) >= MOST or self._waiting_bytes >= MOST_BYTES:
            self._begin()
        elif self._waiting:
            self._plan(LINGER_S)

    def _plan(self, wait_s: float) -> None:
        if not self._is_planned:
            self._is_planned = True
            asyncio.get_running_loop().call_later(wait_s, self._begin_later)

    def _begin_later(self) -> None:
        self._is_planned = False
        self._begin()

    def _begin(self) -> None:
        if self._job or self._error or not self._waiting:
            return
        loop = asyncio.get_running_loop()

        def ended() -> None:
            self._end()
            self._go_on()

        def tell(_: object) -> None:
            with suppress(RuntimeError):  # The loop is over, and `flush` takes what came.
                loop.call_soon_threadsafe(ended)

        self._take()
        self._job = self._thread.submit(self._work, self._at_work)
        self._job.add_done_callback(tell)

    def _take(self) -> None:
        """Take the first of those that wait, as many as share a batch."""
        self._at_work, share_bytes = [], 0
        while self._waiting and len(self._at_work) < MOST and share_bytes < MOST_BYTES:
            self._at_work.append(self._waiting.pop(0))
            share_bytes += size_of(self._at_work[-1])
        self._waiting_bytes -= share_bytes

    def _end(self) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        try:
            done = job.result()
            self._done += len(self._at_work)
            self._is_stuck = False
            self._tell(done)
        except StorageError as error:
            self._put_back(error)
        except Exception as error:
            self._error = error
        self._ended.set()
        self._ended = asyncio.Event()

    def _tell(self, done: Sequence[_Done]) -> None:
        for one in done:
            self._on_done(one)

    def _put_back(self, error: StorageError) -> None:
        self._waiting = self._at_work + self._waiting
        self._waiting_bytes += sum(size_of(one) for one in self._at_work)
        if self._on_trouble is None or not error.is_passing:
            self._error = error
        else:
            self._is_stuck = True
            self._on_trouble(f"{error}; {len(self._waiting)} checks wait and are kept when it has passed")

    def _raise(self) -> None:
        if self._error:
            raise self._error


def size_of(finding: Finding) -> int:
    """Return about how many bytes a finding takes in memory: a text that was read, as many as what it was read in."""
    outcome, body = finding.outcome, finding.body
    if not isinstance(outcome, Capture):
        return LEAST_BYTES
    if body is None:
        return LEAST_BYTES + len(outcome.body)
    return LEAST_BYTES + len(body.packed) + (body.size if isinstance(finding.reading, Reading) else 0)
