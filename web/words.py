"""The words of the interface in English and Chinese: both stand in every page, and the style sheet shows one."""

from markupsafe import Markup
from msgspec import Struct

from reports.plain import safe


class Words(Struct, frozen=True):
    """The same words in both languages. In a template they become two marked elements, escaped and safe."""

    en: str
    zh: str

    def __html__(self) -> str:
        """Return both, each under its language."""
        both = '<span class="w" lang="en">{}</span><span class="w" lang="zh-CN">{}</span>'
        return Markup(both).format(safe(self.en), safe(self.zh))


def say(english: str, **values: object) -> Words:
    """Return a phrase of the interface with its values; values may be words themselves. Raises KeyError."""
    chinese = CHINESE[english]
    return Words(
        english.format(**{name: value.en if isinstance(value, Words) else value for name, value in values.items()}),
        chinese.format(**{name: value.zh if isinstance(value, Words) else value for name, value in values.items()}),
    )


def count(number: int, noun: str) -> Words:
    """Return `1 paragraph`, `5 paragraphs` and `5 段`."""
    return Words(f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s", f"{number:,} {MEASURES[noun]}")


MEASURES = {
    "change": "次变更",
    "check": "次检查",
    "day": "天",
    "older change": "次更早的变更",
    "paragraph": "段",
}
"""Nouns that are counted, with their measure words."""

CHINESE = {
    # Of every view.
    "Skip to the content": "跳到正文",
    "Overview": "概览",
    "Pages": "网页",
    "Search": "搜索",
    "Times are of Asia/Shanghai.": "时间均为北京时间。",
    "Made {at}.": "生成于 {at}。",
    # The overview.
    "Coverage": "检查情况",
    "pages checked in the last 24 hours": "个网页在过去 24 小时内检查过",
    "overdue": "个逾期未检查",
    "without a good latest check": "个最近一次检查未成功",
    "Without a good latest check": "最近一次检查未成功的网页",
    "changes in all": "次变更（总计）",
    "{changes} on {days}, {first} to {last}": "{first} 至 {last}：{days}中有 {changes}",
    "Latest changes": "最新变更",
    "Older changes stand with their pages.": "更早的变更见各网页。",
    "Nothing has changed so far.": "目前没有变更。",
    "Those longest without a good check stand here; the others are in the list.": (
        "此处只列出异常最久的网页，其余见网页列表。"
    ),
    "never": "从未",
    "not checked yet": "尚未检查",
    "no good check yet": "尚无成功的检查",
    "last good check {at}": "最近一次成功检查：{at}",
    # The list of pages.
    "Show only pages with": "只显示包含以下文字的网页",
    "Title": "标题",
    "State": "状态",
    "Changes": "变更",
    "Last change": "最近变更",
    "Last good check": "最近成功检查",
    "There are no pages yet.": "还没有网页。",
    "due now": "即将检查",
    "fine": "正常",
    "in trouble": "检查异常",
    "never seen": "未曾读到",
    "paused": "已暂停",
    "retired": "已停止",
    # A change.
    "changed": "有修改",
    "reverted": "改回",
    "removed": "已删除",
    "moved": "已移走",
    "restored": "已恢复",
    "difference": "差异",
    "no change under today's rules": "按现行规则不算变更",
    "found {at}": "发现于 {at}",
    "good check before: {at}": "此前成功检查：{at}",
    "version": "版本",
    "version {number}": "版本 {number}",
    "version {old} to {new}": "版本 {old} → {new}",
    "page {number}": "网页 {number}",
    "change {number}": "变更 {number}",
    "comparison": "比较",
    "no difference": "没有差异",
    "How to show it": "显示方式",
    "In one text": "合并显示",
    "Side by side": "左右对照",
    "before": "之前",
    "after": "之后",
    "title": "标题",
    "published": "发布日期",
    "source": "来源",
    "editor": "责任编辑",
    "attachment": "附件",
    "{paragraphs} unchanged": "{paragraphs}未变",
    "lines unchanged:": "未变的行数：",
    "moved here:": "移到此处：",
    "moved away:": "从此处移走：",
    "split:": "拆分：",
    "joined:": "合并：",
    "change before": "上一次变更",
    "change after": "下一次变更",
    "the whole life of this page": "此网页的全部历史",
    "compare versions": "比较版本",
    # The life of a page.
    "The life of the page, {first} to {last}": "网页历史：{first} 至 {last}",
    "a version, by number": "版本（编号）",
    "not known": "情况不明",
    "removed or moved": "已删除或移走",
    "a change told": "已报告的变更",
    "Version by version": "逐个版本查看",
    "{number} older ones are left out here; `govwatch show {page} N` shows them.": (
        "此处略去更早的 {number} 个；可用 `govwatch show {page} N` 查看。"
    ),
    "earlier": "更早",
    "later": "更晚",
    "Compare": "比较",
    "Compare version": "比较版本",
    "with version": "与版本",
    "shown from {first} to {last}": "显示于 {first} 至 {last}",
    "marked against the version before": "标出与前一版本的差异",
    "What changed": "变更内容",
    "the words": "具体文字",
    "Every check": "全部检查",
    "since {at}": "自 {at} 起",
    "first-seen": "首次读到",
    "same": "未变",
    "present": "存在",
    "unknown": "情况不明",
    "reprocessed": "按新规则重读",
    "none": "无",
    # The live application.
    "Feeds:": "订阅：",
    "From day": "起始日期",
    "to day": "截止日期",
    "Host": "网站",
    "Label": "标签",
    "Field": "字段",
    "Kind": "类型",
    "Show": "显示",
    "Older changes": "更早的变更",
    "No change fits.": "没有符合条件的变更。",
    "No page fits.": "没有符合条件的网页。",
    "body": "正文",
    "attachments": "附件",
    "More pages": "更多网页",
    "There is nothing here": "此处没有内容",
    "The address may have a number that there is not.": "网址中的编号可能不存在。",
    "The database is busy": "数据库正忙",
    "The database cannot be used": "数据库无法使用",
    "Nothing was changed. `govwatch status` tells more; or try again.": (
        "未作任何更改。可用 `govwatch status` 查看原因，或稍后再试。"
    ),
    "This cannot be done": "无法执行",
    "Token": "令牌",
    "This is not the token.": "令牌不正确。",
    "Log in": "登录",
    # What a reader may do.
    "not seen yet": "条尚未查看",
    "not seen": "未查看",
    "Not seen only": "仅未查看",
    "Mark as seen": "标为已查看",
    "Mark as not seen": "标为未查看",
    "Mark these as seen": "将以上标为已查看",
    "Mark all as seen": "全部标为已查看",
    "Watch a page": "添加网页",
    "Address": "网址",
    "Name": "名称",
    "Labels": "标签",
    "optional": "选填",
    "with commas between them": "用逗号分隔",
    "Check every": "检查间隔",
    "such as 30m, 6h or 1d": "如 30m（分钟）、6h（小时）、1d（天）",
    "Check now": "立即检查",
    "Pause": "暂停检查",
    "Resume": "恢复检查",
    "next check {at}": "下次检查：{at}",
    "This page belongs to the configuration file and is changed there.": "此网页来自配置文件，请在配置文件中修改。",
    # The search.
    "Words in titles, editors, texts and addresses, of all versions": "在所有版本的标题、责任编辑、正文和网址中查找",
    "The search of this folder needs JavaScript.": "此处的搜索需要 JavaScript。",
    "pages found:": "找到的网页：",
    "at least {number}": "至少 {number}",
    "none so far; the search goes on below": "目前尚未找到，点击下方继续查找",
    "and more; add a word": "还有更多，请增加关键词",
    "shown now": "目前显示",
    "no longer shown": "已不再显示",
}
"""Every phrase of the interface. A phrase that is missing here is an error, and the tests show every view."""
