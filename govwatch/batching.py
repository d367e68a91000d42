"""Keeping checks in batches: outcomes of one moment share a transaction, since each costs a write to the disk."""

import asyncio
from collections.abc import Callable

from govwatch.app import App
from govwatch.recording import Checked, Finding, record
from storage.write import Store

MOST = 100
LINGER_S = 0.05
"""The longest an outcome waits for company. A crash before loses no more than these fetches, which are due again."""


class Batch:
    """Findings on their way into the database, on a running event loop; `on_checked` is called as each is kept.

    What goes wrong while keeping is raised by the next call, of `add` or `flush`.
    """

    def __init__(self, app: App, store: Store, on_checked: Callable[[Checked], None]) -> None:
        self._app, self._store, self._on_checked = app, store, on_checked
        self._findings: list[Finding] = []
        self._error: Exception | None = None

    def add(self, finding: Finding) -> None:
        """Take one more; a full batch is kept at once."""
        self._findings.append(finding)
        if self._error or len(self._findings) >= MOST:
            self.flush()
        elif len(self._findings) == 1:
            asyncio.get_running_loop().call_later(LINGER_S, self._flush_later)

    def flush(self) -> None:
        """Keep what is waiting, all in one transaction. Raises StorageError, and then none of it is kept."""
        if self._error:
            raise self._error
        findings, self._findings = self._findings, []
        if findings:
            for checked in record(self._app, self._store, findings):
                self._on_checked(checked)

    def _flush_later(self) -> None:
        try:
            self.flush()
        except Exception as error:
            self._error = error
