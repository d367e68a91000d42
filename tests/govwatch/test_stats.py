"""`govwatch stats`: every byte of the file is told, by what it is for."""

import re

import pytest
from fakes.desk import Desk

from govwatch.demo.article import article_html

URL = "https://www.sc.gov.cn/a.shtml"


def test_every_byte_of_the_file_is_told_by_what_it_is_for(desk: Desk) -> None:
    for day, editor in ((1, "苏可明"), (2, "苏可明"), (3, "贺茜")):
        (desk.folder / "page.html").write_bytes(article_html(editor=editor, noise=day))
        desk.run("import", "page.html", "--url", URL, "--at", f"2024-05-0{day}")
    told = desk.run("stats", "--json").json
    assert sum(told["bytes"].values()) == told["in_all"] == (desk.folder / "govwatch.db").stat().st_size
    assert (told["pages"], told["checks"], told["captures"], told["versions"]) == (1, 3, 3, 2)
    assert (told["keyframes"], told["differences"]) == (1, 2)
    assert (told["text_keyframes"], told["text_differences"]) == (1, 1)
    assert told["text_keyframe_bytes"] > told["text_difference_bytes"] > 0
    assert told["served_bytes"] > told["keyframe_bytes"] > told["difference_bytes"] > 0
    assert {"bodies", "captures", "versions", "checks", "changes", "indexes", "pages", "free"} <= set(told["bytes"])
    ran = desk.run("stats")
    assert re.search(
        r"bodies: 1 keyframe of [1-9]\.\d KiB, 2 differences of \d\.\d KiB; as served \d+\.\d KiB", ran.out
    )
    assert re.search(r"versions: 1 keyframe of \d\.\d KiB, 1 difference of \d\.\d KiB\n", ran.out)
    assert ran.out.splitlines()[-1].endswith("bytes for each of 3 checks")


def test_a_sqlite_that_cannot_count_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("add", URL)
    assert desk.run("stats").code == 0
    monkeypatch.setattr("storage.stats._MODULE", "no such module")
    ran = desk.run("stats")
    assert (ran.code, "was built without dbstat" in ran.err) == (2, True)
