"""How a page is watched, in both languages."""

import re

from config.schedule import from_text, in_words
from storage.rows import PageRow
from web.words import Words

_UNITS = {"s": "秒", "m": "分钟", "h": "小时", "d": "天", "w": "周"}
_DURATION = re.compile(r"\b(\d+)([smhdw])\b")


def schedule_words(page: PageRow) -> Words:
    """Return when a page is checked: `checked every 6h`."""
    if not page.scheduled or not page.schedule:
        return Words("no schedule", "未定期检查")
    said = in_words(from_text(page.schedule))
    chinese = _DURATION.sub(lambda found: f" {found[1]} {_UNITS[found[2]]}", said)
    chinese = re.sub(r"every ( \d+ \w+)", r"每\1检查一次", chinese).replace("cron", "检查时间：cron")
    return Words(f"checked {said}", re.sub(r", up to ( \d+ \w+) later", r"，最多推迟\1", chinese))
