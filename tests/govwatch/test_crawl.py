"""`govwatch crawl`, from the command typed to the rows kept, against a real site on loopback."""

import gzip
import os
import pty
import socket
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from fakes.desk import Desk
from fakes.site import Answer, Page, Request, Site, self_signed

from govwatch.demo.article import EDITOR, PARAGRAPHS, TITLE, article_html, article_text
from storage.read import open_reader

PATH = "/a.shtml"
OTHER = "贺茜"


def noisy(editor: str = EDITOR, paragraphs: tuple[str, ...] = PARAGRAPHS):
    """A page whose noise differs in every answer."""
    numbers = count(1)
    return lambda request: Page(article_html(editor=editor, paragraphs=paragraphs, noise=next(numbers)))


def counts(desk: Desk) -> tuple[int, int, int]:
    """Versions, changes and checks of page 1."""
    with open_reader(desk.folder / "govwatch.db") as reader:
        versions = {check.number for check in reader.checks(1) if check.number}
        return len(versions), len(reader.changes()), len(reader.checks(1))


def test_a_page_is_watched_with_no_config_file_at_all(tmp_path: Path) -> None:
    ran = Desk(tmp_path).run("crawl", "http://127.0.0.1:9/a.shtml")
    assert ran.code == 1
    assert "allow_networks" in ran.out
    assert (tmp_path / "govwatch.db").exists()


def test_a_crawl_imports_no_reactor_no_other_tls_and_nothing_for_what_it_does_not_do(desk: Desk, site: Site) -> None:
    site.pages[PATH] = noisy()
    desk.run("crawl", site.url(PATH))
    script = f"""if True:
        import contextlib, sys
        from govwatch.__main__ import run
        sys.argv = ["govwatch", "crawl", {site.url(PATH)!r}]
        with contextlib.suppress(SystemExit):
            run()
        print({{"OpenSSL", "cryptography", "service_identity", "twisted.internet.base", "twisted.internet.reactor",
               "parsel", "charset_normalizer", "apscheduler", "sqlite_utils", "core.diff", "jinja2", "starlette"}} & sys.modules.keys())
    """
    run = subprocess.run([sys.executable, "-c", script], cwd=desk.folder, check=True, capture_output=True, text=True)
    assert run.stdout.splitlines()[-1] == "set()"


def test_a_changed_page_is_told_field_by_field(desk: Desk, site: Site) -> None:
    site.pages[PATH] = noisy()
    first = desk.run("crawl", site.url(PATH))
    assert (first.code, first.err) == (0, "")
    assert "first-seen" in first.out
    assert TITLE in first.out
    site.pages[PATH] = noisy(OTHER, (PARAGRAPHS[0].replace("5月18日", "5月19日"), *PARAGRAPHS[1:]))
    again = desk.run("crawl", "1")
    assert f"editor: {EDITOR} -> {OTHER}" in again.out
    assert "body changed" in again.out
    told = desk.run("changes")
    assert f"editor: {EDITOR} -> {OTHER}" in told.out
    words = desk.run("diff", "1")
    assert f"[-{EDITOR}-]{{+{OTHER}+}}" in words.out
    assert "[-5月18日-]{+5月19日+},云岭县" in words.out


def test_a_hundred_fetches_of_noise_are_one_version_and_then_one_editor_one_change(desk: Desk, site: Site) -> None:
    site.pages[PATH] = noisy()
    for _ in range(100):
        assert desk.run("crawl", site.url(PATH)).code == 0
    assert counts(desk) == (1, 0, 100)
    site.pages[PATH] = noisy(OTHER)
    (checked,) = desk.run("crawl", "1", "--json").json
    assert checked["fields"] == [{"field": "editor", "old": EDITOR, "new": OTHER}]
    assert counts(desk) == (2, 1, 101)
    assert [line for line in desk.run("diff", "1").out.splitlines() if EDITOR in line][1:] == [
        f"  editor      [-{EDITOR}-]{{+{OTHER}+}}"
    ]


def test_a_page_imported_as_text_is_the_same_when_it_is_crawled(desk: Desk, site: Site) -> None:
    site.pages[PATH] = noisy()
    (desk.folder / "page.txt").write_bytes(article_text())
    assert "first-seen" in desk.run("import", "page.txt", "--text", "--url", site.url(PATH), "--at", "2024-07-14").out
    (checked,) = desk.run("crawl", site.url(PATH), "--json").json
    assert checked["content"] == "same"


CLOSED = socket.socket()
CLOSED.bind(("127.0.0.1", 0))
"""A port that is taken and not listened on, so nobody answers there."""

GZIPPED = gzip.compress(article_html(editor=OTHER))


def cut_gzip(request: Request) -> Answer:
    return Page(GZIPPED[: len(GZIPPED) // 2], headers=(("Content-Encoding", "gzip"),))


BAD = {
    "timeout": Page(behaviour="never"),
    "reset": Page(behaviour="reset"),
    "half a gzip body": cut_gzip,
    "wrong length": Page(article_html(editor=OTHER), behaviour="cut"),
    "half a chunk": Page(article_html(editor=OTHER), behaviour="cut-chunked"),
    "500": Page(article_html(editor=OTHER), status=500),
    "503": Page("busy", status=503),
    "empty 200": Page(b""),
    "white space": Page(b" \r\n " * 50),
    "no HTTP": Page(behaviour="garbage"),
    "a challenge": Page("<script>$_ts=window['$_ts']</script>", status=412),
    "a loop": Page(status=302, headers=(("Location", PATH),)),
    "too large": Page(headers=(("Content-Length", str(9 * 2**20)),)),
    "a shell": Page("<html><body><div id=app></div><script src=app.js></script></body></html>"),
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_a_failed_or_damaged_fetch_is_no_version_and_never_the_same(desk: Desk, site: Site, answer: Answer) -> None:
    site.pages[PATH] = answer
    ran = desk.run("crawl", site.url(PATH), "--json")
    assert ran.code == 1
    assert [(checked["presence"], checked["content"]) for checked in ran.json] == [("unknown", "none")]
    site.pages[PATH] = noisy()
    assert desk.run("crawl", "1").code == 0
    site.pages[PATH] = answer
    ran = desk.run("crawl", "1", "--json")
    assert ran.code == 1
    assert [(checked["content"], checked["version"]) for checked in ran.json] == [("none", None)]
    assert ran.json[0]["reason"]
    assert counts(desk) == (1, 0, 3)
    site.pages[PATH] = noisy()
    assert desk.run("crawl", "1", "--json").json[0]["content"] == "same"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (f"http://127.0.0.1:{CLOSED.getsockname()[1]}/", "refused"),
        ("http://no-such-host.invalid/", "dns"),
        ("http://10.255.255.1/", "egress"),
    ],
)
def test_a_host_that_cannot_be_reached_is_told_with_its_kind(desk: Desk, url: str, kind: str) -> None:
    ran = desk.run("crawl", url, "--json")
    assert ran.code == 1
    assert ran.json[0]["reason"].startswith(f"{kind}: ")


def test_a_certificate_that_cannot_be_verified_is_a_failure_unless_the_target_accepts_it(desk: Desk) -> None:
    with Site(tls=self_signed(desk.folder, "localhost")) as site:
        site.pages[PATH] = noisy()
        assert desk.run("crawl", site.url(PATH), "--json").json[0]["reason"].startswith("tls: ")
        desk.configure(f'[[target]]\nname = "t"\nurl = "{site.url(PATH)}"\ntls = "accept-invalid"\n')
        assert desk.run("crawl", "t").code == 0
        assert desk.run("show", "t", "--json").json["capture"]["tls"] == "unverified"


def test_robots_that_forbid_are_told_and_the_page_is_not_fetched(desk: Desk, site: Site) -> None:
    site.pages |= {PATH: noisy(), "/robots.txt": Page("User-agent: *\nDisallow: /\n")}
    ran = desk.run("crawl", site.url(PATH))
    assert ran.code == 1
    assert "robots" in ran.out
    assert not site.asked(PATH)


def test_a_conditional_get_is_the_same_page(desk: Desk, site: Site) -> None:
    site.pages[PATH] = Page(article_html(), etag='"one"')
    desk.run("crawl", site.url(PATH))
    (checked,) = desk.run("crawl", "1", "--json").json
    assert (checked["content"], checked["quality"]) == ("same", "not-modified")
    assert site.asked(PATH)[1].headers["if-none-match"] == '"one"'


def test_a_page_crawled_once_is_kept_and_scheduled_only_with_watch(desk: Desk, site: Site) -> None:
    site.pages[PATH] = noisy()
    desk.run("crawl", site.url(PATH))
    assert "not scheduled" in desk.run("list").out
    desk.run("crawl", "1", "--watch")
    assert "every 1d" in desk.run("list").out


def test_all_pages_are_crawled_with_all(desk: Desk, site: Site) -> None:
    site.pages |= {f"/{number}": noisy() for number in range(6)}
    addresses = ", ".join(f'"{site.url(f"/{number}")}"' for number in range(6))
    desk.configure(f'[[target]]\nname = "six"\nurls = [{addresses}]\n')
    ran = desk.run("crawl", "--all")
    assert ran.code == 0
    assert ran.out.count("first-seen") == 6
    assert desk.run("crawl", "six", "--json").json[5]["content"] == "same"


def test_of_many_pages_a_terminal_shows_a_bar_and_then_what_changed_or_failed(desk: Desk, site: Site) -> None:
    urls = [site.url(f"/{number}.shtml") for number in range(5)]
    site.pages |= {f"/{number}.shtml": noisy() for number in range(5)}
    desk.run("crawl", *urls)
    site.pages |= {"/1.shtml": noisy(OTHER), "/2.shtml": Page("", status=500)}
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "govwatch", "crawl", *urls]
    run = subprocess.run(command, cwd=desk.folder, stdout=subprocess.PIPE, stderr=end, text=True, check=False)
    os.close(end)
    bar = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert "Crawling" in bar
    assert "100%" in bar
    *lines, last = run.stdout.splitlines()
    assert {line.split()[1] for line in lines if line[:4].strip()} == {"changed", "unknown"}
    assert f"{EDITOR} -> {OTHER}" in run.stdout
    assert (last, run.returncode) == ("Checked 4 of 5 pages; 1 changed.", 1)


def test_a_page_that_leaves_the_config_is_retired_with_its_history(desk: Desk, site: Site) -> None:
    site.pages |= {PATH: noisy(), "/b": noisy()}
    both = f'[[target]]\nname = "a"\nurl = "{site.url(PATH)}"\n'
    desk.configure(both + f'[[target]]\nname = "b"\nurl = "{site.url("/b")}"\n')
    desk.run("crawl", "--all")
    desk.configure(both)
    assert len(desk.run("crawl", "--all", "--json").json) == 1
    assert len(desk.run("list", "--json").json) == 1
    assert len(desk.run("list", "--retired", "--json").json) == 2
    assert "version 1" in desk.run("history", "2").out


def test_only_a_change_of_a_watched_field_is_told(desk: Desk, site: Site) -> None:
    site.pages[PATH] = noisy()
    desk.configure(f'[[target]]\nname = "a"\nurl = "{site.url(PATH)}"\nwatch = ["editor"]\n')
    desk.run("crawl", "a")
    site.pages[PATH] = noisy(paragraphs=PARAGRAPHS[:-1])
    (checked,) = desk.run("crawl", "a", "--json").json
    assert (checked["content"], checked["change"], checked["version"]) == ("changed", None, 2)
    site.pages[PATH] = noisy(OTHER, PARAGRAPHS[:-1])
    assert desk.run("crawl", "a", "--json").json[0]["kind"] == "changed"
