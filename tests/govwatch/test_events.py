"""The daemon's log: the same events for a terminal and, with --log-json, for a program; secrets never stand in it."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from fakes.desk import Desk
from fakes.site import Page, Site

from govwatch.demo.article import TITLE, article_html
from govwatch.events import line, log_line, said_event

SECRETS = ("pr0xy-pass", "c00kie", "h3ader", "h00k-token", "h00k-secret", "m4il-pass")


def ran_until(desk: Desk, *needed: str, json_too: bool = True, env: dict[str, str] | None = None) -> str:
    """Run the daemon until each of the words was told; return all that it wrote, to both outputs."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "govwatch", "run", *(["--log-json"] if json_too else [])],
        cwd=desk.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=os.environ | (env or {}),
    )
    assert process.stdout is not None
    wrote, waiting = "", set(needed)
    while waiting and (text := process.stdout.readline()):
        wrote += text
        waiting = {word for word in waiting if word not in wrote}
    process.terminate()
    wrote += process.communicate(timeout=10)[0]
    assert (process.returncode, waiting) == (0, set()), wrote
    return wrote


def test_each_line_is_an_object_with_the_same_keys_for_the_same_event(desk: Desk, site: Site) -> None:
    site.pages |= {"/good": Page(article_html()), "/bad": Page("busy", status=503)}
    desk.configure(
        "".join(f'[[target]]\nname = "{name}"\nurl = "{site.url(f"/{name}")}"\n' for name in ("good", "bad"))
    )
    events = [json.loads(text) for text in ran_until(desk, "first-seen", "503").splitlines()]
    assert [event["event"] for event in events] == ["started", "checked", "checked", "stopped"]
    assert all(datetime.fromisoformat(event["at"]).tzinfo for event in events)
    checked = {event["verdict"]: event for event in events if event["event"] == "checked"}
    assert set(checked) == {"first-seen", "unknown"}
    assert checked["first-seen"]["url"] == site.url("/good")
    assert "503" in checked["unknown"]["reason"]
    assert len({tuple(event) for event in checked.values()}) == 1
    assert {"at", "event", "page", "url", "verdict"} <= set(checked["unknown"])


def test_history_read_again_and_its_failure_to_deliver_are_events(desk: Desk, site: Site) -> None:
    site.pages["/a"] = Page(article_html())
    target = f'[[target]]\nname = "a"\nurl = "{site.url("/a")}"\n'
    channel = '[[channel]]\nname = "out"\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\nhold = "0s"\n'
    desk.configure(target + channel)
    desk.run("crawl", "a")
    site.pages["/a"] = Page(article_html(editor="贺茜"))
    desk.run("crawl", "a")
    rules = desk.folder / "mine" / "rules" / "a.toml"
    rules.parent.mkdir(parents=True)
    rules.write_text('[[rule]]\nid = "x"\nwhy = "w"\npattern = "云岭县山区小学.*"\n', encoding="utf-8")
    config = desk.folder / "govwatch.toml"
    config.write_text('rules_dir = "mine"\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    events = [json.loads(text) for text in ran_until(desk, '"replayed"', '"delivery"').splitlines()]
    replayed = next(event for event in events if event["event"] == "replayed")
    assert (replayed["page"], replayed["checks"], replayed["vanished"]) == (1, 2, [])
    delivery = next(event for event in events if event["event"] == "delivery")
    assert "channel out" in delivery["said"]


def test_both_forms_tell_the_same_event() -> None:
    event = said_event(datetime(2026, 1, 1, tzinfo=UTC), "delivery", f"{TITLE}\x1b[31m", page=3)
    assert json.loads(log_line(event)) == {
        "at": "2026-01-01T00:00:00+00:00",
        "event": "delivery",
        "said": f"{TITLE}\x1b[31m",
        "page": 3,
    }
    assert "\n" not in log_line(event)
    assert TITLE in line(event)
    assert "\x1b" not in line(event)


def test_a_channel_to_standard_output_would_mix_with_the_log(desk: Desk) -> None:
    desk.configure('[[channel]]\nname = "out"\nkind = "stdout"\n')
    ran = desk.run("run", "--log-json")
    assert (ran.code, ran.out) == (2, "")
    assert "would share one output" in ran.err


def test_what_ends_the_daemon_is_an_event_too(desk: Desk) -> None:
    desk.configure('[[channel]]\nname = "c"\nkind = "apprise"\nurl = "ftp://x"\n')
    ran = desk.run("run", "--log-json")
    assert ran.code == 2
    assert [json.loads(text)["event"] for text in ran.out.splitlines()] == ["started", "failed"]
    assert ran.err.startswith("govwatch: ")


@pytest.mark.parametrize("json_too", [True, False])
def test_secrets_are_not_in_the_log_nor_in_the_database(desk: Desk, site: Site, json_too: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    site.pages |= {
        "/a": Page(article_html()),
        "/h00k-token": Page(status=302, headers=(("Location", site.url("/h00k-token/there")),)),
    }
    desk.configure(f"""
[[target]]
name = "proxied"
url = "http://127.0.0.1:{closed}/x"
proxy = "env:PROXY"
[[target]]
name = "a"
url = "{site.url("/a")}"
headers = {{ X-Key = "env:HEADER" }}
cookies = {{ sid = "env:COOKIE" }}
[[channel]]
name = "hook"
kind = "webhook"
url = "env:HOOK"
secret = "env:SECRET"
hold = "0s"
[[channel]]
name = "post"
kind = "mail"
server = "127.0.0.1"
port = {closed}
user = "me"
password = "env:MAIL"
from = "a@b.cn"
to = ["c@d.cn"]
hold = "0s"
""")
    proxy, cookie, header, token, secret, mail = SECRETS
    env = {
        "PROXY": f"http://user:{proxy}@127.0.0.1:{closed}/",
        "COOKIE": cookie,
        "HEADER": header,
        "HOOK": site.url(f"/{token}"),
        "SECRET": secret,
        "MAIL": mail,
    }
    assert desk.run("crawl", "a", env=env).code == 0
    site.pages["/a"] = Page(article_html(editor="贺茜"))
    assert desk.run("crawl", "a", env=env).code == 0
    wrote = ran_until(desk, "channel hook", "channel post", "unknown", json_too=json_too, env=env)
    assert site.asked(f"/{token}")
    kept = (desk.folder / "govwatch.db").read_bytes()
    assert not [one for one in SECRETS if one in wrote or one.encode() in kept]
