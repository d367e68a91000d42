"""How a page is watched, in both languages."""

from config.schedule import from_text, in_words
from config.settings import Every
from storage.rows import PageRow
from web.words import Words

_UNITS = {"s": "秒", "m": "分钟", "h": "小时", "d": "天", "w": "周"}


def schedule_words(page: PageRow) -> Words:
    """Return when a page is checked: `checked every 6h`."""
    if not page.scheduled or not page.schedule:
        return Words("no schedule", "未定期检查")
    schedule = from_text(page.schedule)
    said = in_words(schedule)
    if isinstance(schedule, Every):
        interval, comma, more = said.removeprefix("every ").partition(",")
        return Words(f"checked {said}", f"每 {interval[:-1]} {_UNITS[interval[-1]]}检查一次{comma}{more}")
    return Words(f"checked by {said}", f"按 {said} 检查")
