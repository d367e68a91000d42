"""Claims about turning bytes into text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decode import decode

PLAIN = "朱镕基视察了青石镇，听取了校车安全工作的汇报。"
RARE = "朱镕基视察了𠮷野镇，会见了㐂先生和䶮女士，听取了汇报。"
TRADITIONAL = "行政院院會今日通過汛期安全工作要點，請各縣市政府查照辦理。"
ENGLISH = "Café opened at 25°C by Zoë"

# What the body is really in, what the header and the page say it is in, and the charset that must be told.
TABLE = """
actual      header                  page                            told

utf-8       -                       -                               utf-8
utf-8       utf-8                   -                               utf-8
utf-8       UTF8                    meta:utf8                       utf-8
utf-8       gb2312                  -                               utf-8
utf-8       gbk                     meta:gb2312                     utf-8
utf-8       big5                    meta:big5                       utf-8
utf-8       iso-8859-1              -                               utf-8
utf-8       windows-1252            http-equiv:gb18030              utf-8
utf-8       utf-16                  -                               utf-8
utf-8       shift_jis               -                               utf-8
utf-8       koi8-r                  -                               utf-8
utf-8       nonsense                meta:nonsense                   utf-8
utf-8       -                       xml:gb2312                      utf-8
utf-8+bom   -                       -                               utf-8
utf-8+bom   gb2312                  meta:gb2312                     utf-8
utf-8+bom   utf-16le                -                               utf-8

gb2312      -                       -                               gb18030
gb2312      gb2312                  -                               gb18030
gb2312      gbk                     http-equiv:gb2312               gb18030
gb2312      utf-8                   -                               gb18030
gb2312      utf-8                   meta:utf-8                      gb18030
gb2312      big5                    -                               gb18030
gb2312      big5                    meta:big5                       gb18030
gb2312      iso-8859-1              -                               gb18030
gb2312      iso-8859-1              meta:gb2312                     gb18030
gb2312      utf-16                  -                               gb18030
gb2312      utf-16be                -                               gb18030
gb2312      windows-1252            xml:gb2312                      gb18030

gbk         -                       -                               gb18030
gbk         -                       meta:gbk                        gb18030
gbk         -                       http-equiv:gb2312               gb18030
gbk         "gbk"                   -                               gb18030
gbk         'gbk'                   -                               gb18030
gbk         x-gbk                   -                               gb18030
gbk         GB_2312-80              -                               gb18030
gbk         cp936                   -                               gb18030
gbk         windows-936             meta:chinese                    gb18030
gbk         utf-8                   http-equiv:utf-8                gb18030
gbk         big5                    meta:gbk                        gb18030
gbk         iso-8859-1              late:gbk                        gb18030
gbk         -                       late:gb2312                     gb18030
gbk         -                       xml:GBK                         gb18030
gbk         -                       two:utf-8,gbk                   gb18030
gbk         -                       two:big5,gb2312                 gb18030
gbk         nonsense                meta:unicode                    gb18030
gbk+bom8    -                       meta:gbk                        gb18030

gb18030     -                       -                               gb18030
gb18030     gb2312                  -                               gb18030
gb18030     gbk                     meta:gbk                        gb18030
gb18030     GB18030                 -                               gb18030
gb18030     gb18030-2022            -                               gb18030
gb18030     utf-8                   meta:utf-8                      gb18030
gb18030     big5                    -                               gb18030
gb18030     iso-8859-1              -                               gb18030
gb18030     -                       xml:gb18030                     gb18030

big5        big5                    -                               big5hkscs
big5        Big5-HKSCS              meta:big5                       big5hkscs
big5        x-x-big5                -                               big5hkscs
big5        -                       meta:big5                       big5hkscs
big5        -                       late:big5                       big5hkscs
big5        -                       -                               big5hkscs
big5        gb2312                  -                               big5hkscs
big5        gbk                     meta:gbk                        big5hkscs
big5        utf-8                   http-equiv:utf-8                big5hkscs
big5        iso-8859-1              -                               big5hkscs
tra-gbk     -                       -                               gb18030
tra-gbk     big5                    -                               gb18030

utf-16le    -                       -                               utf-16-le
utf-16le    utf-16                  -                               utf-16-le
utf-16le    utf-16be                meta:utf-16                     utf-16-le
utf-16le    gb2312                  meta:gb2312                     utf-16-le
utf-16be    -                       -                               utf-16-be
utf-16be    utf-16                  -                               utf-16-be
utf-16be    utf-8                   meta:utf-8                      utf-16-be
utf-16le+b  -                       -                               utf-16-le
utf-16le+b  gbk                     meta:gb2312                     utf-16-le
utf-16be+b  -                       -                               utf-16-be
utf-16be+b  utf-16le                http-equiv:utf-8                utf-16-be
utf-32le+b  -                       -                               utf-32-le

english     iso-8859-1              -                               cp1252
english     us-ascii                meta:windows-1252               cp1252
english     -                       meta:latin1                     cp1252
english     -                       meta:gb2312                     cp1252
english     utf-8                   -                               cp1252
japanese    shift_jis               -                               cp932
japanese    -                       meta:EUC-JP                     euc_jp
korean      euc-kr                  -                               cp949
russian     windows-1251            -                               cp1251
russian     -                       meta:koi8-r                     koi8_r
"""
ROWS = [tuple(line.split()) for line in TABLE.splitlines() if line.strip()][1:]
TEXTS = {"gb2312": PLAIN.replace("镕", "熔"), "gbk": PLAIN, "tra-gbk": TRADITIONAL, "big5": TRADITIONAL}
TEXTS |= {
    "english": ENGLISH,
    "japanese": "県庁からのお知らせ",
    "korean": "도청에서 알립니다",
    "russian": "Новости края",
}
ENCODINGS = {"utf-8+bom": "utf-8-sig", "gbk+bom8": "gb18030", "tra-gbk": "gbk", "big5": "big5hkscs"}
ENCODINGS |= {"utf-16le+b": "utf-16le", "utf-16be+b": "utf-16be", "utf-32le+b": "utf-32le"}
MARKS = {"utf-8+bom": b"", "gbk+bom8": b"\xef\xbb\xbf", "utf-16le+b": b"\xff\xfe", "utf-16be+b": b"\xfe\xff"}
MARKS |= {"utf-32le+b": b"\xff\xfe\0\0"}


def header(charset: str) -> tuple[tuple[str, str], ...]:
    return () if charset == "-" else (("Server", "nginx"), ("content-type", f"text/html; charset={charset}"))


def page(says: str, text: str) -> str:
    how, _, label = says.partition(":")
    meta = f'<meta charset="{label}">'
    heads = {
        "-": "",
        "meta": meta,
        "two": "".join(f"<meta charset='{one}'/>" for one in label.split(",")),
        "late": f"<!-- {'x' * 2500} -->{meta}",
        "http-equiv": f'<META http-equiv="Content-Type" content="text/html; charset={label}" />',
        "xml": f'<?xml version="1.0" encoding="{label}"?>',
    }
    return f"{heads[how]}<html><head><title>{text}</title></head><body><p>{text}</p></body></html>"


def test_the_table_has_at_least_sixty_different_combinations() -> None:
    assert len(set(ROWS)) == len(ROWS) >= 60


@pytest.mark.parametrize(("actual", "served", "says", "told"), ROWS)
def test_every_combination_of_header_page_and_encoding_is_read(actual: str, served: str, says: str, told: str) -> None:
    text = page(says, TEXTS.get(actual, RARE))
    encoding = ENCODINGS.get(actual, told if actual in ("english", "japanese", "korean", "russian") else actual)
    decoded = decode(MARKS.get(actual, b"") + text.encode(encoding), header(served))
    assert (decoded.text, decoded.charset, decoded.lost) == (text, told, 0)


@pytest.mark.parametrize("label", ["-", "utf-8", "gb2312", "big5", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize(
    ("encoding", "text", "told"),
    [("utf-8", PLAIN, "utf-8"), ("gb18030", RARE, "gb18030"), ("big5hkscs", TRADITIONAL, "big5hkscs")],
)
def test_broken_bytes_are_told_as_lost_and_the_rest_is_kept(encoding: str, text: str, told: str, label: str) -> None:
    body = b"\xff".join(part.encode(encoding) for part in (f"<p>{text}", f"{text}\n", f"{text}</p>"))
    decoded = decode(body, header(label))
    assert (decoded.charset, decoded.lost) == (told, 2)
    assert decoded.text == f"<p>{text}\ufffd{text}\n\ufffd{text}</p>"


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", "utf-8"), ("utf-16le", "utf-16-le"), ("gbk", "gb18030")])
def test_a_body_cut_inside_a_character_loses_that_one(encoding: str, told: str) -> None:
    decoded = decode(f"<html><p>{PLAIN}完".encode(encoding)[:-1])
    assert (decoded.text, decoded.charset, decoded.lost) == (f"<html><p>{PLAIN}\ufffd", told, 1)


def test_a_character_that_the_page_itself_shows_as_unreadable_is_not_lost() -> None:
    assert decode("<p>青石\ufffd镇</p>".encode()).lost == 0


def test_what_alone_looks_equally_good_in_two_encodings_is_read_as_labelled() -> None:
    octets = "啊".encode("gb18030")
    assert decode(octets, header("gbk")).charset == "gb18030"
    assert decode(octets, header("big5")).charset == "big5hkscs"


def test_ideographic_spaces_and_zero_bytes_do_not_hide_utf_16_or_make_it() -> None:
    text = "\n".join(["　　一最言"] * 20 + ["<p class='indent'>" * 20])
    assert decode(text.encode("utf-16le")).text == text
    assert decode(text.encode("utf-16be")).text == text
    assert decode(b"<p>a\0\0</p>\0\0" * 50).charset == "utf-8"


def test_a_word_between_french_letters_is_no_chinese_character() -> None:
    english = ENGLISH.encode("cp1252")
    assert decode(english, header("iso-8859-1")).text == ENGLISH
    assert decode(b"\xa0\xa0\xa0\xa0" + english, header("iso-8859-1")).text == "\xa0\xa0\xa0\xa0" + ENGLISH


@given(st.binary(max_size=400), st.text(max_size=30))
def test_any_bytes_under_any_label_give_text(body: bytes, label: str) -> None:
    decode(body, header(label)).text.encode("utf-8")
