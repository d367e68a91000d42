"""Claims about turning bytes into text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decode import decode

TEXT = "<p>朱镕基 视察了 𠮷野 镇</p>"
PLAIN = "<p>朱镕基视察了青石镇，听取了汇报。</p>"


def header(charset: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", f"text/html; charset={charset}"),)


@pytest.mark.parametrize("label", ["utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("actual", ["utf-8", "gb18030"])
def test_a_label_that_lies_does_no_harm(label: str, actual: str) -> None:
    decoded = decode(PLAIN.encode(actual), header(label))
    if (label, actual) == ("big5", "gb18030"):
        assert decoded.charset in ("big5hkscs", "gb18030")
    else:
        assert decoded.text == PLAIN
        assert decoded.charset == actual
        assert decoded.lost == 0


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030"])
def test_gb2312_means_gb18030_with_its_rare_characters(label: str) -> None:
    page = f'<meta charset="{label}">{TEXT}'
    assert decode(page.encode("gb18030")).text == page


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides(mark: bytes, codec: str) -> None:
    decoded = decode(mark + TEXT.encode(codec), header("gb2312"))
    assert (decoded.text, decoded.charset, decoded.lost) == (TEXT, codec, 0)


def test_the_header_goes_before_the_meta_tag() -> None:
    page = '<meta charset="utf-16be">' + "內容如下，請查照。"
    assert decode(page.encode("big5hkscs"), header("big5")).text == page


def test_a_one_byte_label_is_used_where_nothing_else_fits() -> None:
    decoded = decode(b"caf\xe9 \xff", header("iso-8859-1"))
    assert (decoded.text, decoded.charset) == ("café ÿ", "cp1252")


def test_a_broken_byte_is_told_as_lost_and_the_rest_is_kept() -> None:
    decoded = decode(TEXT.encode() + b"\xff" + "完".encode())
    assert decoded.lost == 1
    assert decoded.text.startswith(TEXT)
    assert decoded.charset == "utf-8"


def test_half_a_character_after_a_byte_order_mark_is_told_as_lost() -> None:
    assert decode(b"\xff\xfe" + "完".encode("utf-16-le") + b"\x41").lost == 1


@given(st.binary(max_size=400), st.text(max_size=30))
def test_any_bytes_under_any_label_give_text(body: bytes, label: str) -> None:
    decode(body, header(label)).text.encode("utf-8")
