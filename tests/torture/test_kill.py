"""A daemon killed at every one of its write, sync and send calls loses nothing and tells nothing twice.

The judges are the logs of the sites and of the webhook.
"""

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from signal import SIGKILL, SIGTERM

import pytest
from fakes.daemon import running
from fakes.disk import counted, environment
from fakes.portal import Portal, portal
from fakes.torture import WHOLE, sample, side_by_side, tell

WORKERS = 2
CHANNELS = 2
"""Each sends by itself, so that a kill may meet one delivery of each."""
MOST_RANDOM = 300
IS_EXACT = shutil.which("cc") is not None


@pytest.fixture
def portals(tmp_path: Path) -> Iterator["SimpleQueue[Portal]"]:
    """Return portals that stand ready, one for each worker."""
    with ExitStack() as stack:
        ready: SimpleQueue[Portal] = SimpleQueue()
        for number in range(WORKERS):
            ready.put(stack.enter_context(portal(tmp_path / str(number))))
        yield ready


def test_killed_at_every_write_sync_and_send_it_loses_nothing_and_tells_nothing_twice(
    portals: "SimpleQueue[Portal]",
) -> None:
    calls, seconds = _whole_run(portals)

    def kill(point: float) -> tuple[list[str], int]:
        here = portals.get()
        try:
            return _killed_and_restarted(here, point)
        finally:
            portals.put(here)

    chance = random.Random(4)
    every = list(range(1, calls + 1)) if IS_EXACT else [chance.uniform(0, seconds) for _ in range(MOST_RANDOM)]
    points = sample(every, 4)
    found = side_by_side(kill, points, WORKERS)
    wrong = {point: faults for point, (faults, _) in zip(points, found, strict=True) if faults}
    resent = [again for _, again in found]
    where = "of its write, sync and send calls" if IS_EXACT else "random moments"
    tell(
        f"kill: {len(points)} of {len(every)} {where}, {len(wrong)} with a fault, resent {sum(resent)} (at most once a channel)"
    )
    assert not wrong, "\n".join(f"{point}: {faults}" for point, faults in wrong.items())
    assert max(resent) <= CHANNELS
    assert not WHOLE or len(points) == len(every)


def _whole_run(portals: "SimpleQueue[Portal]") -> tuple[int, float]:
    """Let a daemon do it all; return how many calls and seconds that took."""
    here = portals.get()
    here.fresh()
    started_s, count = time.monotonic(), here.folder / "calls"
    with running(here.folder, environment(count=count, hurry=1) if IS_EXACT else environment()) as daemon:
        assert daemon.wait_until(here.is_at_rest), daemon.said
        took_s = time.monotonic() - started_s
        assert daemon.stop() == 0
    assert here.faults() == []
    portals.put(here)
    return counted(count) if IS_EXACT else 0, took_s


def _killed_and_restarted(here: Portal, point: float) -> tuple[list[str], int]:
    """Kill a daemon at a call (or a moment), let another one finish; return the faults, and how much was sent again."""
    here.fresh()
    with running(here.folder, environment(kill_at=int(point), hurry=1) if IS_EXACT else environment()) as daemon:
        # A daemon that comes to its end before this call is stopped: its last calls are those of the stop.
        daemon.wait_until(lambda: IS_EXACT and here.is_at_rest(), 30 if IS_EXACT else point)
        if IS_EXACT and daemon.process.poll() is None:
            daemon.process.terminate()
        elif not IS_EXACT:
            daemon.process.send_signal(SIGKILL)
        assert daemon.wait() in (0, -SIGKILL), daemon.said
    kept = here.kept(daemon.said)
    for site in here.sites:
        site.requests.clear()
    with running(here.folder, environment()) as again:
        finished = again.wait_until(here.is_at_rest)
        status = again.stop()
    # A signal that comes before the daemon listens for it ends it at once, which is as good.
    is_well = finished and status in (0, -SIGTERM)
    faults = here.faults() + ([] if is_well else [f"not finished, exit {status}: {again.said}"])
    asked = {site.url(request.path) for site in here.sites for request in site.requests}
    faults += [f"{url} was kept and is asked again" for url in kept & asked]
    return faults, len(here.sink.came) - len(here.told())
