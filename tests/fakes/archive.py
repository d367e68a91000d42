"""A database with a bit of everything that the reading views tell: edits, a rewrite, an absence, trouble."""

from datetime import timedelta
from pathlib import Path

from fakes.checks import DAY, T0, fail, see, see_bad, see_same
from msgspec.structs import replace

from core.model import Attachment, NormalText, QualityKind
from storage.rows import PageDraft
from storage.write import open_store

NOW = T0 + 20 * DAY
SCHOOL, VILLAGE, SILENT, FRESH = 1, 2, 3, 4
"""The numbers of the pages."""
BODY = (
    "会议研究建立三方护送新机制，部署下半年校车安全工作。",
    "全县共投入420余万元更新校车36辆，覆盖18所山区小学。",
    "据了解，今年前四个月全县校车事故为零。",
    "与会人员还考察了中心小学的校车停靠点。",
)
FIRST = NormalText("云岭县召开校车安全现场会", "2026-01-01", "云岭县教育局", "白婉苹", BODY, ())
EDITED = replace(FIRST, editor="贺茜")
LONGER = replace(
    EDITED,
    body=(BODY[0], BODY[1].replace("36辆", "63辆"), *BODY[2:], "会后印发了名单。"),
    attachments=(Attachment("名单.pdf", "https://www.sc.gov.cn/list.pdf"),),
)
REWRITTEN = replace(EDITED, title="停用通知", body=("本栏目自即日起不再更新，请访问新网站。",))
POVERTY = NormalText("青石镇扶贫工作纪实", None, "", "何雨田", ("扶贫先扶志，扶贫必扶智。",), ())


def build(file: Path) -> None:
    """Write the database."""
    with open_store(file) as store, store.transaction() as tx:
        daily = {"scheduled": True, "schedule": "every 86400"}
        for page, draft in enumerate(
            (
                PageDraft("https://www.sc.gov.cn/school.shtml", "school bus", labels=("校车", "edu")),
                PageDraft("https://www.sc.gov.cn/village.shtml", **daily),
                PageDraft("https://www.sc.gov.cn/silent.shtml", **daily),
                PageDraft("https://www.sc.gov.cn/fresh.shtml", **daily),
            ),
            1,
        ):
            assert tx.put_page(draft, T0) == page
        for day, text in enumerate((FIRST, FIRST, EDITED, LONGER, FIRST)):
            see(tx, SCHOOL, text, T0 + day * DAY)
        fail(tx, SCHOOL, T0 + 5 * DAY)
        for hour in range(2):
            see_bad(tx, SCHOOL, QualityKind.GONE, T0 + 6 * DAY + timedelta(hours=hour))
        see(tx, SCHOOL, FIRST, T0 + 8 * DAY)
        see(tx, SCHOOL, REWRITTEN, NOW - timedelta(hours=1))
        see(tx, VILLAGE, POVERTY, NOW - timedelta(hours=2))
        see_same(tx, VILLAGE, NOW - timedelta(hours=1))
        tx.set_next_due(VILLAGE, NOW + DAY)
        see_bad(tx, SILENT, QualityKind.BLOCKED, NOW - 2 * DAY)
        tx.set_next_due(FRESH, NOW)
