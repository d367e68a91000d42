"""`govwatch compact`: one line that says what it did."""

import re

from fakes.desk import Desk

from govwatch.demo.article import article_html


def test_the_command_tells_the_sizes_and_what_was_checked(desk: Desk) -> None:
    for number in range(3):
        (desk.folder / "page.html").write_bytes(article_html(editor="苏可明", noise=number))
        desk.run("import", "page.html", "--url", f"https://www.sc.gov.cn/{number}", "--at", "2024-05-01")
    ran = desk.run("compact")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(
        r"govwatch\.db: \d+\.\d KiB -> \d+\.\d KiB; 0 keyframes packed anew; bodies checked before and after: 3\n",
        ran.out,
    )
