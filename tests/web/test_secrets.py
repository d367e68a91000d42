"""What nobody who reads may learn: secrets of the configuration and of the answers, in any view, feed, API or file."""

import re
from pathlib import Path

from fakes.desk import Desk
from fakes.reading import reading
from fakes.site import Page, Site

from govwatch.demo.article import article_html
from web.routes import routes
from web.safety import LOOPBACK, Guard

SECRET = re.compile(rb"s3cret\w*")
TOKEN = "s3cret-token-of-many-letters"
CONFIG = """
[[target]]
name = "told"
url = "{url}"
headers = {{ Authorization = "Bearer s3cret-header" }}
cookies = {{ sid = "s3cret-cookie" }}

[[target]]
name = "failing"
url = "{url}?2"
proxy = "http://user:s3cret-proxy@127.0.0.1:9/"

[[channel]]
name = "hook"
kind = "webhook"
url = "http://127.0.0.1:9/s3cret-hook"
secret = "whsec_czNjcmV0LXNpZ25lZA=="
"""


def test_no_secret_is_told_by_any_route_or_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with Site() as site:
        for editor in ("白婉苹", "贺茜"):
            site.pages["/a"] = Page(article_html(editor=editor), headers=(("Set-Cookie", "s3cret-answer"),))
            desk.configure(CONFIG.format(url=site.url("/a")))
            desk.run("crawl", "--all")
        assert site.requests[-1].headers["authorization"] == "Bearer s3cret-header"
    assert desk.run("report", "--out", "out").code == 0
    paths = [re.sub(r"\{\w+:int\}", "1", route.path).replace("{name}", "site.js") for route in routes()]
    with reading(tmp_path / "govwatch.db", Guard(LOOPBACK, TOKEN)) as live:
        answers = {
            path: live.ask(f"{path}?from=1&to=2&q=hook", authorization=f"Bearer {TOKEN}")
            for path in (*paths, "/pages/2", "/api/pages/2", "/nowhere", "/changes?since=x")
        }
    assert [path for path, answer in answers.items() if answer.status == 200][:3] == ["/", "/pages", "/pages/1"]
    told = {path: answer.body + repr(answer.headers).encode() for path, answer in answers.items()}
    told |= {file.name: file.read_bytes() for file in (tmp_path / "out").rglob("*.*")}
    assert [place for place, body in told.items() if SECRET.search(body)] == []
    assert b"refused" in told["/pages/2"] or b"timeout" in told["/pages/2"]
