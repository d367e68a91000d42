"""When a page is checked, in words of both languages."""

from pathlib import Path

import pytest
from fakes.checks import T0

from storage.overview import open_overview
from storage.rows import PageDraft
from storage.write import open_store
from web.watching import schedule_words
from web.words import Words


@pytest.mark.parametrize(
    ("schedule", "english", "chinese"),
    [
        ("", "no schedule", "未定期检查"),
        ("every 21600", "checked every 6h", "每 6 小时检查一次"),
        ("every 604800 jitter 300", "checked every 1w, up to 5m later", "每 1 周检查一次，最多推迟 5 分钟"),
        (
            "every 1800 window Asia/Shanghai mon-fri 08:00-18:00",
            "checked every 30m, mon-fri 08:00-18:00 (Asia/Shanghai)",
            "每 30 分钟检查一次, mon-fri 08:00-18:00 (Asia/Shanghai)",
        ),
        (
            "cron Asia/Shanghai 0 8 * * 1-5",
            "checked cron 0 8 * * 1-5 (Asia/Shanghai)",
            "检查时间：cron 0 8 * * 1-5 (Asia/Shanghai)",
        ),
    ],
)
def test_a_schedule_is_said_in_both_languages(tmp_path: Path, schedule: str, english: str, chinese: str) -> None:
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        tx.put_page(PageDraft("https://a.cn/", scheduled=bool(schedule), schedule=schedule), T0)
    with open_overview(tmp_path / "a.db") as reader:
        assert schedule_words(reader.pages()[0]) == Words(english, chinese)
