"""A clock that is set, by a second, an hour or a day, and a machine that sleeps, make the daemon neither stall nor check twice.

A real daemon runs under libfaketime; the judge is the log of the site. Only `make torture` runs this: it waits for real slots.
The edges of summer time are tried under an injected clock, in tests/scheduler and tests/govwatch.
"""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from fakes.daemon import Running, running
from fakes.disk import environment
from fakes.site import Page, Site
from fakes.torture import WHOLE, tell

from govwatch.demo.article import article_html

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
EVERY_S = 10
TICK_S = 1
SETS_S = (1, -1, 3600, -3600, 86400, -86400)
SLEEP_S = 6 * 3600
CONFIG = f"""
[crawl]
allow_networks = ["127.0.0.0/8"]
obey_robots = false
[[target]]
name = "a"
schedule = {{ every = "{EVERY_S}s" }}
url = """


@pytest.mark.skipif(not WHOLE, reason="waits for real slots")
@pytest.mark.skipif(LIBRARY is None, reason="needs libfaketime")
def test_a_clock_that_is_set_skips_no_more_than_one_slot_and_repeats_none(tmp_path: Path) -> None:
    offset = tmp_path / "offset"
    faked = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    with Site() as site:
        site.pages["/a"] = Page(article_html())
        (tmp_path / "govwatch.toml").write_text(f'{CONFIG}"{site.url("/a")}"\n', encoding="utf-8")
        at_s = 0

        def set_by(seconds: int) -> None:
            nonlocal at_s
            at_s += seconds
            offset.write_text(f"{at_s:+d}")

        set_by(0)
        with running(tmp_path, environment() | faked) as daemon:
            waited = [_next_check_s(daemon, site, lambda: None)]
            waited += [_next_check_s(daemon, site, lambda by=by: set_by(by)) for by in SETS_S]

            def sleep() -> None:
                daemon.process.send_signal(SIGSTOP)
                set_by(SLEEP_S)
                time.sleep(1)
                daemon.process.send_signal(SIGCONT)

            waited.append(_next_check_s(daemon, site, sleep))
            assert daemon.stop() == 0, daemon.said
        assert daemon.said.count("the clock was set") == sum(abs(by) > EVERY_S for by in SETS_S) + 1, daemon.said
        times = [request.at_s for request in site.asked("/a")]
    # What comes sooner than planned comes of a clock set forward, or a sleep: once for each, and one after it.
    early = sum(after - before < EVERY_S - 2 * TICK_S for before, after in pairwise(times))
    forward = sum(by >= EVERY_S for by in SETS_S) + 1
    tell(
        f"clock: set by {', '.join(f'{by:+d} s' for by in SETS_S)}, and 6 h of sleep: the next check after at most "
        f"{max(waited[1:]):.1f} s of {EVERY_S} planned; {len(times)} checks, {early} early for {forward} leaps forward"
    )
    assert max(waited[1:]) <= 2 * EVERY_S + 2 * TICK_S
    assert early <= forward


def _next_check_s(daemon: Running, site: Site, happens: Callable[[], None]) -> float:
    """Let something happen half-way between two checks; return how long it then takes to the next but one."""
    time.sleep(EVERY_S / 2)
    before = len(site.asked("/a"))
    happens()
    started_s = time.monotonic()
    assert daemon.wait_until(lambda: len(site.asked("/a")) > before, 5 * EVERY_S), daemon.said
    return time.monotonic() - started_s
