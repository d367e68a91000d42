"""Health notices in words."""

import json
from datetime import UTC, datetime, timedelta

from reports.health import MOST_GROUPS, MOST_PAGES
from reports.notice import make_notice
from reports.values import HealthReport

T0 = datetime(2026, 1, 1, tzinfo=UTC)
REASON = "blocked: status 521: a challenge of 加速乐"


def ill(
    page: int, kind: str = "failing", host: str = "a.gov.cn", reason: str = REASON, checks: int = 3
) -> HealthReport:
    return HealthReport(
        page, "", f"https://{host}/{page}", f"第{page}题", host, kind, T0, checks, T0 - timedelta(days=3), reason
    )


def test_one_page_is_told_with_its_reason_and_since_when() -> None:
    notice = make_notice("n", T0, [], [ill(7)])
    assert notice.subject == "1 page failing"
    assert notice.text.splitlines() == [
        "1 page of a.gov.cn failing: not seen well in the latest checks",
        f"  {REASON}",
        "  page 7  第7题  3 bad checks since 2025-12-29 08:00",
        "    https://a.gov.cn/7",
    ]
    for said in ("failing: not seen well", REASON, "第7题", "3 bad checks since 2025-12-29 08:00"):
        assert said in notice.html
    (told,) = json.loads(notice.json)["health"]
    assert (told["page"], told["kind"], told["bad_checks"], told["reason"]) == (7, "failing", 3, REASON)


def test_pages_of_one_host_are_told_together_with_the_most_frequent_reasons() -> None:
    ills = [ill(n, reason="timeout: no answer" if n % 10 == 0 else REASON) for n in range(1, MOST_PAGES + 21)]
    notice = make_notice("n", T0, [], [*ills, ill(900, "stale", "b.gov.cn", "", 0), ill(901, "recovered")])
    assert notice.subject == f"{MOST_PAGES + 20} pages failing, 1 page stale, 1 page recovered"
    lines = notice.text.splitlines()
    assert lines[:3] == [
        "70 pages of a.gov.cn failing: not seen well in the latest checks",
        f"  {REASON} (63 times)",
        "  timeout: no answer (7 times)",
    ]
    assert "  … and 20 pages more; all of them: govwatch status --json" in lines
    assert "1 page of a.gov.cn recovered: seen well again" in lines
    assert "  page 900  第900题  not checked since 2025-12-29 08:00" in lines
    assert "… and 20 pages more" in notice.html
    assert len(json.loads(notice.json)["health"]) == 72


def test_where_all_hosts_fall_ill_only_those_of_the_most_pages_are_told_one_by_one() -> None:
    ills = [ill(n, host=f"h{n % 200}.cn") for n in range(1, 1001)] + [ill(n, host="most.cn") for n in range(2000, 2020)]
    notice = make_notice("n", T0, [], ills)
    assert notice.subject == "1020 pages failing"
    assert notice.text.startswith("20 pages of most.cn failing")
    last = "… and 755 pages of 151 hosts more; all of them: govwatch status --json"
    assert notice.text.splitlines()[-1] == last
    assert last in notice.html
    assert notice.html.count("<h2>") == MOST_GROUPS


def test_what_a_page_or_a_server_says_cannot_steer_the_terminal_or_the_mail() -> None:
    notice = make_notice("n", T0, [], [ill(1, reason="\x1b[31m<script>alert(1)</script>")])
    assert "\x1b" not in notice.text
    assert "<script>" not in notice.html
