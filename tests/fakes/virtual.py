"""The daemon under a clock that runs so many times as fast: python virtual.py STARTED_S RATE, in a folder with its settings.

`STARTED_S` is of the monotonic clock, which all processes share; then it is `T0`.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from msgspec.structs import replace

from govwatch import checking
from govwatch.app import open_app
from govwatch.pages import sync
from govwatch.running import run
from scheduler.clock import ClockWatch
from storage.write import open_store

T0 = datetime(2026, 3, 1, tzinfo=UTC)


def fast(started_s: float, rate: float) -> Callable[[], datetime]:
    """Return such a clock."""
    return lambda: T0 + timedelta(seconds=(time.monotonic() - started_s) * rate)


def main() -> None:
    started_s, rate = float(sys.argv[1]), float(sys.argv[2])
    app = replace(open_app("govwatch.toml", None), now=fast(started_s, rate))
    # A clock on the wall that outruns the steady one would be told as set forward, at every tick.
    watch = partial(ClockWatch, steady=lambda: time.monotonic() * rate)
    with patch.object(checking, "ClockWatch", watch), open_store(Path(app.database)) as store:
        with store.transaction() as tx:
            sync(app, tx)
        run(app, store, lambda event: None)


if __name__ == "__main__":
    main()
