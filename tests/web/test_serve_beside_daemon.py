"""The live application beside a running daemon: what is asked for in the browser is done at its next tick."""

import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from fakes.desk import Desk
from fakes.reading import Reading, reading
from fakes.site import Page, Site

from govwatch.app import utc_now
from govwatch.demo.article import TITLE, article_html


def post(live: Reading, path: str, **values: str) -> int:
    return live.ask(path, "POST", urlencode(values).encode(), origin=live.address).status


def test_a_page_that_is_added_or_asked_for_is_checked_at_the_next_tick(tmp_path: Path) -> None:
    noise = count()
    desk = Desk(tmp_path)
    with Site() as site:
        site.pages["/new"] = lambda _: Page(article_html(noise=next(noise)))
        site.pages["/own"] = lambda _: Page(article_html(noise=next(noise)))
        desk.configure(f'[[target]]\nname = "own"\nurl = "{site.url("/own")}"\n')
        command = [sys.executable, "-u", "-m", "govwatch", "run"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, encoding="utf-8") as daemon:
            told = iter(daemon.stdout or ())
            try:
                assert next(line for line in told if "first-seen" in line)
                with reading(tmp_path / "govwatch.db", now=utc_now()) as live:
                    assert post(live, "/add", url=site.url("/new"), every="1d", name="new") == 303
                    assert TITLE in next(line for line in told if "first-seen" in line)
                    assert post(live, "/pages/1/check") == 303
                    assert next(line for line in told if "same" in line)
                    assert post(live, "/pages/2/pause") == 303
                    assert "new" in live.ask("/pages/2").text
            finally:
                daemon.send_signal(signal.SIGTERM)
    (own, new) = desk.run("list", "--json").json
    assert (own["status"], new["status"]) == ("active", "paused")
