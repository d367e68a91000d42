"""A host in trouble delays only its own pages, and what it asked for outlives the daemon: real processes."""

import json
import os

from fakes.daemon import running
from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import article_html


def target(name: str, site: Site, pages: int) -> str:
    return f'[[target]]\nname = "{name}"\nurls = {json.dumps([site.url(f"/{page}") for page in range(pages)])}\n'


def test_hosts_that_drip_or_ask_for_a_wait_delay_no_other(desk: Desk) -> None:
    """The crawler keeps hosts apart by their address, so that each has one of its own on loopback."""
    with Site() as good, Site(host="127.0.0.2") as drip, Site(host="127.0.0.3") as busy:
        good.pages = {f"/{page}": Page(article_html()) for page in range(3)}
        drip.pages = {f"/{page}": Page(b"x" * 9999, behaviour="drip", drip_s=1) for page in range(20)}
        busy.pages = {f"/{page}": Page("busy", status=429, headers=(("Retry-After", "600"),)) for page in range(20)}
        desk.configure(target("drip", drip, 20) + target("busy", busy, 20) + target("good", good, 3))
        config = desk.folder / "govwatch.toml"
        config.write_text(config.read_text().replace('"1s"', '"60s"').replace('"2s"', '"60s"'))
        with running(desk.folder, os.environ) as daemon:
            assert daemon.wait_until(lambda: daemon.said.count("first-seen") == 3)
            assert daemon.wait_until(lambda: "status 429" in daemon.said)
            daemon.process.kill()
        asked = len(busy.requests)
        with running(desk.folder, os.environ) as daemon:
            assert daemon.wait_until(lambda: len(drip.requests) > 1 and "watching" in daemon.said)
            desk.run("add", good.url("/new"))
            assert daemon.wait_until(lambda: good.asked("/new") != [])
            daemon.process.kill()
        assert len(busy.requests) == asked
    pages = desk.run("list", "--json").json
    unchecked = [page for page in pages if page["last_check_at"] is None]
    # None of them is lost: they are due, and no check is told that was not made.
    assert len(unchecked) >= 20 + 12
    assert all(page["status"] == "active" and page["next_due"] for page in unchecked)
