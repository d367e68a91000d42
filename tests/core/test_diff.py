"""The difference of two normal texts: fields as fields, paragraphs, moves, rewrites, and one line that says it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.compare import changed_fields
from core.diff import diff_texts
from core.model import Attachment, NormalText
from core.normalize import canonical
from core.paragraphs import BREAK, ParagraphDiff
from core.summary import summary
from govwatch.demo.article import EDITOR, PARAGRAPHS, SOURCE, TITLE

FILE = Attachment("附件1.pdf", "https://a.cn/1.pdf")
OTHER = Attachment("附件2.pdf", "https://a.cn/2.pdf")
BASE = NormalText(TITLE, "2023-05-22T14:50:00+08:00", SOURCE, EDITOR, PARAGRAPHS, (FILE,))
NEW = "新增加的一段，说明下半年的安排。"
EDITED = PARAGRAPHS[1].replace("36辆", "63辆")

SILENT = "published date unchanged: a silent edit"
LENGTH = sum(map(len, PARAGRAPHS))
CUT = PARAGRAPHS[0].index("。") + 1
SPLIT = PARAGRAPHS[0][:CUT], PARAGRAPHS[0][CUT:]

CASES = [
    ("nothing", {}, "", []),
    ("the editor alone", {"editor": "贺茜"}, f"editor {EDITOR} -> 贺茜", []),
    ("an editor taken away", {"editor": ""}, f"editor {EDITOR} -> (empty)", []),
    (
        "a paragraph edited",
        {"body": (PARAGRAPHS[0], EDITED, *PARAGRAPHS[2:])},
        "1 paragraph edited, +3 -3 characters",
        ["same", "edited", *["same"] * 5],
    ),
    (
        "a paragraph added",
        {"body": (*PARAGRAPHS, NEW)},
        f"1 paragraph added, +{len(NEW)} -0 characters",
        [*["same"] * 7, "added"],
    ),
    (
        "two taken out",
        {"body": PARAGRAPHS[2:]},
        f"2 paragraphs removed, +0 -{len(PARAGRAPHS[0]) + len(PARAGRAPHS[1])} characters",
        ["removed", "removed", *["same"] * 5],
    ),
    (
        "a paragraph moved",
        {"body": (*PARAGRAPHS[1:], PARAGRAPHS[0])},
        "1 paragraph moved, +0 -0 characters",
        ["moved-away", *["same"] * 6, "moved"],
    ),
    (
        "edited and added",
        {"body": (NEW, PARAGRAPHS[0], EDITED, *PARAGRAPHS[2:])},
        f"1 paragraph edited, 1 added, +{len(NEW) + 3} -3 characters",
        ["added", "same", "edited", *["same"] * 5],
    ),
    ("rewritten", {"body": (NEW, "与原来毫无关系的另一段。")}, "body rewritten, 0% kept", None),
    ("a body taken away", {"body": ()}, f"7 paragraphs removed, +0 -{LENGTH} characters", ["removed"] * 7),
    (
        "cut to its end",
        {"body": PARAGRAPHS[-1:]},
        f"6 paragraphs removed, +0 -{LENGTH - len(PARAGRAPHS[-1])} characters",
        None,
    ),
    (
        "a paragraph split",
        {"body": (SPLIT[0], SPLIT[1], *PARAGRAPHS[1:])},
        "1 paragraph split, +0 -0 characters",
        ["split", *["same"] * 6],
    ),
    (
        "two paragraphs joined",
        {"body": (*PARAGRAPHS[:5], PARAGRAPHS[5] + PARAGRAPHS[6])},
        "1 paragraph joined, +0 -0 characters",
        [*["same"] * 5, "joined"],
    ),
    ("what shows nothing", {"body": (*PARAGRAPHS[:3], " ", "\u200b", *PARAGRAPHS[3:])}, "", []),
    (
        "what shows nothing, and an edit",
        {"body": ("", PARAGRAPHS[0], " ", EDITED, *PARAGRAPHS[2:])},
        "1 paragraph edited, +3 -3 characters",
        ["same", "edited", *["same"] * 5],
    ),
    ("a file added", {"attachments": (FILE, OTHER)}, "attachment added: 附件2.pdf", []),
    ("a file taken away", {"attachments": ()}, "attachment removed: 附件1.pdf", []),
    ("a file for another", {"attachments": (OTHER,)}, "attachment removed: 附件1.pdf; attachment added: 附件2.pdf", []),
    (
        "a file renamed",
        {"attachments": (Attachment("名单.pdf", FILE.url),)},
        "attachment renamed: 附件1.pdf -> 名单.pdf",
        [],
    ),
    (
        "two files under names exchanged",
        {"attachments": (Attachment("甲", FILE.url), Attachment(FILE.name, "https://a.cn/3.pdf"))},
        "attachment renamed: 附件1.pdf -> 甲; attachment added: 附件1.pdf",
        [],
    ),
    ("a file replaced", {"attachments": (Attachment(FILE.name, OTHER.url),)}, "attachment relinked: 附件1.pdf", []),
    (
        "a file in other widths beside a new one",
        {"attachments": (Attachment("附件１.pdf", FILE.url), OTHER)},
        "attachment added: 附件2.pdf",
        [],
    ),
    ("widths alone", {"body": tuple(text.replace(",", "，") for text in PARAGRAPHS)}, "", []),
    ("not observable", {"attachments": None, "body": None}, "", []),
    (
        "field and body",
        {"source": "省教育厅", "body": (PARAGRAPHS[0], EDITED, *PARAGRAPHS[2:])},
        f"source {SOURCE} -> 省教育厅; 1 paragraph edited, +3 -3 characters",
        None,
    ),
]


@pytest.mark.parametrize(("shown", "said", "kinds"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_difference_is_told_in_one_line(shown: dict, said: str, kinds: list[str] | None) -> None:
    diff = diff_texts(BASE, replace(BASE, **shown))
    assert summary(diff) == (said and f"{said}; {SILENT}")
    assert kinds is None or [paragraph.kind for paragraph in diff.body] == kinds


def test_files_in_another_order_are_told_so() -> None:
    old, new = replace(BASE, attachments=(FILE, OTHER)), replace(BASE, attachments=(OTHER, FILE))
    assert [change.field for change in changed_fields(old, new)] == ["attachments"]
    assert summary(diff_texts(old, new)) == f"attachments in another order; {SILENT}"


def test_a_stub_that_grew_is_not_told_as_rewritten() -> None:
    grown = diff_texts(replace(BASE, body=PARAGRAPHS[-1:]), BASE)
    assert summary(grown) == f"6 paragraphs added, +{LENGTH - len(PARAGRAPHS[-1])} -0 characters; {SILENT}"
    assert grown.kept < 0.25
    assert not grown.is_rewritten


def test_more_edits_than_can_be_compared_are_told_to_be_coarse() -> None:
    """Six letters in random order are alike by their pairs and far apart word by word: the dearest case there is."""
    random = Random(7)
    old, new = (["".join(random.choices("甲乙丙丁戊己", k=450)) for _ in range(20)] for _ in range(2))
    kept = [f"第{number}条：{paragraph}" for number in range(20) for paragraph in PARAGRAPHS]
    few, many = (
        diff_texts(replace(BASE, body=(*kept, *old[:n])), replace(BASE, body=(*kept, *new[:n]))) for n in (2, 20)
    )
    assert "too much" not in summary(few)
    assert "too much for every word to be compared" in summary(many)


def test_a_short_line_is_never_told_as_moved() -> None:
    diff = diff_texts(replace(BASE, body=("一、", *PARAGRAPHS)), replace(BASE, body=(*PARAGRAPHS, "一、")))
    assert {paragraph.kind for paragraph in diff.body} == {"removed", "same", "added"}


def test_a_field_has_its_whole_values() -> None:
    (field,) = diff_texts(BASE, replace(BASE, title=TITLE.replace("安全", "管理"))).fields
    assert (field.field, field.old, field.new) == ("title", TITLE, TITLE.replace("安全", "管理"))


def test_an_untouched_body_is_kept_whole() -> None:
    assert diff_texts(BASE, BASE).kept == 1
    assert not diff_texts(BASE, BASE).is_rewritten


PARAGRAPH = st.sampled_from([*PARAGRAPHS, EDITED, NEW, "一、", "（一）", "(一)", " ", "☎", "☎\ufe0f"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)
BODY = st.lists(PARAGRAPH, max_size=9).map(tuple)


def shows(body: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in body if canonical(text))


@given(BODY, BODY, st.sampled_from(["甲", "乙", ""]), st.sampled_from([None, (), (FILE,), (OTHER, FILE)]))
def test_both_bodies_are_rebuilt_and_the_fields_are_those_that_differ(body, other, editor, files) -> None:
    old, new = replace(BASE, body=body), replace(BASE, body=other, editor=editor, attachments=files)
    diff = diff_texts(old, new)
    changed = {change.field for change in changed_fields(old, new)}
    assert {field.field for field in diff.fields} == changed - {"body", "attachments"}
    assert bool(summary(diff)) is bool(changed)
    assert bool(diff.body) is ("body" in changed)
    if diff.body:
        before = [p for p in diff.body if p.kind not in ("added", "moved")]
        after = [p for p in diff.body if p.kind not in ("removed", "moved-away")]
        assert tuple(text for p in before for text in whole(p, "old")) == shows(body)
        assert tuple(text for p in after for text in whole(p, "new")) == shows(other)
        assert 0 <= diff.kept <= 1


def whole(paragraph: ParagraphDiff, side: str) -> list[str]:
    """Return the paragraphs on one side: several where it was split or joined."""
    text = "".join(getattr(span, side) for span in paragraph.spans)
    return text.split(BREAK) if paragraph.kind in ("split", "joined") else [text]
