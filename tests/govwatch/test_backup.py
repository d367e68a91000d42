"""`govwatch backup`: one line that says what was copied."""

import re

from fakes.desk import Desk

from govwatch.demo.article import article_html

URL = "https://www.sc.gov.cn/a.shtml"


def test_the_backup_tells_what_it_holds_and_never_overwrites_unasked(desk: Desk) -> None:
    (desk.folder / "page.html").write_bytes(article_html())
    desk.run("import", "page.html", "--url", URL, "--at", "2024-05-01")
    ran = desk.run("backup", "copy.db")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"copy\.db: \d+ bytes, 1 page, 1 version, 1 check, 0 changes; checked\n", ran.out)
    assert desk.run("history", "1", "--db", "copy.db").out == desk.run("history", "1").out
    again = desk.run("backup", "copy.db")
    assert (again.code, again.out) == (2, "")
    assert "copy.db is there already and was left as it is" in again.err
    assert desk.run("backup", "copy.db", "--overwrite").code == 0
