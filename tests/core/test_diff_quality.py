"""The marks a careful human editor would make, in hand-judged cases: each was drawn before the code was run.

A case is drawn as it is read: fields by name, then a line for each paragraph with a sign before it. `=` same, `~` edited,
`+` added, `-` removed, `>` moved here, `<` moved away, `%` split, `&` joined. What went stands in `[-…-]`, what came in
`{+…+}`, a paragraph's end is `¶`, and `[=…|…=]` is written one way before and another after without being a change.
Both texts are read off the drawing.
"""

import re

import pytest
from msgspec.structs import replace

from core.diff import diff_texts
from core.marks import Span
from core.model import Attachment, NormalText
from core.paragraphs import ParagraphDiff

MEETING = "会议指出，要把校车安全放在首位，层层压实责任。"
MONEY = "全县投入420余万元更新校车，覆盖18所山区小学。"
VISIT = "与会人员实地考察了中心小学的校车停靠点。"
SPEECH = "县长作总结讲话，部署了下半年的工作。"
FIELD_CASES = {
    "an editor": "editor [-白婉苹-]{+贺茜+}",
    "one character of an editor's name": "editor [-王小明-]{+王晓明+}",
    "one editor of two": "editor [-白婉苹-]{+贺茜+} 王敏",
    "a second editor": "editor 白婉苹{+ 王敏+}",
    "an editor taken away": "editor [-白婉苹-]",
    "an editor named": "editor {+贺茜+}",
    "the day of publication": "published [-2024-05-01-]{+2024-05-11+}",
    "the hour of publication": "published 2024-05-01T[-08:00:00-]{+09:30:00+}+08:00",
    "a day and its hour": "published [-2024-05-01T08:00:00-]{+2024-05-02T09:30:00+}+08:00",
    "a source": "source 四川[-日报-]{+新闻网+}",
    "a source named in full": "source {+省+}教育厅",
    "a word of the title": "title 关于[-做好-]{+加强+}校车安全工作的通知",
    "a title made a draft": "title 校车安全管理办法{+（试行）+}",
}
WORD_CASES = {
    "one character of a name in a sentence": "县教育局局长王[-小-]{+晓+}明到会讲话。",
    "a name after its label": "供稿人：[-白婉苹-]{+贺茜+}，审核：何雨田。",
    "a number with its unit": "全县更新校车[-36辆-]{+63辆+}，覆盖18所小学。",
    "two numbers side by side": "更新校车[-36辆-]{+63辆+}，[-18所-]{+81所+}小学受益。",
    "a number and its unit": "全县投入[-420余万元-]{+4.2亿元+}更新校车。",
    "a percentage": "同比增长[-4.36%-]{+4.63%+}。",
    "thousands": "共[-3,228人-]{+3,282人+}参加。",
    "a day": "自[-2024年5月1日-]{+2024年5月11日+}起施行。",
    "a date in Chinese numerals": "[-二〇二四年五月一日-]{+二〇二四年六月三日+}",
    "the end of a holiday": "5月1日至[-3日-]{+5日+}放假。",
    "two terms": "自[-3月-]{+6月+}起施行，有效期[-5年-]{+2年+}。",
    "a time": "会议于[-10:08-]{+10:18+}召开。",
    "the number of a document": "川府发〔2024〕[-12号-]{+3号+}",
    "the year of a document": "川府发〔[-2023-]{+2024+}〕12号",
    "an article of a law": "依照本办法[-第三条-]{+第十四条+}的规定办理。",
    "a telephone": "联系电话：028-[-86604477-]{+86604478+}",
    "an address": "详见http://www.sc.gov.cn/[-1-]{+2+}.html。",
    "a not": "会议{+不+}同意这项安排。",
    "a half of a word": "现将有关[-通知-]{+通告+}印发各地。",
    "a word for a word": "要[-加强-]{+改进+}校车安全管理。",
    "a word more": "要加强{+和改进+}校车安全管理。",
    "an office renamed": "由县教育{+体育+}局负责。",
    "a sentence between": "会议召开。{+会议通过决议。+}会议结束。",
    "a sentence taken out": "会议召开。[-会议通过决议。-]会议结束。",
    "a sentence at the end": "会议通过决议。{+下午举行座谈。+}",
    "a clause taken out": "会议总结了成效，[-部署了下一步工作，-]明确了责任。",
    "a clause at the end": "会议总结了成效{+，部署了下一步工作+}。",
    "a clause in other words": "经济运行[-总体平稳-]{+稳中向好+}、[-稳中有进-]{+进中提质+}。",
    "an item of a list": "教育局、[-财政局、-]公安局参加会议。",
    "the last item of a list": "教育局、财政局{+、公安局+}参加会议。",
    "a document named first": "印发{+《甲办法》、+}《乙办法》。",
    "a document named last": "印发《甲办法》{+、《乙办法》+}。",
    "what is quoted": "坚持“[-一岗双责-]{+党政同责+}”的要求。",
    "quotation marks": "要把[-“-]{+「+}安全第一[-”-]{+」+}放在首位。",
    "another punctuation mark": "会议指出[-，-]{+：+}要压实责任。",
    "widths of punctuation": "会议[=，|,=]召开[=（|(=]一[=）|)=]，[-同意-]{+通过+}决议。",
    "widths of digits": "共[=１２|12=]项，投入[-３６万元-]{+63万元+}。",
    "a word of English": "The [-mayor-]{+minister+} spoke on Monday.",
    "an English word more": "The fund {+now +}covers 18 schools.",
    "an English date": "Last updated on [-14 March 2020-]{+15 March 2020+}.",
    "an American date": "Updated [-March 14, 2020-]{+April 2, 2020+} at noon.",
    "a month that is a verb": "You may [-march-]{+walk+} 14 miles.",
    "a plural": "The fund covers one [-school-]{+schools+} in the county.",
    "an English number": "It cost about $[-4.2-]{+4.8+} million.",
    "upper case": "接种[-Covid-19-]{+COVID-19+}疫苗。",
    "the year of a standard": "执行[-GB18030-2005-]{+GB18030-2022+}标准。",
    "a word written together": "用[-e mail-]{+email+}联系。",
    "a mail address": "发至[-zhang-]{+wang+}@sc.gov.cn。",
    "a family of emoji": "见图[-👨‍👩‍👧-]{+👨‍👩‍👦+}。",
    "a tone of skin": "点赞[-👍🏻-]{+👍🏿+}。",
    "a flag": "[-🇨🇳-]{+🇨🇦+}队获胜。",
    "a combining mark": "[-cafe\u0301-]{+cafe+}开业。",
    "a letter composed": "caf[=e\u0301|é=]于[-5月-]{+6月+}开业。",
    "a variant of a character": "[-葛\U000e0100-]{+葛\U000e0101+}城县举行会议。",
    "a character of four bytes": "村民[-𠮷-]{+吉+}田家的房屋。",
    "two forms of a character": "[-台-]{+臺+}北市的学生代表。",
    "a row of a table, one cell": "云岭县 | [-36-]{+63+} | 100%",
    "a row of a table, two cells": "云岭县 | [-36-]{+63+} | [-98%-]{+100%+}",
    "a heading": "一、[-基本-]{+总体+}情况",
}
BODY_CASES = {
    "a paragraph added": ["= " + MEETING, "+ " + MONEY, "= " + SPEECH],
    "a paragraph removed": ["= " + MEETING, "- " + MONEY, "= " + SPEECH],
    "a paragraph for another": ["= " + MEETING, "- " + MONEY, "+ " + VISIT, "= " + SPEECH],
    "a paragraph moved": ["< " + MEETING, "= " + MONEY, "= " + VISIT, "> " + MEETING],
    "two paragraphs moved": [
        "< " + MEETING,
        "< " + MONEY,
        "= " + VISIT,
        "= " + SPEECH,
        "= 完。",
        "> " + MEETING,
        "> " + MONEY,
    ],
    "moved and edited": [
        "< 全县投入420余万元更新校车，覆盖18所山区小学。",
        "= " + MEETING,
        "= " + VISIT,
        "> 全县投入[-420余万元-]{+480余万元+}更新校车，覆盖18所山区小学。",
    ],
    "a paragraph split": ["= " + MEETING, "% " + MONEY + "{+¶+}" + VISIT, "= " + SPEECH],
    "a paragraph split in three": ["% " + MEETING + "{+¶+}" + MONEY + "{+¶+}" + VISIT, "= " + SPEECH],
    "split and edited": [
        "% " + MEETING + "{+¶+}全县投入[-420余万元-]{+480余万元+}更新校车，覆盖18所山区小学。",
        "= " + SPEECH,
    ],
    "split and edited around a heading that moved": [
        "+ 一、总体情况",
        "= " + MEETING,
        "% 与会人员实地考察了中心小学的校车停靠点。{+¶+}县教育局局长王[-小-]{+晓+}明就有关[-通知-]{+通告+}作了说明。",
        "- 三、基本情况",
        "= " + SPEECH,
    ],
    "moved and edited in one word": [
        "< 据了解，今年前四个月全县校车事故为零。",
        "= " + MEETING,
        "= " + VISIT,
        "> 据了解，今年前[-四-]{+五+}个月全县校车事故为零。",
    ],
    "two paragraphs joined": ["= " + MEETING, "& " + MONEY + "[-¶-]" + VISIT, "= " + SPEECH],
    "one of two equal paragraphs removed": ["= " + MEETING, "= 附件：", "- " + MEETING, "= " + SPEECH],
    "a line that stands often, once more": ["= 是", "= " + MEETING, "= 是", "= " + MONEY, "+ 是"],
    "an item added and the others renumbered": [
        "= 1.压实责任",
        "+ 2.更新校车",
        "~ [-2-]{+3+}.培训教师",
        "~ [-3-]{+4+}.检查路线",
    ],
    "an item removed and the others renumbered": ["= （一）压实责任", "- （二）更新校车", "~ （[-三-]{+二+}）培训教师"],
    "items in another order": ["< 培训校车照管员", "= 更新老旧校车", "= 检查接送路线", "> 培训校车照管员"],
    "short items in another order": ["< 教育局", "= 财政局", "= 公安局", "> 教育局"],
    "a row added to a table": ["= 县 | 辆", "= 云岭县 | 36", "+ 青石县 | 12", "= 合计 | 48"],
    "a total corrected": ["= 县 | 辆", "= 云岭县 | 36", "= 青石县 | 12", "~ 合计 | [-46-]{+48+}"],
    "rows that are all alike": ["= 0 | 0", "= 0 | 0", "~ [-0-]{+1+} | 0", "= 0 | 0"],
    "the date below": ["= " + MEETING, "= 云岭县人民政府", "~ [-2024年5月1日-]{+2024年5月6日+}"],
    "edited beside a new one like it": [
        "+ 覆盖20所小学，运行平稳。",
        "~ 覆盖[-18所-]{+19所+}山区小学，运行总体平稳。",
        "= " + SPEECH,
    ],
    "a paragraph in other words": [
        "= " + MEETING,
        "- 全县校车事故为零。",
        "+ 今年以来没有发生任何交通意外。",
        "= " + SPEECH,
    ],
    "a clause kept in another text": [
        "- 据统计局公布的数据，全县小学十八所。",
        "= " + MEETING,
        "+ 今年以来没有发生任何交通意外，据统计局公布的数据，群众满意度上升到历史最好水平。",
    ],
    "rewritten": ["- " + MEETING, "- " + MONEY, "+ 本栏目自即日起停止更新。", "+ 请访问新网站。"],
}
_MARK = re.compile(r"\[-(?P<delete>.*?)-\]|\{\+(?P<insert>.*?)\+\}|\[=(?P<was>.*?)\|(?P<now>.*?)=\]")
_KINDS = {
    "=": "same",
    "~": "edited",
    "+": "added",
    "-": "removed",
    ">": "moved",
    "<": "moved-away",
    "%": "split",
    "&": "joined",
}
NOTHING = NormalText("标题", "", "", "", (), ())


def sides(drawn: str) -> tuple[str, str]:
    """Return the text before and after, as a drawing tells them."""
    old = _MARK.sub(lambda mark: mark["delete"] or mark["was"] or "", drawn)
    return old, _MARK.sub(lambda mark: mark["insert"] or mark["now"] or "", drawn)


def plain(drawn: str) -> str:
    """Return a drawing without what is no change."""
    return re.sub(r"\[=.*?\|(.*?)=\]", r"\1", drawn)


def written(spans: tuple[Span, ...]) -> str:
    forms = {"equal": "{new}", "delete": "[-{old}-]", "insert": "{{+{new}+}}"}
    return "".join(forms[span.kind].format(old=span.old, new=span.new) for span in spans).replace("\n", "¶")


@pytest.mark.parametrize("drawn", FIELD_CASES.values(), ids=FIELD_CASES)
def test_a_field_is_marked_as_an_editor_would(drawn: str) -> None:
    name, _, value = drawn.partition(" ")
    old, new = ({name: side} for side in sides(value))
    (field,) = diff_texts(text(**old), text(**new)).fields
    assert f"{field.field} {written(field.spans)}" == drawn


@pytest.mark.parametrize("drawn", WORD_CASES.values(), ids=WORD_CASES)
def test_words_are_marked_as_an_editor_would(drawn: str) -> None:
    old, new = sides(drawn)
    assert told((MEETING, old, SPEECH), (MEETING, new, SPEECH)) == [f"= {MEETING}", f"~ {plain(drawn)}", f"= {SPEECH}"]


@pytest.mark.parametrize("drawn", BODY_CASES.values(), ids=BODY_CASES)
def test_paragraphs_are_told_as_an_editor_would(drawn: list[str]) -> None:
    old, new = [], []
    for sign, line in ((line[0], line[2:]) for line in drawn):
        before, after = sides(line)
        old += before.split("¶") if sign not in "+>" else []
        new += after.split("¶") if sign not in "-<" else []
    assert told(old, new) == drawn


def test_what_no_reader_sees_is_no_change() -> None:
    body = ("会议，召开（一）。", "共１２３项", "两个  词", "☎\ufe0f电话", "葛\u200b城", "\uf900")
    same = ("会议,召开(一)。", "共123项", "两个 词", "☎电话", "葛城", "\u8c48")
    assert diff_texts(text(body=body), text(body=("", *same, " "))).body == ()


FILE, OTHER = Attachment("名单.pdf", "https://a.cn/1.pdf"), Attachment("附表.xls", "https://a.cn/2.xls")
FILE_CASES = {
    "a file added": ((FILE,), (FILE, OTHER), ["added 附表.xls"]),
    "a file removed": ((FILE, OTHER), (FILE,), ["removed 附表.xls"]),
    "a file renamed": ((FILE, OTHER), (Attachment("名册.pdf", FILE.url), OTHER), ["renamed 名单.pdf 名册.pdf"]),
    "a file relinked": ((FILE,), (Attachment(FILE.name, OTHER.url),), ["relinked 名单.pdf 名单.pdf"]),
    "a file for another": ((FILE,), (OTHER,), ["removed 名单.pdf", "added 附表.xls"]),
    "files in another order": ((FILE, OTHER), (OTHER, FILE), []),
}


@pytest.mark.parametrize(("old", "new", "said"), FILE_CASES.values(), ids=FILE_CASES)
def test_files_are_told_as_an_editor_would(old, new, said: list[str]) -> None:
    diff = diff_texts(text(attachments=old), text(attachments=new))
    assert [" ".join([file.kind, *(one.name for one in (file.old, file.new) if one)]) for file in diff.files] == said
    assert diff.are_files_reordered is (not said)


def test_the_line_of_a_file_marks_what_differs() -> None:
    cases = (
        ((), (FILE,), "{+名单.pdf https://a.cn/1.pdf+}"),
        ((FILE,), (), "[-名单.pdf https://a.cn/1.pdf-]"),
        ((FILE,), (Attachment("名册.pdf", FILE.url),), "[-名单.pdf-]{+名册.pdf+} https://a.cn/1.pdf"),
        ((FILE,), (Attachment(FILE.name, OTHER.url),), "名单.pdf [-https://a.cn/1.pdf-]{+https://a.cn/2.xls+}"),
    )
    for old, new, drawn in cases:
        (file,) = diff_texts(text(attachments=old), text(attachments=new)).files
        assert written(file.spans) == drawn


def text(**shown) -> NormalText:
    return replace(NOTHING, **shown)


def told(old, new) -> list[str]:
    signs = {kind: sign for sign, kind in _KINDS.items()}
    found = diff_texts(text(body=tuple(old)), text(body=tuple(new))).body
    return [f"{signs[paragraph.kind]} {line(paragraph)}" for paragraph in found]


def line(paragraph: ParagraphDiff) -> str:
    """Return a paragraph with its marks; one that came or went is its text."""
    is_whole = paragraph.kind in ("added", "removed", "moved-away")
    return paragraph.spans[0].new or paragraph.spans[0].old if is_whole else written(paragraph.spans)
