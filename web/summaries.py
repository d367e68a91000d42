"""What a change says in one line, in both languages: the report tells it in English, here it is told in Chinese."""

from collections import Counter
from collections.abc import Sequence

from core.attachments import FileDiff
from core.diff import TextDiff
from core.model import ChangeKind, FieldChange
from core.summary import KINDS
from reports.values import ChangeReport
from web.words import CHINESE, Words

_PARAGRAPHS = {
    "edited": "修改",
    "split": "拆分",
    "joined": "合并",
    "added": "新增",
    "removed": "删除",
    "moved": "移动",
}
_FILES = {"added": "新增附件", "removed": "删除附件", "renamed": "附件更名", "relinked": "附件换链接"}
_PRESENCE = {
    ChangeKind.REMOVED: "网页已被删除",
    ChangeKind.MOVED: "网页已移走",
    ChangeKind.RESTORED: "网页已恢复",
}


def change_summary(report: ChangeReport, fields: Sequence[FieldChange] = ()) -> Words:
    """Return what happened: presence first, then fields, body and attachments.

    `fields` tell what differs where the report is brief.
    """
    said = _PRESENCE.get(report.kind, "")  # type: ignore[call-overload]
    if report.kind == ChangeKind.REVERTED:
        said = f"改回版本 {report.to_version}"
    parts = [said, *(_difference(report.diff) if report.diff else map(_field, fields))]
    if report.kind == ChangeKind.RESTORED and report.from_version and not (report.diff or fields):
        parts.append("内容未变")
    return Words(report.summary, "；".join(filter(None, parts)))


def _difference(diff: TextDiff) -> list[str]:
    said = [f"{CHINESE[field.field]} {field.old or '（空）'} → {field.new or '（空）'}" for field in diff.fields]
    said += [_body(diff)] if diff.body else []
    said += [f"{_FILES[file.kind]}：{_names(file)}" for file in diff.files]
    said += ["附件顺序改变"] if diff.are_files_reordered else []
    return said + (["发布日期未变，属未声明的修改"] if diff.is_silent else [])


def _field(field: FieldChange) -> str:
    values = f" {field.old or '（空）'} → {field.new or '（空）'}" if field.old or field.new else "有变化"
    return f"{CHINESE[field.field]}{values}"


def _body(diff: TextDiff) -> str:
    if diff.is_rewritten:
        return f"正文重写，保留 {diff.kept:.0%}"
    counts = Counter(paragraph.kind for paragraph in diff.body)
    told = [f"{_PARAGRAPHS[kind]} {counts[kind]} 段" for kind in KINDS if counts[kind]]
    coarse = "（改动过多，未逐词比较）" if diff.is_coarse else ""
    return f"正文{'、'.join(told)}，+{diff.chars_added} −{diff.chars_removed} 字{coarse}"


def _names(file: FileDiff) -> str:
    return " → ".join(dict.fromkeys(one.name for one in (file.old, file.new) if one))
