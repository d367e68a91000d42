"""A daemon of three processes, one of them killed at any moment, loses nothing and tells nothing twice.

The judges are the logs of the sites and of the webhook.
"""

import os
import random
import time
from pathlib import Path
from signal import SIGKILL, SIGTERM

from fakes.daemon import COMMAND, all_gone, pids_of_workers, running
from fakes.portal import Portal, portal
from fakes.torture import sample, tell

MOMENTS = 60
LONGEST_S = 1.5
"""After its first line a daemon has started its workers, fetched and told everything within about so long."""
WITH_WORKERS = (*COMMAND, "--workers", "3")


def test_whoever_is_killed_nothing_is_lost_or_told_twice(tmp_path: Path) -> None:
    chance = random.Random(6)
    # By turns the parent and one of the workers.
    moments = [(number % 3, chance.uniform(0, LONGEST_S)) for number in range(MOMENTS)]
    points = sample(moments, 4)
    with portal(tmp_path, hosts=4) as here:
        wrong = {point: faults for point in points if (faults := _killed(here, *point))}
    tell(f"kill with workers: {len(points)} random moments, {len(wrong)} with a fault")
    assert not wrong, wrong


def _killed(here: Portal, victim: int, after_s: float) -> list[str]:
    """Kill the parent (0) or a worker; return the faults once all is done, by another daemon where the parent died."""
    here.fresh()
    with running(here.folder, os.environ, WITH_WORKERS) as daemon:
        assert daemon.wait_until(lambda: "watching" in daemon.said)
        time.sleep(after_s)
        left = pids_of_workers(daemon.process.pid)
        if victim and left:
            os.kill(left[victim % len(left)], SIGKILL)
            finished = daemon.wait_until(here.is_at_rest)
            return here.faults() + _ended_well(finished, daemon.stop(), daemon.said)
        daemon.process.kill()
    faults = [] if all_gone(left) else ["a worker outlives its parent"]
    kept = here.kept(daemon.said)
    for site in here.sites:
        site.requests.clear()
    with running(here.folder, os.environ, WITH_WORKERS) as again:
        finished = again.wait_until(here.is_at_rest)
        faults += _ended_well(finished, again.stop(), again.said)
    asked = {site.url(request.path) for site in here.sites for request in site.requests}
    return faults + here.faults() + [f"{url} was kept and is asked again" for url in kept & asked]


def _ended_well(finished: bool, status: int, said: str) -> list[str]:
    return [] if finished and status in (0, -SIGTERM) else [f"not finished, exit {status}: {said}"]
