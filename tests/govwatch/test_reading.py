"""`govwatch list`, `history`, `show`, `changes`, `diff`: what was kept, as text and as JSON."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from fakes.desk import Desk

from govwatch.demo.article import EDITOR, PARAGRAPHS, PUBLISHED_ISO, SOURCE, TITLE, article_html
from reports.plain import safe

URL = "https://www.sc.gov.cn/a.shtml"
FILES = (("附件1.pdf", "/files/1.pdf"),)
DAYS = (
    {},
    {"editor": "贺茜"},
    {},
    {"paragraphs": (*PARAGRAPHS[:2], "新增的一段：下半年再更新校车20辆。", *PARAGRAPHS[2:]), "attachments": FILES},
)


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A desk with a page of four days: first seen, editor changed, reverted, a paragraph and a file added."""
    for day, shown in enumerate(DAYS, start=1):
        (desk.folder / "page.html").write_bytes(article_html(**shown))
        assert desk.run("import", "page.html", "--url", URL, "--at", f"2024-05-0{day}").code == 0
    return desk


def test_the_list_shows_each_page_with_what_is_known_of_it(kept: Desk) -> None:
    assert kept.run("list").out.splitlines() == [
        f"   1  {TITLE}",
        "      not scheduled, last good check 2024-05-04 00:00",
        f"      {URL}",
    ]
    (page,) = kept.run("list", "--json").json
    assert (page["url"], page["presence"], page["version"]) == (URL, "present", 3)


def test_the_list_shows_the_name_by_which_commands_know_a_page(desk: Desk) -> None:
    desk.run("add", URL, "--name", "school-bus")
    assert desk.run("list").out.splitlines()[-1] == f"      school-bus · {URL}"


def test_an_empty_list_says_how_to_begin(desk: Desk) -> None:
    desk.run("add", URL)
    desk.run("remove", "1")
    assert "govwatch crawl URL" in desk.run("list").out
    assert "no good check yet" in desk.run("history", "1").out
    assert desk.run("show", "1").code == 2
    assert "has no version yet" in desk.run("diff", "1").err


def test_the_history_shows_the_spells_and_a_b_a_is_three_of_two_versions(kept: Desk) -> None:
    assert [spell["version"] for spell in kept.run("history", URL, "--json").json] == [1, 2, 1, 3]
    assert "version 2  2024-05-02 00:00 to 2024-05-02 00:00  editor 贺茜" in kept.run("history", "1").out


def test_the_checks_show_every_verdict(kept: Desk) -> None:
    said = [check["content"] for check in kept.run("history", "1", "--checks", "--json").json]
    assert said == ["first-seen", "changed", "reverted", "changed"]
    assert "reverted    version 1" in kept.run("history", "1", "--checks").out


def test_changes_are_listed_newest_first_and_may_be_narrowed(kept: Desk) -> None:
    kinds = [change["kind"] for change in kept.run("changes", "--json").json]
    assert kinds == ["changed", "reverted", "changed"]
    assert [c["to"] for c in kept.run("changes", "--field", "editor", "--json").json] == [1, 2]
    assert [c["to"] for c in kept.run("changes", "--since", "2024-05-03", "--page", "1", "--json").json] == [3, 1]
    assert kept.run("changes", "--since", "1h").out == "No changes since 1h.\n"
    assert kept.run("changes", "--limit", "1").out.splitlines()[-1].startswith("There are older ones")


def test_a_version_is_shown_as_text_raw_and_json(kept: Desk) -> None:
    text = kept.run("show", "1").out
    assert text.startswith(f"title     {TITLE}\npublished {PUBLISHED_ISO}\nsource    {SOURCE}\neditor    {EDITOR}\n")
    assert "attachment  附件1.pdf  https://www.sc.gov.cn/files/1.pdf" in text
    assert kept.run("show", "1", "2", "--raw").out.encode() == article_html(editor="贺茜")
    shown = kept.run("show", "1", "2", "--json").json
    assert (shown["editor"], shown["capture"]["origin"], shown["body"][0]) == ("贺茜", "import", PARAGRAPHS[0])


def test_the_diff_is_of_the_latest_change_or_of_any_two_versions(kept: Desk) -> None:
    latest = kept.run("diff", "1").out
    assert "+ {+新增的一段：下半年再更新校车20辆。+}" in latest
    assert "attachment  {+附件1.pdf https://www.sc.gov.cn/files/1.pdf+}" in latest
    assert "… 5 paragraphs unchanged" in latest
    assert f"editor      [-{EDITOR}-]{{+贺茜+}}" in kept.run("diff", "1", "--from", "1", "--to", "2").out
    assert f"editor      [-{EDITOR}-]{{+贺茜+}}" in kept.run("diff", "1", "--to", "2").out


def test_a_version_is_compared_with_what_was_shown_before_it_and_not_with_the_number_before(kept: Desk) -> None:
    assert "version 1 to 3" in kept.run("diff", "1", "--to", "3").out
    assert "version 2 to 1" in kept.run("diff", "1", "--to", "1").out


@pytest.mark.parametrize("form", ["text", "html", "markdown", "json"])
def test_the_diff_has_four_forms(kept: Desk, form: str) -> None:
    out = kept.run("diff", "1", "--from", "1", "--to", "2", "--format", form).out
    assert EDITOR in out
    assert "贺茜" in out
    if form == "json":
        assert json.loads(out) == kept.run("diff", "1", "--from", "1", "--to", "2", "--json").json
        assert json.loads(out)["diff"]["fields"][0]["spans"][0] == {"kind": "delete", "old": EDITOR, "new": ""}


def test_colours_are_for_terminals_and_no_color_is_honoured(kept: Desk) -> None:
    assert "\x1b" not in kept.run("diff", "1").out
    script = (
        "import os, pty, sys\n"
        f"os.chdir({str(kept.folder)!r})\n"
        "pty.spawn([sys.executable, '-m', 'govwatch', 'diff', '1'])\n"
    )
    for env, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        run = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, env={"PATH": "/usr/bin:/bin", **env}, check=True
        )
        assert (b"\x1b[32;1m" in run.stdout) is coloured


@pytest.mark.parametrize(
    "words", [["list"], ["history", "1"], ["show", "1"], ["changes"], ["diff", "1"], ["diff", "1", "--json"]]
)
def test_reading_imports_neither_scrapy_nor_apscheduler(kept: Desk, words: list[str]) -> None:
    script = f"""if True:
        import contextlib, sys
        from govwatch.__main__ import run
        sys.argv = ["govwatch", *{words!r}]
        with contextlib.suppress(SystemExit):
            run()
        print({{"scrapy", "twisted", "apscheduler", "sqlite_utils", "lxml"}} & sys.modules.keys())
    """
    run = subprocess.run([sys.executable, "-c", script], cwd=kept.folder, check=True, capture_output=True, text=True)
    assert run.stdout.splitlines()[-1] == "set()"


def test_a_reader_that_goes_away_is_no_error(kept: Desk) -> None:
    run = subprocess.run(
        f"{sys.executable} -m govwatch show 1 | head -1", shell=True, cwd=kept.folder, capture_output=True, check=True
    )
    assert run.stdout.decode() == f"title     {TITLE}\n"
    assert run.stderr == b""


def test_what_a_page_says_cannot_steer_the_terminal(desk: Desk) -> None:
    (desk.folder / "page.html").write_bytes(article_html(title="标题\x1b[31m\u202e红", editor="苏\x07明"))
    ran = desk.run("import", "page.html", "--url", URL, "--at", "2024-05-01")
    for out in (ran.out, desk.run("show", "1").out, desk.run("list").out, desk.run("history", "1").out):
        assert safe(out.replace("\n", "")) == out.replace("\n", "")


def test_times_are_those_of_the_pages_zone(kept: Desk) -> None:
    (first, *_) = kept.run("history", "1", "--json").json
    assert datetime.fromisoformat(first["first_seen_at"]) == datetime(2024, 4, 30, 16, tzinfo=UTC)


def test_a_redesign_of_many_pages_is_listed_as_one(desk: Desk) -> None:
    for day in (1, 2):
        for number in range(4):
            body = (f"只属于第{number}篇的一段文字。", *PARAGRAPHS, *(["本网站已全面改版升级。"] if day == 2 else []))
            (desk.folder / "page.html").write_bytes(article_html(paragraphs=body))
            url = f"https://www.sc.gov.cn/{number}.shtml"
            assert desk.run("import", "page.html", "--url", url, "--at", f"2024-05-0{day}").code == 0
    assert desk.run("changes").out.splitlines() == [
        "2024-05-02 00:00  redesign  4 pages of www.sc.gov.cn changed alike: 4, 3, 2, 1",
        "                  for example: govwatch diff 4",
    ]
    assert len(desk.run("changes", "--json").json) == 4


def test_a_page_that_goes_to_and_fro_is_listed_as_flapping(desk: Desk) -> None:
    for day in range(1, 7):
        (desk.folder / "page.html").write_bytes(article_html(editor="贺茜" if day % 2 else EDITOR))
        assert desk.run("import", "page.html", "--url", URL, "--at", f"2024-05-0{day}").code == 0
    assert desk.run("changes").out.splitlines() == [
        f"2024-05-06 00:00  page 1  flapping  {TITLE}",
        "                  5 turns between versions 1 and 2 since 2024-05-02 00:00",
    ]
