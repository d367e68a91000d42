"""`govwatch demo`: ten days on the replica site, told right, with a report that opens."""

from fakes.desk import Desk

from govwatch.commands.demo import DAYS
from govwatch.demo.article import EDITOR
from govwatch.demo.site import OTHER_EDITOR

TOLD = [
    "first-seen",
    "same",
    "changed: body",
    "changed: editor",
    "reverted: editor",
    "unknown: blocked",
    "unknown: status 404",
    "unknown: status 404",
    "removed: status 404",
    "restored",
]


def test_the_demo_tells_every_day_right(desk: Desk) -> None:
    ran = desk.run("demo")
    assert (ran.code, ran.err) == (0, "")
    said = [line.strip() for line in ran.out.splitlines() if line.startswith(" " * 18)]
    assert len(said) == len(DAYS)
    assert [told for told, start in zip(said, TOLD, strict=True) if not told.startswith(start)] == []
    assert f"[-{EDITOR}-]{{+{OTHER_EDITOR}+}}" in ran.out
    assert "更新校车[-36辆-]{+63辆+}" in ran.out
    report = (desk.folder / "govwatch-demo" / "report.html").read_text(encoding="utf-8")
    assert f"<del>{EDITOR}</del><ins>{OTHER_EDITOR}</ins>" in report
    assert "<script" not in report


def test_the_demo_may_be_played_again(desk: Desk) -> None:
    desk.run("demo", "--dir", "played")
    assert desk.run("demo", "--dir", "played").code == 0
    assert len(desk.run("--db", "played/demo.db", "history", "1", "--checks", "--json").json) == len(DAYS)
