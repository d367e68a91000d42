"""Keeping checks in batches: outcomes of one moment share a transaction, since each costs a write to the disk."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace

from core.errors import StorageError
from core.model import Capture, Reading
from govwatch.app import App
from govwatch.recording import Checked, Finding, read, record
from storage.write import Store

MOST = 100
MOST_BYTES = 2 * 1024 * 1024
"""So much of bodies is read and kept at once: the loop stands still meanwhile, for half a second with 4 MB."""
LARGE_BYTES = 256 * 1024
"""A larger body is read in a thread: one of 3.4 MB takes 0.2 s, in which the event loop would fetch nothing."""
MOST_ASIDE = 8
TRY_AGAIN_S = 5.0
LINGER_S = 0.05
"""The longest an outcome waits for company. A crash before loses no more than these fetches, which are due again."""


class Batch:
    """Findings on their way into the database, on a running event loop; `on_checked` is called as each is kept.

    What goes wrong while keeping is raised by the next call, of `add` or `flush`. With `on_trouble` an error that may
    pass, such as a lock or a full disk, is told to it instead, and the findings are kept as soon as it has passed.
    """

    def __init__(
        self,
        app: App,
        store: Store,
        on_checked: Callable[[Checked], None],
        on_trouble: Callable[[str], None] | None = None,
    ) -> None:
        self._app, self._store, self._on_checked, self._on_trouble = app, store, on_checked, on_trouble
        self._findings: list[Finding] = []
        self._aside: list[tuple[Finding, Future[Reading]]] = []
        self._thread = ThreadPoolExecutor(1)
        self._error: Exception | None = None
        self._is_planned = False
        self._is_stuck = False

    def add(self, finding: Finding) -> None:
        """Take one more; a full batch is kept at once."""
        if self._error:
            raise self._error
        if isinstance(finding.outcome, Capture) and len(finding.outcome.body) > LARGE_BYTES:
            self._read_aside(finding, finding.outcome)
        else:
            self._findings.append(finding)
        if self._is_full() and not self._is_stuck:
            self._try()
        else:
            self._plan(LINGER_S)

    def flush(self) -> None:
        """Keep what is waiting, all in one transaction. Raises StorageError, and then none of it is kept.

        Large pages are waited for, and kept one by one.
        """
        self._keep()
        while self._aside:
            wait([self._aside[0][1]])
            self._keep()

    def _read_aside(self, finding: Finding, capture: Capture) -> None:
        if len(self._aside) >= MOST_ASIDE:
            wait([self._aside[0][1]])
            if not self._is_stuck:
                self._try()
        self._aside.append((finding, self._thread.submit(read, self._app, finding.page, capture)))

    def _next_read(self) -> list[Finding]:
        """Return the first large page where it is read by now: one at a time, since the loop stands still to write."""
        if not self._aside or not self._aside[0][1].done():
            return []
        finding, reading = self._aside.pop(0)
        return [replace(finding, reading=reading.result())]

    def _keep(self) -> None:
        if self._error:
            raise self._error
        findings, self._findings = self._findings + self._next_read(), []
        if findings:
            try:
                done = record(self._app, self._store, findings)
            except StorageError:
                self._findings = findings
                raise
            for checked in done:
                self._on_checked(checked)

    def settle(self) -> bool:
        """Keep what is waiting, and tell whether that went well; while trouble lasts, it is not tried again so soon."""
        if not self._is_stuck:
            self._try()
        if self._error:
            raise self._error
        return not self._findings and not self._aside

    def _is_full(self) -> bool:
        bodies = (finding.outcome.body for finding in self._findings if isinstance(finding.outcome, Capture))
        return len(self._findings) >= MOST or sum(map(len, bodies)) >= MOST_BYTES

    def _plan(self, wait_s: float) -> None:
        if not self._is_planned:
            self._is_planned = True
            asyncio.get_running_loop().call_later(wait_s, self._flush_later)

    def _flush_later(self) -> None:
        self._is_planned = False
        self._try()

    def _try(self) -> None:
        try:
            self._keep()
            self._is_stuck = False
            if self._aside:
                self._plan(LINGER_S)
        except StorageError as error:
            if self._on_trouble is None or not error.is_passing:
                self._error = error
            else:
                self._is_stuck = True
                self._on_trouble(f"{error}; {len(self._findings)} checks wait and are kept when it has passed")
                self._plan(TRY_AGAIN_S)
        except Exception as error:
            self._error = error
